"""`/v1/law`: the provisions of the law in use, as `polisbridge law show --json` writes them."""

from typing import Annotated, Any

from litestar import Response, get
from litestar.params import FromPath, FromQuery, QueryParameter

from polisbridge.api.answering import piece, tagged
from polisbridge.api.asking import After, ApiRequest, Most, exchange_of, permitted, place
from polisbridge.core.codes import Gate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import Provision
from polisbridge.core.roles import AccessAction
from polisbridge.formats.provisionjson import provision_json
from polisbridge.services.assess import known_state

_SUMMARY = ("id", "kind", "jurisdiction", "title", "gates", "in_force")


@get("/law", sync_to_thread=True, operation_id="listLaw")
def provisions(
    request: ApiRequest,
    of: Annotated[str, QueryParameter(name="state", max_length=10, description="ISO 3166-1; else all.")] = "",
    gate: FromQuery[Gate | None] = None,
    after: After = "",
    most: Most = 100,
) -> Response[bytes]:
    """List provisions by id: all, or those of a state (its treaties included) at a gate."""
    permitted(request, AccessAction.READ_LAW)
    book, begin = exchange_of(request).node.book, place(after)
    if of:
        known_state(book, of)
    found = sorted(book.of_state(of) if of else book.provisions, key=lambda one: one.id)
    wanted = [one for one in found if one.id > begin and (gate is None or gate in one.gates)][: most + 1]
    return tagged(request, {"law": {"hash": book.hash}, **piece(wanted, most, lambda one: one.id, _summary)})


@get("/law/{provision:str}", sync_to_thread=True, operation_id="readProvision")
def provision(request: ApiRequest, provision: FromPath[str]) -> Response[bytes]:
    """Return one provision with its citation and what it asks."""
    permitted(request, AccessAction.READ_LAW)
    book = exchange_of(request).node.book
    found = book.get(provision)
    if found is None:
        raise PolisbridgeError(ErrorCode.UNKNOWN_PROVISION, "no provision of this id", hint="GET /v1/law lists them")
    return tagged(request, {**provision_json(found), "law": {"hash": book.hash}})


def _summary(one: Provision) -> dict[str, Any]:
    whole = provision_json(one)
    return {key: whole[key] for key in _SUMMARY if key in whole}
