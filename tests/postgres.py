"""A real PostgreSQL for tests: the server that DATABASE_URL names, or one that the test run starts; a fresh database each."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, text

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect, embedded, parsed_url


@contextmanager
def running() -> Iterator[str]:
    """Give the URL of a server, started for this run unless DATABASE_URL names one."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    folder = Path(tempfile.mkdtemp(prefix="pb-"))  # short: the path of a socket may not be long
    try:
        with embedded(folder / "pg") as url:
            _hurry(url)
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _hurry(url: str) -> None:
    """Let the server not wait for the disk: these data need not outlive the machine."""
    outside = create_engine(parsed_url(url), isolation_level="AUTOCOMMIT")
    with outside.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    outside.dispose()


@contextmanager
def database(server: str, template: str = "template0") -> Iterator[str]:
    """Give the URL of a database of its own, made from a template, and drop it afterwards."""
    name = f"pb_{secrets.token_hex(6)}"
    outside = create_engine(parsed_url(server), isolation_level="AUTOCOMMIT")
    try:
        with outside.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template}"))
        yield parsed_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with outside.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        outside.dispose()


@contextmanager
def migrated(server: str) -> Iterator[str]:
    """Give the name of a database with the tables of a node, to be a template of others."""
    with database(server) as url:
        engine = connect(url)
        migrate(engine)
        engine.dispose()
        yield str(parsed_url(url).database)


@contextmanager
def engine_of(url: str) -> Iterator[Engine]:
    """Give an engine, and let go of its connections afterwards."""
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()
