"""The premium is paid, or not too many instalments are open (PREMIUM_PAID)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import Compare, Condition, Const, Field, IsTrue, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class PremiumPaid(Check):
    """The premium is paid up, or at most `arrears` instalments are open."""

    name = "premium_paid"
    family = Family.PREMIUM
    arrears: int = 0

    def condition(self, setting: Setting) -> Condition:
        return Or((IsTrue(Field("premium_paid")), Compare(Field("premium_arrears"), "<=", Const(self.arrears))))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("premium_paid", Relation.YES), Ask("premium_arrears", Relation.AT_MOST, self.arrears))

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change("premium_paid", Action.SET, True),)  # noqa: FBT003 - the new value of a flag

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.arrears <= other.arrears
