"""Patients who came to a hospital: noted by the hospital, seen by the patient, over by themselves after days set as data.

While a visit lasts the hospital is one of the organisations that the person's data belong to (`people.persons.subject_of`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Enrolment, Held, Visit
from polisbridge.core.roles import AccessAction, AccessMatrix, AccessSubject, Actor
from polisbridge.core.statusbook import Note
from polisbridge.services.access import require
from polisbridge.services.registry import looking
from polisbridge.services.registry.finding import InsuredFound
from polisbridge.services.registry.ports import Registry, use_of

_DAY = timedelta(days=1)


class VisitCause(StrEnum):
    """What a patient came for, as far as a desk has to say it. Nothing of the illness."""

    EMERGENCY = "emergency"
    PLANNED = "planned"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient of a hospital: the visit, by whom they are insured, and what they came for; None once erased."""

    visit: Held[Visit]
    found: InsuredFound
    cause: VisitCause | None


def admit(
    registry: Registry,
    matrix: AccessMatrix,
    actor: Actor,
    found: InsuredFound,
    cause: VisitCause,
    on: date,
    at: datetime,
) -> int:
    """Note that a patient came to the actor's hospital; return the visit. Noted again, it begins again.

    Raises AccessRefused.
    """
    clinic = _clinic(matrix, actor)
    thing = registry.hold(Visit, str(found.place), clinic)
    sealed = registry.sealer.seal(cause.value.encode(), use_of(Visit, thing))
    days = Period(on, on + _DAY * (matrix.limits.visit_days - 1))
    note = Note(actor.name, at, "the patient came")
    registry.put(thing, days, Visit(clinic, found.person, found.contract, sealed), note)
    looking.record(registry, found.person, actor.role.value, "visit", Note(actor.name, at, f"visit_{cause.value}"))
    return thing


def end(registry: Registry, matrix: AccessMatrix, actor: Actor, visit: int, on: date, at: datetime) -> None:
    """End a visit to the actor's hospital with the day before, so that the hospital sees no more.

    Raises AccessRefused, and PolisbridgeError when the hospital has no such patient.
    """
    clinic = _clinic(matrix, actor)
    registry.lock(visit)
    if not any(one.value.clinic == clinic for one in registry.known(Visit, on=on, at=at, thing=visit)):
        raise _no_patient()
    registry.end(Visit, visit, Period(on, None), Note(actor.name, at, "the visit is over"))


def patients(registry: Registry, clinic: int, *, on: date, at: datetime) -> list[Patient]:
    """Return the patients whose visits to the hospital last on the day, in the order in which they came."""
    held = sorted(registry.known(Visit, on=on, at=at, clinic=clinic), key=lambda one: one.note.at)
    return [_patient(registry, one, at) for one in held]


def patient(registry: Registry, clinic: int, visit: int, *, on: date, at: datetime) -> Patient:
    """Return one of them. Raises PolisbridgeError when the hospital has no such patient on the day."""
    for one in registry.known(Visit, on=on, at=at, thing=visit):
        if one.value.clinic == clinic:
            return _patient(registry, one, at)
    raise _no_patient()


def hospitals_of(registry: Registry, person: int, *, on: date, at: datetime) -> Collection[int]:
    """Return the hospitals that the person came to and that still see what is paid for."""
    return {one.value.clinic for one in registry.known(Visit, on=on, at=at, person=person)}


def visits_of(registry: Registry, person: int, at: datetime) -> list[Held[Visit]]:
    """Return all visits of a person that are known, by day."""
    return sorted(registry.known(Visit, on=None, at=at, person=person), key=lambda one: one.valid.first or date.min)


def _clinic(matrix: AccessMatrix, actor: Actor) -> int:
    own = frozenset({actor.organisation}) if actor.organisation is not None else frozenset[int]()
    require(matrix, actor, AccessAction.ADMIT_PATIENT, AccessSubject(actor.state, own))
    if actor.organisation is None:
        raise LookupError("somebody of no hospital may admit patients")
    return actor.organisation


def _patient(registry: Registry, held: Held[Visit], at: datetime) -> Patient:
    place = int(held.code)
    code = next((one.code for one in registry.known(Enrolment, on=None, at=at, thing=place)), "")
    found = InsuredFound(held.value.contract, place, held.value.person, code, named=True)
    sealed = held.value.sealed
    cause = VisitCause(registry.sealer.open(sealed, use_of(Visit, held.thing)).decode()) if sealed else None
    return Patient(held, found, cause)


def _no_patient() -> PolisbridgeError:
    return PolisbridgeError(ErrorCode.NOT_FOUND, "no such patient here today", hint="note that the patient came")
