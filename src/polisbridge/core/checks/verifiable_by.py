"""A stranger can check the contract by one of these ways (VERIFIABLE)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class VerifiableBy(SetIncludes):
    """A stranger can check the contract by one of these ways (VERIFIABLE)."""

    name = "verifiable_by"
    family = Family.DOCUMENT
    field = "verifiable_by"
    lever = Lever.DOCUMENT
