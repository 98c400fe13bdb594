"""The records of a node for its auditor (`services.auditing`), read in pieces by their indexes. No sealed field is read."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Engine, Select, select

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import TABLES
from polisbridge.adapters.database.tables import ACCESS, LOOKUP
from polisbridge.core.registry import Access
from polisbridge.services.auditing import Change, Look, Try

_TABLES = {table.name: table for table in TABLES.values()}


class SqlAudits:
    """The records of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def looks(self, before: int, most: int, who: str) -> Sequence[Look]:
        """Return who looked at persons, newest first."""
        rows = self._rows(_piece(select(ACCESS), ACCESS, before, most, who))
        return [
            Look(row["id"], row["person"], Access(row["at"], row["who"], row["role"], row["what"], row["purpose"]))
            for row in rows
        ]

    def tries(self, before: int, most: int, who: str) -> Sequence[Try]:
        """Return the look-ups by number and birth date, newest first."""
        rows = self._rows(_piece(select(LOOKUP), LOOKUP, before, most, who))
        return [Try(row["id"], row["at"], row["who"], row["role"], row["found"]) for row in rows]

    def kinds(self) -> Sequence[str]:
        """Return the kinds of things that change, as their tables are named."""
        return sorted(_TABLES)

    def changes(self, kind: str, before: int, most: int, who: str) -> Sequence[Change]:
        """Return what was changed of one kind of thing, newest first."""
        table = _TABLES[kind]
        query = select(table.c.version, table.c.id, table.c.recorded, table.c.changed_by, table.c.reason)
        query = query.where(table.c.version < before) if before else query
        query = query.where(table.c.changed_by == who) if who else query
        rows = self._rows(query.order_by(table.c.version.desc()).limit(most))
        return [
            Change(row["version"], kind, row["id"], row["recorded"].lower, row["changed_by"], row["reason"])
            for row in rows
        ]

    def _rows(self, query: Any) -> Sequence[Any]:
        with told(), self._engine.connect() as connection:
            return connection.execute(query).mappings().all()


def _piece(query: Select[Any], table: Any, before: int, most: int, who: str) -> Select[Any]:
    query = query.where(table.c.id < before) if before else query
    query = query.where(table.c.who == who) if who else query
    return query.order_by(table.c.id.desc()).limit(most)
