"""A benefit may be used at least so many times (COUNTER_MIN)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Family, Relation, Setting
from polisbridge.core.checks.line import OneBenefit
from polisbridge.core.condition import And, Compare, Condition, Const, Field, InSet, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class CountAtLeast(OneBenefit):
    """A line of the benefit allows at least `count` uses per `per`, or does not count them."""

    name = "count_at_least"
    family = Family.SUMS
    count: int
    per: str = "year"

    def condition(self, setting: Setting) -> Condition:
        enough = And(
            (Compare(Field("count"), ">=", Const(self.count)), InSet(Field("count_per"), frozenset({self.per})))
        )
        return self.some_line(setting, Or((Not(Known(Field("count"))), enough)))

    def asks(self) -> tuple[Ask, ...]:
        return (
            Ask("count", Relation.AT_LEAST, self.count, benefit=self.benefit),
            Ask("count_per", Relation.ONE_OF, (self.per,), benefit=self.benefit),
        )

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        name = self.line_name(facts, setting)
        raised = Change("count", Action.RAISE, self.count, benefit=name)
        return self.on_line(facts, setting, raised, Change("count_per", Action.SET, self.per, benefit=name))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.count >= other.count if self.same_benefit(other) and self.per == other.per else None
