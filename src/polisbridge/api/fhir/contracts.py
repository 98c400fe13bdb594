"""`/fhir/Contract`: contracts on record without their persons, and those that come with them."""

from collections.abc import Iterable, Mapping
from typing import Any

from polisbridge.api.fhir.asking import Asking, Param, Wanted
from polisbridge.api.fhir.matching import split, thing_of, token
from polisbridge.api.fhir.resource import Resource
from polisbridge.core.contract import Period
from polisbridge.core.registry import Enrolment, Held, RegisteredContract
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.formats.fhir.contract import contract_out
from polisbridge.formats.fhir.periods import days_of
from polisbridge.formats.fhir.systems import CONTRACT_NUMBER
from polisbridge.services.registry.contracts import terms_on


def subject_of_contract(held: Held[RegisteredContract]) -> AccessSubject:
    """Return a contract as the subject of an action: its state, its seller and its employer."""
    value = held.value
    organisations = frozenset({value.seller, *([value.employer] if value.employer is not None else [])})
    return AccessSubject(state=str(value.terms.get("home_state", "")), organisations=organisations)


def terms_of(asking: Asking, contract: int) -> tuple[Held[RegisteredContract], Period] | None:
    """Return what a contract says today, and its span of days."""
    key = contract, asking.at
    if key not in asking.terms:
        asking.terms[key] = terms_on(asking.registry, contract, asking.today, asking.at)
    found: tuple[Held[RegisteredContract], Period] | None = asking.terms[key]
    return found


def ended_early(asking: Asking, kind: type[RegisteredContract] | type[Enrolment], thing: int, cover: Period) -> bool:
    """Say whether cover is over that was once to last longer."""
    if cover.last is None or cover.last >= asking.today:
        return False
    said = [one.valid.last for one in asking.registry.changes(kind, thing) if one.note.at <= asking.at]
    return any(last is None or last > cover.last for last in said)


def _build(asking: Asking, thing: int) -> dict[str, Any] | None:
    found = terms_of(asking, thing)
    if found is None or not asking.may((AccessAction.READ_CONTRACT, subject_of_contract(found[0]))):
        return None
    period, value = found[1], found[0].value
    ended = ended_early(asking, RegisteredContract, thing, period)
    extra = {"product": value.product, "employer": value.employer}
    return contract_out(value.terms, days_of(period), thing, value.seller, ended=ended, **extra)


def _candidates(asking: Asking, wanted: Wanted) -> Iterable[int]:
    if (number := wanted.first("identifier")) is not None:
        return by_number(asking, number)
    if (told := wanted.first("subject") or wanted.first("patient")) is not None:
        entries = asking.registry.known(Enrolment, on=None, at=asking.at, person=thing_of("Patient", told))
        return sorted({one.value.contract for one in entries})
    if asking.actor.organisation is None:
        return []
    listed = asking.exchange.lists.contracts(asking.actor.organisation, wanted.after, wanted.most + 1)
    return [thing for thing, _ in listed]


def by_number(asking: Asking, identifier: str) -> list[int]:
    """Return the contracts of a number, of whichever insurer."""
    system, number = split(identifier)
    return asking.registry.named(RegisteredContract, number) if system in (None, CONTRACT_NUMBER) else []


def _about(resource: Mapping[str, Any], _: str) -> bool:
    return bool(resource["resourceType"])  # a Contract does not list its persons; the candidates did


RESOURCE = Resource(
    "Contract",
    _build,
    _candidates,
    (
        Param("identifier", "token", f"number of the contract, by {CONTRACT_NUMBER}", token("identifier")),
        Param("status", "token", "executed or terminated", token("status")),
        Param("subject", "reference", "contracts that insure a Patient", _about),
        Param("patient", "reference", "the same", _about),
    ),
    records=(RegisteredContract,),
    actions=(AccessAction.READ_CONTRACT,),
)
