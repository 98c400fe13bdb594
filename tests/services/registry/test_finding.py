"""An insured person is found by number and birth date together, and by neither alone; names are graded across scripts."""

from dataclasses import replace
from datetime import date

import pytest
from registry_builder import contract, later, note, passports, registries, seller
from sqlalchemy import Engine

from polisbridge.core.errors import InputFaults
from polisbridge.core.names.match import Grade
from polisbridge.core.registry import Enrolment, Identity
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.finding import find_insured
from polisbridge.services.registry.matching import told_name
from polisbridge.services.registry.persons import erase

BORN = date(1990, 5, 5)


def put(engine: Engine, number: str, insurer: str = "insurer of tests") -> int:
    with registries(engine).change() as registry:
        terms = contract(number)
        new = NewContract(terms, seller(registry, insurer), identities=passports(terms, f"{number}{insurer}"))
        return register(registry, new, note())


def found(engine: Engine, number: str, born: date = BORN) -> list[tuple[str, bool]]:
    with registries(engine).read() as registry:
        return [(one.code, one.named) for one in find_insured(registry, number, born, at=later(9))]


def test_a_person_is_found_by_the_contract_s_number_and_by_the_certificate_s(engine: Engine) -> None:
    put(engine, "F-1")
    assert found(engine, "F-1") == [("worker", False)]
    assert found(engine, " F\u20131/worker ") == [("worker", True)]


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("F-2", date(1990, 5, 6)),
        ("F-20", BORN),
        ("F-2/spouse", BORN),
        ("F-2/", BORN),
        ("/worker", BORN),
        ("", BORN),
        ("F-2\0", BORN),
        ("F" * 100_000, BORN),
        ("%", BORN),
        ("F-_", BORN),
        ("' OR 1=1 --", BORN),
    ],
)
def test_nobody_is_found_by_a_wrong_number_or_a_wrong_day(engine: Engine, number: str, born: date) -> None:
    put(engine, "F-2", f"insurer {number[:9]}{born}".replace("\0", ""))
    assert found(engine, number, born) == []


def test_contracts_of_two_insurers_may_have_one_number(engine: Engine) -> None:
    put(engine, "F-3", "first")
    put(engine, "F-3", "second")
    assert found(engine, "F-3") == [("worker", False)] * 2


def test_who_was_erased_is_found_no_more(engine: Engine) -> None:
    thing = put(engine, "F-4")
    with registries(engine).change() as registry:
        (held,) = [
            one for one in registry.known(Enrolment, on=None, at=later(9), contract=thing) if one.code == "worker"
        ]
        erase(registry, held.value.person, note(10, "asked"))
    assert found(engine, "F-4") == []


ON_RECORD = Identity("RAHIMOV BAHROM SHARIFOVICH", "Раҳимов Баҳром Шарифович", BORN)


@pytest.mark.parametrize(
    ("name", "named", "grade"),
    [
        ("Рахимов Бахром Шарифович", True, Grade.SAME),
        ("Rahimov Bahrom", True, Grade.SAME),
        ("Рахимов Бахром Шарифович", False, Grade.LIKELY),
        ("Rahimova Bahrom", False, Grade.POSSIBLE),
        ("Карапетян Арам", True, Grade.CONTRADICTION),
        ("Карапетян Арам", False, Grade.DIFFERENT),
        ("", False, Grade.POSSIBLE),
    ],
)
def test_a_name_told_at_a_desk_is_graded_in_whatever_script(name: str, named: bool, grade: Grade) -> None:  # noqa: FBT001
    certificate = "F-1/worker" if named else ""
    assert told_name(name, BORN, ON_RECORD, certificate).grade is grade
    assert told_name(name, BORN, replace(ON_RECORD, original_name=""), certificate).grade in (grade, Grade.POSSIBLE)


def test_a_document_with_another_name_is_refused_and_another_spelling_is_not(engine: Engine) -> None:
    def put_as(number: str, name: str) -> None:
        terms = contract(number)
        who = {**passports(terms, "NM")}
        who["worker"] = replace(who["worker"], name=name)
        with registries(engine).change() as registry:
            register(registry, NewContract(terms, seller(registry), identities=who), note())

    put_as("N-1", "RAKHIMOV BAKHROM")
    put_as("N-2", "Рахимов Бахром")
    put_as("N-3", "RAHIMOV BAHROM SHARIFOVICH")
    with pytest.raises(InputFaults) as caught:
        put_as("N-4", "KARAPETYAN ARAM")

    assert [(one.path, one.found) for one in caught.value.faults] == [("worker.name", "KARAPETYAN ARAM")]
