"""Cover goes on while the person is outside the state of stay (SUSPENDED_ABROAD is no)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, Flag


@dataclass(frozen=True)
class NotSuspendedAbroad(Flag):
    """Cover goes on while the person is outside the state of stay (SUSPENDED_ABROAD is no)."""

    name = "not_suspended_abroad"
    family = Family.TERRITORY
    field = "suspended_abroad"
    wanted = False
