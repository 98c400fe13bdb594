"""Strict CBOR: examples of RFC 8949, and each thing that is refused."""

from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.formats.cbor import CborError, dumps, loads

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
    with pytest.raises(CborError, match=reason):
        loads(data, LIMIT)


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
