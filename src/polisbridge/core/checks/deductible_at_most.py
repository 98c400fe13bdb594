"""What the person pays first is at most so much (DEDUCTIBLE_MAX)."""

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
from polisbridge.core.condition import Compare, Condition, Const, Field, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class DeductibleAtMost(Check):
    """The contract states no deductible, or one of at most `amount` (the maximum rounded down)."""

    name = "deductible_at_most"
    family = Family.COST_SHARING
    amount: Decimal
    currency: str
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        none = Compare(Field("deductible"), "<=", Const(0))
        return Or((Not(Known(Field("deductible"))), none, money_at_most("deductible", self._table(setting))))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("deductible", Relation.AT_MOST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (money_change("deductible", facts, self._table(setting), self.currency, Action.LOWER),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=False)

    def faults(self) -> tuple[str, ...]:
        return ("amount is negative",) if self.amount < 0 else ()

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=False, rule=self.rate_day)
