"""Care is paid by one of the named tariffs (PRICE_BASIS)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family


@dataclass(frozen=True)
class PriceBasis(CodeOneOf):
    """Care is paid by one of the named tariffs (PRICE_BASIS)."""

    name = "price_basis"
    family = Family.BENEFITS
    field = "price_basis"
