"""A verification by number and birth date, for programs of offices: what the register says, each role its parts."""

from collections.abc import Mapping
from typing import Any

from litestar.exceptions import TooManyRequestsException
from msgspec import UNSET, Struct, UnsetType

from polisbridge.api.asking import ApiRequest, exchange_of
from polisbridge.core.contract import Stay
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.names.match import Match
from polisbridge.core.roles import Actor, AnswerPart
from polisbridge.formats.decisionfile import write_decision
from polisbridge.formats.decisionschema import DaysTold, DecisionTold
from polisbridge.formats.tree import Document
from polisbridge.services.access import shown
from polisbridge.services.registry.lookups import AN_HOUR, NumberAsked, TooManyMisses, verify_number
from polisbridge.services.registry.onrecord import RecordAnswer


class NameGradeTold(Struct, frozen=True, forbid_unknown_fields=True):
    """How the name that was sent stands to the one on record: `same`, `likely`, `possible` or `different`, and why."""

    grade: str
    reasons: list[str]


class RecordTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What the register says of an insured person; under another name nothing of the person."""

    answer: str
    standing: str
    name: NameGradeTold | UnsetType = UNSET
    number: str | UnsetType = UNSET
    holder: str | UnsetType = UNSET
    original_name: str | UnsetType = UNSET
    insurer: dict[str, Any] | UnsetType = UNSET
    born: str | UnsetType = UNSET
    role: str | UnsetType = UNSET
    period: DaysTold | UnsetType = UNSET
    territory: list[str] | UnsetType = UNSET
    decision: DecisionTold | UnsetType = UNSET


def looked_up(
    request: ApiRequest, actor: Actor, document: Document, asked: NumberAsked, stay: Stay | None
) -> dict[str, Any]:
    """Return what the register says of the person. Raises a problem for nobody (404), several (422), too many tries (429)."""
    exchange = exchange_of(request)
    node = exchange.node
    try:
        found = verify_number(
            exchange.registries, node.laws, exchange.matrix, actor, asked, on=node.today(), at=node.now()
        )
    except TooManyMisses as exc:
        seconds = str(int(AN_HOUR.total_seconds()))
        raise TooManyRequestsException(headers={"Retry-After": seconds}) from exc
    if found.several:
        expected = "the name, or the full number of a certificate"
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, ("number",), "several persons", expected)])
    if found.one is None:
        hint = "compare number and birth date with the paper"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "nobody with this number and birth date", hint=hint)
    return record_json(found.one, node.laws.book.hash, shown(exchange.matrix, actor.role), stay)


def record_json(found: RecordAnswer, law_hash: str, parts: frozenset[AnswerPart], stay: Stay | None) -> dict[str, Any]:
    """Return an answer of the register as plain values, with these parts alone."""
    told: dict[str, Any] = {"answer": found.answer.value, "standing": found.standing.value}
    if found.name is not None:
        told["name"] = _grade(found.name)
    if found.other_name or found.contract is None:
        return told
    own, identity, seller = found.contract.person(found.found.code), found.identity, found.seller
    territory = found.contract.facts.get("territory")
    days = {"from": found.cover.first, "to": found.cover.last}
    every: Mapping[AnswerPart, dict[str, Any]] = {
        AnswerPart.NUMBER: {"number": found.number},
        AnswerPart.HOLDER: {"holder": identity.name, "original_name": identity.original_name} if identity else {},
        AnswerPart.INSURER: {"insurer": {"title": seller.title, "state": seller.state}} if seller else {},
        AnswerPart.BORN: {"born": own.born.isoformat()} if own.born else {},
        AnswerPart.FAMILY_ROLE: {"role": own.role.value},
        AnswerPart.PERIOD: {"period": {name: day.isoformat() for name, day in days.items() if day}},
        AnswerPart.TERRITORY: {"territory": sorted(territory)} if isinstance(territory, frozenset) else {},
        AnswerPart.DECISION: {"decision": write_decision(law_hash, found.assessment)}
        if stay and found.assessment
        else {},
    }
    for part in AnswerPart:
        told |= every[part] if part in parts else {}
    return told


def _grade(name: Match) -> dict[str, Any]:
    return {"grade": name.grade.value, "reasons": [one.value for one in name.reasons]}
