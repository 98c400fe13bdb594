"""The weakest that all ask, the strictest of all, and that neither says more than the conditions do."""

from decimal import Decimal
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import NO_RATES, SETTING, checks, facts, stated_facts

from polisbridge.core.checks import KINDS, Check
from polisbridge.core.checks.covers_benefits import CoversBenefits
from polisbridge.core.checks.document_language import DocumentLanguage
from polisbridge.core.checks.document_shows import DocumentShows
from polisbridge.core.checks.insurer_created_in import InsurerCreatedIn
from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.checks.term_at_least import TermAtLeast
from polisbridge.core.condition import evaluate
from polisbridge.core.facts import Facts
from polisbridge.core.strictness import asked_by_all, at_least_as_strict, parts_of, strictest

DOLLARS = SumInsuredAtLeast(Decimal(10000), "USD")
EUROS = SumInsuredAtLeast(Decimal(10000), "EUR")
KIND = st.sampled_from(sorted(KINDS))


def test_the_weakest_of_two_sums_is_what_both_ask_at_the_official_rate() -> None:
    assert asked_by_all([[EUROS], [DOLLARS]], SETTING) == (DOLLARS,)
    assert strictest([DOLLARS, EUROS], SETTING) == (EUROS,)


def test_without_a_rate_two_sums_are_not_compared() -> None:
    assert asked_by_all([[EUROS], [DOLLARS]], NO_RATES) == ()
    assert strictest([DOLLARS, EUROS], NO_RATES) == (DOLLARS, EUROS)


def test_what_both_ask_of_benefits_is_what_they_share() -> None:
    one, other = CoversBenefits(("a", "b")), CoversBenefits(("b", "c"))

    assert asked_by_all([[one], [other]], SETTING) == (CoversBenefits(("b",)),)


def test_insurers_of_different_states_have_no_common_minimum_and_no_strictest() -> None:
    one, other = InsurerCreatedIn(("RU",)), InsurerCreatedIn(("KZ",))

    assert asked_by_all([[one], [other]], SETTING) == ()
    assert strictest([one, other], SETTING) == (one, other)


def test_one_language_implies_one_of_two() -> None:
    one, other = DocumentLanguage(("ru",)), DocumentLanguage(("be", "ru"))

    assert asked_by_all([[one], [other]], SETTING) == (other,)
    assert strictest([one, other], SETTING) == (one,)


def test_what_a_group_does_not_ask_is_not_common() -> None:
    assert asked_by_all([[TermAtLeast(days=30)], []], SETTING) == ()


@given(KIND.flatmap(checks), stated_facts())
def test_the_parts_of_a_requirement_say_together_what_it_says(check: Check, facts: Facts) -> None:
    truths = [evaluate(part.condition(SETTING), facts) for part in parts_of(check)]
    whole = evaluate(check.condition(SETTING), facts)

    assert whole is (False if False in truths else None if None in truths else True)


@given(KIND.flatmap(lambda name: st.lists(checks(name), min_size=2, max_size=3)), facts(known=True))
def test_a_contract_that_meets_the_stricter_one_meets_the_other(some: list[Check], known: Facts) -> None:
    for one, other in permutations(some, 2):
        if at_least_as_strict(one, other, SETTING) is True and evaluate(one.condition(SETTING), known) is True:
            assert evaluate(other.condition(SETTING), known) is True


@pytest.mark.parametrize("check", [DocumentShows(("a", "b"), ("c", "d")), DocumentShows((), ("c", "d"))])
def test_alternatives_are_not_split(check: DocumentShows) -> None:
    assert [part.any_of for part in parts_of(check) if isinstance(part, DocumentShows) and part.any_of] == [("c", "d")]
