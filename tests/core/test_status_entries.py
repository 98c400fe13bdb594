import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.signing import key_id_of
from polisbridge.core.status import (
    ENTRIES,
    LIST_BYTES,
    Freshness,
    ListName,
    Status,
    StatusFault,
    StatusList,
    StatusReading,
    Unreadable,
    free_index,
    freshness,
    packed,
    status_at,
    value_at,
)

ISSUED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
EXPIRES = ISSUED + timedelta(hours=24)
SECOND = timedelta(seconds=1)

statuses = st.dictionaries(st.integers(0, ENTRIES - 1), st.integers(0, 3), max_size=30)


def a_list(entries: bytes) -> StatusList:
    return StatusList(ListName("UZ", 1), ISSUED, EXPIRES, timedelta(hours=1), entries, b"12345678")


def test_entries_are_packed_as_in_the_example_of_the_draft() -> None:
    # draft-ietf-oauth-status-list, section 4.1: twelve entries of two bits
    values = dict(enumerate([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]))

    assert bytes([0xC9, 0x44, 0xF9]) == packed(values, 12)


def test_a_whole_list_is_compressed_as_in_appendix_c2_of_the_draft() -> None:
    values = {0: 1, 1993: 2, 25460: 1, 159495: 3, 495669: 1, 554353: 1, 645645: 2, 723232: 1, 854545: 1, 934534: 2}

    found = zlib.compress(packed(values | {1000345: 3}), 9)

    assert bytes.fromhex(APPENDIX_C2) == found


@given(statuses)
def test_what_is_packed_is_read_again(values: dict[int, int]) -> None:
    entries = packed(values)

    assert len(entries) == LIST_BYTES
    assert values == {index: value_at(entries, index) for index in values}


@given(statuses, st.integers(0, ENTRIES - 1), st.integers(0, 3))
def test_changing_one_entry_changes_no_other(values: dict[int, int], index: int, value: int) -> None:
    before, after = packed(values), packed(values | {index: value})

    changed = [at for at, (one, other) in enumerate(zip(before, after, strict=True)) if one != other]

    assert set(changed) <= {index // 4}
    beside = range(index // 4 * 4, index // 4 * 4 + 4)
    assert [value_at(before, at) for at in beside if at != index] == [
        value_at(after, at) for at in beside if at != index
    ]
    assert value == value_at(after, index)


@pytest.mark.parametrize(("index", "value"), [(-1, 1), (ENTRIES, 1), (0, 4), (0, -1)])
def test_an_entry_outside_the_list_or_of_three_bits_is_not_packed(index: int, value: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        packed({index: value})


@pytest.mark.parametrize("status", list(Status))
def test_a_status_is_read_with_the_age_of_its_list(status: Status) -> None:
    assert StatusReading(status, None, ISSUED, EXPIRES) == status_at(a_list(packed({7: status})), 7)


def test_the_reserved_value_says_nothing() -> None:
    assert StatusReading(None, StatusFault.RESERVED, ISSUED, EXPIRES) == status_at(a_list(packed({7: 3})), 7)


@pytest.mark.parametrize("index", [-1, ENTRIES, 1 << 70])
def test_an_index_outside_says_nothing(index: int) -> None:
    assert status_at(a_list(packed({})), index).fault is StatusFault.OUTSIDE


def test_an_unreadable_list_says_why() -> None:
    assert StatusReading(None, StatusFault.BAD_SIGNATURE) == status_at(Unreadable(StatusFault.BAD_SIGNATURE), 7)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (ISSUED - SECOND, Freshness.NOT_YET),
        (ISSUED, Freshness.FRESH),
        (ISSUED + timedelta(hours=24), Freshness.FRESH),
        (ISSUED + timedelta(hours=24) + SECOND, Freshness.EXPIRED),
        (EXPIRES + timedelta(days=7), Freshness.EXPIRED),
        (EXPIRES + timedelta(days=7) + SECOND, Freshness.STALE),
    ],
)
def test_a_list_ages(now: datetime, expected: Freshness) -> None:
    assert expected is freshness(a_list(b""), now)


def test_a_list_that_lives_long_is_aging_after_a_day() -> None:
    long = StatusList(ListName("UZ", 1), ISSUED, ISSUED + timedelta(days=5), timedelta(hours=1), b"", b"")

    assert freshness(long, ISSUED + timedelta(hours=24) + SECOND) is Freshness.AGING


def test_a_list_older_than_one_seen_before_is_refused_whatever_the_clock_says() -> None:
    assert freshness(a_list(b""), ISSUED, ISSUED + SECOND) is Freshness.OLDER
    assert freshness(a_list(b""), ISSUED, ISSUED) is Freshness.FRESH


def fixed(*draws: int) -> Callable[[int], int]:
    left = iter(draws)
    return lambda _limit: next(left)


def test_an_index_in_use_is_drawn_again() -> None:
    assert free_index(fixed(5, 5, 6), {5}, 10) == 6


def test_a_list_that_is_nearly_full_gives_out_its_last_place() -> None:
    assert free_index(fixed(*[0] * 65), set(range(9)), 10) == 9


def test_a_full_list_gives_out_nothing() -> None:
    assert free_index(fixed(), set(range(10)), 10) is None


@given(st.sets(st.integers(0, 19), max_size=19), st.integers())
def test_an_index_given_out_was_free(used: set[int], seed: int) -> None:
    index = free_index(Random(seed).randrange, used, 20)  # noqa: S311 - the same every time

    assert index in set(range(20)) - used


def test_indices_are_spread_over_the_whole_list() -> None:
    below = Random(1).randrange  # noqa: S311 - the same every time
    used: set[int] = set()
    for _ in range(4000):
        index = free_index(below, used, 8000)
        assert index is not None
        used.add(index)

    quarters = [sum(1 for one in used if one // 2000 == quarter) for quarter in range(4)]

    assert all(900 < count < 1100 for count in quarters)


def test_a_key_id_is_the_beginning_of_the_hash_of_the_public_key() -> None:
    assert key_id_of(b"abc") == bytes.fromhex("ba7816bf8f01cfea")


APPENDIX_C2 = (
    "78daeddb310d00211000412ea1a04004fe5520ed357c28c81d3312b6df68bc65480000000000406e2101000000000000000000000000"
    "0000000000000000000000000000000000000040795b020000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000"
    "00000000000000000000000000000000000000000000000000000000000000000000"
    "0080f4ba0400000000000000000000000000406d764a000000000000000000000000"
    "000000000000000000e0922101000000000000000000000000000000000000fc1312"
    "00000000000000000000000000000000000000000000000000000000000000c0912e"
    "01000000000000000000000000000000000000c07d4b020000000000000000000000"
    "00000000a8614a0000000000000000000000406a1fcd60010c"
)
