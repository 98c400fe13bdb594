"""How portfolios come to be: drawn from figures, or read from files. What the batch engine must offer for it."""

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


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What to make a portfolio of: one CSV or NDJSON file, or contract files with their stays.

    `benefits` names benefit tables that a CSV file refers to. With `stays` all contracts are for these; else each has
    a file of its own beside it. What follows from other columns is added unless `as_written`.
    """

    files: tuple[Path, ...]
    benefits: Document | None = None
    stays: Path | None = None
    separator: str = ","
    as_written: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """The totals of an import: `written` and `rejected` add up to `read`."""

    read: int
    written: int
    rejected: int


class PortfolioMakers(Protocol):
    """What makes portfolios."""

    def generate(self, order: SyntheticOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> None:
        """Write a portfolio of persons who do not exist."""

    def import_files(self, order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
        """Write a portfolio of what files hold; what is wrong is set aside in it with all faults."""
