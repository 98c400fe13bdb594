"""Counts of requests in an unlogged table (`services.limits.RateBook`); of a sender only a keyed hash is kept."""

from datetime import datetime

from sqlalchemy import Engine, text
from sqlalchemy.dialects.postgresql import insert

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import RATE
from polisbridge.services.registry.ports import Sealer


class SqlRates:
    """The counts of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    def add(self, sender: str, window: datetime, number: int) -> int:
        """Add requests of a sender in a minute; return how many of all processes there are."""
        row = {"window": window, "sender": self._sealer.hashed(sender, "rate"), "count": number}
        query = insert(RATE).values(**row)
        added = {"count": RATE.c.count + query.excluded.count}
        with told(), self._engine.begin() as connection:
            connection.execute(text("SET LOCAL synchronous_commit = off"))
            kept = query.on_conflict_do_update(index_elements=["window", "sender"], set_=added)
            return int(connection.execute(kept.returning(RATE.c.count)).scalar_one())
