"""A proof that conditions exclude each other is never wrong, and the plain cases are proven."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CONDITION_FIELDS, conditions, facts

from polisbridge.core.condition import (
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Not,
    Or,
    Overlaps,
    Param,
    Within,
    evaluate,
)
from polisbridge.core.exclusive import OCCASION_FIELDS, Demand, exclusive
from polisbridge.core.facts import Facts

AGE, KIND, INSURER, STATE = Field("age"), Field("contract_kind"), Field("insurer_state"), Field("state")
OUT, LINES, SUM = Field("exclusions"), Field("benefits"), Field("sum_insured")
RUB = Param(Field("sum_insured_currency"), (("RUB", 100),))
EUR = Param(Field("sum_insured_currency"), (("EUR", 100),))
CARE = AtLeast(1, LINES, InSet(Field("benefit"), frozenset({"primary_care"})))


def codes(*some: str) -> frozenset[str]:
    return frozenset(some)


EXCLUDE: list[tuple[str, Condition, Condition]] = [
    ("disjoint codes", InSet(INSURER, codes("RU")), InSet(INSURER, codes("KZ"))),
    ("a code and its negation", InSet(KIND, codes("voluntary")), Not(InSet(KIND, codes("voluntary", "travel")))),
    ("a minimum above a maximum", Compare(AGE, ">=", Const(18)), Compare(AGE, "<=", Const(17))),
    ("a set without what it must hold", Overlaps(OUT, codes("dental")), Not(Overlaps(OUT, codes("dental", "war")))),
    ("a set within others", Overlaps(OUT, codes("dental")), Within(OUT, codes("war"))),
    ("yes and no", IsTrue(Field("premium_paid")), Not(IsTrue(Field("premium_paid")))),
    ("stated and absent", Compare(AGE, ">=", Const(0)), Not(Known(AGE))),
    ("a sum in either of two currencies", Compare(SUM, ">=", RUB), Compare(SUM, ">=", EUR)),
    ("sums in one currency", Compare(SUM, ">=", RUB), Compare(SUM, "<=", Param(RUB.key, (("RUB", 99),)))),
    ("a line that must and must not be", CARE, Not(CARE)),
    ("every branch", Or((InSet(KIND, codes("a")), InSet(KIND, codes("b")))), InSet(KIND, codes("c"))),
]


@pytest.mark.parametrize(("_title", "one", "other"), EXCLUDE, ids=[title for title, _, _ in EXCLUDE])
def test_what_excludes_each_other_is_proven(_title: str, one: Condition, other: Condition) -> None:
    assert exclusive([Demand(one, "RU"), Demand(other, "KZ")])


MAY_COMBINE: list[tuple[str, Condition, Condition]] = [
    ("codes that share one", InSet(INSURER, codes("RU", "KZ")), InSet(INSURER, codes("KZ"))),
    ("touching bounds", Compare(AGE, ">=", Const(18)), Compare(AGE, "<=", Const(18))),
    ("a maximum met by absence", Not(Compare(AGE, ">=", Const(18))), Not(Compare(AGE, "<=", Const(30)))),
    ("a set with two codes", Overlaps(OUT, codes("dental")), Overlaps(OUT, codes("war"))),
    ("different lines", CARE, Not(AtLeast(1, LINES, InSet(Field("benefit"), codes("dental"))))),
    ("each occasion has a state of its own", InSet(STATE, codes("RU")), InSet(STATE, codes("KZ"))),
]


@pytest.mark.parametrize(("_title", "one", "other"), MAY_COMBINE, ids=[title for title, _, _ in MAY_COMBINE])
def test_what_can_be_met_together_is_not_proven_to_exclude(_title: str, one: Condition, other: Condition) -> None:
    assert not exclusive([Demand(one, "RU"), Demand(other, "KZ")])


def test_of_one_occasion_there_is_one_state() -> None:
    both = [Demand(InSet(STATE, codes(one)), "here") for one in ("RU", "KZ")]

    assert exclusive(both)


SHARED = [name for name in CONDITION_FIELDS if name not in OCCASION_FIELDS]


@given(conditions(), conditions(), facts(CONDITION_FIELDS), facts(CONDITION_FIELDS))
def test_what_is_proven_to_exclude_is_met_by_no_facts(
    one: Condition, other: Condition, here: Facts, there: Facts
) -> None:
    shared = replace(there, **{name: getattr(here, name) for name in SHARED})
    if evaluate(one, here) is True and evaluate(other, shared) is True:
        assert not exclusive([Demand(one, "here"), Demand(other, "there")])


@given(condition=conditions(), here=facts(CONDITION_FIELDS), wanted=st.booleans())
def test_a_condition_that_some_facts_meet_is_never_called_impossible(
    *, condition: Condition, here: Facts, wanted: bool
) -> None:
    if evaluate(condition, here) is wanted:
        assert not exclusive([Demand(condition, holds=wanted)])


def test_an_answer_that_is_not_known_counts_only_where_that_is_asked() -> None:
    dollars = [Demand(InSet(RUB.key, codes("USD"))), Demand(Compare(SUM, ">=", RUB), holds=False)]

    assert exclusive(dollars)
    assert not exclusive([dollars[0], replace(dollars[1], or_unknown=True)])


def test_what_is_never_met_excludes_all() -> None:
    assert exclusive([Demand(Or(()))])
    assert not exclusive([Demand(And(()))])
