"""The insurer is licensed for this line in the states."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class InsurerLicensedIn(SetIncludes):
    """The insurer is licensed for this line in the states."""

    name = "insurer_licensed_in"
    family = Family.INSURER
    field = "insurer_licensed_in"
    lever = Lever.ISSUER
