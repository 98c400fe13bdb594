"""Any bytes given to the reader of status lists end in the list or in a fault, and hold no more than a list holds."""

import random
import tracemalloc
import zlib
from typing import Any

import cbor2
import pytest
from hostile import HEADS, LIST_CLAIMS, LIST_NAME, SIGNER, STATUS_LIST, hostile_list, nested, signed_list
from hypothesis import given, settings
from hypothesis import strategies as some

from polisbridge.core.status import LIST_BYTES, StatusFault, StatusList
from polisbridge.formats.cbor import dumps
from polisbridge.formats.statuslist import MAX_BYTES, read_status_list

MOST_MEMORY = 12 * MAX_BYTES  # bytes; a list of CBOR takes eight for each of its own


def outcome(data: bytes) -> StatusFault | None:
    """Return the fault, or None for a list; whatever else comes out fails the test."""
    found = read_status_list(data, LIST_NAME, [SIGNER.public_key])
    if isinstance(found, StatusList):
        assert (found.name, len(found.packed)) == (LIST_NAME, LIST_BYTES)
        return None
    return found.fault


def packed_list(packed: bytes) -> bytes:
    return signed_list(dumps(LIST_CLAIMS | {65533: {"bits": 2, "lst": packed}}))


def test_the_sample_is_a_list() -> None:
    assert outcome(STATUS_LIST) is None


@settings(max_examples=500)
@given(some.binary() | some.lists(some.sampled_from(HEADS), max_size=12).map(b"".join))
def test_any_bytes_end_in_a_fault(data: bytes) -> None:
    assert outcome(data) is StatusFault.NOT_A_STATUS_LIST


@settings(max_examples=300)
@given(some.binary() | some.lists(some.sampled_from(HEADS), max_size=12).map(b"".join))
def test_any_bytes_that_are_signed_end_in_a_fault(payload: bytes) -> None:
    assert outcome(signed_list(payload)) is StatusFault.NOT_A_STATUS_LIST


@settings(max_examples=300)
@given(some.binary() | some.binary(max_size=400).map(zlib.compress))
def test_any_bytes_in_place_of_the_entries_end_in_a_fault(packed: bytes) -> None:
    assert outcome(packed_list(packed)) in {StatusFault.NOT_A_STATUS_LIST, StatusFault.WRONG_SIZE}


@pytest.mark.parametrize("seed", range(5))
def test_changes_at_every_layer_end_in_a_fault_or_a_list(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    for _ in range(800):
        outcome(hostile_list(draw))


def test_every_bit_of_a_list_turned_ends_in_a_fault() -> None:
    for at in range(len(STATUS_LIST) * 8):
        turned = bytearray(STATUS_LIST)
        turned[at // 8] ^= 1 << at % 8
        assert outcome(bytes(turned)) is not None


def test_every_beginning_of_a_list_ends_in_a_fault() -> None:
    assert all(outcome(STATUS_LIST[:length]) is not None for length in range(len(STATUS_LIST)))


def tag(number: int, inside: Any) -> bytes:
    return cbor2.dumps(cbor2.CBORTag(number, inside))


ZEROS = zlib.compress(bytes(100_000_000), 9)
BOMBS = {
    "100 MB of zeros": packed_list(ZEROS),
    "100 MB of zeros, twice packed": packed_list(zlib.compress(ZEROS, 9)),
    "one byte more than a list": packed_list(zlib.compress(bytes(LIST_BYTES + 1), 9)),
    "nothing": packed_list(zlib.compress(b"")),
    "bytes after the end": packed_list(zlib.compress(bytes(LIST_BYTES), 9) + b"\0"),
    "bytes over the limit": bytes(MAX_BYTES + 1),
    "lists as deep as bytes are read": b"\x81" * MAX_BYTES,
    "claims 10000 deep": signed_list(b"\x81" * 10_000 + b"\x80"),
    "tags 10000 deep": signed_list(b"\xc6" * 10_000 + b"\x80"),
    "a list of 2^32 items": b"\x9a\xff\xff\xff\xff",
    "signed, a list of 2^32 items": signed_list(b"\x9a\xff\xff\xff\xff"),
    "signed, a map of 2^64 pairs": signed_list(b"\xbb" + b"\xff" * 8),
    "signed, bytes of 2^63 length": signed_list(b"\x5b\x7f" + b"\xff" * 7),
    "a message without end": b"\x9f" + STATUS_LIST[1:] + b"\xff",
    "the tag of COSE_Sign1": b"\xd2" + STATUS_LIST,
    "a tag on the claims": signed_list(tag(61, LIST_CLAIMS)),
    "the same claim twice": signed_list(b"\xa6" + dumps(LIST_CLAIMS)[1:] + b"\x02\x60"),
    "the same claim in two lengths": signed_list(b"\xa6" + dumps(LIST_CLAIMS)[1:] + b"\x18\x02\x60"),
    "a hundred thousand numbers": signed_list(dumps([0] * 100_000)),
    "a claim of nested lists": signed_list(dumps(LIST_CLAIMS | {2: nested(9)})),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_fault_and_takes_little_memory(name: str) -> None:
    outcome(STATUS_LIST)  # what is loaded once does not count
    tracemalloc.start()
    found = outcome(BOMBS[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is not None
    assert peak < MOST_MEMORY
