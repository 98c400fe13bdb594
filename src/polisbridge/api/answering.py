"""Answers as JSON: with a tag that says whether anything changed, in pieces, and of writes each once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from litestar import Response

from polisbridge.api.asking import ApiRequest, cursor, exchange_of
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.core.roles import Actor
from polisbridge.core.statusbook import Note
from polisbridge.services.exchange import OnceAnswer, Turn

T = TypeVar("T")
_TAG = 32  # hexadecimal digits of an entity tag
DONE_BEFORE = "Idempotency-Replayed"


def told(value: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response[bytes]:
    """Answer with what nobody on the way may keep."""
    return _json(_bytes(value), status, {"Cache-Control": "no-store", **(headers or {})})


def tagged(request: ApiRequest, value: Mapping[str, Any]) -> Response[bytes]:
    """Answer with an entity tag; with nothing (304) when the sender has the same already."""
    body = _bytes(value)
    tag = _tag(body)
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}
    if _has(request.headers.get("If-None-Match", ""), tag):
        return Response(b"", status_code=304, headers=headers)
    return _json(body, 200, headers)


def has_tag(header: str, value: Mapping[str, Any]) -> bool:
    """Say whether a header (If-Match) names the tag that answering with the value would carry."""
    return _has(header, _tag(_bytes(value)))


def piece(found: Sequence[T], most: int, at: Callable[[T], int | str], shown: Callable[[T], Any]) -> dict[str, Any]:
    """Return one piece of a list of which one entry more than `most` was looked for; `next` when it goes on."""
    items = {"items": [shown(one) for one in found[:most]]}
    return items if len(found) <= most else {**items, "next": cursor(at(found[most - 1]))}


def written(
    request: ApiRequest, actor: Actor, key: str, body: bytes, do: Callable[[Turn, Note], tuple[OnceAnswer, Any]]
) -> Response[bytes]:
    """Do a write once and answer. `do` returns the answer to keep and the one to give now.

    Raises Problem (422) when the key was used before for another request.
    """
    given: list[Any] = []

    def done(turn: Turn, note: Note) -> OnceAnswer:
        kept, now = do(turn, note)
        given.append(now)
        return kept

    kept = once(request, actor, key, body, done)
    return told(given[0], kept.status) if given else told(kept.body, kept.status, {DONE_BEFORE: "true"})


def once(
    request: ApiRequest, actor: Actor, key: str, body: bytes, do: Callable[[Turn, Note], OnceAnswer]
) -> OnceAnswer:
    """Do a write once; return its answer, the one that was kept when the write was done before.

    Raises Problem (422) when the key was used before for another request.
    """
    exchange = exchange_of(request)
    now = exchange.node.now()
    with exchange.writes.once(_account(actor), key, _asked(request, body), now) as turn:
        if turn.other:
            raise Problem(422, ProblemCode.KEY_USED_BEFORE)
        if turn.answered is not None:
            return turn.answered
        kept = do(turn, Note(actor.name, now, f"API {request.method} {request.url.path}"))
        turn.keep(kept)
        return kept


def _asked(request: ApiRequest, body: bytes) -> bytes:
    parts: Iterable[str] = (request.method, request.url.path, request.url.query, request.content_type[0])
    return sha256(b"\0".join([*(part.encode() for part in parts), body])).digest()


def _account(actor: Actor) -> int:
    """Return under which number an actor's keys of writes are kept: the account's, or below zero the machine's key's."""
    if actor.account is not None:
        return actor.account
    if actor.key is None:
        raise LookupError("a visitor was allowed to write")
    return -actor.key


def _tag(body: bytes) -> str:
    return f'"{sha256(body).hexdigest()[:_TAG]}"'


def _has(header: str, tag: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in header.split(",")}
    return bool(known & {tag, "*"})


def _bytes(value: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode(value, order="sorted")


def _json(body: bytes, status: int, headers: Mapping[str, str]) -> Response[bytes]:
    return Response(body, status_code=status, media_type="application/json", headers=dict(headers))
