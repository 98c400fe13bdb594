"""Who uses a node, for tests: real database, real argon2 with small parameters, an account of each role."""

from datetime import UTC, datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from registry_builder import RING
from sqlalchemy import Engine, insert, select

from polisbridge.adapters.database.tables import NODE
from polisbridge.adapters.people import Argon2Passwords, people_of
from polisbridge.core.accounts import NewAccount
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.accounts import TotpSecret, open_account
from polisbridge.services.people.ports import People

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
PASSWORD = "correct horse battery 7"  # noqa: S105 - of made-up accounts
QUICK = Argon2Passwords(PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def people(engine: Engine, state: str = "UZ") -> People:
    """Return the people of a node of a state, made when the database has none."""
    with engine.begin() as connection:
        if connection.execute(select(NODE.c.id)).first() is None:
            row = {"id": 1, "state": state, "made": NOON, "synthetic": True, "law": "", "key_check": b""}
            connection.execute(insert(NODE).values(**row))
    return people_of(engine, RING, QUICK)


def opened(
    found: People, login: str, role: ActorRole = ActorRole.WORKER, thing: int | None = None, state: str = "UZ"
) -> tuple[int, TotpSecret | None]:
    return open_account(found, NewAccount(login, role, state, thing), PASSWORD)


def code(factor: TotpSecret | None, now: datetime) -> str:
    """Return what an authenticator shows at the instant."""
    return pyotp.TOTP(factor.secret).at(now) if factor else ""
