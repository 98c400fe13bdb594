"""Cover ends by itself with the named events, such as the employment (AUTO_END_WITH_CONTRACT)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes


@dataclass(frozen=True)
class EndsWith(SetIncludes):
    """Cover ends by itself with the named events, such as the employment (AUTO_END_WITH_CONTRACT)."""

    name = "ends_with"
    family = Family.TIME
    field = "ends_with"
