"""The tables that the migrations make are the tables that the program declares; forward only, never from a newer program."""

import subprocess
import sys
import textwrap

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from postgres import database, engine_of
from sqlalchemy import Engine, inspect, text

from polisbridge.adapters.database import schema
from polisbridge.adapters.database.server import programs
from polisbridge.adapters.database.tables import METADATA
from polisbridge.core.errors import ErrorCode, PolisbridgeError


def dumped(url: str) -> list[str]:
    """Return the tables as pg_dump writes them, in order, without what changes from run to run."""
    command = [str(programs() / "pg_dump"), "--schema-only", "--no-owner", "--exclude-table=alembic_version", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - a fixed program
    return sorted(line for line in said.splitlines() if line and not line.startswith(("--", "\\")))


def test_the_migrations_make_the_tables_that_the_program_declares(server: str, engine: Engine) -> None:
    with database(server) as url, engine_of(url) as declared:
        METADATA.create_all(declared)
        wanted = dumped(url.replace("+psycopg", ""))

    migrated = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    assert dumped(migrated) == wanted
    assert any("EXCLUDE USING gist" in line for line in wanted)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_migrating_again_changes_nothing(engine: Engine) -> None:
    assert schema.migrate(engine) == (schema.newest(), schema.newest())


def test_a_database_of_a_newer_program_is_refused_and_left_alone(server: str) -> None:
    with database(server) as url, engine_of(url) as engine:
        schema.migrate(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

        with pytest.raises(PolisbridgeError) as caught:
            schema.migrate(engine)

        assert caught.value.code is ErrorCode.NEWER_DATABASE
        assert schema.revision_of(engine) == "9999"


def test_two_processes_that_migrate_at_once_do_it_once(server: str) -> None:
    program = textwrap.dedent("""
        import sys
        from polisbridge.adapters.database import schema, server
        before, after = schema.migrate(server.connect(sys.argv[1]))
        print(before, after)
    """)
    with database(server) as url:
        runs = [
            subprocess.Popen([sys.executable, "-c", program, url], stdout=subprocess.PIPE, text=True)  # noqa: S603
            for _ in range(2)
        ]
        said = sorted(run.communicate()[0].strip() for run in runs)

        assert said == [f"{schema.newest()} {schema.newest()}", f"None {schema.newest()}"]


def test_a_migration_that_fails_leaves_nothing(server: str) -> None:
    with database(server) as url, engine_of(url) as engine:
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE session (mine int)"))

        with pytest.raises(Exception, match="already exists"):
            schema.migrate(engine)

        assert inspect(engine).get_table_names() == ["session"]
