"""The insurer owes a penalty for each day of delay (PENALTY)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import (
    Ask,
    Check,
    Family,
    Relation,
    Setting,
    limits_as_strict,
    money_at_least,
    money_change,
)
from polisbridge.core.condition import Condition
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class LatePenaltyAtLeast(Check):
    """The penalty per day of late payment is at least `amount`."""

    name = "late_penalty_at_least"
    family = Family.SERVICE
    amount: Decimal
    currency: str

    def condition(self, setting: Setting) -> Condition:
        return money_at_least("late_penalty", self._table(setting))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("late_penalty", Relation.AT_LEAST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (money_change("late_penalty", facts, self._table(setting), self.currency, Action.RAISE),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=True)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True)
