"""One benefit is given without any co-payment (COPAY_ZERO)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Family, Relation, Setting
from polisbridge.core.checks.line import OneBenefit
from polisbridge.core.condition import Compare, Condition, Const, Field, Known, Not, Or
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class NoCopayFor(OneBenefit):
    """A line of the benefit states no co-payment, or one of zero percent."""

    name = "no_copay_for"
    family = Family.COST_SHARING

    def condition(self, setting: Setting) -> Condition:
        none = Compare(Field("copay_percent"), "<=", Const(0))
        return self.some_line(setting, Or((Not(Known(Field("copay_percent"))), none)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("copay_percent", Relation.AT_MOST, 0, benefit=self.benefit),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        name = self.line_name(facts, setting)
        return self.on_line(facts, setting, Change("copay_percent", Action.SET, ABSENT, benefit=name))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return True if self.same_benefit(other) else None
