"""Cover starts no later than so many days after an event (START_TRIGGER)."""

from dataclasses import dataclass
from typing import Literal, Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import AddDays, Compare, Condition, Field
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class StartsWithin(Check):
    """The first day of cover is at most `days` after the event's day; 0 means on that day at the latest."""

    name = "starts_within"
    family = Family.TIME
    event: Literal["entry_day", "employment_first", "permit_first", "birth_day", "stay_first"] = "entry_day"
    days: int = 0

    def condition(self, setting: Setting) -> Condition:
        return Compare(Field("first_day"), "<=", AddDays(Field(self.event), self.days))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("first_day", Relation.FROM, self.event), Ask("days_after", Relation.AT_MOST, self.days))

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        event = getattr(facts, self.event)
        return (Change("first_day", Action.LOWER, event + self.days),) if isinstance(event, int) else ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.days <= other.days if self.event == other.event else None
