"""The registry in PostgreSQL (`services.registry.ports`): one transaction, sealed fields, and tables that remember."""

import secrets
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as insert_unless

from polisbridge.adapters.database import history, tables
from polisbridge.adapters.database.accounts import forget_accounts
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.journal import TransactionJournal
from polisbridge.core.codes import Role
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import (
    Access,
    Authority,
    Employer,
    EmployerConsent,
    Enrolment,
    Held,
    Insurer,
    KeptDecision,
    Kinship,
    Licence,
    MedicalOrganisation,
    R,
    Record,
    RegisteredCertificate,
    RegisteredContract,
    RegisteredKey,
    RegisteredPerson,
    RegisteredProduct,
    Visit,
)
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Note
from polisbridge.services.registry.ports import NOBODY, Sealer

TABLES: dict[type[Any], Table] = {
    Authority: tables.AUTHORITY,
    Insurer: tables.INSURER,
    Licence: tables.LICENCE,
    RegisteredKey: tables.INSURER_KEY,
    Employer: tables.EMPLOYER,
    MedicalOrganisation: tables.CLINIC,
    RegisteredProduct: tables.PRODUCT,
    RegisteredContract: tables.CONTRACT,
    RegisteredPerson: tables.PERSON,
    Enrolment: tables.ENROLMENT,
    Kinship: tables.KINSHIP,
    RegisteredCertificate: tables.CERTIFICATE,
    Visit: tables.VISIT,
    EmployerConsent: tables.CONSENT,
}
_DAY = timedelta(days=1)
_MANY = 1_000  # rows asked about in one statement


