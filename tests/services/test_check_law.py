"""The check of the law data: cases, boundaries, coverage, and what changed between two days."""

from datetime import date

import pytest
from builder import LAW_FOLDER
from strategies import BOOK

from polisbridge.adapters.folder import read_folder
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.lawfile import read_law
from polisbridge.services.check_law import check_law
from polisbridge.services.coverage import coverage
from polisbridge.services.law_diff import law_diff

FILES = read_folder(LAW_FOLDER)
CASES = "no/aliens_act/small_children.cases.yaml"


def told(name: str, old: str, new: str) -> list[tuple[FaultCode, str]]:
    text = FILES[name].decode()
    assert old in text
    files = {**FILES, name: text.replace(old, new).encode()}
    return [(fault.code, fault.found) for fault in check_law(read_law(files), files).faults]


def test_the_test_law_has_no_faults() -> None:
    assert check_law(BOOK, FILES).faults == ()


def test_provisions_and_cases_are_counted() -> None:
    report = check_law(BOOK, FILES)

    assert (report.provisions, report.cases) == (12, 63)


def test_a_case_that_fails_is_told() -> None:
    assert (FaultCode.CASE_FAILS, "met") in told(
        CASES, "facts: {age: 6}, expect: met", "facts: {age: 6}, expect: not_met"
    )


def test_a_provision_without_cases_is_told() -> None:
    files = {name: data for name, data in FILES.items() if name != CASES}

    assert [(fault.code, fault.file) for fault in check_law(BOOK, files).faults] == [(FaultCode.NO_CASES, CASES)]


@pytest.mark.parametrize(("old", "new"), [("age: 6}", "age: 5}"), ("age: 7}", "age: 8}")])
def test_a_boundary_that_could_move_by_one_is_told(old: str, new: str) -> None:
    assert {FaultCode.NO_CASES} == {code for code, _ in told(CASES, old, new)}


@pytest.mark.parametrize("day", ["2019-12-31", "2020-01-01"])
def test_a_missing_case_on_the_first_day_or_the_day_before_is_told(day: str) -> None:
    lines = FILES[CASES].decode().splitlines(keepends=True)
    files = {**FILES, CASES: "".join(line for line in lines if f"as_of: {day}" not in line).encode()}

    assert [f"no case as of {day}"] == [fault.found for fault in check_law(BOOK, files).faults]


def test_a_missing_undetermined_case_is_told() -> None:
    assert (FaultCode.NO_CASES, "no case that is undetermined") in told(
        CASES, "facts: {works: false}, expect: undetermined", "facts: {age: 9}, expect: not_met"
    )


def test_cases_of_nothing_are_told() -> None:
    files = {**FILES, "no/aliens_act/ghost.cases.yaml": FILES[CASES]}

    assert [fault.code for fault in check_law(BOOK, files).faults] == [FaultCode.WRONG_PLACE]


def test_two_cases_of_one_name_are_told() -> None:
    assert (FaultCode.TWICE, "six years old") in told(CASES, "seven years old", "six years old")


def test_a_wrong_fact_in_a_case_is_told() -> None:
    assert (FaultCode.UNKNOWN_KEY, "agge") in told(CASES, "{age: 6}", "{agge: 6}")


# Coverage ---------------------------------------------------------------------------------------------


def covered(name: str, old: str, new: str) -> list[FaultCode]:
    files = {**FILES, name: FILES[name].decode().replace(old, new).encode()}
    with pytest.raises(InputFaults) as caught:
        coverage(read_law(files), files)
    return [fault.code for fault in caught.value.faults]


def test_every_fact_is_carried_or_left_out_with_a_reason() -> None:
    facts = coverage(BOOK, FILES)

    assert [fact.id for fact in facts if bool(fact.provisions) == bool(fact.left_out)] == []


def test_a_fact_that_nothing_carries_is_told() -> None:
    assert covered("no/coverage.yaml", ", left_out: decides nothing", "") == [FaultCode.MISSING_KEY]


def test_a_fact_left_out_and_carried_is_told() -> None:
    assert covered("se/coverage.yaml", "evidence: primary", "evidence: primary, left_out: why") == [
        FaultCode.WRONG_VALUE
    ]


def test_a_fact_that_no_list_holds_is_told() -> None:
    assert covered("no/aliens_act/duty.yaml", "NO-1]", "NO-77]") == [FaultCode.UNKNOWN_CODE, FaultCode.MISSING_KEY]


def test_a_fact_in_two_lists_is_told() -> None:
    assert FaultCode.TWICE in covered("se/coverage.yaml", "SE-1:", "NO-1:")


# Diff -------------------------------------------------------------------------------------------------


def test_what_begins_between_two_days_is_new() -> None:
    changes = law_diff(BOOK, date(2019, 12, 31), date(2020, 1, 1))

    assert {(date(2020, 1, 1), True)} == {(one.on, one.new) for one in changes}


def test_what_ends_is_gone_the_day_after() -> None:
    changes = law_diff(BOOK, date(2027, 12, 31), date(2028, 1, 1))

    assert [("no_oslo.city_rules.clinic", date(2028, 1, 1), False)] == [
        (one.provision.id, one.on, one.new) for one in changes
    ]


def test_between_a_day_and_itself_nothing_changes() -> None:
    assert law_diff(BOOK, date(2026, 1, 1), date(2026, 1, 1)) == ()
