"""Persons on record: one document is one person, everything held can be exported, and erased for good."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from registry_builder import (
    BOOK,
    DAY,
    RING,
    VOCABULARY,
    YEAR,
    contract,
    later,
    note,
    passports,
    registries,
    seller,
)
from sqlalchemy import Engine, select

from polisbridge.adapters.database import tables
from polisbridge.core.codes import Gate
from polisbridge.core.contract import Period, Stay
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.core.registry import Enrolment, Identity, IdentityDocument, RetentionRule
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.services.registry.contracts import NewContract, contract_on, register
from polisbridge.services.registry.looking import export, keep_decision, record
from polisbridge.services.registry.persons import correct, document_hash, due, erase, find, identity, persons_of
from polisbridge.services.registry.ports import Registry


def registered(registry: Registry, number: str, series: str) -> tuple[int, int]:
    """Put a contract with passports on record; return it and its worker."""
    given = contract(number)
    who = passports(given, series)
    thing = register(registry, NewContract(given, seller(registry), identities=who), note())
    worker = who["worker"].document
    assert worker is not None
    person = find(registry, worker)
    assert person is not None
    return thing, person


def test_the_same_document_is_the_same_person_however_it_is_typed(engine: Engine) -> None:
    with registries(engine).change() as registry:
        _, first = registered(registry, "P-1", "AB")
        _, second = registered(registry, "P-2", "AB")

        assert first == second
        assert find(registry, IdentityDocument("UZ", "ab 000-0000")) == first
        assert find(registry, IdentityDocument("KZ", "AB0000000")) is None


def test_a_document_with_another_birth_day_is_no_silent_match(engine: Engine) -> None:
    given = contract("P-4")
    other = replace(passports(given, "AC")["worker"], born=date(1991, 1, 1))
    with registries(engine).change() as registry:
        registered(registry, "P-3", "AC")

    with pytest.raises(InputFaults) as caught, registries(engine).change() as registry:
        register(registry, NewContract(given, seller(registry), identities={"worker": other}), note(1))
    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("worker.born", FaultCode.WRONG_VALUE)]


def test_without_a_document_nobody_is_taken_for_somebody_else(engine: Engine) -> None:
    same = Identity("KARIMOV ALISHER", born=date(1990, 1, 1))
    with registries(engine).change() as registry:
        found = persons_of(registry, {"one": same, "other": same}, note())

        assert found["one"] != found["other"]


def test_who_somebody_is_can_be_corrected_and_what_was_known_stays(engine: Engine) -> None:
    with registries(engine).change() as registry:
        _, person = registered(registry, "P-5", "AD")
        right = Identity(
            "RIGHT NAME", "Правильное имя", date(1990, 5, 5), frozenset({"UZ"}), IdentityDocument("UZ", "N1")
        )
        correct(registry, person, right, note(60, "a misprint"))

        assert identity(registry, person, at=later(60)) == right
        before = identity(registry, person, at=later(59))
        assert before is not None
        assert before.name == "PERSON 0"
        assert find(registry, IdentityDocument("UZ", "N 1")) == person


def test_nobody_gets_the_document_of_somebody_else(engine: Engine) -> None:
    with registries(engine).change() as registry:
        registered(registry, "P-6", "AE")
        (stranger,) = persons_of(registry, {"x": Identity("STRANGER")}, note()).values()

        with pytest.raises(PolisbridgeError) as caught:
            correct(registry, stranger, Identity("STRANGER", document=IdentityDocument("UZ", "AE0000000")), note(1))
        assert caught.value.code is ErrorCode.ALREADY_THERE


def test_the_export_tells_everything_and_that_it_was_made(engine: Engine) -> None:
    laws = AppliedLaws(BOOK, Rates())
    with registries(engine).change() as registry:
        thing, person = registered(registry, "P-7", "AF")
        found = contract_on(registry, thing, on=DAY, at=later(1), vocabulary=VOCABULARY)
        assert found is not None
        assert found.contract is not None
        made = assess_with(laws, found.contract, Stay("RU", Gate.WORK_PERMIT, DAY))[0]
        keep_decision(registry, BOOK.hash, made, note(5, "asked at the desk"), contract=thing, person=person)
        record(registry, person, "verifier", "certificate", note(6, "hiring"))

        told = json.loads(json.dumps(export(registry, person, "operator", note(7, "the person asked"))))

    assert told["identity"][0]["said"]["name"] == "PERSON 0"
    assert told["insured_by"][0]["said"]["born"] == "1990-05-05"
    assert [one["role"] for one in told["family"]] == ["spouse", "child"]
    assert told["decisions"][0]["verdict"] == made.decision.verdict
    assert told["decisions"][0]["document"]["as_of"] == "2026-06-01"
    assert [(one["role"], one["what"], one["purpose"]) for one in told["looked_at_by"]] == [
        ("verifier", "certificate", "hiring"),
        ("operator", "export", "the person asked"),
    ]


def test_what_was_erased_is_gone_for_every_day_and_instant_and_the_skeleton_stays(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing, person = registered(registry, "P-8", "AG")
        correct(registry, person, Identity("NEW NAME", born=date(1990, 5, 5)), note(10, "married"))
        erase(registry, person, note(60, "the law asks for it"))

    with registries(engine).read() as registry:
        assert {identity(registry, person, at=later(seconds)) for seconds in (1, 30, 60)} == {None}
        assert find(registry, IdentityDocument("UZ", "AG0000000")) is None
        found = contract_on(registry, thing, on=DAY, at=later(30), vocabulary=VOCABULARY)
        assert found is not None
        assert found.contract is not None
        assert [one.id for one in found.contract.insured] == ["spouse", "child"]
        assert not found.contract.all_told
        roles = {one.value.role for one in registry.known(Enrolment, on=DAY, at=later(60), person=person)}
        assert roles == {"worker"}
    with engine.connect() as connection:
        mine = select(tables.ENROLMENT.c.sealed, tables.ENROLMENT.c.birth_hash).where(
            tables.ENROLMENT.c.person == person
        )
        assert {tuple(row) for row in connection.execute(mine)} == {(b"", None)}
        why = select(tables.ERASURE.c.why).where(tables.ERASURE.c.person == person)
        assert connection.execute(why).scalar_one() == "the law asks for it"


def test_a_contract_whose_persons_were_all_erased_has_terms_only(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing, _ = registered(registry, "P-9", "AH")
        for one in list(registry.known(Enrolment, on=None, at=later(1), contract=thing)):
            erase(registry, one.value.person, note(60, "the law asks for it"))

        found = contract_on(registry, thing, on=DAY, at=later(60), vocabulary=VOCABULARY)
        assert found is not None
        assert (found.contract, found.in_force) == (None, True)


@pytest.mark.parametrize(("days", "expected"), [(30, "due"), (31, "kept")])
def test_data_are_due_once_the_last_cover_lies_longer_ago_than_the_rule(
    engine: Engine, days: int, expected: str
) -> None:
    assert YEAR.last is not None
    on = YEAR.last + timedelta(days=31)
    with registries(engine).change() as registry:
        _, person = registered(registry, f"P-10-{days}", f"AI{days}")

        found = due(registry, RetentionRule(days, "test"), on=on, at=later(1))
        assert ("due" if person in found else "kept") == expected


def test_who_is_covered_by_a_later_contract_is_not_due(engine: Engine) -> None:
    given = replace(contract("P-12"), period=Period(date(2027, 1, 1), date(2027, 12, 31)))
    given = replace(given, insured=tuple(replace(one, period=Period()) for one in given.insured))
    with registries(engine).change() as registry:
        _, person = registered(registry, "P-11", "AJ")
        register(registry, NewContract(given, seller(registry), identities=passports(given, "AJ")), note(1))

        assert person not in due(registry, RetentionRule(0, "test"), on=date(2027, 6, 1), at=later(2))


def test_equal_birth_days_do_not_show_across_contracts(engine: Engine) -> None:
    with registries(engine).change() as registry:
        hashes = [
            one.value.birth_hash
            for number in ("P-13", "P-14")
            for one in registry.known(Enrolment, on=DAY, at=later(1), contract=registered(registry, number, "AK")[0])
        ]

        assert len(hashes) == len(set(hashes)) == 6
        assert document_hash(registry, IdentityDocument("UZ", "AK0000000")) != RING.hashed("AK0000000", "document")
