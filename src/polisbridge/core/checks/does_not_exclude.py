"""The contract does not exclude any of these (EXCLUSION_FORBIDDEN)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetExcludes


@dataclass(frozen=True)
class DoesNotExclude(SetExcludes):
    """The contract does not exclude any of these (EXCLUSION_FORBIDDEN)."""

    name = "does_not_exclude"
    family = Family.EXCLUSIONS
    field = "exclusions"
