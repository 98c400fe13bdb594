"""`/v1/statistics` and `/v1/drafts`: counts without personal data, and what the sender's state has drafted."""

from collections.abc import Mapping
from typing import Any

from litestar import Response, get
from msgspec import Struct

from polisbridge.api.answering import piece, tagged
from polisbridge.api.asking import After, ApiRequest, Most, exchange_of, keyed, number_place, permitted
from polisbridge.core.drafting import Draft, DraftKind
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.services import statistics as counted
from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.services.statistics import CountTable


class CountRow(Struct, frozen=True, forbid_unknown_fields=True):
    """One number, by its codes; `number` is null when it is withheld."""

    key: list[str]
    number: int | None


class CountTableTold(Struct, frozen=True, forbid_unknown_fields=True):
    """One table; `total` is null when it would tell what is withheld."""

    rows: list[CountRow]
    total: int | None


class StatisticsTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of a day: of a state, of one's own contracts, or of all. Numbers below `least` are withheld."""

    on: str
    state: str
    least: int
    contracts: CountTableTold
    persons: dict[str, CountTableTold]
    decisions: dict[str, CountTableTold]


class DraftTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A draft of law: what it changes from which day, how far it came, and its version."""

    id: int
    subject: str
    title: dict[str, str]
    status: str
    version: int
    change: dict[str, Any]
    steps: list[dict[str, str]]


@get("/statistics", sync_to_thread=True, operation_id="readStatistics")
def statistics(request: ApiRequest) -> Response[bytes]:
    """Return counts of contracts, insured persons and decisions, small numbers withheld."""
    sender, exchange = keyed(request), exchange_of(request)
    scope = counted.scope_of(exchange.matrix, sender)
    found = counted.statistics(_desk(request).counting, scope, exchange.node.today(), exchange.node.now())
    told = {
        "on": found.on.isoformat(),
        "state": scope.state,
        "least": counted.LEAST,
        "contracts": _table(found.contracts),
        "persons": _tables(found.persons),
        "decisions": _tables(found.decisions),
    }
    return tagged(request, told)


@get("/drafts", sync_to_thread=True, operation_id="listDrafts")
def drafts(request: ApiRequest, after: After = "", most: Most = 100) -> Response[bytes]:
    """List the drafts of law of the sender's state, the oldest first."""
    state, begin = keyed(request).state, number_place(after)
    permitted(request, AccessAction.DRAFT_LAW, AccessSubject(state=state))
    with _desk(request).drafting.drafts.read() as book:
        found = [one for one in reversed(book.of(state, DraftKind.LAW)) if one.id > begin]
    return tagged(request, piece(found[: most + 1], most, lambda one: one.id, _draft))


ROUTES = (statistics, drafts)


def _desk(request: ApiRequest) -> AuthorityDesk:
    found = exchange_of(request).authority
    if found is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "this node counts and drafts nothing", hint="ask its operator")
    return found


def _table(table: CountTable) -> dict[str, Any]:
    return {"rows": [{"key": list(key), "number": number} for key, number in table.rows], "total": table.total}


def _tables(tables: Mapping[str, CountTable]) -> dict[str, Any]:
    return {name: _table(one) for name, one in tables.items()}


def _draft(one: Draft) -> dict[str, Any]:
    steps = [{"at": each.at.isoformat(), "who": each.who, "act": each.act.value, "why": each.why} for each in one.steps]
    return {
        "id": one.id,
        "subject": one.subject,
        "title": dict(one.title),
        "status": one.status.value,
        "version": one.version,
        "change": dict(one.change),
        "steps": steps,
    }