class SqlRegistries:
    """The registry of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    @contextmanager
    def change(self) -> Iterator["SqlRegistry"]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""
        with told(), self._engine.begin() as connection:
            yield SqlRegistry(connection, self._sealer)

    @contextmanager
    def read(self) -> Iterator["SqlRegistry"]:
        """Begin a transaction that only reads, and sees one state of the database throughout."""
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with told(), self._engine.connect().execution_options(**options) as connection, connection.begin():
            yield SqlRegistry(connection, self._sealer)


class SqlRegistry:
    """The registry within one transaction."""

    def __init__(self, connection: Connection, sealer: Sealer) -> None:
        self.connection, self.sealer = connection, sealer
        self._journals: dict[str, TransactionJournal] = {}

    def find(self, kind: type[Record], code: str, owner: int = NOBODY) -> int | None:
        """Return the number of a thing, None when there is none."""
        return self.connection.execute(_thing(kind, code, owner)).scalar_one_or_none()

    def named(self, kind: type[Record], code: str) -> list[int]:
        """Return the numbers of all things of that name, whoever owns them."""
        column = tables.THING.c
        query = select(column.id).where(column.code == code, column.kind == TABLES[kind].name).order_by(column.id)
        return list(self.connection.execute(query).scalars())

    def owned(self, kind: type[Record], owner: int) -> int:
        """Return how many things of a kind ever belonged to another."""
        column = tables.THING.c
        query = select(func.count()).where(column.kind == TABLES[kind].name, column.owner == owner)
        return int(self.connection.execute(query).scalar_one())

    def new(self, kind: type[Record], codes: Sequence[str], owner: int = NOBODY) -> list[int]:
        """Return numbers of new things. Raises PolisbridgeError when one of that name is there."""
        if not codes:
            return []
        rows = [{"kind": TABLES[kind].name, "owner": owner, "code": code} for code in codes]
        made = insert(tables.THING).returning(tables.THING.c.id, sort_by_parameter_order=True)
        return list(self.connection.execute(made, rows).scalars())

    def hold(self, kind: type[Record], code: str, owner: int = NOBODY) -> int:
        """Return the number of a thing, made when there is none; nobody else changes it until the transaction ends."""
        row = {"kind": TABLES[kind].name, "owner": owner, "code": code}
        self.connection.execute(insert_unless(tables.THING).values(**row).on_conflict_do_nothing())
        return int(self.connection.execute(_thing(kind, code, owner).with_for_update()).scalar_one())

    def lock(self, thing: int) -> None:
        """Wait until nobody else changes the thing; nobody else does until the transaction ends."""
        self.connection.execute(select(tables.THING.c.id).where(tables.THING.c.id == thing).with_for_update())

    def put(self, thing: int, valid: Period, value: Record, note: Note) -> None:
        """Record what holds of the thing on these days; what was known of them until now is kept as such."""
        history.put(self.connection, TABLES[type(value)], thing, _days(valid), _row(value), note)

    def put_new(self, rows: Iterable[tuple[int, Period, Record]], note: Note) -> None:
        """Record what holds of new things of one kind."""
        held = [(type(value), (thing, _days(valid), _row(value))) for thing, valid, value in rows]
        if held:
            history.put_new(self.connection, TABLES[held[0][0]], [row for _, row in held], note)

    def end(self, kind: type[Record], thing: int, valid: Period, note: Note) -> None:
        """Record that nothing holds of the thing on these days."""
        history.end(self.connection, TABLES[kind], thing, _days(valid), note)

    def known(self, kind: type[R], *, on: date | None, at: datetime, **equal: object) -> Iterator[Held[R]]:
        """Yield what held on the day (any day: None), as known at the instant, of things whose fields are so."""
        where = {"id" if name == "thing" else name: value for name, value in equal.items()}
        rows = history.known(self.connection, TABLES[kind], on=on, at=at, where=where)
        return (_held(kind, row) for row in rows)

    def changes(self, kind: type[R], thing: int) -> Iterator[Held[R]]:
        """Yield everything that was ever recorded of the thing, in the order in which it became known."""
        return (_held(kind, row) for row in history.changes(self.connection, TABLES[kind], thing))

    def new_persons(self, number: int) -> list[int]:
        """Return numbers of new persons, named at random."""
        return self.new(RegisteredPerson, [secrets.token_hex(16) for _ in range(number)])

    def owners_of(self, documents: Collection[bytes]) -> dict[bytes, int]:
        """Return whose documents these are, by their hashes; without those that are nobody's."""
        found, asked = dict[bytes, int](), sorted(documents)
        for start in range(0, len(asked), _MANY):
            column = tables.DOCUMENT.c
            query = select(column.hash, column.person).where(column.hash.in_(asked[start : start + _MANY]))
            found |= {bytes(one): person for one, person in self.connection.execute(query)}
        return found

    def claim(self, documents: Mapping[bytes, int]) -> dict[bytes, int]:
        """Give documents to persons, by their hashes, unless they are somebody's; return whose they are."""
        rows = [{"hash": one, "person": documents[one]} for one in sorted(documents)]  # one order, so no deadlock
        if rows:
            self.connection.execute(insert_unless(tables.DOCUMENT).on_conflict_do_nothing(), rows)
        return self.owners_of(documents)

    def add_access(self, person: int, access: Access) -> None:
        """Record that somebody looked at the person's data."""
        self.connection.execute(insert(tables.ACCESS).values(person=person, **_row(access)))

    def accesses(self, person: int) -> Iterator[Access]:
        """Yield who looked at the person's data, oldest first."""
        query = select(tables.ACCESS).where(tables.ACCESS.c.person == person).order_by(tables.ACCESS.c.id)
        return (Access(**_named(Access, row)) for row in self.connection.execute(query).mappings())

    def entry_of(self, register: str, key: str) -> tuple[Status, date | None] | None:
        """Return the status of a certificate as last changed, and the first day on which it no longer counts, if told."""
        column = tables.STATUS_ENTRY.c
        query = select(column.status, column.ends).where(column.register == register, column.key == key)
        row = self.connection.execute(query).one_or_none()
        return None if row is None else (Status(row.status), row.ends)

    def begin_lookup(self, who: str, role: str, at: datetime, since: datetime) -> tuple[int, int]:
        """Note a look-up as one that found nobody; return its number, and how many such there were since an instant."""
        column = tables.LOOKUP.c
        self.connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"lookup {who}"))))
        missed = select(func.count()).where(column.who == who, column.at > since, column.found.is_(False))
        count = int(self.connection.execute(missed).scalar_one())
        made = insert(tables.LOOKUP).values(at=at, who=who, role=role, found=False).returning(column.id)
        return int(self.connection.execute(made).scalar_one()), count

    def found_by(self, lookup: int) -> None:
        """Note that a look-up found somebody."""
        self.connection.execute(update(tables.LOOKUP).where(tables.LOOKUP.c.id == lookup).values(found=True))

    def add_decision(self, made: KeptDecision, contract: int | None, person: int | None, sealed: bytes) -> int:
        """Record a decision; return its number."""
        row = {**_row(made), "contract": contract, "person": person, "sealed": sealed}
        query = insert(tables.DECISION).values(**row).returning(tables.DECISION.c.id)
        return int(self.connection.execute(query).scalar_one())

    def decisions(self, person: int) -> Iterator[tuple[KeptDecision, bytes]]:
        """Yield the decisions about the person with their sealed documents, oldest first."""
        query = select(tables.DECISION).where(tables.DECISION.c.person == person).order_by(tables.DECISION.c.id)
        rows = self.connection.execute(query).mappings()
        return ((KeptDecision(**_named(KeptDecision, row)), bytes(row["sealed"])) for row in rows)

    def journal(self, register: str) -> TransactionJournal:
        """Return the journal of a status register, within this transaction."""
        return self._journals.setdefault(register, TransactionJournal(self.connection, register))

    def forget_person(self, person: int, note: Note) -> int:
        """Empty everything sealed about the person, all that was ever known included, and all hashes."""
        empty = {"sealed": b""}
        emptied = [
            update(tables.PERSON).where(tables.PERSON.c.id == person).values(empty),
            update(tables.ENROLMENT).where(tables.ENROLMENT.c.person == person).values(**empty, birth_hash=None),
            update(tables.CERTIFICATE).where(tables.CERTIFICATE.c.person == person).values(empty),
            update(tables.VISIT).where(tables.VISIT.c.person == person).values(empty),
            update(tables.DECISION).where(tables.DECISION.c.person == person).values(empty),
            delete(tables.DOCUMENT).where(tables.DOCUMENT.c.person == person),
        ]
        count = sum(self.connection.execute(one).rowcount for one in emptied)
        count += forget_accounts(self.connection, person)
        said = {"person": person, "at": note.at, "who": note.who, "why": note.why}
        self.connection.execute(insert(tables.ERASURE).values(**said))
        return count


def _thing(kind: type[Record], code: str, owner: int) -> Any:
    column = tables.THING.c
    return select(column.id).where(column.kind == TABLES[kind].name, column.owner == owner, column.code == code)


def _days(valid: Period) -> Range[date]:
    if valid.first is not None and valid.last is not None and valid.last < valid.first:
        detail = f"{valid.first.isoformat()} to {valid.last.isoformat()} has no days"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="the last day is not before the first")
    return history.days(valid.first, valid.last)


def _row(value: Any) -> dict[str, Any]:
    return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value


def _named(kind: type[Any], row: history.Row) -> dict[str, Any]:
    return {one.name: row[one.name] for one in fields(kind)}


def _held(kind: type[R], row: history.Row) -> Held[R]:
    values = _named(kind, row)
    if "role" in values:
        values["role"] = Role(values["role"])
    if "lines" in values:
        values["lines"] = tuple(values["lines"])
    valid, recorded = row["valid"], row["recorded"]
    last = None if valid.upper is None else valid.upper - _DAY
    note = Note(row["changed_by"], recorded.lower, row["reason"])
    period = Period(valid.lower, last)
    return Held(row["id"], row["code"], row["version"], kind(**values), period, note, recorded.upper)
