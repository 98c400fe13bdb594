"""Counts in which no small number can be read, nor reckoned from the total and the others."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from polisbridge.adapters.access_data import shipped_access
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services.access import AccessRefused
from polisbridge.services.statistics import (
    LEAST,
    StatisticsScope,
    age_band,
    count_table,
    scope_of,
    withheld,
)

COUNTS = st.lists(st.integers(0, 30), max_size=7)


@given(COUNTS)
def test_no_number_from_one_to_four_is_told(counts: list[int]) -> None:
    table = count_table({(str(at),): number for at, number in enumerate(counts)})

    assert not [number for _, number in table.rows if number is not None and 0 < number < LEAST]
    assert table.total is None or table.total == 0 or table.total >= LEAST


@given(COUNTS)
def test_what_is_withheld_cannot_be_reckoned_from_the_total(counts: list[int]) -> None:
    told = withheld(counts)
    hidden = [number for number, shown in zip(counts, told, strict=True) if shown is None]
    table = count_table({(str(at),): number for at, number in enumerate(counts)})
    if hidden and table.total is not None:
        fitting = [
            one
            for one in product(range(1, 31), repeat=min(len(hidden), 3))
            if len(hidden) > 3 or sum(one) == sum(hidden)
        ]
        assert len(hidden) > 1
        assert sum(hidden) >= LEAST
        assert len(fitting) > 1


@given(COUNTS)
def test_what_is_told_is_true(counts: list[int]) -> None:
    assert all(shown in (None, number) for number, shown in zip(counts, withheld(counts), strict=True))
    if all(number == 0 or number >= LEAST for number in counts):
        assert withheld(counts) == counts


def test_a_zero_is_told_and_a_table_of_nothing_has_a_total_of_nothing() -> None:
    assert count_table({("a",): 0, ("b",): 12}).rows == ((("b",), 12), (("a",), 0))
    assert count_table({}).total == 0
    assert count_table({("a",): 3}).total is None


def test_ages_fall_into_bands() -> None:
    assert [age_band(age) for age in (0, 17, 18, 59, 60, None)] == ["0-17", "0-17", "18-29", "50-59", "60-150", ""]


def test_everybody_sees_the_figures_that_the_matrix_gives_them() -> None:
    found = {}
    for role in ActorRole:
        try:
            found[role] = scope_of(shipped_access(), Actor(role, "x", 1, "RU", 7))
        except AccessRefused:
            continue
    state = StatisticsScope("RU")
    assert found == {
        ActorRole.INSURER_CLERK: StatisticsScope(seller=7),
        ActorRole.AUTHORITY: state,
        ActorRole.EXECUTIVE_COMMITTEE: StatisticsScope(),
        ActorRole.NODE_OPERATOR: state,
        ActorRole.AUDITOR: state,
    }
