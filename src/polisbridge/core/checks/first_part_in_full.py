"""The first part of a bill is paid in full, up to so much (FIRST_DOLLAR_UP_TO)."""

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
from polisbridge.core.codes import RateDay
from polisbridge.core.condition import And, Condition, Field, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class FirstPartInFull(Check):
    """The insurer pays the first `amount` without any share of the person, or there is no share at all."""

    name = "first_part_in_full"
    family = Family.COST_SHARING
    amount: Decimal
    currency: str
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        no_share = And((Not(Known(Field("copay_percent"))), Not(Known(Field("deductible")))))
        return Or((no_share, money_at_least("first_part_in_full", self._table(setting))))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("first_part_in_full", Relation.AT_LEAST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (money_change("first_part_in_full", facts, self._table(setting), self.currency, Action.RAISE),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=True)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True, rule=self.rate_day)
