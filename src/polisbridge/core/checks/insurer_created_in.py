"""The insurer was created under the law of one of the states (FOREIGN_INSURER_ALLOWED)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import CodeOneOf, Family
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class InsurerCreatedIn(CodeOneOf):
    """The insurer was created under the law of one of the states (FOREIGN_INSURER_ALLOWED)."""

    name = "insurer_created_in"
    family = Family.INSURER
    field = "insurer_state"
    lever = Lever.ISSUER
