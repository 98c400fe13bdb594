"""The limit of one benefit reaches a minimum (SUBLIMIT_MIN)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Family, Relation, Setting, limits_as_strict, money_at_least, money_change
from polisbridge.core.checks.line import OneBenefit
from polisbridge.core.checks.scope import satisfied_by, scope_condition
from polisbridge.core.codes import RateDay, Scope
from polisbridge.core.condition import Condition, Field, IsTrue, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class BenefitLimitAtLeast(OneBenefit):
    """A line of the benefit pays up to at least `amount`, or without limit, in the wanted scope."""

    name = "benefit_limit_at_least"
    family = Family.SUMS
    amount: Decimal
    currency: str
    per: Scope = Scope.PERSON
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        enough = Or((IsTrue(Field("unlimited")), money_at_least("limit", self._table(setting))))
        scope = Or((IsTrue(Field("unlimited")), scope_condition("limit_per", self.per)))
        return self.some_line(setting, enough, scope)

    def asks(self) -> tuple[Ask, ...]:
        minor = to_minor(self.amount, self.currency)
        per = Ask("limit_per", Relation.ONE_OF, satisfied_by(self.per), benefit=self.benefit)
        return (Ask("limit", Relation.AT_LEAST, minor, self.currency, self.benefit), per)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        name, line = self.line_name(facts, setting), self.line(facts, setting)
        amount = money_change("limit", line, self._table(setting), self.currency, Action.RAISE)
        raised = Change("limit", Action.RAISE, amount.value, currency=amount.currency, benefit=name)
        if line is not None and line.limit_per in satisfied_by(self.per):
            return (raised,)
        return self.on_line(facts, setting, raised, Change("limit_per", Action.SET, self.per.value, benefit=name))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        if not self.same_benefit(other) or self.per.value not in satisfied_by(other.per):
            return None
        return limits_as_strict(self._table(setting), other._table(setting), minimum=True)

    def faults(self) -> tuple[str, ...]:
        return () if self.amount > 0 else ("amount is not above zero",)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=True, rule=self.rate_day)
