"""The tables brought to what this program needs: forward only, whole or not at all, one process at a time."""

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, func, inspect, select

from polisbridge.adapters.database import draft_tables  # noqa: F401 - so that METADATA has these too
from polisbridge.core.errors import ErrorCode, PolisbridgeError

_LOCK = 0x506F6C6973  # an advisory lock of the database, of this purpose alone
_HERE = Path(__file__).parent / "migrations"


def newest() -> str:
    """Return the revision of the tables that this program needs."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    if found is None:
        raise LookupError("no migrations")
    return found


def revision_of(engine: Engine) -> str | None:
    """Return the revision of the database's tables, None when it has none."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def is_empty(engine: Engine) -> bool:
    """Say whether the database has no tables."""
    return not inspect(engine).get_table_names()


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring the tables forward; return the revision before and after. Doing it again does nothing.

    Raises PolisbridgeError when the database was made by a newer program.
    """
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        before = MigrationContext.configure(connection).get_current_revision()
        refuse_newer(before)
        command.upgrade(_config(connection), "head")
    return before, newest()


def refuse_newer(revision: str | None) -> None:
    """Raise PolisbridgeError when the revision is none that this program knows."""
    known = {one.revision for one in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        detail = f"tables of revision {revision}"
        raise PolisbridgeError(ErrorCode.NEWER_DATABASE, detail, hint="use the program that made them, or a newer one")


def _config(connection: Connection | None = None) -> Config:
    config = Config(attributes={"connection": connection} if connection is not None else dict[str, Any]())
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    return config
