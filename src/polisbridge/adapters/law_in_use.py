"""The law in use at a node: the law that came with it, with the files that its authorities published in their place.

What was published lies in the database, so that every process and machine of a node uses the same. A process looks for
news at most once a second; the one that publishes uses it at once. While the database does not answer, the law that was
last known is used.
"""

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import Lock

from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.draft_tables import LAW_RELEASE
from polisbridge.adapters.database.drafts import newest_files
from polisbridge.adapters.database.faults import told
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.ports import World

_LOOK_EVERY = 1.0  # seconds
_NEVER = float("-inf")


class LawInUse:
    """The law of one node in one process. `folder` is that of its law if not the program's own."""

    def __init__(
        self,
        engine: Engine,
        world: World,
        rates: Rates,
        folder: Path | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._world, self._rates, self._folder, self._clock = engine, world, rates, folder, clock
        self._lock, self._looked, self._newest = Lock(), _NEVER, -1
        self._base: Mapping[str, bytes] = {}
        self._files: Mapping[str, bytes] = {}
        self._laws: AppliedLaws | None = None

    @property
    def laws(self) -> AppliedLaws:
        """The law in use with the official rates at hand. Raises PolisbridgeError when it was never known."""
        laws = self._laws
        if laws is not None and self._clock() - self._looked < _LOOK_EVERY:
            return laws
        with self._lock:
            return self._renewed()

    @property
    def book(self) -> LawBook:
        """The law in use."""
        return self.laws.book

    def files(self) -> Mapping[str, bytes]:
        """Return the files of the law in use by name, cases included."""
        assert self.laws  # noqa: S101 - looks for news
        return self._files

    def base(self) -> Mapping[str, bytes]:
        """Return the files of the law before anything was published here."""
        if not self._base:
            self._base = self._world.law_files(self._folder)
        return self._base

    def changed(self) -> None:
        """Look for news with the next question."""
        self._looked = _NEVER

    def _renewed(self) -> AppliedLaws:
        if self._laws is not None and self._clock() - self._looked < _LOOK_EVERY:
            return self._laws  # another thread was faster
        try:
            newest, published = self._published()
        except PolisbridgeError as exc:
            if exc.code is not ErrorCode.NO_DATABASE or self._laws is None:
                raise
            self._looked = self._clock()
            return self._laws
        if published is not None or self._laws is None:
            files = {**self.base(), **(published or {})}
            self._laws = AppliedLaws(self._world.law_of(files), self._rates)
            self._files, self._newest = files, newest
        self._looked = self._clock()
        return self._laws

    def _published(self) -> tuple[int, Mapping[str, bytes] | None]:
        """Return the number of the newest release, and the files published if there are new ones."""
        query = newest_files()
        with told(), self._engine.connect() as connection:
            newest = int(connection.execute(select(func.coalesce(func.max(LAW_RELEASE.c.id), 0))).scalar_one())
            if newest == self._newest:
                return newest, None
            return newest, {row.name: bytes(row.data) for row in connection.execute(query)}
