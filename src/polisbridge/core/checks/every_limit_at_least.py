"""Every limit in the benefit table reaches a minimum (EACH_SUBLIMIT_MIN)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting, limits_as_strict, money_at_least
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
        held = {str(line.limit_currency) for line in facts.benefits or () if isinstance(line.limit, int)}
        table = self._table(setting)
        return tuple(Change("limit", Action.EVERY_LINE, table[own], currency=own) for own in sorted(held & set(table)))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return limits_as_strict(self._table(setting), other._table(setting), minimum=True)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True, rule=self.rate_day)
