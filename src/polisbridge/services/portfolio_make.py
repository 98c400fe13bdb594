"""How portfolios come to be: drawn from figures. What the batch engine must offer for it."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.tree import Document
from polisbridge.services.portfolio import Progress


@dataclass(frozen=True, slots=True)
class SyntheticOrder:
    """How many rows to draw from which seed, and the days to assess them for: one, or spread over a period.

    Without `figures` those that came with the program are used.
    """

    rows: int
    seed: int
    first_day: date
    last_day: date
    figures: Document | None = None


class PortfolioMakers(Protocol):
    """What makes portfolios."""

    def generate(self, order: SyntheticOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> None:
        """Write a portfolio of persons who do not exist."""
