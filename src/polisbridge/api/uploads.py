"""`POST /v1/contracts`: one contract or many; of many all or none, or those that can be, with the faults of each."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from litestar import Response, post
from litestar.exceptions import HTTPException
from litestar.params import FromQuery, RawBody

from polisbridge.api.answering import written
from polisbridge.api.asking import ApiRequest, OnceKey, body_of, exchange_of, permitted
from polisbridge.api.contract_sent import MOST_ITEMS, new_contract, read_lines
from polisbridge.api.problems import Problem, ProblemCode, told
from polisbridge.api.products import seller_of
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import RegisteredProduct
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.core.statusbook import Note
from polisbridge.formats.tree import Document
from polisbridge.services.exchange import OnceAnswer, Turn
from polisbridge.services.node import Node
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.ports import Registry

LINES = "application/x-ndjson"
Item = NewContract | PolisbridgeError


class Mode(StrEnum):
    """What becomes of an upload of many when some cannot be put on record."""

    ALL = "all"
    PARTIAL = "partial"


@post("/contracts", status_code=201, sync_to_thread=True, operation_id="addContracts")
def add(request: ApiRequest, body: RawBody, once: OnceKey, mode: FromQuery[Mode] = Mode.ALL) -> Response[bytes]:
    """Put contracts of the sender's own organisation on record: one (JSON object), or many (JSON list, NDJSON)."""
    seller = seller_of(request, AccessAction.WRITE_CONTRACT)
    actor = permitted(request, AccessAction.WRITE_CONTRACT, AccessSubject(organisations=frozenset({seller})))
    node = exchange_of(request).node
    sent, many = _sent(request, body)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        if not many:
            answer = _registered(turn.registry, _read(sent[0], seller, node), note)
            return OnceAnswer(201, answer), answer
        return _all_of(turn, [_try(one, seller, node) for one in sent], mode, note)

    return written(request, actor, once, body, do)


def _sent(request: ApiRequest, body: bytes) -> tuple[Sequence[Document | InputFaults], bool]:
    """Return what was sent, each by itself, and whether it was sent as many."""
    if request.content_type[0].lower() == LINES:
        found, many = read_lines(body), True
    else:
        document = body_of(request, body)
        many = isinstance(document.tree, list)
        found = [document.part(index) for index in range(len(document.tree))] if many else [document]
    if len(found) > MOST_ITEMS:
        detail = f"{len(found)} contracts, at most {MOST_ITEMS} in one upload"
        raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="send several uploads")
    if not found:
        raise HTTPException(status_code=400)
    return found, many


def _read(sent: Document | InputFaults, seller: int, node: Node) -> NewContract:
    if isinstance(sent, InputFaults):
        raise sent
    return new_contract(sent, seller, node.book.vocabulary)


def _try(sent: Document | InputFaults, seller: int, node: Node) -> Item:
    try:
        return _read(sent, seller, node)
    except PolisbridgeError as exc:
        return exc


def _all_of(turn: Turn, items: Sequence[Item], mode: Mode, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
    """Put many on record. Raises Problem with the faults of each when not all can be and all were wanted."""
    done = [_attempted(turn, one, note) for one in items]
    refused = [{"item": index, **one[1]} for index, one in enumerate(done) if not one[0]]
    if refused and mode is Mode.ALL:
        raise Problem(422, ProblemCode.ITEMS_REFUSED, items=refused)
    told_items = [{"item": index, **one} for index, (_, one) in enumerate(done)]
    counts = {"registered": len(done) - len(refused), "refused": len(refused)}
    kept = {**counts, "items": [_without_found(one) for one in told_items]}
    return OnceAnswer(201 if counts["registered"] else 422, kept), {**counts, "items": told_items}


def _attempted(turn: Turn, item: Item, note: Note) -> tuple[bool, dict[str, Any]]:
    try:
        if isinstance(item, PolisbridgeError):
            raise item
        with turn.attempt():
            return True, {"state": "registered", **_registered(turn.registry, item, note)}
    except PolisbridgeError as exc:
        if exc.code is ErrorCode.NO_DATABASE:
            raise
        status, more = told(exc)
        return False, {"state": "refused", "status": status, "code": exc.code.value, **more}


def _registered(registry: Registry, new: NewContract, note: Note) -> dict[str, Any]:
    _refuse_other_product(registry, new, note)
    number = register(registry, new, note)
    return {
        "id": number,
        "number": new.contract.number,
        "persons": len(new.contract.insured),
        "href": f"/v1/contracts/{number}",
    }


def _refuse_other_product(registry: Registry, new: NewContract, note: Note) -> None:
    if new.product is None:
        return
    held = registry.known(RegisteredProduct, on=None, at=note.at, thing=new.product)
    if not any(one.value.seller == new.seller for one in held):
        document = Document("body", {}, {})
        expected = "the id of a product of the same insurer"
        raise InputFaults([document.fault(FaultCode.UNKNOWN_CODE, ("product",), new.product, expected)])


def _without_found(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item without what was found wrong, which may be data of persons; the rest is kept for a second asking."""
    if "faults" not in item:
        return dict(item)
    faults = [{key: value for key, value in one.items() if key != "found"} for one in item["faults"]]
    return {**item, "faults": faults}
