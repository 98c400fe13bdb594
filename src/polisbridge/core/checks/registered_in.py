"""The contract is entered in a register, in time (REGISTERED_IN)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Compare, Condition, Const, Field, Overlaps
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change, Lever


@dataclass(frozen=True)
class RegisteredIn(Check):
    """The contract stands in one of the registers, entered within so many hours where that is asked."""

    name = "registered_in"
    family = Family.DOCUMENT
    any_of: tuple[str, ...]
    within_hours: int | None = None

    def condition(self, setting: Setting) -> Condition:
        entered = Overlaps(Field("registered_in"), frozenset(self.any_of))
        if self.within_hours is None:
            return entered
        return And((entered, Compare(Field("registered_hours"), "<=", Const(self.within_hours))))

    def asks(self) -> tuple[Ask, ...]:
        hours = () if self.within_hours is None else (Ask("registered_hours", Relation.AT_MOST, self.within_hours),)
        return (Ask("registered_in", Relation.ANY_OF, self.any_of), *hours)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        changes = [Change("registered_in", Action.ADD, frozenset({self.any_of[0]}), Lever.DOCUMENT)]
        if self.within_hours is not None:
            changes.append(Change("registered_hours", Action.LOWER, self.within_hours, Lever.DOCUMENT))
        return tuple(changes)

    def faults(self) -> tuple[str, ...]:
        return () if self.any_of else ("any_of is empty",)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        sooner = other.within_hours is None or (
            self.within_hours is not None and self.within_hours <= other.within_hours
        )
        return set(self.any_of) <= set(other.any_of) and sooner
