"""An employer's workers: those of contracts that it concluded, and those who let it see. No family, no benefits."""

from datetime import date, datetime

from polisbridge.core.codes import Role
from polisbridge.core.contract import Period
from polisbridge.core.registry import EmployerConsent, Enrolment, Held, RegisteredContract
from polisbridge.core.roles import AccessAction, AccessMatrix, AccessSubject, Actor
from polisbridge.core.statusbook import Note
from polisbridge.services.access import require
from polisbridge.services.registry.finding import InsuredFound
from polisbridge.services.registry.ports import Registry


def workers_of(registry: Registry, employer: int, *, on: date, at: datetime) -> tuple[InsuredFound, ...]:
    """Return the insured workers that the employer may see on the day, each in every contract, by number of the thing."""
    concluded = {one.thing for one in registry.known(RegisteredContract, on=None, at=at, employer=employer)}
    held = list(registry.known(Enrolment, on=None, at=at, contract=sorted(concluded))) if concluded else []
    persons = sorted({one.value.person for one in consents_to(registry, employer, on=on, at=at)})
    held += registry.known(Enrolment, on=None, at=at, person=persons) if persons else []
    found = {one.thing: _found(one) for one in held if one.value.role is Role.WORKER and one.value.sealed}
    return tuple(found[thing] for thing in sorted(found))


def _found(one: Held[Enrolment]) -> InsuredFound:
    return InsuredFound(one.value.contract, one.thing, one.value.person, one.code, named=True)


def consents_to(registry: Registry, employer: int, *, on: date, at: datetime) -> list[Held[EmployerConsent]]:
    """Return who lets the employer see on the day."""
    return list(registry.known(EmployerConsent, on=on, at=at, employer=employer))


def consents_of(registry: Registry, person: int, *, on: date, at: datetime) -> list[Held[EmployerConsent]]:
    """Return whom a person lets see on the day."""
    return list(registry.known(EmployerConsent, on=on, at=at, person=person))


def let_see(
    registry: Registry, matrix: AccessMatrix, actor: Actor, state: str, employer: int, on: date, at: datetime
) -> None:
    """Let an employer see that the actor is insured, from a day on. Raises AccessRefused."""
    person = _own(matrix, actor, state)
    thing = registry.hold(EmployerConsent, str(person), employer)
    registry.put(thing, Period(on, None), EmployerConsent(employer, person), Note(actor.name, at, "the person agreed"))


def see_no_more(
    registry: Registry, matrix: AccessMatrix, actor: Actor, state: str, employer: int, on: date, at: datetime
) -> None:
    """Take that back from a day on; nothing happens when it was not so. Raises AccessRefused."""
    person = _own(matrix, actor, state)
    thing = registry.find(EmployerConsent, str(person), employer)
    if thing is not None:
        registry.lock(thing)
        registry.end(EmployerConsent, thing, Period(on, None), Note(actor.name, at, "the person took it back"))


def _own(matrix: AccessMatrix, actor: Actor, state: str) -> int:
    require(matrix, actor, AccessAction.SHARE_WITH_EMPLOYER, AccessSubject(state, person=actor.person))
    if actor.person is None:
        raise LookupError("somebody who is nobody may share")
    return actor.person
