"""`/fhir/Coverage`: one person insured by a contract; each look is recorded with the person."""

from collections.abc import Iterable
from typing import Any

import msgspec

from polisbridge.api.fhir.asking import Asking, Param, Wanted
from polisbridge.api.fhir.contracts import by_number, ended_early, subject_of_contract, terms_of
from polisbridge.api.fhir.matching import reference, thing_of, token
from polisbridge.api.fhir.resource import Resource
from polisbridge.core.contract import Period
from polisbridge.core.registry import Enrolment, Held, Kinship, RegisteredContract
from polisbridge.core.roles import AccessAction, Allowed
from polisbridge.formats.fhir.bundle import written_of
from polisbridge.formats.fhir.coverage import CoverageIds, coverage_out
from polisbridge.formats.fhir.periods import days_of
from polisbridge.formats.fhir.systems import CONTRACT_NUMBER
from polisbridge.services.access import allowed
from polisbridge.services.people.persons import subject_of
from polisbridge.services.registry import persons
from polisbridge.services.registry.ports import use_of
from polisbridge.services.registry.spans import around


def enrolled(asking: Asking, place: int) -> tuple[Held[Enrolment], Period] | None:
    """Return what is known of an enrolment, and its days of cover around today."""
    entries = list(asking.registry.known(Enrolment, on=None, at=asking.at, thing=place))
    cover = around((one.valid for one in entries), asking.today)
    return (entries[-1], cover) if cover is not None else None


def may_see(asking: Asking, held: Held[Enrolment], contract: Held[RegisteredContract]) -> bool:
    """Say whether the sender may see a person's cover: as that of a contract, or as what a patient is entitled to."""
    read = AccessAction.READ_CONTRACT, subject_of_contract(contract)
    if isinstance(allowed(asking.exchange.matrix, asking.actor, *read), Allowed):
        return True
    person = subject_of(asking.registry, held.value.person, asking.actor.state, asking.now)
    return asking.may(read, (AccessAction.READ_ENTITLEMENT, person))


def _build(asking: Asking, place: int) -> dict[str, Any] | None:
    found = enrolled(asking, place)
    contract = terms_of(asking, found[0].value.contract) if found is not None else None
    if found is None or contract is None or not may_see(asking, found[0], contract[0]):
        return None
    (held, cover), value = found, found[0].value
    if not value.sealed:
        return None
    asking.looked(value.person, "coverage")
    insured = msgspec.json.decode(asking.registry.sealer.open(value.sealed, use_of(Enrolment, place)))
    who = persons.identity(asking.registry, value.person, at=asking.at)
    cancelled = ended_early(asking, Enrolment, place, cover)
    ids = _ids(asking, held, contract[0])
    return coverage_out(insured, days_of(cover), ids, cancelled=cancelled, written=written_of(insured, who))


def _ids(asking: Asking, held: Held[Enrolment], contract: Held[RegisteredContract]) -> CoverageIds:
    person = held.value.person
    ties = asking.registry.known(Kinship, on=None, at=asking.at, person=person)
    workers = {one.value.worker for one in ties} if held.value.role.value != "worker" else {person}
    return CoverageIds(
        number=contract.code,
        coverage=held.thing,
        contract=held.value.contract,
        patient=person,
        seller=contract.value.seller,
        worker=min(workers) if len(workers) == 1 else None,
        holder=contract.value.employer,
        product=contract.value.product,
    )


def _candidates(asking: Asking, wanted: Wanted) -> Iterable[int]:
    """Return enrolments by the narrowest parameter that is told; of contracts only as many as one piece holds."""
    if (told := wanted.first("beneficiary") or wanted.first("patient")) is not None:
        entries = asking.registry.known(Enrolment, on=None, at=asking.at, person=thing_of("Patient", told))
        return sorted({one.thing for one in entries})
    if (number := wanted.first("identifier")) is not None:
        return _of_contracts(asking, by_number(asking, number), wanted)
    holder = thing_of("Organization", wanted.first("policy-holder") or "")
    held = asking.registry.known(RegisteredContract, on=None, at=asking.at, employer=holder)
    return _of_contracts(asking, sorted({one.thing for one in held}), wanted)


def _of_contracts(asking: Asking, contracts: Iterable[int], wanted: Wanted) -> list[int]:
    found = list[int]()
    for one in contracts:
        found += asking.exchange.lists.enrolments(one, wanted.after, wanted.most + 1)
    return sorted(found)[: wanted.most + 1]


RESOURCE = Resource(
    "Coverage",
    _build,
    _candidates,
    (
        Param("identifier", "token", f"number of the contract, by {CONTRACT_NUMBER}", token("identifier")),
        Param("patient", "reference", "whom it insures", reference("Patient", "beneficiary")),
        Param("beneficiary", "reference", "the same", reference("Patient", "beneficiary")),
        Param(
            "policy-holder", "reference", "the employer that concluded it", reference("Organization", "policyHolder")
        ),
        Param("payor", "reference", "who answers for it", reference("Organization", "payor")),
        Param("status", "token", "active or cancelled", token("status")),
    ),
    needs=("identifier", "patient", "beneficiary", "policy-holder"),
    records=(Enrolment,),
    actions=(AccessAction.READ_CONTRACT, AccessAction.READ_ENTITLEMENT),
)
