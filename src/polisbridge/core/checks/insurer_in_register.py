"""The insurer stands in the named registers or lists (INSURER_IN)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class InsurerInRegister(SetIncludes):
    """The insurer stands in the named registers or lists (INSURER_IN)."""

    name = "insurer_in_register"
    family = Family.INSURER
    field = "insurer_registers"
    lever = Lever.ISSUER
