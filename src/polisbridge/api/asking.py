"""What programs send: who they are, what they may, and bodies read with every fault at once."""

import re
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeAlias, TypeVar

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import State
from litestar.params import HeaderParameter, QueryParameter

from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, RefusalReason, Refused
from polisbridge.formats.jsontree import holds_no_text, read_json
from polisbridge.formats.tree import Document, Tree
from polisbridge.services.access import NOTHING, VISITOR, AccessRefused, allowed
from polisbridge.services.exchange import Exchange

T = TypeVar("T")
ApiRequest: TypeAlias = Request[Any, Any, State]
Connection: TypeAlias = ASGIConnection[Any, Any, Any, State]

MOST_LISTED = 500  # entries of one piece of a list
LARGEST_NUMBER = 2**63 - 1  # of a thing in the registry
Most = Annotated[int, QueryParameter(ge=1, le=MOST_LISTED, description="Entries in one piece of the list.")]
After = Annotated[str, QueryParameter(max_length=300, description="`next` of the piece before.")]
OnceKey = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="Chosen by the sender, anew for each write; the same write sent again gets the same answer.",
    ),
]
_CERTIFICATE = "client_certificate"  # where it holds the SHA-256 of the client's TLS certificate, if one was shown
SENDER = "sender"  # where the state of a request holds its actor, once known
KnownTag = Annotated[
    str,
    HeaderParameter(
        name="If-Match",
        max_length=1_000,
        description="The ETag of what was read; needed, so that no change of others is lost.",
    ),
]
_JSON = re.compile(r"application/([a-z0-9.-]+\+)?json")
_YEARS = range(1900, 2200)  # beyond what anybody insures, and within what every calendar reckons with
_DAY = re.compile(r"(\d{4})-\d{2}-\d{2}")
_DAYS = frozenset({"from", "to", "as_of", "born", "concluded", "entry_day"})


def exchange_of(request: ApiRequest) -> Exchange:
    """Return the node that is asked."""
    found: Exchange = request.app.state.exchange
    return found


def sender_of(request: ApiRequest) -> Actor:
    """Return who sends: a visitor without a key. Raises Problem for a key that is not good."""
    known: Actor | None = request.state.get(SENDER)
    actor = known if known is not None else actor_shown(exchange_of(request), request)
    if actor is None:
        raise Problem(401, ProblemCode.NO_KEY)
    return actor


def shows(request: Connection) -> bool:
    """Say whether the sender shows a key or a certificate."""
    return "Authorization" in request.headers or _CERTIFICATE in request.state


def actor_shown(exchange: Exchange, request: Connection) -> Actor | None:
    """Return as whom the sender acts: by the key, else by the TLS certificate, else a visitor; None when it is not good."""
    header = request.headers.get("Authorization")
    if header is None:
        shown = request.state.get(_CERTIFICATE)
        return VISITOR if shown is None else exchange.actor_of_certificate(bytes.fromhex(shown))
    scheme, _, key = header.partition(" ")
    return exchange.actor_of_key(key.strip()) if scheme.lower() == "bearer" and key.strip() else None


def keyed(request: ApiRequest) -> Actor:
    """Return who sends. Raises Problem when that is a visitor."""
    actor = sender_of(request)
    if actor == VISITOR:
        raise Problem(401, ProblemCode.NO_KEY)
    return actor


def permitted(request: ApiRequest, action: AccessAction, subject: AccessSubject = NOTHING) -> Actor:
    """Return who sends. Raises Problem when a key is wanting, AccessRefused when the sender may not do this."""
    actor = sender_of(request)
    decision = allowed(exchange_of(request).matrix, actor, action, subject)
    if isinstance(decision, Refused):
        if decision.reason is RefusalReason.NOT_SIGNED_IN:
            raise Problem(401, ProblemCode.NO_KEY)
        raise AccessRefused(action, decision)
    return actor


def body_of(request: ApiRequest, body: bytes) -> Document:
    """Return a JSON body. Raises Problem for another media type, InputFaults with every fault of its syntax."""
    if not _JSON.fullmatch(request.content_type[0].lower()):
        raise Problem(415, ProblemCode.UNKNOWN_MEDIA_TYPE, "application/json")
    return checked(read_json(body, "body"))


def checked(document: Document) -> Document:
    """Return the document. Raises InputFaults when it names days that no calendar here reckons with."""
    faults = [
        document.fault(FaultCode.WRONG_VALUE, path, day, f"a day from {_YEARS[0]} to {_YEARS[-1]}")
        for path, day in _days(document.tree, ())
        if int(day[:4]) not in _YEARS
    ]
    if faults:
        raise InputFaults(faults)
    return document


def _days(tree: Tree, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    entries: Any = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in entries:
        if isinstance(value, str):
            if key in _DAYS and _DAY.match(value):
                yield (*path, key), value
        else:
            yield from _days(value, (*path, key))


def part_of(document: Document, name: str, *, known: tuple[str, ...]) -> Document:
    """Return a part of a mapping that must be there. Raises InputFaults when it is not, or for unknown keys."""
    tree = document.tree
    if not isinstance(tree, dict):
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, (), tree, "a mapping")])
    expected = f"one of {', '.join(sorted(known))}"
    faults = [document.fault(FaultCode.UNKNOWN_KEY, (key,), key, expected) for key in tree if key not in known]
    if name not in tree:
        faults.append(document.fault(FaultCode.MISSING_KEY, (), "nothing", f"the key {name}"))
    if faults:
        raise InputFaults(faults)
    return document.part(name)


def gathered(*readers: Callable[[], object]) -> None:
    """Let every reader read. Raises InputFaults with the faults of all."""
    faults = list[Fault]()
    for read in readers:
        try:
            read()
        except InputFaults as exc:
            faults += exc.faults
    if faults:
        raise InputFaults(faults)


def cursor(after: int | str) -> str:
    """Return where a list goes on, as text that says nothing to others."""
    return urlsafe_b64encode(str(after).encode()).decode().rstrip("=")


def place(after: str) -> str:
    """Return what a cursor says; empty for the beginning. Raises Problem for one that is none."""
    try:
        found = b64decode(after.encode() + b"=" * (-len(after) % 4), altchars=b"-_", validate=True).decode()
    except (NotBase64, ValueError) as exc:
        raise _no_cursor() from exc
    if holds_no_text(found):
        raise _no_cursor()
    return found


def number_place(after: str) -> int:
    """Return the number that a cursor says; 0 for the beginning. Raises Problem for one that is none."""
    found = place(after) or "0"
    if not (found.isascii() and found.isdecimal() and int(found[:30]) <= LARGEST_NUMBER):
        raise _no_cursor()
    return int(found)


def _no_cursor() -> Problem:
    fault = {"where": "query.after", "line": 1, "code": FaultCode.WRONG_VALUE.value, "found": "", "expected": "`next`"}
    return Problem(400, ProblemCode.BAD_REQUEST, faults=[fault])
