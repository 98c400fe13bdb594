"""What people do with portfolios, and what the batch engine must offer for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias

from polisbridge.core.codes import Verdict
from polisbridge.services.applied_laws import AppliedLaws

Progress: TypeAlias = Callable[[int, int], None]  # rows done, rows in all


@dataclass(frozen=True, slots=True)
class Assessed:
    """The totals of an assessed portfolio: `decided` and `rejected` add up to `rows`."""

    rows: int
    decided: int
    rejected: int
    checked_by_core: int
    verdicts: Mapping[Verdict, int]
    synthetic: bool


class Portfolios(Protocol):
    """The engine for portfolios."""

    def assess(self, portfolio: Path, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
        """Decide every row and write the result folder."""
