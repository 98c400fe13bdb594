"""Jobs in PostgreSQL (`services.jobs.Jobs`): taken with SKIP LOCKED, held by a token and a heartbeat.

Files lie in the database, sealed in pieces, so that any machine can do a job and any can hand out its results, and a
backup has both. What ends a job names the token: a worker that lost its claim changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as insert_unless

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import JOB, JOB_FILE, JOB_PIECE
from polisbridge.core.jobs import (
    KEPT,
    LEASE,
    MOST_TRIES,
    Job,
    JobFailure,
    JobFile,
    JobKind,
    JobOwner,
    JobState,
    JobTrouble,
)
from polisbridge.core.roles import ActorRole
from polisbridge.services.jobs import Claim, GivenFile
from polisbridge.services.registry.ports import Sealer

_PIECE = 1_000_000  # bytes
_GOING = (JobState.WAITING.value, JobState.RUNNING.value)
_COLUMN = JOB.c


class SqlJobs:
    """The jobs of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    def submit(
        self,
        kind: JobKind,
        owner: JobOwner,
        asked: Mapping[str, Any],
        files: Sequence[GivenFile],
        now: datetime,
        once: str | None = None,
    ) -> int:
        """Keep a job with the files that it is given; return its number. What is to be kept `once` may be there."""
        row = {
            "kind": kind.value,
            "account": owner.account,
            "asked": dict(asked),
            "state": JobState.WAITING.value,
            "done": 0,
            "created": now,
            "role": owner.role.value,
            "who": owner.name,
            "owner_state": owner.state,
            "organisation": owner.organisation,
            "tries": 0,
            "client_key": owner.key,
            "once": once,
        }
        with told(), self._engine.begin() as connection:
            new = insert_unless(JOB).values(**row).on_conflict_do_nothing(index_elements=[_COLUMN.once])
            number = connection.execute(new.returning(_COLUMN.id)).scalar_one_or_none()
            if number is None:
                return int(connection.execute(select(_COLUMN.id).where(_COLUMN.once == once)).scalar_one())
            self._keep(connection, number, files)
        return int(number)

    def get(self, number: int) -> Job | None:
        """Return a job, None when there is none, or no longer."""
        return next(iter(self._found(_COLUMN.id == number, 1)), None)

    def of(self, owner: JobOwner, before: int | None, most: int) -> Sequence[Job]:
        """Return the jobs of an owner, newest first, from below a number on."""
        where = [_is_of(owner)] if before is None else [_is_of(owner), _COLUMN.id < before]
        return self._found(and_(*where), most)

    def newest_done(self, kind: JobKind, asked: Mapping[str, Any]) -> Job | None:
        """Return the newest job of the kind that was done, among those that asked for (part of) this."""
        done = (_COLUMN.kind == kind.value) & (_COLUMN.state == JobState.DONE.value)
        return next(iter(self._found(done & _COLUMN.asked.contains(dict(asked)), 1)), None)

    def waiting(self) -> int:
        """Return how many jobs wait for a worker."""
        query = select(func.count()).where(_COLUMN.state == JobState.WAITING.value)
        with told(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def claim(self, token: str, now: datetime) -> Claim | None:
        """Take the oldest job that waits or whose worker died; None when there is none."""
        lost = (_COLUMN.state == JobState.RUNNING.value) & (_COLUMN.heartbeat < now - LEASE)
        free = or_(_COLUMN.state == JobState.WAITING.value, lost)
        with told(), self._engine.begin() as connection:
            self._give_up(connection, lost & (_COLUMN.tries >= MOST_TRIES), now)
            oldest = select(_COLUMN.id).where(free).order_by(_COLUMN.id).limit(1).with_for_update(skip_locked=True)
            number = connection.execute(oldest).scalar_one_or_none()
            if number is None:
                return None
            taken = {"state": JobState.RUNNING.value, "claim": token, "heartbeat": now, "tries": _COLUMN.tries + 1}
            connection.execute(update(JOB).where(_COLUMN.id == number).values(**taken, done=0, total=None))
            (job,) = self._read(connection, _COLUMN.id == number, 1)
            return Claim(job, token)

    def _give_up(self, connection: Connection, which: ColumnElement[bool], now: datetime) -> None:
        """Let jobs fail over which too many workers died."""
        hopeless = select(_COLUMN.id).where(which).with_for_update(skip_locked=True)
        for number in connection.execute(hopeless).scalars().all():
            ended = self._failed(number, JobFailure(JobTrouble.WORKER_LOST.value), now)
            connection.execute(update(JOB).where(_COLUMN.id == number).values(**ended))

    def live(self, claim: Claim, done: int, total: int | None, now: datetime) -> bool:
        """Show a sign of life and how far the work is; False when the job is no longer this claim's."""
        with told(), self._engine.begin() as connection:
            return self._changed(connection, claim, {"done": done, "total": total, "heartbeat": now})

    def finish(self, claim: Claim, answer: Mapping[str, Any], files: Sequence[GivenFile], now: datetime) -> bool:
        """End a job as done, with its files, all or nothing; False when it is no longer this claim's."""
        ended = {"state": JobState.DONE.value, "answer": dict(answer), **_ended(now)}
        with told(), self._engine.begin() as connection:
            mine = self._changed(connection, claim, ended)
            if mine:
                self._keep(connection, claim.job.id, files)
        return mine

    def fail(self, claim: Claim, failure: JobFailure, now: datetime) -> bool:
        """End a job as failed; False when it is no longer this claim's."""
        with told(), self._engine.begin() as connection:
            return self._changed(connection, claim, self._failed(claim.job.id, failure, now))

    def give_back(self, claim: Claim) -> None:
        """Let another worker have the job; nothing counts as tried."""
        waits = {"state": JobState.WAITING.value, "claim": None, "heartbeat": None, "tries": _COLUMN.tries - 1}
        with told(), self._engine.begin() as connection:
            self._changed(connection, claim, waits)

    def cancel(self, number: int, now: datetime) -> bool:
        """End a job that has not ended; its worker stops soon. False when it has ended already."""
        going = (_COLUMN.id == number) & _COLUMN.state.in_(_GOING)
        ended = {"state": JobState.CANCELLED.value, **_ended(now)}
        with told(), self._engine.begin() as connection:
            return connection.execute(update(JOB).where(going).values(**ended)).rowcount == 1

    def read(self, number: int, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file, piece by piece."""
        column, last = JOB_PIECE.c, 0
        mine = (column.job == number) & (column.name == name)
        while True:
            piece = select(column.id, column.sealed).where(mine, column.id > last).order_by(column.id).limit(1)
            with told(), self._engine.connect() as connection:
                row = connection.execute(piece).one_or_none()
            if row is None:
                return
            last = row[0]
            yield self._sealer.open(bytes(row[1]), _use(number))

    def sweep(self, now: datetime) -> int:
        """Drop jobs and files whose time is over; return how many jobs. Of each report the newest stays."""
        reports = _COLUMN.kind == JobKind.APPROACHES_REPORT.value
        newest = select(func.max(_COLUMN.id)).where(reports, _COLUMN.state == JobState.DONE.value)
        newest = newest.group_by(_COLUMN.asked)
        over = (_COLUMN.expires < now) & _COLUMN.id.not_in(newest)
        with told(), self._engine.begin() as connection:
            return connection.execute(delete(JOB).where(over)).rowcount

    def _changed(self, connection: Connection, claim: Claim, values: Mapping[str, Any]) -> bool:
        mine = (_COLUMN.id == claim.job.id) & (_COLUMN.claim == claim.token)
        mine &= _COLUMN.state == JobState.RUNNING.value
        return connection.execute(update(JOB).where(mine).values(**values)).rowcount == 1

    def _failed(self, number: int, failure: JobFailure, now: datetime) -> dict[str, Any]:
        sealed = self._sealer.seal(msgspec.json.encode(failure), _use(number))
        return {"state": JobState.FAILED.value, "failure": sealed, **_ended(now)}

    def _keep(self, connection: Connection, number: int, files: Sequence[GivenFile]) -> None:
        for one in files:
            size, digest = 0, sha256()
            with one.path.open("rb") as file:
                while piece := file.read(_PIECE):
                    sealed = self._sealer.seal(piece, _use(number))
                    connection.execute(insert(JOB_PIECE).values(job=number, name=one.name, sealed=sealed))
                    digest.update(piece)
                    size += len(piece)
            said = {"media_type": one.media_type, "size": size, "sha256": digest.hexdigest()}
            connection.execute(insert(JOB_FILE).values(job=number, name=one.name, **said))

    def _found(self, where: ColumnElement[bool], most: int) -> Sequence[Job]:
        with told(), self._engine.connect() as connection:
            return self._read(connection, where, most)

    def _read(self, connection: Connection, where: ColumnElement[bool], most: int) -> Sequence[Job]:
        query = select(JOB).where(where).order_by(_COLUMN.id.desc()).limit(most)
        rows = connection.execute(query).mappings().all()
        column = JOB_FILE.c
        held = select(JOB_FILE).where(column.job.in_([row["id"] for row in rows])).order_by(column.name)
        files: dict[int, list[JobFile]] = {}
        for row in connection.execute(held):
            files.setdefault(row.job, []).append(JobFile(row.name, row.media_type, row.size, row.sha256))
        return [self._job(dict(row), tuple(files.get(row["id"], ()))) for row in rows]

    def _job(self, row: Mapping[str, Any], files: tuple[JobFile, ...]) -> Job:
        failure = row["failure"] and self._sealer.open(bytes(row["failure"]), _use(row["id"]))
        return Job(
            id=row["id"],
            kind=JobKind(row["kind"]),
            owner=JobOwner(
                ActorRole(row["role"]),
                row["who"],
                row["account"],
                row["owner_state"],
                row["organisation"],
                row["client_key"],
            ),
            asked=row["asked"],
            state=JobState(row["state"]),
            created=row["created"],
            done=row["done"],
            total=row["total"],
            tries=row["tries"],
            ended=row["ended"],
            expires=row["expires"],
            answer=row["answer"] or {},
            failure=msgspec.json.decode(failure, type=JobFailure) if failure else None,
            files=files,
        )


def _use(number: int) -> str:
    return f"Job.{number}"


def _ended(now: datetime) -> dict[str, Any]:
    return {"ended": now, "expires": now + KEPT, "claim": None, "heartbeat": None}


def _is_of(owner: JobOwner) -> ColumnElement[bool]:
    if owner.account is not None:
        return _COLUMN.account == owner.account
    return (_COLUMN.client_key == owner.key) & _COLUMN.account.is_(None)
