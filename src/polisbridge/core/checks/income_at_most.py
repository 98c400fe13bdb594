"""The person's monthly income is at most so much (INCOME_BAND)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting, limits_as_strict, money_at_most
from polisbridge.core.condition import Condition
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Change


@dataclass(frozen=True)
class IncomeAtMost(Check):
    """The monthly income is at most `amount`, at the official rate of the day assessed."""

    name = "income_at_most"
    family = Family.PERSONS
    amount: Decimal
    currency: str

    def condition(self, setting: Setting) -> Condition:
        return money_at_most("monthly_income", self._table(setting))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("monthly_income", Relation.AT_MOST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=False)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=False)
