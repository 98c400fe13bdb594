"""Backups: what pg_dump writes, with a manifest that says what it is; restored into an empty database only.

A backup is a folder that appears when it is complete. Personal data in it are sealed, as in the database; the keys are
with it only when asked for.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import file_digest
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, text

from polisbridge.adapters.database import schema
from polisbridge.adapters.database.server import programs, server_version
from polisbridge.adapters.database.tables import METADATA
from polisbridge.adapters.folder import read_file
from polisbridge.core.errors import ErrorCode, PolisbridgeError

FORMAT = "polisbridge.backup/1"
_DUMP, _MANIFEST, _LARGEST_MANIFEST = "database.dump", "manifest.json", 1_000_000


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a backup says of itself. `keys` are the ids of the node's sealing keys, by file name."""

    format: str
    made: datetime
    revision: str
    postgresql: int
    sha256: str
    rows: dict[str, int]
    keys: dict[str, str]
    with_keys: bool


def write_backup(engine: Engine, into: Path, made: datetime, keys: Mapping[str, str], copied: list[Path]) -> Manifest:
    """Write a backup to a new folder, with copies of the key files given; whole or not at all."""
    if into.exists():
        raise PolisbridgeError(ErrorCode.ALREADY_THERE, str(into), hint="name a folder that does not exist yet")
    with _beside(into) as folder:
        rows = _dump(engine, folder / _DUMP)
        for file in copied:
            (folder / "keys").mkdir(mode=0o700, exist_ok=True)
            shutil.copyfile(file, folder / "keys" / file.name)
            (folder / "keys" / file.name).chmod(0o600)
        manifest = Manifest(
            format=FORMAT,
            made=made,
            revision=str(schema.revision_of(engine)),
            postgresql=server_version(engine),
            sha256=_digest(folder / _DUMP),
            rows=rows,
            keys=dict(keys),
            with_keys=bool(copied),
        )
        (folder / _MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    return manifest


def read_manifest(source: Path) -> Manifest:
    """Return what a backup says of itself. Raises PolisbridgeError when it is none, or its dump was changed."""
    try:
        manifest = msgspec.json.decode(read_file(source / _MANIFEST, _LARGEST_MANIFEST), type=Manifest)
    except msgspec.DecodeError as exc:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{source / _MANIFEST}: {exc}", hint="is it a backup?") from exc
    if manifest.format != FORMAT:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{manifest.format}", hint="use the program that made it")
    if not (source / _DUMP).is_file() or _digest(source / _DUMP) != manifest.sha256:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{source / _DUMP} was changed or cut short", hint="use another")
    return manifest


def restore(engine: Engine, source: Path, manifest: Manifest) -> None:
    """Fill an empty database from a backup that was read, whole or not at all, and bring its tables forward."""
    schema.refuse_newer(manifest.revision)
    if not schema.is_empty(engine):
        detail = "the database is not empty"
        raise PolisbridgeError(ErrorCode.ALREADY_THERE, detail, hint="restore into a new database")
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    _run(engine, "pg_restore", *options, "--dbname", _plain_url(engine), str(source / _DUMP))
    with engine.connect() as connection:
        rows = _rows(connection, manifest.rows)
    if rows != manifest.rows:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, "fewer rows than were backed up", hint="use another backup")
    schema.migrate(engine)


def _dump(engine: Engine, file: Path) -> dict[str, int]:
    """Dump the database as it is at one moment; return the rows by table at that moment."""
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        rows = _rows(connection, METADATA.tables)
        _run(
            engine,
            "pg_dump",
            *("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"),
            *("--file", str(file), "--dbname", _plain_url(engine)),
        )
    return rows


def _rows(connection: Connection, tables: Mapping[str, Any]) -> dict[str, int]:
    known = METADATA.tables
    counts = {name: select(func.count()).select_from(known[name]) for name in sorted(tables) if name in known}
    return {name: int(connection.execute(query).scalar_one()) for name, query in counts.items()}


def _run(engine: Engine, name: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; the password goes by the environment. Raises PolisbridgeError when it fails."""
    password = engine.url.password
    env = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}
    command = [_program(name), *arguments]
    done = subprocess.run(command, env=env, check=False, capture_output=True, text=True)  # noqa: S603 - fixed programs
    if done.returncode:
        words = done.stderr.strip().splitlines()
        detail = f"{name}: {words[0] if words else done.returncode}"
        raise PolisbridgeError(ErrorCode.NO_DATABASE, detail, hint="is there room, and is the server of this version?")


def _program(name: str) -> str:
    """Return the program that came with this one, else the machine's own."""
    own = programs() / name
    return str(own) if own.exists() else shutil.which(name) or name


def _plain_url(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql", password=None).render_as_string()


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


@contextmanager
def _beside(into: Path) -> Iterator[Path]:
    """Give a folder beside the place, which takes its name at the end, or goes."""
    beside = into.with_name(f".{into.name}.{os.getpid()}.part")
    try:
        beside.mkdir(mode=0o700, parents=True)
        yield beside
        beside.rename(into)
    except OSError as exc:
        detail = f"{into}: {exc.strerror}"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint="check the folder, and its room") from exc
    finally:
        shutil.rmtree(beside, ignore_errors=True)
