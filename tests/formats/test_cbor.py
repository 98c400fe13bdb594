"""Strict CBOR: examples of RFC 8949, and each thing that is refused."""

from typing import Any

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from polisbridge.formats.cbor import CborError, dumps, loads, loads_few

LIMIT = 1000
SIMPLE = st.one_of(
    st.integers(1 - 2**64, 2**64 - 1),
    st.text(max_size=9),
    st.binary(max_size=9),
    st.booleans(),
    st.none(),
    st.just(cbor2.undefined),
)
VALUES = st.recursive(
    SIMPLE,
    lambda part: (
        st.lists(part, max_size=3) | st.dictionaries(st.integers(-300, 300) | st.text(max_size=3), part, max_size=3)
    ),
    max_leaves=9,
)


def refused(data: bytes, reason: str | None = None) -> None:
    for read in (loads, loads_few):
        with pytest.raises(CborError, match=reason):
            read(data, LIMIT)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("00", 0),
        ("17", 23),
        ("1818", 24),
        ("1903e8", 1000),
        ("1bffffffffffffffff", 2**64 - 1),
        ("20", -1),
        ("3903e7", -1000),
        ("f4", False),
        ("f5", True),
        ("f6", None),
        ("f7", cbor2.undefined),
        ("40", b""),
        ("4401020304", b"\1\2\3\4"),
        ("60", ""),
        ("62c3bc", "ü"),
        ("83010203", [1, 2, 3]),
        ("8301820203820405", [1, [2, 3], [4, 5]]),
        ("a201020304", {1: 2, 3: 4}),
        ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ],
)
def test_the_examples_of_the_rfc_are_written_and_read(data: str, value: object) -> None:
    assert dumps(value).hex() == data
    assert loads(bytes.fromhex(data), LIMIT) == value
    assert loads_few(bytes.fromhex(data), LIMIT) == value


@given(VALUES)
def test_what_is_written_is_read_again(value: Any) -> None:
    assert loads(dumps(value), LIMIT) == value


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_in_its_one_form_or_refused(data: bytes) -> None:
    try:
        value = loads(data, LIMIT)
    except CborError:
        return
    assert dumps(value) == data


@pytest.mark.parametrize(
    "data", ["1817", "190018", "1a00000001", "f818", "5800", "780161", "9801" + "00", "b80100" + "00"]
)
def test_a_longer_form_than_needed_is_refused(data: str) -> None:
    refused(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["9f01ff", "bf0102ff", "5f4101ff", "7f6161ff", "ff"])
def test_an_indefinite_length_is_refused(data: str) -> None:
    refused(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["f90000", "fa47c35000", "fb3ff199999999999a", "f97e00", "f97c00"])
def test_a_float_is_refused(data: str) -> None:
    refused(bytes.fromhex(data), "float")


def test_the_one_whole_number_of_65_bits_that_needs_no_tag_is_refused() -> None:
    assert loads(b"\x3b" + b"\xff" * 7 + b"\xfe", LIMIT) == 1 - 2**64
    for before in (b"", b"\x81", b"\xa1\x00"):
        refused(before + b"\x3b" + b"\xff" * 8, "too large")


@pytest.mark.parametrize(
    "tag", [*range(6), 16, 18, 21, 23, 24, 28, 29, 30, 35, 36, 37, 43, 61, 64, 100, 258, 260, 1001, 55799, 2**32]
)
def test_a_tag_is_refused(tag: int) -> None:
    head = cbor2.dumps(cbor2.CBORTag(tag, 0))
    for content in (b"\x00", b"\x41\x00", b"\x60", b"\x82\x00\x01"):
        refused(head[:-1] + content)


@pytest.mark.parametrize("data", ["a201000100", "a2616100616100", "a10182" + "a201000100"])
def test_a_key_that_stands_twice_is_refused(data: str) -> None:
    refused(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["a203000100", "a2616100" + "0100"])
def test_keys_in_another_order_are_refused(data: str) -> None:
    refused(bytes.fromhex(data), "deterministic")


@pytest.mark.parametrize("data", ["a1410000", "a1f500", "a1f600", "a1800000"])
def test_a_key_that_is_no_number_and_no_text_is_refused(data: str) -> None:
    refused(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["e0", "f0", "f820", "f8ff"])
def test_a_simple_value_without_a_meaning_here_is_refused(data: str) -> None:
    refused(bytes.fromhex(data))


@pytest.mark.parametrize("data", ["", "18", "8201", "a101", "4201", "6261", "62ff61", "1c"])
def test_bytes_that_are_cut_or_no_text_are_refused(data: str) -> None:
    refused(bytes.fromhex(data))


def test_bytes_after_the_end_are_refused() -> None:
    refused(b"\x00\x00", "after the end")


