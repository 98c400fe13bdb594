"""What all ask at least and the strictest of all; open law is left out by name, sums need a rate."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shipped import BOOK, CIS, DAY, RATES, ids, place

from polisbridge.core.checks import Check, Setting
from polisbridge.core.checks.covers_benefits import CoversBenefits
from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Gate, Scope
from polisbridge.core.money import Rates
from polisbridge.core.strictness import at_least_as_strict
from polisbridge.services.compare.common import AskedSet, common_set, strictest_union
from polisbridge.services.compare.places import Place, places_of

SETTING = Setting("", DAY, None, RATES, BOOK.wider_benefits())


def checks(found: AskedSet, kind: type[Check]) -> list[Check]:
    return [one.check for one in found.asked if isinstance(one.check, kind)]


def test_russia_and_kazakhstan_both_ask_for_primary_care() -> None:
    found = common_set(BOOK, [place("RU:work_permit"), place("KZ:hiring")], DAY, RATES)

    assert checks(found, CoversBenefits) == [CoversBenefits(("primary_care",))]
    assert found.states == ("RU", "KZ")


def test_the_weakest_of_the_sums_that_all_ask_is_told_at_the_rate_of_the_day() -> None:
    found = common_set(BOOK, [place("RU:work_permit"), place("BY:entry")], DAY, RATES)

    assert checks(found, SumInsuredAtLeast) == [SumInsuredAtLeast(Decimal(100000), "RUB")]
    assert found.no_rate == ()


def test_the_strictest_of_the_sums_is_told_at_the_rate_of_the_day() -> None:
    found = strictest_union(BOOK, [place("RU:work_permit"), place("BY:entry")], DAY, RATES)

    assert checks(found, SumInsuredAtLeast) == [SumInsuredAtLeast(Decimal(10000), "EUR")]


def test_without_a_rate_sums_are_not_compared_and_that_is_said() -> None:
    places = [place("RU:work_permit"), place("BY:entry")]
    least, most = common_set(BOOK, places, DAY), strictest_union(BOOK, places, DAY)

    assert checks(least, SumInsuredAtLeast) == []
    assert len(checks(most, SumInsuredAtLeast)) == 2
    assert {ids((one.one, one.other))[0].split(".")[0] for one in least.no_rate} <= {"ru", "by"}
    assert least.no_rate
    assert most.no_rate


def test_a_state_whose_law_is_open_is_left_out_by_name_and_agrees_to_nothing() -> None:
    with_tajikistan = common_set(BOOK, [place("RU:entry"), place("BY:entry"), place("TJ:entry")], DAY, RATES)
    without = common_set(BOOK, [place("RU:entry"), place("BY:entry")], DAY, RATES)

    assert with_tajikistan.open_states == ("TJ",)
    assert "tj.foreigners_law.no_duty_established" in ids(with_tajikistan.questions)
    assert with_tajikistan.asked == without.asked


def test_where_all_law_is_open_nothing_is_common() -> None:
    found = common_set(BOOK, [place("TJ:entry"), place("AM:entry")], DAY, RATES)

    assert (found.states, found.asked) == ((), ())


def test_what_rests_on_unconfirmed_law_alone_is_marked() -> None:
    found = common_set(BOOK, [place("RU:work_permit"), place("BY:entry")], DAY, RATES)
    (money,) = [one for one in found.asked if isinstance(one.check, SumInsuredAtLeast)]

    assert not money.confirmed


@pytest.mark.parametrize("gate", list(Gate))
def test_every_part_of_the_common_set_is_implied_by_every_state(gate: Gate) -> None:
    found = common_set(BOOK, places_of(BOOK, BOOK.states(), [gate]), DAY, RATES)
    for one in found.asked:
        assert set(one.states) == set(found.states)
        assert one.provisions


@given(
    st.sets(
        st.sampled_from([Place(state, gate) for state in CIS for gate in BOOK.gates_of(state)]), min_size=2, max_size=4
    )
)
def test_the_union_implies_every_requirement_that_went_into_it_or_stands_beside_it(places: set[Place]) -> None:
    chosen = sorted(places)
    union = [one.check for one in strictest_union(BOOK, chosen, DAY, RATES).asked]
    for one in common_set(BOOK, chosen, DAY, RATES).asked:
        assert any(at_least_as_strict(check, one.check, SETTING) for check in union)


def test_a_sum_per_year_and_a_sum_per_person_are_kept_apart() -> None:
    found = strictest_union(BOOK, [place("SG:work_permit"), place("RU:work_permit")], date(2026, 3, 17), Rates())
    scopes = {check.per for check in checks(found, SumInsuredAtLeast) if isinstance(check, SumInsuredAtLeast)}

    assert scopes == {Scope.YEAR, Scope.PERSON}
