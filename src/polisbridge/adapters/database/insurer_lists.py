"""An insurer's certificates, contracts and uploads from the database (`services.registry.overview.InsurerLists`)."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, Range, distinct_on

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistry
from polisbridge.adapters.database.tables import (
    CERTIFICATE,
    CONTRACT,
    ENROLMENT,
    PRODUCT,
    STATUS_ENTRY,
    THING,
    UPLOAD,
)
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.status import Status
from polisbridge.services.registry.overview import CertificateRow, ContractRow, Counts, Sought, UploadRow
from polisbridge.services.registry.ports import Sealer

_DAY = timedelta(days=1)
_CERTIFICATE, _CONTRACT = THING.alias("certificate_thing"), THING.alias("contract_thing")
_GOOD = STATUS_ENTRY.c.status == Status.VALID.value


class SqlInsurerLists:
    """Lists of one database."""

    def __init__(self, engine: Engine, sealer: Sealer) -> None:
        self._engine, self._sealer = engine, sealer

    def certificates(
        self,
        insurer: int,
        register: str,
        sought: Sought,
        *,
        after: int = 0,
        most: int = 50,
        skip: int = 0,
        newest: bool = False,
    ) -> Sequence[CertificateRow]:
        """Return certificates after a number, by number; the other way round when the `newest` come first."""
        number = CERTIFICATE.c.id
        query = _certificates(insurer, register).add_columns(
            number.label("number"),
            CERTIFICATE.c.contract,
            CERTIFICATE.c.person,
            CERTIFICATE.c.valid,
            CERTIFICATE.c.key,
            func.lower(CERTIFICATE.c.recorded).label("issued"),
            _CERTIFICATE.c.code.label("certificate_code"),
            _CONTRACT.c.code.label("contract_code"),
            STATUS_ENTRY.c.status,
            STATUS_ENTRY.c.ends,
        )
        query = query.where(*_sought(sought)).limit(most).offset(skip)
        query = query.order_by(number.desc() if newest else number)
        if after:
            query = query.where(number < after if newest else number > after)
        with told(), self._engine.connect() as connection:
            return [_certificate(row) for row in connection.execute(query).mappings()]

    def how_many(self, insurer: int, register: str, sought: Sought) -> int:
        """Return how many certificates are sought."""
        query = _certificates(insurer, register).with_only_columns(func.count()).where(*_sought(sought))
        with told(), self._engine.connect() as connection:
            return int(connection.execute(query).scalar_one())

    def without_certificate(self, contracts: Sequence[int]) -> int:
        """Return how many of the contracts have no certificate at all."""
        column = CERTIFICATE.c.contract
        wanted = select(func.unnest(bindparam("of", list(contracts), ARRAY(BigInteger))))
        query = select(func.count(func.distinct(column))).where(column.in_(wanted))
        with told(), self._engine.connect() as connection:
            return len(set(contracts)) - int(connection.execute(query).scalar_one())

    def contracts(self, insurer: int, search: str, *, after: int = 0, most: int = 50) -> Sequence[ContractRow]:
        """Return contracts whose number contains the text, the newest first."""
        latest = CONTRACT.c
        persons = _many(ENROLMENT)
        certificates = select(func.count(func.distinct(CERTIFICATE.c.id))).where(CERTIFICATE.c.contract == THING.c.id)
        query = (
            select(
                THING.c.id.label("number"),
                THING.c.code,
                latest.valid,
                latest.product,
                persons.label("persons"),
                certificates.scalar_subquery().label("certificates"),
            )
            .join(CONTRACT, and_(latest.id == THING.c.id, func.upper_inf(latest.recorded)))
            .ext(distinct_on(THING.c.id))
            .where(THING.c.kind == CONTRACT.name, THING.c.owner == insurer)
            .order_by(THING.c.id.desc(), func.lower(latest.valid).desc().nulls_last())
            .limit(most)
        )
        query = query.where(THING.c.id < after) if after else query
        query = query.where(THING.c.code.icontains(search, autoescape=True)) if search else query
        with told(), self._engine.connect() as connection:
            return [
                ContractRow(
                    row["number"],
                    row["code"],
                    _period(row["valid"]),
                    row["product"],
                    row["persons"],
                    row["certificates"],
                )
                for row in connection.execute(query).mappings()
            ]

    def counts(self, insurer: int, register: str, today: date, within: Collection[int]) -> Counts:
        """Return how much there is on the day."""
        base = _certificates(insurer, register).with_only_columns(func.count())
        ended = and_(STATUS_ENTRY.c.ends.is_not(None), STATUS_ENTRY.c.ends <= today)
        counting = CERTIFICATE.c.valid.op("@>")(today)
        good = base.where(_GOOD, ~func.coalesce(ended, False), counting)
        questions = {
            "good": good,
            "suspended": base.where(STATUS_ENTRY.c.status == Status.SUSPENDED.value, ~func.coalesce(ended, False)),
            "revoked": base.where(or_(STATUS_ENTRY.c.status == Status.REVOKED.value, ended)),
            "contracts": _holding(CONTRACT, "seller", insurer, today),
            "products": _holding(PRODUCT, "seller", insurer, today),
            "without": _without(insurer, today),
        }
        ending = {days: good.where(func.upper(CERTIFICATE.c.valid) <= today + days * _DAY + _DAY) for days in within}
        with told(), self._engine.connect() as connection:
            found = {name: int(connection.execute(query).scalar_one()) for name, query in questions.items()}
            expiring = {days: int(connection.execute(query).scalar_one()) for days, query in ending.items()}
        return Counts(**found, expiring=expiring)

    def add_upload(self, insurer: int, account: int, name: str, data: bytes, now: datetime) -> int:
        """Keep a file until it is put on record, sealed; return its number. Files a day old are forgotten."""
        old = and_(UPLOAD.c.done.is_(None), UPLOAD.c.at < now - _DAY)
        row = {"insurer": insurer, "account": account, "name": name, "at": now, "sealed": b""}
        with told(), self._engine.begin() as connection:
            connection.execute(delete(UPLOAD).where(old))
            number = int(connection.execute(insert(UPLOAD).values(**row).returning(UPLOAD.c.id)).scalar_one())
            sealed = self._sealer.seal(data, _use(number))
            connection.execute(update(UPLOAD).where(UPLOAD.c.id == number).values(sealed=sealed))
        return number

    @contextmanager
    def upload(self, insurer: int, number: int) -> Iterator["SqlUploadTurn"]:
        """Work on an upload alone. Raises PolisbridgeError when the insurer has none of that number."""
        mine = and_(UPLOAD.c.id == number, UPLOAD.c.insurer == insurer)
        with told(), self._engine.begin() as connection:
            row = connection.execute(select(UPLOAD).where(mine).with_for_update()).mappings().one_or_none()
            if row is None:
                raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such upload", hint="send the file again")
            yield SqlUploadTurn(connection, self._sealer, row)

    def uploads(self, insurer: int, most: int) -> Sequence[UploadRow]:
        """Return the insurer's uploads that were put on record, the newest first."""
        query = select(UPLOAD).where(UPLOAD.c.insurer == insurer, UPLOAD.c.done.is_not(None))
        with told(), self._engine.connect() as connection:
            return [
                _upload(row) for row in connection.execute(query.order_by(UPLOAD.c.id.desc()).limit(most)).mappings()
            ]


