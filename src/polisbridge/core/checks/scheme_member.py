"""The person is insured in one of the state's own schemes; no contract from home changes that."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes
from polisbridge.core.remedy import Lever


@dataclass(frozen=True)
class SchemeMember(SetIncludes):
    """The person is insured in one of the state's own schemes; no contract from home changes that."""

    name = "scheme_member"
    family = Family.INSURER
    field = "local_schemes"
    lever = Lever.OUTSIDE
