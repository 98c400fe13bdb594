"""A newborn is insured within so many days of birth (NEWBORN_WITHIN)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, NumberAtMost


@dataclass(frozen=True)
class NewbornWithin(NumberAtMost):
    """Cover of a child born during the contract starts at most so many days after birth.

    A contract that states no such cover does not meet it.
    """

    name = "newborn_within"
    family = Family.PERSONS
    field = "insured_from_birth_days"
    absent_is_none = False
