"""`/v1/decisions`: decisions on record by the law of the sender's own state; reading one is recorded."""

from typing import Any

import msgspec
from litestar import Response, get
from litestar.params import FromPath

from polisbridge.api.answering import piece, tagged, told
from polisbridge.api.asking import After, ApiRequest, Most, exchange_of, keyed, number_place, permitted
from polisbridge.api.products import refuse_no_number
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.core.statusbook import Note
from polisbridge.services.exchange import Filed
from polisbridge.services.registry.looking import record, sealed_decision


@get("/decisions", sync_to_thread=True, operation_id="listDecisions")
def decisions(request: ApiRequest, after: After = "", most: Most = 100) -> Response[bytes]:
    """List the decisions by the law of the sender's state: occasion, day and verdict, nothing of the person."""
    state = keyed(request).state
    permitted(request, AccessAction.READ_DECISION, AccessSubject(state=state))
    found = exchange_of(request).lists.decisions(state, number_place(after), most + 1)
    return tagged(request, piece(found, most, lambda one: one.number, _summary))


@get("/decisions/{decision:int}", sync_to_thread=True, operation_id="readDecision")
def decision(request: ApiRequest, decision: FromPath[int]) -> Response[bytes]:
    """Return a decision with its document, which `polisbridge decision replay` makes again byte for byte."""
    exchange = exchange_of(request)
    sender = keyed(request)
    permitted(request, AccessAction.READ_DECISION, AccessSubject(state=sender.state, person=sender.person))
    refuse_no_number(decision)
    found = exchange.lists.decision(decision)
    if found is None or found.made.state != sender.state:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such decision of your state", hint="GET /v1/decisions")
    with exchange.registries.change() as registry:
        if found.person is not None:
            note = Note(sender.name, exchange.node.now(), "API")
            record(registry, found.person, sender.role.value, "decision", note)
        plain = found.sealed and registry.sealer.open(found.sealed, sealed_decision(found.person))
    document = {"document": msgspec.json.decode(plain)} if plain else {"erased": True}
    return told({**_summary(found), **document})


def _summary(one: Filed) -> dict[str, Any]:
    made = msgspec.to_builtins(one.made)
    return {"id": one.number, **({"contract": one.contract} if one.contract is not None else {}), **made}
