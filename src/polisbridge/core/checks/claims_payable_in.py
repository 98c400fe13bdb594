"""Claims can be recovered in the states (CLAIM_RECOVERABLE_IN)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes


@dataclass(frozen=True)
class ClaimsPayableIn(SetIncludes):
    """Claims can be recovered in the states (CLAIM_RECOVERABLE_IN)."""

    name = "claims_payable_in"
    family = Family.INSURER
    field = "claims_payable_in"