def test_more_bytes_than_the_limit_are_refused() -> None:
    data = dumps(b"x" * 8)
    assert loads(data, len(data)) == b"x" * 8
    with pytest.raises(CborError, match="at most"):
        loads(data, len(data) - 1)


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\x00"])
def test_a_value_that_is_too_deep_is_refused(opening: bytes) -> None:
    assert loads(opening * 9 + b"\x00", LIMIT)
    refused(opening * 11 + b"\x00")
    refused(opening * (LIMIT // len(opening) - 1) + b"\x00")


@pytest.mark.parametrize(
    "data", ["9bffffffffffffffff", "bbffffffffffffffff", "5bffffffffffffffff", "7bffffffffffffffff"]
)
def test_a_huge_length_is_refused_without_making_room_for_it(data: str) -> None:
    refused(bytes.fromhex(data))


# Against the plainest way to say what is deterministic ---------------------------------------------------

REFUSED = object()
PLAIN_VALUES = (int, str, bytes, bool, type(None), type(cbor2.undefined))
LENGTHS = {1: 0x18, 2: 0x19, 4: 0x1A, 8: 0x1B}


def expected(data: bytes) -> object:
    """Return the value when writing it again, keys sorted by the encoder, gives the same bytes; slow and plain."""
    try:
        value = cbor2.loads(data)
        is_same = cbor2.dumps(value, canonical=True) == data
    except Exception:  # noqa: BLE001 - whatever hostile bytes do to a decoder
        return REFUSED
    return value if is_same and depth(value) <= 10 else REFUSED


def depth(value: Any) -> int:
    """Return how deep lists and maps stand in each other; more than is read for what does not belong at all."""
    if type(value) is dict:
        is_known = all(type(key) in {int, str} and depth(key) == 0 for key in value)
        return 1 + max(map(depth, value.values()), default=0) if is_known else 99
    if type(value) is list:
        return 1 + max(map(depth, value), default=0)
    is_small = type(value) is not int or value.bit_length() <= 64
    return 0 if type(value) in PLAIN_VALUES and is_small else 99


def heads() -> st.SearchStrategy[bytes]:
    """Return heads of every kind and size, shortest or not, and all that is no head of ours."""
    sized = st.builds(
        lambda kind, size, number: bytes([kind | LENGTHS[size]]) + (number % (1 << 8 * size)).to_bytes(size, "big"),
        st.sampled_from([0x00, 0x20, 0x40, 0x60, 0x80, 0xA0, 0xC0, 0xE0]),
        st.sampled_from(sorted(LENGTHS)),
        st.sampled_from([0, 1, 2, 23, 24, 255, 256, 65_535, 65_536, 2**32 - 1, 2**32, 2**64 - 1]),
    )
    return sized | st.integers(0, 255).map(lambda one: bytes([one]))


PIECES = st.lists(heads() | SIMPLE.map(dumps) | st.sampled_from([b"a", b"8\x17", b"\x18\x17"]), max_size=7)


@given(PIECES.map(b"".join))
@settings(max_examples=2000)
def test_pieces_in_any_order_are_read_exactly_when_written_again_they_are_the_same(data: bytes) -> None:
    same_as_expected(data)


@given(VALUES.map(dumps), st.data())
@settings(max_examples=1000)
def test_a_value_with_a_piece_changed_is_read_exactly_when_written_again_it_is_the_same(
    data: bytes, draw: st.DataObject
) -> None:
    at = draw.draw(st.integers(0, len(data)))
    same_as_expected(data[:at] + draw.draw(heads()) + data[at + draw.draw(st.integers(0, 2)) :])


def same_as_expected(data: bytes) -> None:
    for read in (loads, loads_few):
        try:
            value = read(data, LIMIT)
        except CborError:
            value = REFUSED
        assert value == expected(data)


@pytest.mark.parametrize("kind", [0x00, 0x20, 0x40, 0x60, 0x80, 0xA0])
@pytest.mark.parametrize(("size", "smallest"), [(1, 24), (2, 1 << 8), (4, 1 << 16), (8, 1 << 32)])
@pytest.mark.parametrize("before", [b"", b"\x18\x18", b"\x62\x38\x39", b"\x44\x1b\0\0\0"])
def test_every_number_and_length_of_every_size_is_refused_below_its_smallest(
    kind: int, size: int, smallest: int, before: bytes
) -> None:
    head = bytes([kind | LENGTHS[size]]) + (smallest - 1).to_bytes(size, "big")
    count = min(smallest - 1, 1 << 16)  # nobody makes four gigabytes: with eight bytes of length the data is cut
    content = {0x00: b"", 0x20: b"", 0xA0: b"".join(dumps(key) + b"\0" for key in range(count))}.get(kind, bytes(count))
    data = (b"\x82" + before if before else b"") + head + content
    with pytest.raises(CborError):
        loads(data, 1 << 20)


def test_bytes_that_only_look_like_a_long_form_are_read() -> None:
    for value in ("8\x17", "Z\0\0", b"\x1b\0\0\0\0", [24, 5, 0x1900], {24: 5, 56: 0}, 0x1A_0000):
        assert loads(dumps(value), LIMIT) == value
