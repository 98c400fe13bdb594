"""Drafts and published law in PostgreSQL (`services.drafting.ports.Drafts`)."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, func, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on

from polisbridge.adapters.database.draft_tables import DRAFT, DRAFT_STEP, LAW_RELEASE, LAW_RELEASE_FILE
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistry
from polisbridge.core.drafting import Draft, DraftAct, DraftKind, DraftStatus, DraftStep, Release
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import Text
from polisbridge.services.drafting.ports import NewDraft
from polisbridge.services.registry.ports import Sealer

_LOCK = 0x6C6177  # an advisory lock of the database, of publishing law alone


class SqlDrafts:
    """The drafts of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    @contextmanager
    def change(self) -> Iterator["SqlDraftBook"]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""
        with told(), self._engine.begin() as connection:
            yield SqlDraftBook(connection, self._sealer, locks=True)

    @contextmanager
    def read(self) -> Iterator["SqlDraftBook"]:
        """Begin a transaction that only reads, and sees one state of the database throughout."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with told(), self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield SqlDraftBook(connection, self._sealer, locks=False)


class SqlDraftBook:
    """Drafts within one transaction."""

    def __init__(self, connection: Connection, sealer: Sealer, *, locks: bool) -> None:
        self._connection, self._locks = connection, locks
        self.registry = SqlRegistry(connection, sealer)

    def open(self, new: NewDraft, step: DraftStep) -> int:
        """Return the number of a new draft. Raises PolisbridgeError `already_there` while another of the same lives."""
        row = {
            "kind": new.kind.value,
            "state": new.state,
            "subject": new.subject,
            "title": dict(new.title),
            "change": dict(new.change),
            "status": DraftStatus.OPEN.value,
            "version": 1,
        }
        with told():
            number = int(self._connection.execute(insert(DRAFT).values(**row).returning(DRAFT.c.id)).scalar_one())
        self._note(number, 1, step, new.change)
        return number

    def find(self, number: int) -> Draft | None:
        """Return a draft, None when there is none."""
        query = select(DRAFT).where(DRAFT.c.id == number)
        row = self._connection.execute(query.with_for_update() if self._locks else query).mappings().one_or_none()
        return None if row is None else _draft(row, self._steps([number]).get(number, ()))

    def of(self, state: str, kind: DraftKind) -> Sequence[Draft]:
        """Return the drafts of a state, the newest first."""
        column = DRAFT.c
        query = select(DRAFT).where(column.state == state, column.kind == kind.value).order_by(column.id.desc())
        rows = self._connection.execute(query).mappings().all()
        steps = self._steps([row["id"] for row in rows])
        return [_draft(row, steps.get(row["id"], ())) for row in rows]

    def step(
        self, seen: Draft, step: DraftStep, *, title: Text | None = None, change: Mapping[str, object] | None = None
    ) -> None:
        """Take a draft one step on, and perhaps keep it changed."""
        then = seen.after(step.act)
        if then is None:
            raise PolisbridgeError(
                ErrorCode.CHANGED_MEANWHILE, f"draft {seen.id} is {seen.status.value}", hint="look again"
            )
        values: dict[str, Any] = {"status": then.value, "version": seen.version + 1}
        if title is not None and change is not None:
            values |= {"title": dict(title), "change": dict(change)}
        same = (DRAFT.c.id == seen.id) & (DRAFT.c.version == seen.version)
        if self._connection.execute(update(DRAFT).where(same).values(**values)).rowcount != 1:
            detail = f"draft {seen.id} is no longer version {seen.version}"
            raise PolisbridgeError(ErrorCode.CHANGED_MEANWHILE, detail, hint="look at it again")
        self._note(seen.id, seen.version + 1, step, seen.change if change is None else change)

    def hold_law(self) -> None:
        """Wait until nobody else publishes law; nobody else does until the transaction ends."""
        self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))

    def published_files(self) -> Mapping[str, bytes]:
        """Return the law files that were published here, of each name the newest."""
        return {row.name: bytes(row.data) for row in self._connection.execute(newest_files())}

    def release(self, seen: Draft, step: DraftStep, files: Mapping[str, bytes], before: str, after: str) -> Release:
        """Keep law as published by a draft, its version one above the last of the state."""
        column = LAW_RELEASE.c
        last = select(func.coalesce(func.max(column.version), 0)).where(column.state == seen.state)
        version = int(self._connection.execute(last).scalar_one()) + 1
        row = {"state": seen.state, "version": version, "draft": seen.id, "at": step.at, "who": step.who}
        values = {**row, "before": before, "after": after}
        number = int(self._connection.execute(insert(LAW_RELEASE).values(**values).returning(column.id)).scalar_one())
        rows = [{"release": number, "name": name, "data": data} for name, data in sorted(files.items())]
        self._connection.execute(insert(LAW_RELEASE_FILE), rows)
        return Release(number, seen.state, version, seen.id, step.at, step.who, before, after, dict(files))

    def releases(self, state: str) -> Sequence[Release]:
        """Return what a state published here, the newest first."""
        column, file = LAW_RELEASE.c, LAW_RELEASE_FILE.c
        query = select(LAW_RELEASE).where(column.state == state).order_by(column.version.desc())
        rows = self._connection.execute(query).mappings().all()
        files: dict[int, dict[str, bytes]] = {}
        held = select(LAW_RELEASE_FILE).where(file.release.in_([row["id"] for row in rows]))
        for number, name, data in self._connection.execute(held):
            files.setdefault(number, {})[name] = bytes(data)
        return [Release(**dict(row), files=files.get(row["id"], {})) for row in rows]

    def _note(self, number: int, version: int, step: DraftStep, change: Mapping[str, object]) -> None:
        row = {"draft": number, "version": version, "at": step.at, "account": step.account, "who": step.who}
        values = {**row, "act": step.act.value, "why": step.why, "change": dict(change)}
        self._connection.execute(insert(DRAFT_STEP).values(**values))

    def _steps(self, drafts: Sequence[int]) -> dict[int, tuple[DraftStep, ...]]:
        column = DRAFT_STEP.c
        query = select(DRAFT_STEP).where(column.draft.in_(drafts)).order_by(column.draft, column.version)
        found: dict[int, tuple[DraftStep, ...]] = {}
        for row in self._connection.execute(query):
            step = DraftStep(row.at, row.account, row.who, DraftAct(row.act), row.why)
            found[row.draft] = (*found.get(row.draft, ()), step)
        return found


def newest_files() -> Select[Any]:
    """Return a query for the law files that were published, of each name the newest."""
    column = LAW_RELEASE_FILE.c
    found = select(column.name, column.data).order_by(column.name, column.release.desc())
    return found.ext(distinct_on(column.name))


def _draft(row: Mapping[Any, Any], steps: tuple[DraftStep, ...]) -> Draft:
    plain = {name: row[name] for name in ("id", "state", "subject", "title", "change", "version")}
    return Draft(kind=DraftKind(row["kind"]), status=DraftStatus(row["status"]), steps=steps, **plain)
