"""Who uses a node, over its database: argon2 for passwords, TOTP for second factors, tokens from the system's randomness."""

import secrets
from base64 import b64encode
from contextlib import suppress
from datetime import datetime
from functools import cached_property
from hmac import compare_digest
from threading import BoundedSemaphore

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Engine, select

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.accounts import SqlAccounts
from polisbridge.adapters.database.audits import SqlAudits
from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.registry import SqlRegistries
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.database.tables import NODE
from polisbridge.services.people.ports import People

_AT_ONCE = 4  # hashes of one process; each takes 64 MiB
_TOKEN = 32  # bytes
_STEP = 30  # seconds, RFC 6238
_NEAR = (0, -1, 1)  # steps that a clock may be off by


class Argon2Passwords:
    """Passwords by argon2id with the library's own parameters (RFC 9106, low memory), some at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher, self._free = hasher or PasswordHasher(), BoundedSemaphore(_AT_ONCE)

    def hash(self, password: str) -> str:
        """Return the hash of a password with what it was made by."""
        with self._free:
            return self._hasher.hash(password.encode("utf-8", errors="replace"))

    def fits(self, kept: str, password: str) -> bool:
        """Say whether the password is the one that was hashed."""
        with self._free, suppress(VerificationError, InvalidHashError):
            return self._hasher.verify(kept, password.encode("utf-8", errors="replace"))
        return False

    @cached_property
    def nobodys(self) -> str:
        """A hash that no password fits, as costly to try as any: random bytes in its place, made without hashing."""
        own = self._hasher
        salt, digest = (
            b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (own.salt_len, own.hash_len)
        )
        return f"$argon2id$v=19$m={own.memory_cost},t={own.time_cost},p={own.parallelism}${salt}${digest}"


class TotpFactors:
    """Time-based one-time passwords (RFC 6238, SHA-1, six digits, 30 seconds: what authenticators take)."""

    def new(self) -> str:
        """Return a new secret."""
        return pyotp.random_base32()

    def address(self, secret: str, login: str) -> str:
        """Return the otpauth address that an authenticator takes."""
        return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name="Polisbridge")

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the number of the time step that the code is of; None: of none near the instant."""
        totp, here = pyotp.TOTP(secret), int(now.timestamp()) // _STEP
        for step in (here + near for near in _NEAR):
            if compare_digest(totp.generate_otp(step).encode(), code.encode("utf-8", errors="replace")):
                return step
        return None

    def code(self, secret: str, now: datetime, after: int | None) -> str:
        """Return the code of this step, or of the next when this one was used; empty when both were."""
        here = int(now.timestamp()) // _STEP
        step = here if after is None else max(here, after + 1)
        return pyotp.TOTP(secret).generate_otp(step) if step <= here + 1 else ""


def people_of(engine: Engine, ring: KeyRing, passwords: Argon2Passwords | None = None) -> People:
    """Return who uses the node of a database."""
    with told(), engine.connect() as connection:
        state = connection.execute(select(NODE.c.state)).scalar_one_or_none() or ""
    return People(
        matrix=shipped_access(),
        accounts=SqlAccounts(engine),
        registries=SqlRegistries(engine, ring),
        passwords=passwords or Argon2Passwords(),
        second_factors=TotpFactors(),
        sealer=ring,
        token=lambda: secrets.token_urlsafe(_TOKEN),
        state=state,
        audits=SqlAudits(engine),
    )
