"""Lists of the registry in pieces (`services.exchange.Lists`), each by one query that ends after the piece."""

from collections.abc import Sequence

from sqlalchemy import Engine, Row, func, select

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import CONTRACT, DECISION, ENROLMENT, THING
from polisbridge.core.registry import KeptDecision
from polisbridge.services.exchange import Filed

_MADE = ("asked_at", "asked_by", "state", "gate", "as_of", "verdict", "law")


class SqlLists:
    """Lists of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def contracts(self, seller: int, after: int, most: int, number: str = "") -> Sequence[tuple[int, str]]:
        """Return things and numbers of the contracts of a seller; with `number` only the one of that number."""
        column = THING.c
        query = select(column.id, column.code).where(column.kind == CONTRACT.name, column.owner == seller)
        query = query.where(column.code == number) if number else query
        with told(), self._engine.connect() as connection:
            rows = connection.execute(query.where(column.id > after).order_by(column.id).limit(most))
            return [(thing, code) for thing, code in rows]

    def seller_of(self, contract: int) -> int | None:
        """Return whose contract it is, None when the thing is no contract."""
        column = THING.c
        query = select(column.owner).where(column.kind == CONTRACT.name, column.id == contract)
        with told(), self._engine.connect() as connection:
            return connection.execute(query).scalar_one_or_none()

    def enrolments(self, contract: int, after: int, most: int) -> Sequence[int]:
        """Return the enrolments of a contract."""
        column = THING.c
        query = select(column.id).where(column.kind == ENROLMENT.name, column.owner == contract, column.id > after)
        with told(), self._engine.connect() as connection:
            return list(connection.execute(query.order_by(column.id).limit(most)).scalars())

    def persons(self, contract: int) -> int:
        """Return how many persons were ever enrolled in a contract."""
        column = THING.c
        query = select(func.count()).where(column.kind == ENROLMENT.name, column.owner == contract)
        with told(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def decisions(self, state: str, after: int, most: int) -> Sequence[Filed]:
        """Return the decisions by the law of a state."""
        column = DECISION.c
        query = select(DECISION).where(column.state == state, column.id > after).order_by(column.id).limit(most)
        with told(), self._engine.connect() as connection:
            return [_filed(row) for row in connection.execute(query)]

    def decision(self, number: int) -> Filed | None:
        """Return one decision, None when there is none."""
        with told(), self._engine.connect() as connection:
            row = connection.execute(select(DECISION).where(DECISION.c.id == number)).one_or_none()
        return None if row is None else _filed(row)


def _filed(row: Row[tuple[object, ...]]) -> Filed:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's public way to read a row by name
    made = KeptDecision(**{name: values[name] for name in _MADE})
    return Filed(values["id"], made, values["contract"], values["person"], bytes(values["sealed"]))
