"""What a serving node puts away by itself: answers to writes, counts of requests and sessions that are too old.

Every process tries it from time to time; an advisory lock lets one at a time do it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

from sqlalchemy import Engine, delete, func, select

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import IDEMPOTENCY, RATE, SESSION
from polisbridge.core.errors import PolisbridgeError

ANSWERS_KEPT = timedelta(days=30)  # docs/api.md, "Writing once"
_COUNTS_KEPT = timedelta(minutes=10)
_EVERY = 600  # seconds
_LOCK = 0x686B  # an advisory lock of this purpose
_LOG = logging.getLogger("polisbridge.housekeeping")


def keep_house(engine: Engine, now: datetime) -> int | None:
    """Put away what is too old; return how many rows, None when another process is at it."""
    old = [
        delete(IDEMPOTENCY).where(IDEMPOTENCY.c.created < now - ANSWERS_KEPT),
        delete(RATE).where(RATE.c.window < now - _COUNTS_KEPT),
        delete(SESSION).where(SESSION.c.ends <= now),
    ]
    with told(), engine.begin() as connection:
        if not connection.execute(select(func.pg_try_advisory_xact_lock(_LOCK))).scalar_one():
            return None
        return sum(connection.execute(one).rowcount for one in old)


class Housekeeper:
    """Keeps house in a thread of its own until the process ends."""

    def __init__(self, engine: Engine, clock: Callable[[], datetime]) -> None:
        self._engine, self._clock, self._ended = engine, clock, Event()

    def start(self) -> None:
        """Begin; the thread does not keep the process from ending."""
        Thread(target=self._run, name="housekeeping", daemon=True).start()

    def stop(self) -> None:
        """End."""
        self._ended.set()

    def _run(self) -> None:
        while not self._ended.wait(_EVERY):
            try:
                count = keep_house(self._engine, self._clock())
            except PolisbridgeError:
                _LOG.warning("not done, the database does not answer")
            else:
                _LOG.info("put away %s", "nothing, another process is at it" if count is None else count)
