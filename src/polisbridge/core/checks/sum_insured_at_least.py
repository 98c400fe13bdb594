"""The sum insured reaches a minimum, in any currency with an official rate (LIMIT_MIN, EQUIVALENT_AT)."""

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
from polisbridge.core.checks.scope import satisfied_by, scope_condition
from polisbridge.core.codes import RateDay, Scope
from polisbridge.core.condition import And, Condition, Field, IsTrue, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class SumInsuredAtLeast(Check):
    """The contract's sum insured, available per person, event, year or policy, is at least `amount`.

    Another currency is converted once, at the official rate of `rate_day`, the minimum rounded up; with
    no rate published for that day the answer is not known. An unlimited sum is enough in any currency.
    """

    name = "sum_insured_at_least"
    family = Family.SUMS
    amount: Decimal
    currency: str
    per: Scope = Scope.PERSON
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        enough = money_at_least("sum_insured", self._table(setting))
        return And((Or((IsTrue(Field("sum_unlimited")), enough)), scope_condition("sum_insured_per", self.per)))

    def asks(self) -> tuple[Ask, ...]:
        minor = to_minor(self.amount, self.currency)
        per = Ask("sum_insured_per", Relation.ONE_OF, satisfied_by(self.per))
        return (Ask("sum_insured", Relation.AT_LEAST, minor, self.currency), per)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        table = self._table(setting)
        changes = []
        own, held = facts.sum_insured_currency, facts.sum_insured
        reached = isinstance(held, int) and isinstance(own, str) and held >= table.get(own, held + 1)
        if not reached and facts.sum_unlimited is not True:
            changes.append(money_change("sum_insured", facts, table, self.currency, Action.RAISE))
        if facts.sum_insured_per not in satisfied_by(self.per):
            changes.append(Change("sum_insured_per", Action.SET, self.per.value))
        return tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        if self.per.value not in satisfied_by(other.per):
            return None
        return limits_as_strict(self._table(setting), other._table(setting), minimum=True)

    def faults(self) -> tuple[str, ...]:
        return () if self.amount > 0 else ("amount is not above zero",)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True, rule=self.rate_day)
