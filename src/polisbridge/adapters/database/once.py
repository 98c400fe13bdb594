"""Writes that happen once (`services.exchange.Writes`): the idempotency key and what was written, in one transaction.

The database waits at the key's unique index while another transaction holds it, so of two that come together the
second sees the answer of the first. A process that dies keeps neither key nor write.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update
from sqlalchemy.dialects.postgresql import insert

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistry
from polisbridge.adapters.database.tables import IDEMPOTENCY
from polisbridge.services.exchange import OnceAnswer
from polisbridge.services.registry.ports import Sealer


class SqlWrites:
    """Writes to one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    @contextmanager
    def once(self, account: int, key: str, request: bytes, now: datetime) -> Iterator["SqlTurn"]:
        """Begin a write of an account under its key; waits while the same one is under way."""
        row = {"account": account, "key": key, "request_hash": request, "created": now}
        with told(), self._engine.begin() as connection:
            connection.execute(insert(IDEMPOTENCY).values(**row).on_conflict_do_nothing())
            column = IDEMPOTENCY.c
            mine = (column.account == account) & (column.key == key)
            found = connection.execute(select(IDEMPOTENCY).where(mine)).mappings().one()
            yield SqlTurn(SqlRegistry(connection, self._sealer), dict(found), request)


class SqlTurn:
    """One write within its transaction."""

    def __init__(self, registry: SqlRegistry, found: dict[str, Any], request: bytes) -> None:
        self.registry = registry
        self._row = found
        self.other = bytes(found["request_hash"]) != request
        known = found["status"] is not None and not self.other
        self.answered = OnceAnswer(found["status"], found["answer"]) if known else None

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Begin a part that can fail by itself."""
        with told(), self._connection.begin_nested():
            yield

    def keep(self, answer: OnceAnswer) -> None:
        """Keep the answer beside what was written."""
        column = IDEMPOTENCY.c
        mine = (column.account == self._row["account"]) & (column.key == self._row["key"])
        values = {"status": answer.status, "answer": dict(answer.body)}
        self._connection.execute(update(IDEMPOTENCY).where(mine).values(**values))

    @property
    def _connection(self) -> Connection:
        return self.registry.connection
