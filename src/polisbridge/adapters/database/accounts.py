"""Accounts in PostgreSQL (`services.people.ports.AccountBook`): attempts, sessions, helpers and machines' keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as insert_unless

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import ACCESS, ACCOUNT, CLIENT_KEY, HELPER, RECOVERY_CODE, SESSION, VOUCHED
from polisbridge.core.accounts import Account, ClientKey, NewAccount, wait_after
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.ports import Kept

_A, _K = ACCOUNT.c, CLIENT_KEY.c
_ROW = (
    _A.id,
    _A.login,
    _A.role,
    _A.state,
    _A.thing,
    _A.second_factor,
    _A.closed,
    _A.failures,
    _A.locked_until,
    _A.elsewhere,
)


class SqlAccounts:
    """The accounts of one database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def change(self) -> Iterator["SqlAccountBook"]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""
        with told(), self._engine.begin() as connection:
            yield SqlAccountBook(connection)


class SqlAccountBook:
    """The accounts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, new: NewAccount, password_hash: str) -> int:
        """Return the number of a new account. Raises PolisbridgeError `already_there` when the login is taken."""
        row = {**asdict(new), "password_hash": password_hash, "closed": False, "failures": 0}
        return int(self._connection.execute(insert(ACCOUNT).values(**row).returning(_A.id)).scalar_one())

    def find(self, login: str) -> Account | None:
        """Return an account by its login as kept, None when there is none."""
        row = self._connection.execute(select(*_ROW).where(_A.login == login)).one_or_none()
        return _account(row) if row is not None else None

    def accounts(self) -> Iterator[Account]:
        """Yield all accounts by login."""
        return (_account(row) for row in self._connection.execute(select(*_ROW).order_by(_A.login)))

    def attempt(self, login: str, now: datetime) -> Kept | None:
        """Count an attempt as failed before it is looked at; return what to look at (see the port).

        The count is not waited for on the disk, so that a login that exists takes no longer than one that does not.
        """
        self._connection.execute(text("SET LOCAL synchronous_commit = off"))
        found = self._kept(select(*_ROW, _A.password_hash).where(_A.login == login).with_for_update())
        if found is None or found.account.closed or (found.account.locked_until or now) > now:
            return None
        failures = found.account.failures + 1
        wait = wait_after(failures)
        changed = {"failures": failures, "locked_until": now + wait if wait else None}
        self._connection.execute(update(ACCOUNT).where(_A.id == found.account.id).values(changed))
        return found

    def _kept(self, query: Select[Any]) -> Kept | None:
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Kept(_account(row), row.password_hash, bytes(row.second_factor or b""))

    def succeeded(self, account: int, step: int | None) -> bool:
        """Forget failed attempts and note the step; False when it was used before or the account was closed."""
        fits = (_A.id == account) & ~_A.closed
        values: dict[str, Any] = {"failures": 0, "locked_until": None}
        if step is not None:
            fits &= func.coalesce(_A.last_step, -1) < step
            values["last_step"] = step
        query = update(ACCOUNT).where(fits).values(values).returning(_A.id)
        return self._connection.execute(query).one_or_none() is not None

    def use_recovery(self, account: int, code_hash: bytes) -> bool:
        """Use a recovery code up; False when there is none such."""
        mine = (RECOVERY_CODE.c.account == account) & (RECOVERY_CODE.c.hash == code_hash)
        query = delete(RECOVERY_CODE).where(mine).returning(RECOVERY_CODE.c.account)
        return self._connection.execute(query).one_or_none() is not None

    def set_password(self, account: int, password_hash: str) -> None:
        """Keep a new password, and forget failed attempts."""
        values = {"password_hash": password_hash, "failures": 0, "locked_until": None}
        self._connection.execute(update(ACCOUNT).where(_A.id == account).values(values))

    def set_second_factor(self, account: int, sealed: bytes | None, recovery: list[bytes]) -> None:
        """Keep a new second factor with its recovery codes, in place of those that were; or none."""
        values = {"second_factor": sealed, "last_step": None}
        self._connection.execute(update(ACCOUNT).where(_A.id == account).values(values))
        self._connection.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.account == account))
        if recovery:
            self._connection.execute(insert(RECOVERY_CODE), [{"account": account, "hash": one} for one in recovery])

    def second_factor(self, account: int) -> tuple[bytes, int | None]:
        """Return the sealed second factor, empty when there is none, and the step of the last code used."""
        row = self._connection.execute(select(_A.second_factor, _A.last_step).where(_A.id == account)).one()
        return bytes(row.second_factor or b""), row.last_step

    def close(self, account: int) -> None:
        """Close an account for ever."""
        self._connection.execute(update(ACCOUNT).where(_A.id == account).values(closed=True))

    def vouched(self, issuer: str, subject: str) -> Account | None:
        """Return the account of whom a provider vouches for, None when there is none yet."""
        theirs = (VOUCHED.c.issuer == issuer) & (VOUCHED.c.subject == subject)
        row = self._connection.execute(select(*_ROW).join(VOUCHED).where(theirs)).one_or_none()
        return _account(row) if row is not None else None

    def vouch(self, issuer: str, subject: str, new: NewAccount) -> int:
        """Return the number of a new account, without password, of whom a provider vouches for."""
        number = self.add(new, "")
        self._connection.execute(update(ACCOUNT).where(_A.id == number).values(elsewhere=True))
        self._connection.execute(insert(VOUCHED).values(issuer=issuer, subject=subject, account=number))
        return number

    def set_role(self, account: int, role: NewAccount) -> None:
        """Change role, state and organisation of an account that a provider vouches for."""
        values = {"role": role.role, "state": role.state, "thing": role.thing}
        self._connection.execute(update(ACCOUNT).where(_A.id == account).values(values))

    def begin(self, account: int, token_hash: bytes, created: datetime, ends: datetime) -> None:
        """Begin a session; sessions of the account that ended are forgotten."""
        over = (SESSION.c.account == account) & (SESSION.c.ends <= created)
        self._connection.execute(delete(SESSION).where(over))
        row = {"token_hash": token_hash, "account": account, "created": created, "ends": ends}
        self._connection.execute(insert(SESSION).values(**row))

    def session(self, token_hash: bytes, now: datetime) -> Account | None:
        """Return whose session it is; None when it is none, has ended, or the account is closed."""
        theirs = (SESSION.c.token_hash == token_hash) & (SESSION.c.ends > now) & ~_A.closed
        row = self._connection.execute(select(*_ROW).join(SESSION).where(theirs)).one_or_none()
        return _account(row) if row is not None else None

    def end(self, token_hash: bytes) -> None:
        """End a session."""
        self._connection.execute(delete(SESSION).where(SESSION.c.token_hash == token_hash))

    def end_all(self, account: int) -> None:
        """End all sessions of an account."""
        self._connection.execute(delete(SESSION).where(SESSION.c.account == account))

    def name_helper(self, person: int, account: int, now: datetime) -> None:
        """Note that a person named a helper; again is the same."""
        row = {"person": person, "account": account, "named": now}
        self._connection.execute(insert_unless(HELPER).values(**row).on_conflict_do_nothing())

    def end_helper(self, person: int, account: int, now: datetime) -> None:
        """Note that a person took that back."""
        theirs = (HELPER.c.person == person) & (HELPER.c.account == account) & HELPER.c.ended.is_(None)
        self._connection.execute(update(HELPER).where(theirs).values(ended=now))

    def helpers(self, person: int) -> list[Account]:
        """Return whom a person has named."""
        named = (HELPER.c.person == person) & HELPER.c.ended.is_(None)
        query = select(*_ROW).join(HELPER, HELPER.c.account == _A.id).where(named).order_by(_A.login)
        return [_account(row) for row in self._connection.execute(query)]

    def helped(self, account: int) -> frozenset[int]:
        """Return who has named the helper."""
        query = select(HELPER.c.person).where((HELPER.c.account == account) & HELPER.c.ended.is_(None))
        return frozenset(self._connection.execute(query).scalars())

    def add_key(self, key: ClientKey, key_hash: bytes, certificate: bytes = b"") -> int:
        """Return the number of a new key. Raises PolisbridgeError `already_there` when name or certificate are taken."""
        row = {name: value for name, value in asdict(key).items() if name != "id"}
        query = insert(CLIENT_KEY).values(**row, key_hash=key_hash, certificate=certificate or None).returning(_K.id)
        return int(self._connection.execute(query).scalar_one())

    def key(self, key_hash: bytes, now: datetime) -> ClientKey | None:
        """Return a machine's key; None when it is none, has ended or was closed."""
        return self._key(_K.key_hash == key_hash, now)

    def key_of_certificate(self, fingerprint: bytes, now: datetime) -> ClientKey | None:
        """Return the key of a machine by its certificate; None when it is none's, has ended or was closed."""
        return self._key(_K.certificate == fingerprint, now)

    def _key(self, theirs: ColumnElement[bool], now: datetime) -> ClientKey | None:
        query = select(CLIENT_KEY).where(theirs, _K.ends > now, ~_K.closed)
        row = self._connection.execute(query).one_or_none()
        return _key(row) if row is not None else None

    def client_keys(self) -> Iterator[ClientKey]:
        """Yield all machines' keys by name."""
        return (_key(row) for row in self._connection.execute(select(CLIENT_KEY).order_by(_K.name)))

    def close_key(self, name: str) -> bool:
        """Close a machine's key; False when there is none of that name."""
        query = update(CLIENT_KEY).where(_K.name == name).values(closed=True).returning(_K.id)
        return self._connection.execute(query).one_or_none() is not None


