"""Which scopes of a sum satisfy which: what is available for each event is also there for the person.

A sum for the person over the whole contract also counts as a yearly sum when the term is at most a year.
"""

from polisbridge.core.codes import Scope
from polisbridge.core.condition import And, Compare, Condition, Const, Field, InSet, Or

_SATISFIED_BY: dict[Scope, tuple[Scope, ...]] = {
    Scope.POLICY: (Scope.POLICY, Scope.PERSON, Scope.YEAR, Scope.EVENT),
    Scope.PERSON: (Scope.PERSON, Scope.YEAR, Scope.EVENT),
    Scope.YEAR: (Scope.YEAR, Scope.EVENT),
    Scope.EVENT: (Scope.EVENT,),
}
_A_YEAR = 366


def satisfied_by(wanted: Scope) -> tuple[str, ...]:
    """Return the scopes of a contract's sum that satisfy the wanted one, the wanted one first."""
    return tuple(scope.value for scope in _SATISFIED_BY[wanted])


def scope_condition(field: str, wanted: Scope) -> Condition:
    """Return the condition that a sum of Facts is available in the wanted scope."""
    stated = InSet(Field(field), frozenset(satisfied_by(wanted)))
    if wanted is not Scope.YEAR:
        return stated
    short = Compare(Field("term_days"), "<=", Const(_A_YEAR))
    return Or((stated, And((InSet(Field(field), frozenset({Scope.PERSON.value})), short))))


def line_scope_condition(field: str, wanted: Scope) -> Condition:
    """Return the condition that a limit of a benefit line is available in the wanted scope."""
    return InSet(Field(field), frozenset(satisfied_by(wanted)))
