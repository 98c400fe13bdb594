"""Tables that remember: what holds from which day to which, and what was known about it when.

A row says: from the first to the last day of `valid`, this was so, as we knew it in the span of `recorded`. Nothing is
ever overwritten: a correction ends the `recorded` span of what it replaces. The database itself refuses two rows that
would say different things of the same thing on the same day as known at the same moment.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    ForeignKey,
    Identity,
    Index,
    MetaData,
    RowMapping,
    Select,
    Table,
    Text,
    and_,
    delete,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import DATERANGE, TSTZRANGE, ExcludeConstraint, Range

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Note

Row: TypeAlias = RowMapping | Mapping[str, Any]
_OWN = ("version", "recorded")
_CATCH_UP = timedelta(minutes=1)  # clocks of several machines differ a little; one further behind is a fault
_TICK = timedelta(microseconds=1)


def remembering(name: str, metadata: MetaData, *columns: Column[Any]) -> Table:
    """Return a table of things that change: `id` is the thing, `columns` what is said of it."""
    table = Table(
        name,
        metadata,
        Column("version", BigInteger, Identity(always=True), primary_key=True),
        Column("id", BigInteger, ForeignKey("thing.id"), nullable=False),
        Column("valid", DATERANGE, nullable=False),
        Column("recorded", TSTZRANGE, nullable=False),
        Column("changed_by", Text, nullable=False),
        Column("reason", Text, nullable=False),
        *columns,
    )
    once_at_a_time(table, "id", name=f"{name}_says_one_thing")
    Index(f"{name}_by_id", table.c.id)
    return table


def once_at_a_time(table: Table, *columns: str, name: str) -> None:
    """Let the database refuse two rows that agree in the columns (numbers) on one day as known at one moment.

    Numbers are compared as ranges of one, which needs no extension of the server.
    """
    same = [(func.int8range(table.c[column], table.c[column], "[]"), "&&") for column in columns]
    table.append_constraint(
        ExcludeConstraint(*same, (table.c.valid, "&&"), (table.c.recorded, "&&"), name=name, using="gist")
    )


def days(first: date | None = None, last: date | None = None) -> Range[date]:
    """Return the range of days from the first to the last, both included; open where none is named."""
    upper = None if last is None else date.fromordinal(last.toordinal() + 1)
    return Range(first, upper, bounds="[)")


def put(connection: Connection, table: Table, thing: int, valid: Range[date], values: Row, note: Note) -> None:
    """Record that the values hold of the thing on the days of `valid`, as known from the note's instant on.

    What was known of other days stays; what was known of these days is kept as what was known until then. Raises
    PolisbridgeError when the note's instant is well before the last change.
    """
    at = _close(connection, table, thing, valid, note)
    written = {**values, "id": thing, "valid": valid, "changed_by": note.who, "reason": note.why}
    _write(connection, table, [written], at)


def put_new(connection: Connection, table: Table, rows: Iterable[tuple[int, Range[date], Row]], note: Note) -> None:
    """Record what holds of things of which nothing was known before: as `put` for each, in few round trips."""
    said = {"changed_by": note.who, "reason": note.why}
    written = [{**values, "id": thing, "valid": valid, **said} for thing, valid, values in rows]
    if written:
        _write(connection, table, written, note.at)


def end(connection: Connection, table: Table, thing: int, valid: Range[date], note: Note) -> None:
    """Record that nothing holds of the thing on the days of `valid`, as known from the note's instant on."""
    _close(connection, table, thing, valid, note)


def known(
    connection: Connection, table: Table, *, on: date | None, at: datetime, where: Mapping[str, Any]
) -> Iterator[Row]:
    """Yield what held on the day (on any day, when none is named), as known at the instant, by id and day.

    `where` names columns and what they hold, or a list of what they may hold.
    """
    query = _named(table).where(table.c.recorded.op("@>")(at), *_filters(table, where))
    query = query if on is None else query.where(table.c.valid.op("@>")(on))
    yield from connection.execute(query.order_by(table.c.id, func.lower(table.c.valid).nulls_first())).mappings()


def _filters(table: Table, where: Mapping[str, Any]) -> Iterator[ColumnElement[bool]]:
    for name, one in where.items():
        yield table.c[name].in_(one) if isinstance(one, list | tuple) else table.c[name] == one


def changes(connection: Connection, table: Table, thing: int) -> Iterator[Row]:
    """Yield everything that was ever recorded of the thing, in the order in which it became known."""
    query = _named(table).where(table.c.id == thing).order_by(func.lower(table.c.recorded), table.c.version)
    yield from connection.execute(query).mappings()


def _named(table: Table) -> Select[Any]:
    """Return a query for what is said of things, each with its name, `code`."""
    thing = table.metadata.tables["thing"]
    return select(table, thing.c.code).join(thing, thing.c.id == table.c.id)


def _close(connection: Connection, table: Table, thing: int, valid: Range[date], note: Note) -> datetime:
    """End what is known of these days; return the instant of the change."""
    current = and_(table.c.id == thing, func.upper_inf(table.c.recorded))
    query = select(table).where(current, table.c.valid.overlaps(valid)).with_for_update()
    held = connection.execute(query).mappings().all()
    at = max((_instant(table, row, note.at) for row in held), default=note.at)
    for row in held:
        _forget(connection, table, row, at)
        kept = {name: value for name, value in row.items() if name not in _OWN}
        said = {"changed_by": note.who, "reason": note.why}
        _write(connection, table, [{**kept, "valid": rest, **said} for rest in _rests(row["valid"], valid)], at)
    return at


def _instant(table: Table, row: Row, at: datetime) -> datetime:
    """Return the instant of a change: the note's, or just after what it changes where clocks differ a little."""
    began: datetime = row["recorded"].lower
    if began <= at:
        return at
    if began - at > _CATCH_UP:
        detail = f"{table.name} {row['id']} was changed at {began.isoformat()}, after {at.isoformat()}"
        raise PolisbridgeError(ErrorCode.CLOCK_BEHIND, detail, hint="set the clock")
    return began + _TICK


def _forget(connection: Connection, table: Table, row: Row, at: datetime) -> None:
    """End the span in which the row was known; one that began at this very moment was never known to anybody."""
    began = row["recorded"].lower
    own = table.c.version == row["version"]
    if at == began:
        connection.execute(delete(table).where(own))
    else:
        connection.execute(update(table).where(own).values(recorded=Range(began, at, bounds="[)")))


def _write(connection: Connection, table: Table, rows: list[dict[str, Any]], at: datetime) -> None:
    if rows:
        connection.execute(insert(table), [{**row, "recorded": Range(at, None, bounds="[)")} for row in rows])


def _rests(held: Range[date], taken: Range[date]) -> Iterator[Range[date]]:
    """Yield what of the days held lies before and after the days taken."""
    if taken.lower is not None and (held.lower is None or held.lower < taken.lower):
        yield Range(held.lower, taken.lower, bounds="[)")
    if taken.upper is not None and (held.upper is None or taken.upper < held.upper):
        yield Range(taken.upper, held.upper, bounds="[)")
