"""A payer or assistance company stands ready in the states (LOCAL_PAYER_OR_ASSISTANCE)."""

from dataclasses import dataclass

from polisbridge.core.checks.base import Family, SetIncludes


@dataclass(frozen=True)
class AssistanceIn(SetIncludes):
    """A payer or assistance company stands ready in the states (LOCAL_PAYER_OR_ASSISTANCE)."""

    name = "assistance_in"
    family = Family.INSURER
    field = "assistance_in"
