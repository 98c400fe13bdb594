"""Whole days: months and years resolved, leap years, periods with both ends."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.days import add_months, day_number, day_of, whole_months, whole_years

DATES = st.dates(date(1900, 1, 1), date(2200, 12, 31))


def number(text: str) -> int:
    return day_number(date.fromisoformat(text))


def test_days_are_counted_from_1970() -> None:
    assert [number("1970-01-01"), number("1969-12-31"), number("2026-06-01")] == [0, -1, 20_605]


@given(st.dates())
def test_a_day_and_its_number_are_inverse(day: date) -> None:
    assert day == day_of(day_number(day))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-03-31", 1, "2026-04-30"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-05-05", 0, "2026-05-05"),
    ],
)
def test_some_months_later(day: str, months: int, expected: str) -> None:
    assert date.fromisoformat(expected) == add_months(date.fromisoformat(day), months)


@pytest.mark.parametrize(
    ("first", "last", "months"),
    [
        ("2026-01-01", "2026-01-31", 1),
        ("2026-01-01", "2026-01-30", 0),
        ("2026-01-01", "2026-12-31", 12),
        ("2026-02-01", "2026-02-28", 1),
        ("2028-02-01", "2028-02-28", 0),
        ("2028-02-01", "2028-02-29", 1),
        ("2026-01-15", "2026-04-14", 3),
        ("2026-01-15", "2026-04-13", 2),
        ("2026-01-31", "2026-02-27", 1),
        ("2026-06-01", "2026-06-01", 0),
        ("2026-06-01", "2026-05-01", 0),
    ],
)
def test_a_period_of_first_and_last_day_holds_whole_months(first: str, last: str, months: int) -> None:
    assert months == whole_months(number(first), number(last))


@given(DATES, st.integers(0, 600))
def test_a_period_of_so_many_months_holds_exactly_these(first: date, months: int) -> None:
    last = add_months(first, months) - timedelta(days=1)

    assert months == whole_months(day_number(first), day_number(last))


@given(DATES, st.integers(0, 5000), st.integers(0, 400))
def test_a_longer_period_never_holds_fewer_months(first: date, days: int, more: int) -> None:
    start = day_number(first)

    assert whole_months(start, start + days) <= whole_months(start, start + days + more)


@given(DATES, st.integers(0, 5000), st.integers(0, 400))
def test_an_earlier_start_never_holds_fewer_months(first: date, days: int, earlier: int) -> None:
    start = day_number(first)

    assert whole_months(start, start + days) <= whole_months(start - earlier, start + days)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        ("2020-06-01", "2026-05-31", 5),
        ("2020-06-01", "2026-06-01", 6),
        ("2020-02-29", "2026-02-27", 5),
        ("2020-02-29", "2026-02-28", 6),
        ("2020-02-29", "2028-02-28", 7),
        ("2020-02-29", "2028-02-29", 8),
        ("2026-06-01", "2026-06-01", 0),
        ("2026-06-02", "2026-06-01", 0),
    ],
)
def test_age_in_completed_years(born: str, on: str, age: int) -> None:
    assert age == whole_years(number(born), number(on))


def test_a_period_may_end_on_the_last_day_there_is() -> None:
    assert whole_months(number("2026-01-01"), number("9999-12-31")) == (9999 - 2026 + 1) * 12
