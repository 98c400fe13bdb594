"""What an auditor sees of a node: who looked, who changed what and why, who tried and found nobody. Never what data say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from polisbridge.core.registry import Access


class AuditKind(StrEnum):
    """The three records of a node."""

    LOOKS = "looks"
    CHANGES = "changes"
    TRIES = "tries"


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at a person, who is known here by a number alone."""

    number: int
    person: int
    access: Access


@dataclass(frozen=True, slots=True)
class Change:
    """Something was recorded of a thing: what kind of thing, which one, when, by whom and why."""

    number: int
    kind: str
    thing: int
    at: datetime
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Try:
    """A look-up by number and birth date, and whether it found anybody."""

    number: int
    at: datetime
    who: str
    role: str
    found: bool


class Audits(Protocol):
    """The records of a node, newest first, in pieces: each begins before a number (0: at the newest).

    `who` narrows a piece to what one account or key did; empty for all.
    """

    def looks(self, before: int, most: int, who: str) -> Sequence[Look]:
        """Return who looked at persons."""

    def kinds(self) -> Sequence[str]:
        """Return the kinds of things that change."""

    def changes(self, kind: str, before: int, most: int, who: str) -> Sequence[Change]:
        """Return what was changed of one kind of thing."""

    def tries(self, before: int, most: int, who: str) -> Sequence[Try]:
        """Return the look-ups by number and birth date."""
