"""The worker bears at most a percentage of the wage, for at most so many months (WORKER_COPAY_LIMIT)."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Compare, Condition, Const, Field, Known, Not, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class WorkerShareAtMost(Check):
    """What the worker must pay is absent, or at most `percent` of the wage during `months` at most."""

    name = "worker_share_at_most"
    family = Family.COST_SHARING
    percent: Decimal
    months: int

    def condition(self, setting: Setting) -> Condition:
        share = Compare(Field("worker_share_percent"), "<=", Const(self._basis_points))
        months = Compare(Field("worker_share_months"), "<=", Const(self.months))
        return Or((Not(Known(Field("worker_share_percent"))), And((share, months))))

    def asks(self) -> tuple[Ask, ...]:
        return (
            Ask("worker_share_percent", Relation.AT_MOST, self._basis_points),
            Ask("worker_share_months", Relation.AT_MOST, self.months),
        )

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (
            Change("worker_share_percent", Action.LOWER, self._basis_points),
            Change("worker_share_months", Action.LOWER, self.months),
        )

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.percent <= other.percent and self.months <= other.months

    @property
    def _basis_points(self) -> int:
        return int(self.percent * 100)
