"""The premium is paid by one of these (PAYER)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family


@dataclass(frozen=True)
class PremiumPaidBy(CodeOneOf):
    """The premium is paid by one of these (PAYER)."""

    name = "premium_paid_by"
    family = Family.PREMIUM
    field = "premium_payer"
