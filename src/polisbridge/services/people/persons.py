"""A person's data, read by those who may and never without an entry that the person can see; and the person's helpers."""

from dataclasses import dataclass
from datetime import datetime

from polisbridge.core.accounts import normal_login
from polisbridge.core.contract import Period
from polisbridge.core.registry import Access, Enrolment, Identity, RegisteredContract
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, ActorRole, Allowed
from polisbridge.core.statusbook import Note
from polisbridge.services.access import allowed, require
from polisbridge.services.people.ports import People
from polisbridge.services.registry import looking, persons, visits
from polisbridge.services.registry.ports import Registry


@dataclass(frozen=True, slots=True)
class InsuredBy:
    """A contract that insures a person, and the days."""

    number: str
    role: str
    period: Period


@dataclass(frozen=True, slots=True)
class PersonData:
    """What is held about a person. `looked` and `helpers` are None for those who may not see them."""

    identity: Identity | None
    contracts: tuple[InsuredBy, ...]
    looked: tuple[Access, ...] | None
    helpers: tuple[str, ...] | None


def subject_of(registry: Registry, person: int, state: str, at: datetime) -> AccessSubject:
    """Return a person as the subject of an action: with the insurers and employers of all their contracts.

    And with the hospitals that they came to, while the visits last.
    """
    enrolled = [one.value.contract for one in registry.known(Enrolment, on=None, at=at, person=person)]
    organisations = set(visits.hospitals_of(registry, person, on=at.date(), at=at))
    if enrolled:
        for held in registry.known(RegisteredContract, on=None, at=at, thing=sorted(set(enrolled))):
            organisations |= {held.value.seller} | ({held.value.employer} if held.value.employer else set())
    return AccessSubject(state, frozenset(organisations), person)


def read_person(people: People, actor: Actor, person: int, what: str, purpose: str, now: datetime) -> PersonData:
    """Return what is held about a person; that it was read is on record in the same transaction, first.

    Raises AccessRefused when the actor may not, and then nothing was read.
    """
    with people.registries.change() as registry:
        subject = subject_of(registry, person, people.state, now)
        require(people.matrix, actor, AccessAction.READ_PERSON, subject)
        looking.record(registry, person, actor.role.value, what, Note(actor.name, now, purpose))
        log = allowed(people.matrix, actor, AccessAction.READ_ACCESS_LOG, subject)
        return PersonData(
            identity=persons.identity(registry, person, at=now),
            contracts=_contracts(registry, person, now),
            looked=tuple(registry.accesses(person)) if isinstance(log, Allowed) else None,
            helpers=_helpers(people, actor, subject),
        )


def name_helper(people: People, actor: Actor, person: int, login: str, now: datetime) -> None:
    """Let the helper of that login see the person's data. A login that is no helper's does nothing."""
    require(people.matrix, actor, AccessAction.NAME_HELPER, AccessSubject(people.state, person=person))
    with people.accounts.change() as book:
        account = book.find(normal_login(login) or "")
        if account is not None and account.role is ActorRole.HELPER and not account.closed:
            book.name_helper(person, account.id, now)


def end_helper(people: People, actor: Actor, person: int, login: str, now: datetime) -> None:
    """Take that back, from now on."""
    require(people.matrix, actor, AccessAction.NAME_HELPER, AccessSubject(people.state, person=person))
    with people.accounts.change() as book:
        account = book.find(normal_login(login) or "")
        if account is not None:
            book.end_helper(person, account.id, now)


def employer_of(people: People, login: str) -> int | None:
    """Return the employer that an account acts for; None when there is none of that login."""
    with people.accounts.change() as book:
        account = book.find(normal_login(login) or "")
    is_employer = account is not None and account.role is ActorRole.EMPLOYER and not account.closed
    return account.thing if account is not None and is_employer else None


def _contracts(registry: Registry, person: int, now: datetime) -> tuple[InsuredBy, ...]:
    entries = list(registry.known(Enrolment, on=None, at=now, person=person))
    if not entries:
        return ()
    wanted = sorted({one.value.contract for one in entries})
    codes = {held.thing: held.code for held in registry.known(RegisteredContract, on=None, at=now, thing=wanted)}
    return tuple(
        InsuredBy(codes.get(one.value.contract, ""), one.value.role.value, one.valid)
        for one in sorted(entries, key=lambda one: (one.value.contract, str(one.valid.first)))
    )


def _helpers(people: People, actor: Actor, subject: AccessSubject) -> tuple[str, ...] | None:
    if subject.person is None or not isinstance(
        allowed(people.matrix, actor, AccessAction.NAME_HELPER, subject), Allowed
    ):
        return None
    with people.accounts.change() as book:
        return tuple(one.login for one in book.helpers(subject.person))
