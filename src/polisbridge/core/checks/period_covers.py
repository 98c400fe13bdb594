"""The contract is in force over the whole stay, visa, permit or employment (PERIOD_COVERS)."""

from dataclasses import dataclass
from typing import Literal, Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import AddDays, And, Compare, Condition, Field
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class PeriodCovers(Check):
    """The contract is in force from the first to the last day of `what`, and `margin_days` longer.

    Both days inclusive. The contract may start earlier and end later.
    """

    name = "period_covers"
    family = Family.TIME
    what: Literal["stay", "visa", "permit", "employment"] = "stay"
    margin_days: int = 0

    def condition(self, setting: Setting) -> Condition:
        starts = Compare(Field("first_day"), "<=", Field(f"{self.what}_first"))
        end = AddDays(Field(f"{self.what}_last"), self.margin_days) if self.margin_days else Field(f"{self.what}_last")
        return And((starts, Compare(Field("last_day"), ">=", end)))

    def asks(self) -> tuple[Ask, ...]:
        until = Ask("last_day", Relation.UNTIL, f"{self.what}_last")
        margin = (Ask("margin_days", Relation.AT_LEAST, self.margin_days),) if self.margin_days else ()
        return (Ask("first_day", Relation.FROM, f"{self.what}_first"), until, *margin)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        first, last = getattr(facts, f"{self.what}_first"), getattr(facts, f"{self.what}_last")
        changes = []
        if isinstance(first, int) and not (isinstance(facts.first_day, int) and facts.first_day <= first):
            changes.append(Change("first_day", Action.LOWER, first))
        if isinstance(last, int) and not (
            isinstance(facts.last_day, int) and facts.last_day >= last + self.margin_days
        ):
            changes.append(Change("last_day", Action.RAISE, last + self.margin_days))
        return tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.margin_days >= other.margin_days if self.what == other.what else None

    def faults(self) -> tuple[str, ...]:
        return ("margin_days is negative",) if self.margin_days < 0 else ()
