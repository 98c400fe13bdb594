"""The contract excludes nothing beyond the allowed list (EXCLUSIONS_SUBSET_OF)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetWithin


@dataclass(frozen=True)
class ExclusionsWithin(SetWithin):
    """The contract excludes nothing beyond the allowed list (EXCLUSIONS_SUBSET_OF)."""

    name = "exclusions_within"
    family = Family.EXCLUSIONS
    field = "exclusions"
