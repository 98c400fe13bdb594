"""A specialised condition says the same of every record that holds what was given."""

from dataclasses import replace

import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import conditions

from polisbridge.core.condition import And, Compare, Const, Field, Or, Overlaps, Param, evaluate, fields_read
from polisbridge.core.facts import Facts
from polisbridge.core.plan import plan
from polisbridge.core.specialise import specialise


@settings(max_examples=500)
@given(st.data())
def test_it_says_the_same_and_reads_no_given_field(data: st.DataObject) -> None:
    condition = data.draw(conditions())
    facts = data.draw(strategies.facts(fields_read(condition)))
    held = {name: getattr(facts, name) for name in fields_read(condition)}
    fixed = {
        name: value for name, value in held.items() if isinstance(value, int | str) and not isinstance(value, bool)
    }
    some = {name: fixed[name] for name in data.draw(st.sets(st.sampled_from(sorted(fixed) or [""]))) if name in fixed}

    special = specialise(condition, some)

    assert evaluate(special, facts) is evaluate(condition, facts)
    assert not set(fields_read(special)) & set(some)


def test_a_limit_by_currency_becomes_a_number() -> None:
    limit = Compare(Field("sum_insured"), ">=", Param(Field("sum_insured_currency"), (("EUR", 5), ("USD", 6))))

    assert specialise(limit, {"sum_insured_currency": "USD"}) == Compare(Field("sum_insured"), ">=", Const(6))


def test_a_currency_without_a_limit_stays_unknown() -> None:
    limit = Compare(Field("sum_insured"), ">=", Param(Field("sum_insured_currency"), (("EUR", 5),)))

    special = specialise(limit, {"sum_insured_currency": "XXX"})

    assert evaluate(special, replace(Facts(), sum_insured=9, sum_insured_currency="XXX")) is None


def test_the_state_of_stay_is_one_more_accepted_code() -> None:
    assert specialise(
        Overlaps(Field("territory"), frozenset({"WORLD"}), (Field("state"),)), {"state": "KZ"}
    ) == Overlaps(Field("territory"), frozenset({"WORLD", "KZ"}))


def test_a_plan_reckons_what_two_answers_share_once() -> None:
    shared = Or((Compare(Field("age"), ">=", Const(18)), Compare(Field("age"), "<=", Const(3))))
    found = plan({"one": And((shared, Overlaps(Field("territory"), frozenset({"KZ"})))), "two": shared})

    kept = [part.condition for part in found.parts if part.kept]
    assert kept == [shared]
    assert found.parts[found.answers["one"]].level == 1
