"""At least so many clinics serve the contract in the state of stay (NETWORK)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, NumberAtLeast


@dataclass(frozen=True)
class ClinicsAtLeast(NumberAtLeast):
    """At least so many clinics serve the contract in the state of stay (NETWORK)."""

    name = "clinics_at_least"
    family = Family.BENEFITS
    field = "clinics"
