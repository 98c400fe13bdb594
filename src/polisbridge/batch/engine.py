"""The embedded engine for portfolios, behind the port that services and commands use."""

from pathlib import Path

from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.portfolio import open_portfolio
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio import Assessed, Progress


class EmbeddedPortfolios:
    """Portfolios in folders of Parquet files, decided in columns on this machine."""

    def assess(self, portfolio: Path, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
        """Decide every row and write the result folder."""
        return assess_portfolio(open_portfolio(portfolio), laws, into, progress)
