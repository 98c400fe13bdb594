"""The share of cost that is not insured is at most so many percent (COINSURANCE_MAX)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.checks.line import line_name, with_line
from polisbridge.core.condition import And, AtLeast, Compare, Condition, Const, Field, InSet, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class CoinsuranceAtMost(Check):
    """The co-payment is absent or at most `percent`: of the contract, or of one benefit's line."""

    name = "coinsurance_at_most"
    family = Family.COST_SHARING
    percent: Decimal
    benefit: str | None = None

    def condition(self, setting: Setting) -> Condition:
        within = Compare(Field("copay_percent"), "<=", Const(self._basis_points))
        fine = Or((Not(Known(Field("copay_percent"))), within))
        if self.benefit is None:
            return fine
        of_benefit = InSet(Field("benefit"), setting.benefit_codes(self.benefit))
        return AtLeast(1, Field("benefits"), And((of_benefit, fine)))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("copay_percent", Relation.AT_MOST, self._basis_points, benefit=self.benefit),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        if self.benefit is None:
            return (Change("copay_percent", Action.LOWER, self._basis_points),)
        name = line_name(facts, setting, self.benefit)
        return with_line(facts, name, (Change("copay_percent", Action.LOWER, self._basis_points, benefit=name),))

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.percent <= other.percent if self.benefit == other.benefit else None

    def faults(self) -> tuple[str, ...]:
        return () if 0 <= self.percent <= 100 else ("percent is not between 0 and 100",)  # noqa: PLR2004

    @property
    def _basis_points(self) -> int:
        return int(self.percent * 100)
