"""The premium is refunded when the contract is cancelled (REFUND_ON_CANCEL)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, Flag


@dataclass(frozen=True)
class PremiumRefundable(Flag):
    """The premium is refunded when the contract is cancelled (REFUND_ON_CANCEL)."""

    name = "premium_refundable"
    family = Family.PREMIUM
    field = "premium_refundable"
