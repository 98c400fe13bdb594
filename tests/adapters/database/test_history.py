"""Tables that remember: they say what a naive model of two times says, and the database refuses what would contradict."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, text
from sqlalchemy.exc import IntegrityError

from polisbridge.adapters.database import history, tables
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Note

FIRST, SPAN = date(2026, 1, 1), 12
START = datetime(2026, 11, 22, tzinfo=UTC)
TABLE = tables.AUTHORITY


def note(seconds: float, why: str = "said so") -> Note:
    return Note("clerk 4", START + timedelta(seconds=seconds), why)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def said(state: str) -> dict[str, object]:
    return {"state": state, "title": {"en": state}}


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """Give a connection whose changes are undone."""
    with engine.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def a_thing(connection: Connection, code: str = "one") -> int:
    made = insert(tables.THING).values(kind="authority", owner=0, code=code).returning(tables.THING.c.id)
    return int(connection.execute(made).scalar_one())


def states(connection: Connection, thing: int, on: date, at: datetime) -> list[str]:
    return [row["state"] for row in history.known(connection, TABLE, on=on, at=at, where={"id": thing})]


days_between = st.tuples(st.none() | st.integers(0, SPAN - 1), st.none() | st.integers(0, SPAN - 1)).filter(
    lambda pair: pair[0] is None or pair[1] is None or pair[0] <= pair[1]
)
steps = st.lists(
    st.tuples(days_between, st.sampled_from(["AM", "BY", "KZ", None]), st.integers(0, 2)), min_size=1, max_size=8
)


@given(steps, st.integers(-1, SPAN))
def test_what_is_on_record_is_what_a_naive_model_says(
    engine: Engine, steps: list[tuple[tuple[int | None, int | None], str | None, int]], asked: int
) -> None:
    model: dict[int, str] = {}
    snapshots: list[tuple[float, dict[int, str]]] = []
    at = 0.0
    with undone(engine) as connection:
        thing = a_thing(connection)
        for (first, last), state, pause in steps:
            at += pause  # 0: in the same moment, which leaves only the last one known
            valid = history.days(None if first is None else day(first), None if last is None else day(last))
            if state is None:
                history.end(connection, TABLE, thing, valid, note(at))
            else:
                history.put(connection, TABLE, thing, valid, said(state), note(at))
            for number in range(-1, SPAN + 1):
                inside = (first is None or first <= number) and (last is None or number <= last)
                if inside and state is None:
                    model.pop(number, None)
                elif inside and state is not None:
                    model[number] = state
            snapshots = [one for one in snapshots if one[0] != at] + [(at, dict(model))]

        for moment, expected in snapshots:
            instant = START + timedelta(seconds=moment)
            entries = list(history.known(connection, TABLE, on=None, at=instant, where={"id": thing}))
            for number in range(-1, SPAN + 1):
                found = [row["state"] for row in entries if row["valid"].contains(day(number))]
                assert found == ([expected[number]] if number in expected else [])
            assert states(connection, thing, day(asked), instant) == [
                expected[one] for one in [asked] if one in expected
            ]


def test_a_correction_leaves_what_was_known_before(engine: Engine) -> None:
    with undone(engine) as connection:
        thing = a_thing(connection)
        history.put(connection, TABLE, thing, history.days(day(0), day(9)), said("KZ"), note(0, "registered"))
        history.put(connection, TABLE, thing, history.days(day(5), None), said("KG"), note(10, "a mistake"))

        assert states(connection, thing, day(7), note(5).at) == ["KZ"]
        assert states(connection, thing, day(7), note(10).at) == ["KG"]
        assert states(connection, thing, day(4), note(10).at) == ["KZ"]
        told = [(row["state"], row["reason"]) for row in history.changes(connection, TABLE, thing)]
        assert told == [("KZ", "registered"), ("KZ", "a mistake"), ("KG", "a mistake")]


def test_the_database_itself_refuses_two_answers_for_one_day(engine: Engine) -> None:
    with undone(engine) as connection:
        thing = a_thing(connection)
        rows = [(thing, history.days(day(0), day(5)), said("KZ")), (thing, history.days(day(5), day(6)), said("KG"))]

        with pytest.raises(IntegrityError, match="authority_says_one_thing"):
            history.put_new(connection, TABLE, rows, note(0))


def waits_for_a_lock(engine: Engine) -> bool:
    with engine.connect() as connection:
        query = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(connection.execute(query).scalar_one())


def test_of_two_writers_at_once_the_database_refuses_the_second(engine: Engine) -> None:
    with engine.begin() as connection:
        thing = a_thing(connection, "contested")
    refused = list[str]()

    def write_too() -> None:
        try:
            with engine.begin() as connection:
                history.put(connection, TABLE, thing, history.days(day(0), day(3)), said("KG"), note(0))
        except IntegrityError as exc:
            refused.append(str(exc.orig).splitlines()[0])

    second = Thread(target=write_too)
    with engine.begin() as first:
        history.put(first, TABLE, thing, history.days(day(3), day(9)), said("KZ"), note(0))
        second.start()
        while second.is_alive() and not waits_for_a_lock(engine):
            pass
    second.join()

    assert len(refused) == 1
    assert "authority_says_one_thing" in refused[0]
    with engine.connect() as connection:
        assert states(connection, thing, day(3), note(0).at) == ["KZ"]
        assert states(connection, thing, day(0), note(0).at) == []


def test_a_clock_that_is_a_little_behind_is_caught_up_with(engine: Engine) -> None:
    with undone(engine) as connection:
        thing = a_thing(connection)
        history.put(connection, TABLE, thing, history.days(), said("KZ"), note(30))
        history.put(connection, TABLE, thing, history.days(), said("KG"), note(0))

        assert states(connection, thing, day(0), note(30).at) == ["KZ"]
        assert states(connection, thing, day(0), note(31).at) == ["KG"]


def test_a_clock_that_is_far_behind_is_refused(engine: Engine) -> None:
    with undone(engine) as connection:
        thing = a_thing(connection)
        history.put(connection, TABLE, thing, history.days(), said("KZ"), note(3600))

        with pytest.raises(PolisbridgeError) as caught:
            history.put(connection, TABLE, thing, history.days(), said("KG"), note(0))
        assert caught.value.code is ErrorCode.CLOCK_BEHIND
