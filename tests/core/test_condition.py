"""The condition language: Kleene tables, what absent means, and that learning a fact never flips an answer."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import CONDITION_FIELDS, conditions, facts, forgotten

from polisbridge.core.condition import (
    ALWAYS,
    NEVER,
    AddDays,
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
    Truth,
    Within,
    all_of,
    any_of,
    evaluate,
    fields_read,
    type_faults,
)
from polisbridge.core.facts import ABSENT, BenefitLine, Facts

TRUTHS: tuple[Truth, ...] = (True, False, None)
WORKS, PAID = IsTrue(Field("works")), IsTrue(Field("premium_paid"))
AND_TABLE = {
    (True, True): True, (True, False): False, (True, None): None,
    (False, True): False, (False, False): False, (False, None): False,
    (None, True): None, (None, False): False, (None, None): None,
}  # fmt: skip
OR_TABLE = {
    (True, True): True, (True, False): True, (True, None): True,
    (False, True): True, (False, False): False, (False, None): None,
    (None, True): True, (None, False): None, (None, None): None,
}  # fmt: skip


@pytest.mark.parametrize(("pair", "expected"), AND_TABLE.items())
def test_and_is_kleenes(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert expected is evaluate(And((WORKS, PAID)), Facts(works=pair[0], premium_paid=pair[1]))


@pytest.mark.parametrize(("pair", "expected"), OR_TABLE.items())
def test_or_is_kleenes(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert expected is evaluate(Or((WORKS, PAID)), Facts(works=pair[0], premium_paid=pair[1]))


@pytest.mark.parametrize(("inner", "expected"), [(True, False), (False, True), (None, None)])
def test_not_is_kleenes(inner: Truth, expected: Truth) -> None:
    assert expected is evaluate(Not(WORKS), Facts(works=inner))


@pytest.mark.parametrize(("pair", "expected"), AND_TABLE.items())
def test_all_of_known_truths_is_kleenes_and(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert expected is all_of(list(pair))


@pytest.mark.parametrize(("pair", "expected"), OR_TABLE.items())
def test_any_of_known_truths_is_kleenes_or(pair: tuple[Truth, Truth], expected: Truth) -> None:
    assert expected is any_of(list(pair))


def test_no_condition_at_all_holds_always() -> None:
    assert evaluate(ALWAYS, Facts()) is True


def test_no_way_at_all_holds_never() -> None:
    assert evaluate(NEVER, Facts()) is False


AGE, CAP = Field("age"), Field("deductible")


@pytest.mark.parametrize(
    ("condition", "record", "expected"),
    [
        (Compare(AGE, "<=", Const(6)), Facts(age=6), True),
        (Compare(AGE, "<=", Const(6)), Facts(age=7), False),
        (Compare(AGE, ">=", Const(6)), Facts(age=6), True),
        (Compare(AGE, ">=", Const(6)), Facts(age=5), False),
        (Compare(AGE, "==", Const(6)), Facts(age=6), True),
        (Compare(AGE, "<=", Const(6)), Facts(), None),
        (Compare(CAP, "<=", Const(6)), Facts(deductible=ABSENT), False),
        (Compare(CAP, ">=", Const(6)), Facts(deductible=ABSENT), False),
        (Compare(CAP, "<=", AGE), Facts(deductible=ABSENT), False),
        (
            Compare(CAP, "<=", Param(Field("deductible_currency"), (("EUR", 5),))),
            Facts(deductible=5, deductible_currency="EUR"),
            True,
        ),
        (
            Compare(CAP, "<=", Param(Field("deductible_currency"), (("EUR", 5),))),
            Facts(deductible=5, deductible_currency="USD"),
            None,
        ),
        (Compare(CAP, "<=", Param(Field("deductible_currency"), (("EUR", 5),))), Facts(deductible=5), None),
        (Compare(Field("first_day"), "<=", AddDays(Field("entry_day"), 3)), Facts(first_day=13, entry_day=10), True),
        (Compare(Field("first_day"), "<=", AddDays(Field("entry_day"), 3)), Facts(first_day=14, entry_day=10), False),
        (Compare(Field("first_day"), "<=", AddDays(Field("entry_day"), 3)), Facts(first_day=14), None),
        (
            Compare(Field("first_day"), "<=", AddDays(Field("entry_day"), 3)),
            Facts(first_day=14, entry_day=ABSENT),
            False,
        ),
        (InSet(Field("role"), frozenset({"child"})), Facts(role="child"), True),
        (InSet(Field("role"), frozenset({"child"})), Facts(role="worker"), False),
        (InSet(Field("role"), frozenset({"child"})), Facts(), None),
        (InSet(Field("role"), frozenset({"child"})), Facts(role=ABSENT), False),
        (Overlaps(Field("citizenship"), frozenset({"KZ"})), Facts(citizenship=frozenset({"KZ", "NO"})), True),
        (Overlaps(Field("citizenship"), frozenset({"KZ"})), Facts(citizenship=frozenset({"NO"})), False),
        (Overlaps(Field("citizenship"), frozenset({"KZ"})), Facts(citizenship=frozenset()), False),
        (Overlaps(Field("citizenship"), frozenset({"KZ"})), Facts(), None),
        (
            Overlaps(Field("territory"), frozenset(), (Field("region"),)),
            Facts(territory=frozenset({"NO-03"}), region="NO-03"),
            True,
        ),
        (Overlaps(Field("territory"), frozenset(), (Field("region"),)), Facts(territory=frozenset({"NO-03"})), None),
        (Overlaps(Field("territory"), frozenset(), (Field("region"),)), Facts(territory=frozenset()), False),
        (Within(Field("exclusions"), frozenset({"dental"})), Facts(exclusions=frozenset({"dental"})), True),
        (Within(Field("exclusions"), frozenset({"dental"})), Facts(exclusions=frozenset({"dental", "chronic"})), False),
        (Within(Field("exclusions"), frozenset({"dental"})), Facts(exclusions=frozenset()), True),
        (Within(Field("exclusions"), frozenset({"dental"})), Facts(), None),
        (Known(CAP), Facts(deductible=0), True),
        (Known(CAP), Facts(deductible=ABSENT), False),
        (Known(CAP), Facts(), None),
    ],
)
def test_a_node_says(condition: Condition, record: Facts, expected: Truth) -> None:
    assert expected is evaluate(condition, record)


YES, NO_, MAYBE = BenefitLine(unlimited=True), BenefitLine(unlimited=False), BenefitLine()
TWO_UNLIMITED = AtLeast(2, Field("benefits"), IsTrue(Field("unlimited")))


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (None, None),
        ((), False),
        ((YES, YES), True),
        ((YES, NO_), False),
        ((YES, MAYBE), None),
        ((YES, YES, MAYBE), True),
        ((NO_, MAYBE), False),
        ((MAYBE, MAYBE), None),
    ],
)
def test_at_least_two_lines(lines: tuple[BenefitLine, ...] | None, expected: Truth) -> None:
    assert expected is evaluate(TWO_UNLIMITED, Facts(benefits=lines))


@given(conditions())
def test_drawn_conditions_are_well_typed(condition: Condition) -> None:
    assert type_faults(condition) == []


@given(st.data())
def test_learning_a_fact_never_flips_a_definite_answer(data: st.DataObject) -> None:
    condition = data.draw(conditions())
    after = data.draw(facts(CONDITION_FIELDS))
    before = data.draw(forgotten(after))
    truth = evaluate(condition, before)

    assert truth in (None, evaluate(condition, after))


@given(st.data())
def test_the_answer_depends_only_on_the_fields_read(data: st.DataObject) -> None:
    condition = data.draw(conditions())
    record = data.draw(facts(CONDITION_FIELDS))
    read = {name: getattr(record, name) for name in fields_read(condition)}

    assert evaluate(condition, record) is evaluate(condition, replace(Facts(), **read))


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        (IsTrue(Field("wrks")), "Facts has no field wrks"),
        (IsTrue(Field("age")), "IsTrue cannot read age, a whole number"),
        (InSet(Field("citizenship"), frozenset()), "InSet cannot read citizenship, a set of codes"),
        (Within(Field("role"), frozenset()), "Within cannot read role, a code"),
        (Overlaps(Field("role"), frozenset()), "Overlaps cannot read role, a code"),
        (Known(Field("works")), "Known cannot read works, a yes or no"),
        (Compare(AGE, "<=", Const("child")), "Compare mixes code and number"),
        (Compare(Field("role"), "<=", Const("child")), "Compare <= is not for codes"),
        (AtLeast(1, Field("benefits"), IsTrue(Field("works"))), "BenefitLine has no field works"),
        (Not(And((Or((IsTrue(Field("role")),)),))), "IsTrue cannot read role, a code"),
    ],
)
def test_an_ill_typed_condition_is_told(condition: Condition, fault: str) -> None:
    assert [fault] == type_faults(condition)


@pytest.mark.parametrize(
    "condition",
    [
        AtLeast(1, Field("citizenship"), ALWAYS),
        AtLeast(1, Field("nothing"), ALWAYS),
        Compare(Field("role"), "==", Param(AGE, ())),
        Compare(Field("first_day"), "<=", AddDays(Field("role"), 1)),
        Overlaps(Field("territory"), frozenset(), (AGE,)),
    ],
)
def test_a_list_that_is_none_and_operands_of_the_wrong_type_are_told(condition: Condition) -> None:
    assert type_faults(condition) != []


def test_fields_of_items_are_not_fields_of_facts() -> None:
    assert fields_read(And((TWO_UNLIMITED, WORKS))) == ("benefits", "works")
