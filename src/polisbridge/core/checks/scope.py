"""Which scopes of a sum satisfy which: what is available for each event is also there for the person."""

from polisbridge.core.codes import Scope
from polisbridge.core.condition import Condition, Field, InSet

_SATISFIED_BY: dict[Scope, tuple[Scope, ...]] = {
    Scope.POLICY: (Scope.POLICY, Scope.PERSON, Scope.YEAR, Scope.EVENT),
    Scope.PERSON: (Scope.PERSON, Scope.YEAR, Scope.EVENT),
    Scope.YEAR: (Scope.YEAR, Scope.EVENT),
    Scope.EVENT: (Scope.EVENT,),
}


def satisfied_by(wanted: Scope) -> tuple[str, ...]:
    """Return the scopes of a contract's sum that satisfy the wanted one, the wanted one first."""
    return tuple(scope.value for scope in _SATISFIED_BY[wanted])


def scope_condition(field: str, wanted: Scope) -> Condition:
    """Return the condition that a sum is available in the wanted scope."""
    return InSet(Field(field), frozenset(satisfied_by(wanted)))
