"""The premium is not deducted from the wage (NOT_DEDUCTIBLE_FROM_WAGE)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, Flag


@dataclass(frozen=True)
class PremiumNotFromWage(Flag):
    """The premium is not deducted from the wage (NOT_DEDUCTIBLE_FROM_WAGE)."""

    name = "premium_not_from_wage"
    family = Family.PREMIUM
    field = "premium_from_wage"
    wanted = False
