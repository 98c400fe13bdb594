"""The embedded engine for portfolios, behind the port that services and commands use."""

from datetime import date
from pathlib import Path

from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.explain import explain, held_row, listed
from polisbridge.batch.impact import impact_of
from polisbridge.batch.portfolio import open_portfolio
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.explain import Explained, HeldRow, Listed, Wanted
from polisbridge.services.impact import Dimension, Impact, Supposed
from polisbridge.services.portfolio import Assessed, Progress


class EmbeddedPortfolios:
    """Portfolios in folders of Parquet files, decided in columns on this machine."""

    def assess(self, portfolio: Path, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
        """Decide every row and write the result folder."""
        return assess_portfolio(open_portfolio(portfolio), laws, into, progress)

    def impact(self, portfolio: Path, before: AppliedLaws, after: Supposed, into: Path, progress: Progress) -> Impact:
        """Decide every row by both laws, write the result folder, and return the impact."""
        return impact_of(open_portfolio(portfolio), before, after, into, progress)

    def explain(
        self, source: Path, laws: AppliedLaws, wanted: Wanted, dimension: Dimension | None, progress: Progress
    ) -> Explained:
        """Return the reasons of all rows that are wanted."""
        return explain(source, laws, wanted, dimension, progress)

    def listed(
        self, source: Path, laws: AppliedLaws, wanted: Wanted, reason: str, page: int, size: int, progress: Progress
    ) -> Listed:
        """Return a page of the rows that a reason stands in the way of."""
        return listed(source, laws, wanted, reason, page, size, progress)

    def row(self, source: Path, number: int, as_of: date | None = None) -> HeldRow:
        """Return a row of the portfolio, as it stands on its own day or another one."""
        return held_row(source, number, as_of)
