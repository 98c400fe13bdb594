"""What the person pays of one benefit is capped at so much per visit or year (COPAY_CAP)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Family, Relation, Setting, limits_as_strict, money_at_most, money_change
from polisbridge.core.checks.line import OneBenefit
from polisbridge.core.codes import RateDay
from polisbridge.core.condition import And, Compare, Condition, Const, Field, InSet, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.money import to_minor
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class CopayCapAtMost(OneBenefit):
    """A line of the benefit has no co-payment, or caps it at `amount` per `per` at most."""

    name = "copay_cap_at_most"
    family = Family.COST_SHARING
    amount: Decimal
    currency: str
    per: str
    rate_day: RateDay = RateDay.ASSESSED

    def condition(self, setting: Setting) -> Condition:
        per = InSet(Field("copay_cap_per"), frozenset({self.per}))
        capped = And((money_at_most("copay_cap", self._table(setting)), per))
        none = Or((Not(Known(Field("copay_percent"))), Compare(Field("copay_percent"), "<=", Const(0))))
        return self.some_line(setting, Or((none, capped)))

    def asks(self) -> tuple[Ask, ...]:
        minor = to_minor(self.amount, self.currency)
        return (
            Ask("copay_cap", Relation.AT_MOST, minor, self.currency, self.benefit),
            Ask("copay_cap_per", Relation.ONE_OF, (self.per,), benefit=self.benefit),
        )

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        name, line = self.line_name(facts, setting), self.line(facts, setting)
        amount = money_change("copay_cap", line, self._table(setting), self.currency, Action.LOWER)
        lowered = Change("copay_cap", Action.LOWER, amount.value, currency=amount.currency, benefit=name)
        return self.on_line(facts, setting, lowered, Change("copay_cap_per", Action.SET, self.per, benefit=name))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        if not self.same_benefit(other) or self.per != other.per:
            return None
        return limits_as_strict(self._table(setting), other._table(setting), minimum=False)

    def _table(self, setting: Setting) -> dict[str, int]:
        return setting.limit(self.amount, self.currency, minimum=False, rule=self.rate_day)
