"""Everything that the authority's desk works with."""

from dataclasses import dataclass

from polisbridge.services.drafting.effect import Effects
from polisbridge.services.drafting.ports import Drafting
from polisbridge.services.statistics import Counting


@dataclass(frozen=True, slots=True)
class AuthorityDesk:
    """Drafts, what reckons their effect, and what counts the registry."""

    drafting: Drafting
    effects: Effects
    counting: Counting
