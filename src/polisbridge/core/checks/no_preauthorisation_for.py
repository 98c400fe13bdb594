"""No prior approval is asked for these classes of care (NO_PREAUTH_FOR)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes


@dataclass(frozen=True)
class NoPreauthorisationFor(SetIncludes):
    """No prior approval is asked for these classes of care (NO_PREAUTH_FOR)."""

    name = "no_preauthorisation_for"
    family = Family.EXCLUSIONS
    field = "no_preauthorisation"
