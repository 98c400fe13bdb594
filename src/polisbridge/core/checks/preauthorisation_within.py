"""A prior approval is answered within so many minutes (PREAUTH_SLA)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, NumberAtMost


@dataclass(frozen=True)
class PreauthorisationWithin(NumberAtMost):
    """A prior approval is answered within so many minutes (PREAUTH_SLA)."""

    name = "preauthorisation_within"
    family = Family.SERVICE
    field = "preauthorisation_minutes"
    absent_is_none = False
