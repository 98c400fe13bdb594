"""The insurer owes interest on late payment (INTEREST)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import Compare, Condition, Const, Field
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class LateInterestAtLeast(Check):
    """The yearly interest on late payment is at least `percent`."""

    name = "late_interest_at_least"
    family = Family.SERVICE
    percent: Decimal

    def condition(self, setting: Setting) -> Condition:
        return Compare(Field("late_interest_percent"), ">=", Const(int(self.percent * 100)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("late_interest_percent", Relation.AT_LEAST, int(self.percent * 100)),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change("late_interest_percent", Action.RAISE, int(self.percent * 100)),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.percent >= other.percent