class SqlUploadTurn:
    """An upload while one works on it alone."""

    def __init__(self, connection: Connection, sealer: Sealer, row: RowMapping) -> None:
        self.registry = SqlRegistry(connection, sealer)
        self.row = _upload(row)
        sealed = bytes(row["sealed"])
        self.data = sealer.open(sealed, _use(row["id"])) if sealed else b""

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """Begin a part that can fail by itself."""
        with told(), self.registry.connection.begin_nested():
            yield

    def keep(self, contracts: Sequence[int], refused: int, now: datetime) -> None:
        """Keep what was put on record, and forget the file."""
        values = {"contracts": list(contracts), "refused": refused, "done": now, "sealed": b""}
        self.registry.connection.execute(update(UPLOAD).where(UPLOAD.c.id == self.row.number).values(**values))


def _certificates(insurer: int, register: str) -> Select[Any]:
    """Return a query for the certificates of an insurer as they are known now, with what became of each."""
    of_register = and_(STATUS_ENTRY.c.register == register, STATUS_ENTRY.c.key == CERTIFICATE.c.key)
    return (
        select()
        .select_from(CERTIFICATE)
        .join(_CERTIFICATE, _CERTIFICATE.c.id == CERTIFICATE.c.id)
        .join(_CONTRACT, _CONTRACT.c.id == CERTIFICATE.c.contract)
        .join(STATUS_ENTRY, of_register)
        .where(_CONTRACT.c.owner == insurer, func.upper_inf(CERTIFICATE.c.recorded))
    )


