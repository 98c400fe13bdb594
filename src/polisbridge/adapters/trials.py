"""A small made-up portfolio for trying rules out at once (`services.committee.Trials`), and the model contract."""

import tempfile
from datetime import date
from pathlib import Path
from threading import Lock

from polisbridge.core.contract import Contract
from polisbridge.core.law import LawBook
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import Impact, Supposed
from polisbridge.services.portfolio_make import SyntheticOrder
from polisbridge.services.ports import World

ROWS, SEED = 3_000, 1
_DAY = date(2026, 6, 1)  # as good as any: rows are decided for the day that is asked about
_MODEL = "model_contract.yaml"


class MadeUpTrials:
    """Draws the portfolio once for a vocabulary and keeps it in a folder while the process lives."""

    def __init__(self, world: World) -> None:
        self._world, self._drawing = world, Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="polisbridge-trials-")
        self._models: dict[str, Contract] = {}

    def impact(self, before: AppliedLaws, after: Supposed) -> Impact:
        """Return what changes. The portfolio is the same for the same law."""
        portfolio = self._portfolio(before.book)
        with tempfile.TemporaryDirectory(prefix="polisbridge-trial-") as folder:
            return self._world.impacts().impact(portfolio, before, after, Path(folder) / "impact", _silent)

    def _portfolio(self, book: LawBook) -> Path:
        into = Path(self._folder.name) / book.hash
        with self._drawing:
            if not into.is_dir():
                order = SyntheticOrder(ROWS, SEED, _DAY, _DAY)
                self._world.portfolio_makers().generate(order, book.vocabulary, into, _silent)
        return into

    def model(self, book: LawBook) -> Contract:
        """Return the model contract that reports use too."""
        if book.hash not in self._models:
            document = read_tree(self._world.report_files()[_MODEL], _MODEL)
            self._models = {book.hash: read_contract(document, book.vocabulary)}
        return self._models[book.hash]


def _silent(_done: int, _total: int) -> None:
    """Tell nobody how far it is: it is there at once."""
