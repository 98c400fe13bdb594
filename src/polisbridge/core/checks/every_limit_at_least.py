"""Every limit in the benefit table reaches a minimum (EACH_SUBLIMIT_MIN)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting, money_at_least
from polisbridge.core.codes import RateDay
from polisbridge.core.condition import AtLeast, Condition, Field, IsTrue, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class EveryLimitAtLeast(Check):
    """No benefit line has a limit of its own below `amount`; lines without an own limit are fine."""

    name = "every_limit_at_least"
    family = Family.SUMS
    amount: Decimal
    currency: str
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        enough = money_at_least("limit", self._table(setting))
        fine = Or((IsTrue(Field("unlimited")), Not(Known(Field("limit"))), enough))
        return Not(AtLeast(1, Field("benefits"), Not(fine)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("limit", Relation.AT_LEAST, to_minor(self.amount, self.currency), self.currency),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        minor = to_minor(self.amount, self.currency)
        return (Change("limit", Action.EVERY_LINE, minor, currency=self.currency),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        limit = self._table(setting).get(other.currency)
        return None if limit is None else limit >= to_minor(other.amount, other.currency)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True, rule=self.rate_day)
