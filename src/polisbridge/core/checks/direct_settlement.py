"""The insurer pays the hospital directly (DIRECT_SETTLEMENT)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, Flag


@dataclass(frozen=True)
class DirectSettlement(Flag):
    """The insurer pays the hospital directly (DIRECT_SETTLEMENT)."""

    name = "direct_settlement"
    family = Family.BENEFITS
    field = "direct_settlement"
