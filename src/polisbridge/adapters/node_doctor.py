"""What is wrong with a node, and what to do: every point that it needs, looked at one by one."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime

from sqlalchemy import Engine, select, text

from polisbridge.adapters.database import schema
from polisbridge.adapters.database.sealing import read_keys
from polisbridge.adapters.database.server import OLDEST, server_version
from polisbridge.adapters.database.tables import NODE
from polisbridge.adapters.node_folder import checked_keys, database, keys_of
from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.services.nodes import Checked, NodePlace, Point

_ROOM = 1 << 30  # bytes; a database that finds its disk full stops
_APART = 2.0  # seconds between the clocks of this machine and of the database


def examine(place: NodePlace, law: Callable[[], LawBook], now: Callable[[], datetime]) -> Iterator[Checked]:
    """Yield every point looked at; what cannot be looked at because of an earlier one is left out."""
    yield _told(Point.KEYS, lambda: f"{len(read_keys(keys_of(place)).names)} + 1")
    yield _disk(place)
    yield _told(Point.LAW, lambda: _law(law()))
    try:
        with database(place) as engine:
            version = server_version(engine)
            yield Checked(Point.DATABASE, good=True, detail=f"PostgreSQL {version} (≥ {OLDEST})")
            yield _tables(engine)
            yield _told(Point.NODE, lambda: _node(place, engine, law()))
            yield _clock(engine, now())
    except PolisbridgeError as exc:
        yield Checked(Point.DATABASE, good=False, detail=exc.detail, advice=exc.hint)


def _told(point: Point, look: Callable[[], str]) -> Checked:
    try:
        return Checked(point, good=True, detail=look())
    except PolisbridgeError as exc:
        return Checked(point, good=False, detail=exc.detail, advice=exc.hint)


def _disk(place: NodePlace) -> Checked:
    try:
        free = shutil.disk_usage(place.folder).free
    except OSError as exc:
        return Checked(
            Point.DISK, good=False, detail=f"{place.folder}: {exc.strerror}", advice="name the node's folder"
        )
    advice = "" if free >= _ROOM else "make room: a database that finds its disk full stops"
    return Checked(Point.DISK, good=free >= _ROOM, detail=f"{free / _ROOM:.1f} GiB", advice=advice)


def _law(book: LawBook) -> str:
    return f"{book.hash[:12]}, {len(book.provisions)}"


def _tables(engine: Engine) -> Checked:
    found, newest = schema.revision_of(engine), schema.newest()
    advice = "" if found == newest else "polisbridge node migrate"
    return Checked(Point.TABLES, good=found == newest, detail=f"{found} ({newest})", advice=advice)


def _node(place: NodePlace, engine: Engine, book: LawBook) -> str:
    checked_keys(place, engine)
    with engine.connect() as connection:
        row = connection.execute(select(NODE)).mappings().one()
    same = "=" if row["law"] == book.hash else "≠"
    return f"{row['state'] or '-'}, {row['made']:%Y-%m-%d}, {row['law'][:12]} {same} {book.hash[:12]}"


def _clock(engine: Engine, now: datetime) -> Checked:
    with engine.connect() as connection:
        theirs = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs((theirs - now).total_seconds())
    advice = "" if apart <= _APART else "set both clocks by one time server"
    return Checked(Point.CLOCK, good=apart <= _APART, detail=f"{apart:.1f} s", advice=advice)
