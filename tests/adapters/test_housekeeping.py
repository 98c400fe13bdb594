"""A node puts away what is too old, one process at a time, and nothing else."""

from datetime import timedelta

import pytest
from people_builder import NOON, people
from registry_builder import RING
from sqlalchemy import Engine, func, insert, select

from polisbridge.adapters.database.once import SqlWrites
from polisbridge.adapters.database.rates import SqlRates
from polisbridge.adapters.database.tables import ACCOUNT, IDEMPOTENCY, RATE, SESSION
from polisbridge.adapters.housekeeping import _LOCK, ANSWERS_KEPT, keep_house
from polisbridge.services.exchange import OnceAnswer

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def filled(engine: Engine) -> Engine:
    """An old and a new row of everything that is put away."""
    people(engine)
    for key, age in (("old", ANSWERS_KEPT + DAY), ("new", ANSWERS_KEPT - DAY)):
        with SqlWrites(engine, RING).once(7, key, b"asked", NOON - age) as turn:
            turn.keep(OnceAnswer(201, {"id": 1}))
    rates = SqlRates(engine, RING)
    for age in (timedelta(hours=1), timedelta(minutes=1)):
        rates.add("address 192.0.2.1", NOON - age, 1)
    with engine.begin() as connection:
        row = {"login": "one", "role": "helper", "state": "UZ", "password_hash": "", "closed": False, "failures": 0}
        account = connection.execute(insert(ACCOUNT).values(**row).returning(ACCOUNT.c.id)).scalar_one()
        for name, ends in ((b"over", NOON), (b"on", NOON + DAY)):
            session = {"token_hash": name, "account": account, "created": NOON - DAY, "ends": ends}
            connection.execute(insert(SESSION).values(**session))
    return engine


def test_what_is_old_is_put_away_by_one_process_at_a_time_and_the_rest_stays(filled: Engine) -> None:
    with filled.begin() as other:
        other.execute(select(func.pg_advisory_xact_lock(_LOCK)))
        assert keep_house(filled, NOON) is None
    assert keep_house(filled, NOON) == 3
    assert keep_house(filled, NOON) == 0

    with filled.connect() as connection:
        assert connection.execute(select(IDEMPOTENCY.c.key)).scalars().all() == ["new"]
        assert connection.execute(select(RATE.c.window)).scalars().all() == [NOON - timedelta(minutes=1)]
        assert connection.execute(select(SESSION.c.token_hash)).scalars().all() == [b"on"]


def test_of_a_sender_only_a_keyed_hash_is_kept(filled: Engine) -> None:
    with filled.connect() as connection:
        kept = [bytes(one) for one in connection.execute(select(RATE.c.sender)).scalars()]

    assert kept
    assert set(kept) == {RING.hashed("address 192.0.2.1", "rate")}
