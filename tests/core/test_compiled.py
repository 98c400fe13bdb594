"""The compiled form says what the interpreter says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import CONDITION_FIELDS, NO_RATES, SETTING, checks_and_facts, conditions, facts

from polisbridge.core.checks import KINDS
from polisbridge.core.compiled import compile_conditions
from polisbridge.core.condition import Field as Read
from polisbridge.core.condition import InSet, Known, evaluate
from polisbridge.core.facts import ABSENT, Facts


@settings(max_examples=300)
@given(st.lists(conditions(), min_size=1, max_size=4), st.lists(facts(CONDITION_FIELDS), min_size=1, max_size=3))
def test_compiled_conditions_say_what_the_interpreter_says(some: list[object], records: list[Facts]) -> None:
    run = compile_conditions(some)  # type: ignore[arg-type]

    for record in records:
        assert tuple(evaluate(one, record) for one in some) == run(record)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(st.data())
def test_every_kind_compiled_says_what_the_interpreter_says(name: str, data: st.DataObject) -> None:
    check, record = data.draw(checks_and_facts(name))
    both = (check.condition(SETTING), check.condition(NO_RATES))

    assert tuple(evaluate(one, record) for one in both) == compile_conditions(both)(record)


def test_nothing_compiled_says_nothing() -> None:
    assert compile_conditions([])(Facts()) == ()


def test_a_code_from_a_law_file_is_never_read_as_program_text() -> None:
    hostile = "'}) or __import__('os').abort() or ({'"
    condition = InSet(Read("role"), frozenset({hostile}))

    assert compile_conditions([condition])(Facts(role=hostile)) == (True,)


def test_answers_come_in_the_order_of_the_conditions() -> None:
    stated, child = Known(Read("age")), InSet(Read("role"), frozenset({"child"}))

    assert compile_conditions([stated, child, stated])(Facts(age=ABSENT, role="child")) == (False, True, False)
