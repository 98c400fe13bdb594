"""The premium is at most so much (PREMIUM_FIXED)."""

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
    money_at_most,
    money_change,
)
from polisbridge.core.codes import RateDay
from polisbridge.core.condition import Condition
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class PremiumAtMost(Check):
    """The contract's premium is at most `amount`, the maximum rounded down."""

    name = "premium_at_most"
    family = Family.PREMIUM
    amount: Decimal
    currency: str
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        return money_at_most("premium", self._table(setting))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("premium", Relation.AT_MOST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (money_change("premium", facts, self._table(setting), self.currency, Action.LOWER),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=False)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=False, rule=self.rate_day)
