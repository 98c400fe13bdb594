"""`/fhir/Patient` and `/fhir/RelatedPerson`: who persons are, and whose family; each look is recorded."""

from collections.abc import Iterable
from typing import Any

from polisbridge.api.fhir.asking import Asking, Param, Wanted
from polisbridge.api.fhir.matching import reference, split, thing_of, token
from polisbridge.api.fhir.resource import Resource
from polisbridge.core.registry import (
    Enrolment,
    Identity,
    IdentityDocument,
    Kinship,
    RegisteredContract,
    RegisteredPerson,
)
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.formats.fhir.patient import patient_out
from polisbridge.formats.fhir.periods import days_of
from polisbridge.formats.fhir.relatedperson import related_out
from polisbridge.formats.fhir.systems import IDENTITY_DOCUMENT
from polisbridge.services.people.persons import subject_of
from polisbridge.services.registry import persons


def person_subject(asking: Asking, person: int) -> AccessSubject:
    """Return a person as the subject of an action; of the sender's state when a contract of theirs was concluded there."""
    entries = asking.registry.known(Enrolment, on=None, at=asking.now, person=person)
    contracts = sorted({one.value.contract for one in entries})
    held = asking.registry.known(RegisteredContract, on=None, at=asking.now, thing=contracts) if contracts else ()
    states = {str(one.value.terms.get("home_state", "")) for one in held}
    state = asking.actor.state if asking.actor.state in states else ""
    return subject_of(asking.registry, person, state, asking.now)


def _read(asking: Asking, person: int, what: str) -> Identity | None:
    """Return who a person is, once it is on record that it was looked at; None when the sender may not know."""
    if not asking.may((AccessAction.READ_PERSON, person_subject(asking, person))):
        return None
    known = any(True for _ in asking.registry.known(RegisteredPerson, on=None, at=asking.at, thing=person))
    if not known:
        return None
    asking.looked(person, what)
    return persons.identity(asking.registry, person, at=asking.at)


def _patient(asking: Asking, person: int) -> dict[str, Any] | None:
    found = _read(asking, person, "person")
    return patient_out(person, found) if found is not None else None


def _by_document(asking: Asking, wanted: Wanted) -> Iterable[int]:
    system, number = split(wanted.first("identifier") or "")
    state = (system or "").removeprefix(f"{IDENTITY_DOCUMENT}/")
    if not number or system is None or state == system:
        return []
    found = persons.find(asking.registry, IdentityDocument(state, number))
    return [found] if found is not None else []


def _related(asking: Asking, thing: int) -> dict[str, Any] | None:
    entries = list(asking.registry.known(Kinship, on=None, at=asking.at, thing=thing))
    if not entries:
        return None
    tie = entries[-1].value
    found = _read(asking, tie.person, "related_person")
    if found is None or not asking.may((AccessAction.READ_PERSON, person_subject(asking, tie.worker))):
        return None
    asking.looked(tie.worker, "related_person")
    return related_out(thing, tie.worker, tie.person, tie.role, found, days_of(entries[-1].valid))


def _family(asking: Asking, wanted: Wanted) -> Iterable[int]:
    worker = thing_of("Patient", wanted.first("patient") or "")
    ties = asking.registry.known(Kinship, on=None, at=asking.at, worker=worker)
    return sorted({one.thing for one in ties})


PATIENT = Resource(
    "Patient",
    _patient,
    _by_document,
    (Param("identifier", "token", f"identity document, by {IDENTITY_DOCUMENT}/ and its state", token("identifier")),),
    needs=("identifier",),
    records=(RegisteredPerson,),
    actions=(AccessAction.READ_PERSON,),
)
RELATED = Resource(
    "RelatedPerson",
    _related,
    _family,
    (
        Param("patient", "reference", "the worker whose family it is", reference("Patient", "patient")),
        Param("relationship", "token", "the part in the family", token("relationship", "coding")),
    ),
    needs=("patient",),
    records=(Kinship,),
    actions=(AccessAction.READ_PERSON,),
)
