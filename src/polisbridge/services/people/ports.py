"""What accounts need of the world: storage, password hashing, second factors, random tokens, and the node's seals."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from polisbridge.core.accounts import Account, ClientKey, NewAccount
from polisbridge.core.roles import AccessMatrix
from polisbridge.services.auditing import Audits
from polisbridge.services.registry.ports import Registries, Sealer


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an account to sign in with. `secret` is the sealed second factor, empty when there is none."""

    account: Account
    password_hash: str
    secret: bytes


class AccountBook(Protocol):
    """The accounts within one transaction."""

    def add(self, new: NewAccount, password_hash: str) -> int:
        """Return the number of a new account. Raises PolisbridgeError `already_there` when the login is taken."""

    def find(self, login: str) -> Account | None:
        """Return an account by its login as kept, None when there is none."""

    def accounts(self) -> Iterator[Account]:
        """Yield all accounts by login."""

    def attempt(self, login: str, now: datetime) -> Kept | None:
        """Count an attempt as failed before it is looked at; return what to look at.

        None when there is no such account, or it is closed, or it waits; a waiting account's count does not grow.
        """

    def succeeded(self, account: int, step: int | None) -> bool:
        """Forget failed attempts and note the step of the second factor that was used.

        False, and nothing is done, when the step or a later one was used before, or the account was closed meanwhile.
        """

    def use_recovery(self, account: int, code_hash: bytes) -> bool:
        """Use a recovery code up; False when there is none such."""

    def set_password(self, account: int, password_hash: str) -> None:
        """Keep a new password, and forget failed attempts."""

    def set_second_factor(self, account: int, sealed: bytes | None, recovery: list[bytes]) -> None:
        """Keep a new second factor with its recovery codes, in place of those that were; or none."""

    def second_factor(self, account: int) -> tuple[bytes, int | None]:
        """Return the sealed second factor, empty when there is none, and the step of the last code used."""

    def close(self, account: int) -> None:
        """Close an account for ever."""

    def vouched(self, issuer: str, subject: str) -> Account | None:
        """Return the account of whom a provider vouches for, None when there is none yet."""

    def vouch(self, issuer: str, subject: str, new: NewAccount) -> int:
        """Return the number of a new account, without password, of whom a provider vouches for."""

    def set_role(self, account: int, role: NewAccount) -> None:
        """Change role, state and organisation of an account that a provider vouches for."""

    def begin(self, account: int, token_hash: bytes, created: datetime, ends: datetime) -> None:
        """Begin a session; sessions of the account that ended are forgotten."""

    def session(self, token_hash: bytes, now: datetime) -> Account | None:
        """Return whose session it is; None when it is none, has ended, or the account is closed."""

    def end(self, token_hash: bytes) -> None:
        """End a session."""

    def end_all(self, account: int) -> None:
        """End all sessions of an account."""

    def name_helper(self, person: int, account: int, now: datetime) -> None:
        """Note that a person named a helper; again is the same."""

    def end_helper(self, person: int, account: int, now: datetime) -> None:
        """Note that a person took that back."""

    def helpers(self, person: int) -> list[Account]:
        """Return whom a person has named."""

    def helped(self, account: int) -> frozenset[int]:
        """Return who has named the helper."""

    def add_key(self, key: ClientKey, key_hash: bytes, certificate: bytes = b"") -> int:
        """Return the number of a new key. Raises PolisbridgeError `already_there` when name or certificate are taken."""

    def key_of_certificate(self, fingerprint: bytes, now: datetime) -> ClientKey | None:
        """Return the key of a machine by its certificate; None when it is none's, has ended or was closed."""

    def key(self, key_hash: bytes, now: datetime) -> ClientKey | None:
        """Return a machine's key; None when it is none, has ended or was closed."""

    def client_keys(self) -> Iterator[ClientKey]:
        """Yield all machines' keys by name."""

    def close_key(self, name: str) -> bool:
        """Close a machine's key; False when there is none of that name."""


class Accounts(Protocol):
    """Where accounts are worked with."""

    def change(self) -> AbstractContextManager[AccountBook]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""


class Passwords(Protocol):
    """Hashes passwords slowly."""

    def hash(self, password: str) -> str:
        """Return the hash of a password with what it was made by."""

    def fits(self, kept: str, password: str) -> bool:
        """Say whether the password is the one that was hashed."""

    @property
    def nobodys(self) -> str:
        """A hash that no password fits, as costly to try as any."""


class SecondFactors(Protocol):
    """Codes that change with time (RFC 6238)."""

    def new(self) -> str:
        """Return a new secret."""

    def address(self, secret: str, login: str) -> str:
        """Return the otpauth address that an authenticator takes."""

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the number of the time step that the code is of, a step before and after allowed; None: of none."""

    def code(self, secret: str, now: datetime, after: int | None) -> str:
        """Return a code that is taken now and of a later step than `after`; empty while there is none."""


@dataclass(frozen=True, slots=True)
class People:
    """Everything about who uses a node. `state` is whose node it is, empty for one to try out."""

    matrix: AccessMatrix
    accounts: Accounts
    registries: Registries
    passwords: Passwords
    second_factors: SecondFactors
    sealer: Sealer
    token: Callable[[], str]
    state: str
    audits: Audits
