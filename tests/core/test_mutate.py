"""Small mistakes in a condition: each is well typed and another condition."""

from hypothesis import given
from strategies import conditions

from polisbridge.core.condition import And, Compare, Condition, Const, Field, evaluate, type_faults
from polisbridge.core.facts import Facts
from polisbridge.core.mutate import boundaries, mutants


@given(conditions())
def test_every_changed_condition_is_well_typed(condition: Condition) -> None:
    assert [fault for mutant in mutants(condition) for fault in type_faults(mutant.condition)] == []


@given(conditions())
def test_every_change_is_another_condition(condition: Condition) -> None:
    assert condition not in [mutant.condition for mutant in mutants(condition)]


def test_a_limit_is_moved_by_one_each_way() -> None:
    moved = [mutant.condition for mutant in boundaries(And((Compare(Field("age"), "<=", Const(6)),)))]

    assert [(evaluate(one, Facts(age=5)), evaluate(one, Facts(age=7))) for one in moved] == [
        (True, True),
        (True, False),
    ]
