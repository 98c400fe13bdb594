"""The contract runs for at least so many days or whole months (MIN_TERM)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import Compare, Condition, Const, Field
from polisbridge.core.days import add_months, day_number, day_of
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class TermAtLeast(Check):
    """The contract's own term, first to last day inclusive, is at least `days` or `months` (one of them)."""

    name = "term_at_least"
    family = Family.TIME
    days: int | None = None
    months: int | None = None

    def condition(self, setting: Setting) -> Condition:
        return Compare(Field(self._field), ">=", Const(self._wanted))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask(self._field, Relation.AT_LEAST, self._wanted),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        if not isinstance(facts.first_day, int):
            return ()
        if self.months is not None:
            last = day_number(add_months(day_of(facts.first_day), self.months)) - 1
        else:
            last = facts.first_day + self._wanted - 1
        return (Change("last_day", Action.RAISE, last),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self._wanted >= other._wanted if self._field == other._field else None

    def faults(self) -> tuple[str, ...]:
        return () if (self.days is None) != (self.months is None) else ("give days or months, one of them",)

    @property
    def _field(self) -> str:
        return "term_days" if self.months is None else "term_months"

    @property
    def _wanted(self) -> int:
        return self.days or 0 if self.months is None else self.months
