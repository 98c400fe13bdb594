"""A person's data are read on the record, by those who may; erased, the person has no account and no helpers either."""

import pytest
from people_builder import NOON, PASSWORD, at, opened, people
from registry_builder import contract, note, passports, seller
from sqlalchemy import Engine, select

from polisbridge.adapters.database.tables import ACCESS, ACCOUNT, HELPER
from polisbridge.core.contract import Period
from polisbridge.core.registry import Employer, Enrolment
from polisbridge.core.roles import Actor, ActorRole, RefusalReason
from polisbridge.services.access import AccessRefused
from polisbridge.services.people.persons import name_helper, read_person
from polisbridge.services.people.ports import People
from polisbridge.services.people.sessions import account_of, sign_in
from polisbridge.services.registry import looking, persons
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.organisations import keep


class Held:
    """Persons insured by an insurer and sent by an employer, and another insurer who has nothing to do with them."""

    def __init__(self, engine: Engine) -> None:
        self.people = people(engine)
        terms = contract("P-1")
        with self.people.registries.change() as registry:
            self.insurer, self.stranger = seller(registry, "ours"), seller(registry, "theirs")
            self.employer = keep(registry, "firm", Employer("UZ", {"en": "firm"}), Period(), note())
            new = NewContract(terms, self.insurer, employer=self.employer, identities=passports(terms))
            thing = register(registry, new, note())
            rows = registry.known(Enrolment, on=None, at=NOON, contract=thing)
            self.persons = {one.code: one.value.person for one in rows}


@pytest.fixture(scope="module")
def held(engine: Engine) -> Held:
    return Held(engine)


def read(found: People, actor: Actor, person: int) -> str:
    data = read_person(found, actor, person, "data", "a question", NOON)
    return data.identity.name if data.identity else ""


def test_the_insurer_of_the_contract_and_the_authority_of_the_state_read_and_leave_an_entry(held: Held) -> None:
    person = held.persons["child"]
    clerk = Actor(ActorRole.INSURER_CLERK, "clerk.9", 9, "UZ", held.insurer)
    office = Actor(ActorRole.AUTHORITY, "office.1", 1, "UZ")

    assert {read(held.people, one, person) for one in (clerk, office)} == {"PERSON 2"}
    with held.people.registries.read() as registry:
        entries = [(one.who, one.role, one.purpose) for one in registry.accesses(person)]
    assert entries == [("clerk.9", "insurer_clerk", "a question"), ("office.1", "authority", "a question")]


@pytest.mark.parametrize(
    ("role", "state", "organisation", "reason"),
    [
        (ActorRole.INSURER_CLERK, "UZ", "stranger", RefusalReason.OTHER_ORGANISATION),
        (ActorRole.INSURER_CLERK, "UZ", "", RefusalReason.OTHER_ORGANISATION),
        (ActorRole.AUTHORITY, "RU", "", RefusalReason.OTHER_STATE),
        (ActorRole.EMPLOYER, "UZ", "employer", RefusalReason.OTHER_ROLE),
        (ActorRole.VERIFIER, "UZ", "", RefusalReason.OTHER_ROLE),
        (ActorRole.NODE_OPERATOR, "UZ", "", RefusalReason.OTHER_ROLE),
        (ActorRole.AUDITOR, "UZ", "", RefusalReason.OTHER_ROLE),
        (ActorRole.VISITOR, "UZ", "", RefusalReason.NOT_SIGNED_IN),
    ],
)
def test_who_may_not_reads_nothing_and_leaves_no_entry(
    held: Held, role: ActorRole, state: str, organisation: str, reason: RefusalReason
) -> None:
    actor = Actor(role, "curious", 5, state, getattr(held, organisation) if organisation else None)
    with pytest.raises(AccessRefused) as caught:
        read(held.people, actor, held.persons["spouse"])

    assert caught.value.refused.reason is reason
    with held.people.registries.read() as registry:
        assert list(registry.accesses(held.persons["spouse"])) == []


def test_an_erased_person_has_no_account_no_session_and_no_helper(held: Held, engine: Engine) -> None:
    found, person = held.people, held.persons["worker"]
    opened(found, "to.be.erased", thing=person)
    opened(found, "former.friend", ActorRole.HELPER)
    token = sign_in(found, "to.be.erased", PASSWORD, "", NOON) or ""
    who = account_of(found, token, NOON)
    assert who is not None
    name_helper(found, who[1], person, "former.friend", NOON)
    read(found, who[1], person)

    with found.registries.change() as registry:
        persons.erase(registry, person, note(3 * 3600 + 1, "asked by the person"))

    assert account_of(found, token, at(1)) is None
    assert sign_in(found, "to.be.erased", PASSWORD, "", at(1)) is None
    with engine.connect() as connection:
        logins = set(connection.execute(select(ACCOUNT.c.login)).scalars())
        names = set(connection.execute(select(ACCESS.c.who)).scalars())
        assert connection.execute(select(HELPER).where(HELPER.c.person == person)).all() == []
    assert "to.be.erased" not in logins | names


def test_an_export_by_the_operator_is_seen_by_the_person_too(held: Held) -> None:
    person = held.persons["child"]
    with held.people.registries.change() as registry:
        looking.export(registry, person, "operator", note(3 * 3600 + 2, "asked on paper"))
    own = Actor(ActorRole.WORKER, "grown.up", 7, "UZ", person=person)
    data = read_person(held.people, own, person, "my data", "own data", at(3))

    assert data.looked is not None
    assert "asked on paper" in [one.purpose for one in data.looked]