def _sought(sought: Sought) -> Iterator[Any]:
    today = sought.today
    ends = STATUS_ENTRY.c.ends
    ended = func.coalesce(ends <= today, False)
    if sought.contract is not None:
        yield CERTIFICATE.c.contract == sought.contract
    if sought.contracts:
        yield CERTIFICATE.c.contract.in_(
            select(func.unnest(bindparam("of", list(sought.contracts), ARRAY(BigInteger))))
        )
    if sought.good:
        yield and_(_GOOD, ~ended, CERTIFICATE.c.valid.op("@>")(today))
    if sought.number:
        yield _CONTRACT.c.code.icontains(sought.number, autoescape=True)
    if sought.status is Status.REVOKED:
        yield or_(STATUS_ENTRY.c.status == Status.REVOKED.value, ended)
    elif sought.status is not None:
        yield and_(STATUS_ENTRY.c.status == sought.status.value, ~ended)
    if sought.ending_by is not None:
        yield and_(_GOOD, ~ended, CERTIFICATE.c.valid.op("@>")(today))
        yield func.upper(CERTIFICATE.c.valid) <= sought.ending_by + _DAY


def _many(table: Any) -> Any:
    """Return how many things of a kind belong to the thing that a query is at."""
    other = THING.alias(f"{table.name}_thing")
    query = select(func.count()).select_from(other).where(other.c.kind == table.name, other.c.owner == THING.c.id)
    return query.scalar_subquery()


def _holding(table: Any, column: str, insurer: int, today: date) -> Select[Any]:
    held = and_(table.c[column] == insurer, func.upper_inf(table.c.recorded), table.c.valid.op("@>")(today))
    return select(func.count(func.distinct(table.c.id))).where(held)


def _without(insurer: int, today: date) -> Select[Any]:
    """Return a query for how many contracts in force have no certificate at all."""
    held = and_(CONTRACT.c.seller == insurer, func.upper_inf(CONTRACT.c.recorded), CONTRACT.c.valid.op("@>")(today))
    issued = select(CERTIFICATE.c.id).where(CERTIFICATE.c.contract == CONTRACT.c.id).exists()
    return select(func.count(func.distinct(CONTRACT.c.id))).where(held, ~issued)


def _certificate(row: RowMapping) -> CertificateRow:
    return CertificateRow(
        number=row["number"],
        contract=row["contract"],
        contract_number=row["contract_code"],
        person=str(row["certificate_code"]).partition("#")[0],
        person_number=row["person"],
        key=row["key"],
        valid=_period(row["valid"]),
        issued=row["issued"],
        status=Status(row["status"]),
        ends=row["ends"],
    )


def _period(valid: Range[date]) -> Period:
    return Period(valid.lower, None if valid.upper is None else valid.upper - _DAY)


def _upload(row: RowMapping) -> UploadRow:
    contracts = tuple(row["contracts"] or ())
    return UploadRow(row["id"], row["name"], row["at"], row["done"], contracts, int(row["refused"] or 0))


def _use(number: int) -> str:
    return f"Upload.{number}"
