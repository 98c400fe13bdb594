"""A claim is paid within so many days (PAYMENT_SLA)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, NumberAtMost


@dataclass(frozen=True)
class PaysWithin(NumberAtMost):
    """A claim is paid within so many days (PAYMENT_SLA)."""

    name = "pays_within"
    family = Family.SERVICE
    field = "payment_days"
    absent_is_none = False
