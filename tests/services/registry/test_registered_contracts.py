"""Contracts on record: whole or not at all, read back as they were, on any day and as known at any instant."""

from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from registry_builder import DAY, VOCABULARY, YEAR, contract, group, later, note, passports, registries, seller
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database import tables
from polisbridge.core.contract import Contract, Period
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Enrolment, RegisteredContract
from polisbridge.services.registry.contracts import (
    NewContract,
    OnRecord,
    amend,
    contract_on,
    register,
    terminate,
    withdraw,
)
from polisbridge.services.registry.persons import family
from polisbridge.services.registry.ports import Registry


def on_record(registry: Registry, thing: int, on: date = DAY, seconds: float = 1000) -> OnRecord:
    found = contract_on(registry, thing, on=on, at=later(seconds), vocabulary=VOCABULARY)
    assert found is not None
    return found


def said(registry: Registry, thing: int, on: date = DAY, seconds: float = 1000) -> Contract:
    found = on_record(registry, thing, on, seconds).contract
    assert found is not None
    return found


def test_a_contract_is_read_back_as_it_was_written(engine: Engine) -> None:
    given = contract("R-1")
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(given, seller(registry)), note())

    with registries(engine).read() as registry:
        found = on_record(registry, thing)
        assert found.contract is not None
        own = {one.id: given.cover(one) for one in given.insured}
        assert {one.id: found.contract.cover(one) for one in found.contract.insured} == own
        assert replace(found.contract, insured=()) == replace(given, insured=())
        assert [replace(one, period=Period()) for one in found.contract.insured] == [
            replace(one, period=Period()) for one in given.insured
        ]
        assert (found.in_force, found.period, found.held.note) == (True, YEAR, note())


def test_nothing_that_names_a_person_lies_open_in_the_database(engine: Engine) -> None:
    given = contract("R-2")
    who = passports(given, "ZZ")
    with registries(engine).change() as registry:
        register(registry, NewContract(given, seller(registry), identities=who), note())

    with engine.connect() as connection:
        everything = [
            str(value.tobytes() if isinstance(value, memoryview) else value).lower()
            for table in tables.METADATA.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]
    for secret in ("b. r.", "1990-05-05", "zz0000000", "person 0", "worker_class"):
        assert [value for value in everything if secret in value] == []


def test_before_it_was_put_on_record_nothing_was_known(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(contract("R-3"), seller(registry)), note(10))

        assert contract_on(registry, thing, on=DAY, at=later(9), vocabulary=VOCABULARY) is None
        assert said(registry, thing, seconds=10).number == "R-3"


def test_a_change_counts_from_its_day_and_what_was_known_before_stays(engine: Engine) -> None:
    given = contract("R-4")
    cheaper = replace(given, facts={**given.facts, "sum_insured": 1_000_000})
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(given, seller(registry)), note(0))
        amend(registry, thing, cheaper, date(2026, 7, 1), note(60, "the policyholder asked"))

        asked = {
            (day, seconds): said(registry, thing, day, seconds).facts["sum_insured"]
            for day in (date(2026, 6, 30), date(2026, 7, 1))
            for seconds in (30, 60)
        }
        before, after = date(2026, 6, 30), date(2026, 7, 1)
        assert asked == {
            (before, 30): 3_000_000,
            (before, 60): 3_000_000,
            (after, 30): 3_000_000,
            (after, 60): 1_000_000,
        }
        assert on_record(registry, thing, after).period == YEAR


def test_a_terminated_contract_holds_no_longer_for_anybody(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(contract("R-5"), seller(registry)), note(0))
        terminate(registry, thing, DAY, note(60, "not paid"))

        assert on_record(registry, thing, DAY, 59).in_force
        assert not on_record(registry, thing, DAY, 60).in_force
        assert on_record(registry, thing, date(2026, 5, 31), 60).in_force
        last = said(registry, thing, DAY, 60)
        assert {last.cover(one).last for one in last.insured} == {date(2026, 5, 31)}
        with pytest.raises(PolisbridgeError, match="no contract in force"):
            amend(registry, thing, contract("R-5"), DAY, note(61))


def test_a_person_who_leaves_is_covered_until_the_day_before(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(contract("R-6"), seller(registry)), note(0))
        withdraw(registry, thing, "child", DAY, note(60, "left the country"))

        found = said(registry, thing)
        assert found.cover(found.person("child")).last == date(2026, 5, 31)
        assert found.cover(found.person("worker")).last == date(2026, 12, 31)


