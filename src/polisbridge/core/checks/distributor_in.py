"""The policy is distributed by an insurer of one of the states (agency model)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class DistributorIn(CodeOneOf):
    """The policy is distributed by an insurer of one of the states (agency model)."""

    name = "distributor_in"
    family = Family.INSURER
    field = "distributor_state"
    lever = Lever.ISSUER
