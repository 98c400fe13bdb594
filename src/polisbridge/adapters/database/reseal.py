"""Everything sealed, sealed anew with the newest key, some rows at a time, so that an old key can be put away."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Engine, Table, func, select, update

from polisbridge.adapters.database import tables
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import TABLES
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.core.registry import Enrolment, RegisteredCertificate, RegisteredPerson, Visit
from polisbridge.services.registry.looking import sealed_decision
from polisbridge.services.registry.ports import use_of

_STEP = 500


@dataclass(frozen=True, slots=True)
class _Field:
    table: Table
    key: Column[int]
    sealed: Column[bytes]
    named: Column[int]  # what the use of the seal is named by
    use: Callable[[int], str]


def _of_things(kind: type[Any]) -> _Field:
    table = TABLES[kind]
    return _Field(table, table.c.version, table.c.sealed, table.c.id, lambda thing: use_of(kind, thing))


def _fields() -> list[_Field]:
    decision, account, upload = tables.DECISION, tables.ACCOUNT, tables.UPLOAD
    job, piece = tables.JOB, tables.JOB_PIECE
    return [
        *(_of_things(kind) for kind in (RegisteredPerson, Enrolment, RegisteredCertificate, Visit)),
        _Field(decision, decision.c.id, decision.c.sealed, decision.c.person, sealed_decision),
        _Field(account, account.c.id, account.c.second_factor, account.c.id, lambda number: f"Account.{number}"),
        _Field(piece, piece.c.id, piece.c.sealed, piece.c.job, lambda number: f"Job.{number}"),
        _Field(job, job.c.id, job.c.failure, job.c.id, lambda number: f"Job.{number}"),
        _Field(upload, upload.c.id, upload.c.sealed, upload.c.id, lambda number: f"Upload.{number}"),
    ]


def reseal(engine: Engine, ring: KeyRing, progress: Callable[[int, int], None]) -> int:
    """Seal everything with the newest key; return the number of fields. What was interrupted goes on where it was."""
    fields, done = _fields(), 0
    with told():
        with engine.connect() as connection:
            total = sum(_count(connection, one) for one in fields)
        for one in fields:
            last: int | None = 0
            while last is not None:
                with engine.begin() as connection:
                    last, changed = _some(connection, one, ring, last)
                done += changed
                progress(done, total)
    return done


def _count(connection: Connection, one: _Field) -> int:
    sealed = select(func.count()).where(one.sealed.is_not(None), func.length(one.sealed) > 0)
    return int(connection.execute(sealed).scalar_one())


def _some(connection: Connection, one: _Field, ring: KeyRing, after: int) -> tuple[int | None, int]:
    """Seal some rows anew; return the last one looked at (None: there are no more) and how many were changed."""
    query = select(one.key, one.named, one.sealed).where(one.key > after).order_by(one.key).limit(_STEP)
    rows = connection.execute(query.with_for_update()).all()
    changed = 0
    for key, named, sealed in rows:
        if sealed and not ring.is_newest(bytes(sealed)):
            use = one.use(named)
            anew = ring.seal(ring.open(bytes(sealed), use), use)
            connection.execute(update(one.table).where(one.key == key).values({one.sealed: anew}))
            changed += 1
    return (rows[-1][0] if rows else None), changed
