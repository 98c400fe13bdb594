"""The waiting period is at most so many days (WAITING_MAX)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.checks.line import line_name, with_line
from polisbridge.core.condition import And, AtLeast, Compare, Condition, Const, Field, InSet, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class WaitingAtMost(Check):
    """The contract, or a line of one benefit, has no waiting period or one of at most `days`."""

    name = "waiting_at_most"
    family = Family.EXCLUSIONS
    days: int
    benefit: str | None = None

    def condition(self, setting: Setting) -> Condition:
        within = Compare(Field("waiting_days"), "<=", Const(self.days))
        fine = Or((Not(Known(Field("waiting_days"))), within))
        if self.benefit is None:
            return fine
        of_benefit = InSet(Field("benefit"), setting.benefit_codes(self.benefit))
        return AtLeast(1, Field("benefits"), And((of_benefit, fine)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("waiting_days", Relation.AT_MOST, self.days, benefit=self.benefit),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        if self.benefit is None:
            return (Change("waiting_days", Action.LOWER, self.days),)
        name = line_name(facts, setting, self.benefit)
        return with_line(facts, name, (Change("waiting_days", Action.LOWER, self.days, benefit=name),))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.days <= other.days if self.benefit == other.benefit else None
