"""The policy and the identity document agree in these fields (ID_MATCH)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class IdentityMatches(SetIncludes):
    """The policy and the identity document agree in these fields (ID_MATCH)."""

    name = "identity_matches"
    family = Family.PERSONS
    field = "matches_document"
    lever = Lever.DOCUMENT
