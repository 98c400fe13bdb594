"""The gap between this cover and the one before is at most so many days (CONTINUITY)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, NumberAtMost


@dataclass(frozen=True)
class Continuous(NumberAtMost):
    """The gap between this cover and the one before is at most so many days (CONTINUITY)."""

    name = "continuous"
    family = Family.TIME
    field = "gap_days"
