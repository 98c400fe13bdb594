"""How portfolios come to be: drawn from figures, or read from files. What the batch engine must offer for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Protocol

from polisbridge.core.facts import Facts
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


@dataclass(frozen=True, slots=True)
class PortfolioRow:
    """One insured person on one occasion, and what the row is found again by."""

    contract: str
    person: str
    product: str
    facts: Facts


class PortfolioMakers(Protocol):
    """What makes portfolios."""

    def generate(self, order: SyntheticOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> None:
        """Write a portfolio of persons who do not exist."""

    def import_files(self, order: ImportOrder, vocabulary: Vocabulary, into: Path, progress: Progress) -> Imported:
        """Write a portfolio of what files hold; what is wrong is set aside in it with all faults."""

    def write(self, rows: Iterable[PortfolioRow], into: Path, source: str, *, synthetic: bool) -> int:
        """Write a portfolio of rows as they come; return how many. `source` says where they come from."""

    def write_verdicts(self, result: Path, into: Path) -> tuple[Path, Path]:
        """Write the verdict of every row of a result to `verdicts.csv` and `verdicts.parquet` in the folder."""

    def unpack(self, archive: Path, into: Path) -> None:
        """Write the portfolio that a ZIP file holds. Raises PolisbridgeError when it is none, or too large."""