def test_the_family_of_a_worker_is_on_record(engine: Engine) -> None:
    with registries(engine).change() as registry:
        thing = register(registry, NewContract(contract("R-7"), seller(registry)), note())
        worker = next(
            one.value.person
            for one in registry.known(Enrolment, on=DAY, at=later(1), contract=thing)
            if one.code == "worker"
        )

        roles = [one.value.role for one in family(registry, worker, on=DAY, at=later(1))]
        assert sorted(roles) == ["child", "spouse"]
        assert [one.value.role for one in family(registry, worker, on=date(2026, 2, 1), at=later(1))] == ["child"]


def test_a_seller_has_a_number_once_and_another_seller_may_use_it(engine: Engine) -> None:
    with registries(engine).change() as registry:
        one, other = seller(registry, "one"), seller(registry, "other")
        register(registry, NewContract(contract("R-8"), one), note())
        register(registry, NewContract(contract("R-8"), other), note())

    with pytest.raises(PolisbridgeError) as caught, registries(engine).change() as registry:
        register(registry, NewContract(contract("R-8"), one), note())
    assert caught.value.code is ErrorCode.ALREADY_THERE


def test_of_two_clerks_who_register_one_number_at_once_one_succeeds(engine: Engine) -> None:
    with registries(engine).change() as registry:
        whose = seller(registry)
    both, ends = Barrier(2), list[str]()

    def write() -> None:
        try:
            with registries(engine).change() as registry:
                both.wait(10)
                register(registry, NewContract(group("R-9", 50), whose), note())
            ends.append("done")
        except PolisbridgeError as exc:
            ends.append(exc.code.value)

    clerks = [Thread(target=write) for _ in range(2)]
    for one in clerks:
        one.start()
    for one in clerks:
        one.join()

    assert sorted(ends) == ["already_there", "done"]
    with registries(engine).read() as registry:
        thing = registry.find(RegisteredContract, "R-9", whose)
        assert thing is not None
        assert len(said(registry, thing).insured) == 50


def test_a_person_is_insured_once_by_a_contract_on_a_day(engine: Engine) -> None:
    given = contract("R-10")
    same = passports(given)["worker"]
    with pytest.raises(InputFaults) as caught, registries(engine).change() as registry:
        register(registry, NewContract(given, seller(registry), identities={"worker": same, "child": same}), note())

    assert [(fault.path, fault.code) for fault in caught.value.faults] == [("child.document", FaultCode.TWICE)]


def test_the_database_itself_refuses_a_person_twice_in_a_contract(engine: Engine) -> None:
    def enrol_again() -> None:
        with registries(engine).change() as registry:
            thing = register(registry, NewContract(contract("R-11"), seller(registry)), note())
            one, *_ = registry.known(Enrolment, on=DAY, at=later(1), contract=thing)
            (again,) = registry.new(Enrolment, ["again"], thing)
            registry.put_new([(again, YEAR, one.value)], note())

    with pytest.raises(PolisbridgeError, match="enrolment_of_a_person_once"):
        enrol_again()


def test_a_group_is_on_record_as_a_whole_and_progress_is_told(engine: Engine) -> None:
    told: list[int] = []
    given = group("R-12", 2_500)
    with registries(engine).change() as registry:
        new = NewContract(given, seller(registry), identities=passports(given, "GG"))
        thing = register(registry, new, note(), told.append)

        assert told == [1_000, 2_000, 2_500]
        assert len(said(registry, thing).insured) == 2_500


def test_an_error_in_the_middle_of_a_group_leaves_nothing(engine: Engine) -> None:
    with engine.connect() as connection:
        before = connection.execute(select(func.count()).select_from(tables.THING)).scalar_one()

    def give_up(done: int) -> None:
        if done == 2_000:
            raise RuntimeError("the line went dead")

    with pytest.raises(RuntimeError), registries(engine).change() as registry:
        register(registry, NewContract(group("R-13", 2_500), seller(registry, "new one")), note(), give_up)

    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(tables.THING)).scalar_one() == before


def test_days_in_the_wrong_order_are_refused(engine: Engine) -> None:
    turned = replace(contract("R-14"), period=Period(YEAR.last, YEAR.first))
    with pytest.raises(PolisbridgeError, match="has no days"), registries(engine).change() as registry:
        register(registry, NewContract(turned, seller(registry)), note())