def forget_accounts(connection: Connection, person: int) -> int:
    """Close a person's accounts and take out what they could be known by, the login in the access log too.

    Returns how many accounts. Whom the person had named as helper, sees nothing any more.
    """
    connection.execute(delete(HELPER).where(HELPER.c.person == person))
    found = connection.execute(select(_A.id, _A.login).where(_A.thing == person)).all()
    for number, login in found:
        nobody = f"erased.{number}"
        connection.execute(update(ACCESS).where(ACCESS.c.who == login).values(who=nobody))
        connection.execute(delete(SESSION).where(SESSION.c.account == number))
        connection.execute(delete(RECOVERY_CODE).where(RECOVERY_CODE.c.account == number))
        empty = {"login": nobody, "password_hash": "", "second_factor": None, "closed": True}
        connection.execute(update(ACCOUNT).where(_A.id == number).values(empty))
    return len(found)


def _account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        role=ActorRole(row.role),
        state=row.state,
        thing=row.thing,
        second_factor=row.second_factor is not None,
        closed=row.closed,
        failures=row.failures,
        locked_until=row.locked_until,
        elsewhere=row.elsewhere,
    )


def _key(row: Row[*tuple[Any, ...]]) -> ClientKey:
    role = ActorRole(row.role)
    return ClientKey(row.id, row.name, role, row.state, row.thing, row.created, row.ends, row.closed)
