"""What services and entry points need of the world; `app` hands them the real thing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from polisbridge.core.law import LawBook

if TYPE_CHECKING:  # slow to load, and wanted only by the commands that use them
    from polisbridge.formats.pictures import Reading
    from polisbridge.services.explain import Explainer
    from polisbridge.services.impact import Impacts
    from polisbridge.services.nodes import Nodes
    from polisbridge.services.portfolio import Portfolios
    from polisbridge.services.portfolio_make import PortfolioMakers
    from polisbridge.services.print_card import Printer
    from polisbridge.services.report import ReportPages
    from polisbridge.services.trust.ports import TrustWorld


class World(Protocol):
    """Files, the law and the calendar."""

    def law(self, folder: Path | None) -> LawBook:
        """Return the LawBook of a folder, or the one that came with the program."""

    def law_of(self, files: Mapping[str, bytes]) -> LawBook:
        """Return the LawBook of law files that are at hand."""

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        """Return the files of a law folder by name, cases included."""

    def read(self, path: Path, limit: int) -> bytes:
        """Return the bytes of a file. Raises PolisbridgeError when it is missing or too large."""

    def write(self, path: Path, data: bytes) -> None:
        """Write a file, whole or not at all; an existing one is replaced. Raises PolisbridgeError when it cannot be."""

    def read_codes(self, data: bytes) -> "Reading":
        """Return the certificate texts of a picture or PDF file, or why there are none, within limits."""

    def today(self) -> date:
        """Return today's date."""

    @property
    def print_pages(self) -> "Printer":
        """What puts certificates on paper."""

    def samples(self) -> Path:
        """Return the folder of the samples that came with the program."""

    def nodes(self, law: Path | None) -> "Nodes":
        """Return the nodes on this machine, with the law of a folder or the one that came with the program.

        Raises PolisbridgeError when what a node needs is not installed.
        """

    def trust(self) -> "TrustWorld":
        """Return folders, keys, clock and client of the trust repository."""

    def portfolios(self, master: str = "") -> "Portfolios":
        """Return the engine for portfolios: the embedded one, or Spark where a master is named."""

    def impacts(self) -> "Impacts":
        """Return what reckons the impact of a scenario on a portfolio."""

    def explainer(self) -> "Explainer":
        """Return what tells the reasons of a portfolio in bulk."""

    def portfolio_makers(self) -> "PortfolioMakers":
        """Return what makes portfolios."""

    @property
    def report_pages(self) -> "ReportPages":
        """What makes files of reports."""

    def report_files(self) -> Mapping[str, bytes]:
        """Return the data files that reports are made with, by name."""
