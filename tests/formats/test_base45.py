"""Base45: the examples of RFC 9285, and every kind of text that stands for no bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.formats.base45 import Base45Error, decode, encode

EXAMPLES = [(b"", ""), (b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0")]


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_examples_of_the_rfc_are_written(data: bytes, text: str) -> None:
    assert encode(data) == text


@pytest.mark.parametrize(("data", "text"), EXAMPLES)
def test_the_examples_of_the_rfc_are_read(data: bytes, text: str) -> None:
    assert decode(text) == data


@given(st.binary(max_size=300))
def test_what_is_written_is_read_again(data: bytes) -> None:
    assert decode(encode(data)) == data


@given(st.text(st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"), max_size=30))
def test_no_two_texts_stand_for_the_same_bytes(text: str) -> None:
    try:
        data = decode(text)
    except Base45Error:
        return
    assert encode(data) == text


@pytest.mark.parametrize("data", [b"\xff\xff", b"\xff", b"\0\0", b"\0", b"\xff\xff\xff"])
def test_the_smallest_and_largest_values_are_read_again(data: bytes) -> None:
    assert decode(encode(data)) == data


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0", "length"),
        ("BB80", "length"),
        ("GGW", "value"),
        (":::", "value"),
        ("U5", None),
        ("V5", "value"),
        ("::", "value"),
        ("bb8", "character"),
        ("BB8\n", "length"),
        ("B\n8", "character"),
        ("BÄ8", "character"),
        ("٣٣٣", "character"),
    ],
)
def test_a_wrong_length_value_or_character_is_refused(text: str, reason: str | None) -> None:
    if reason is None:
        assert decode(text) == b"\xff"
        return
    with pytest.raises(Base45Error, match=reason):
        decode(text)


def test_the_largest_pair_is_read_and_the_next_value_is_refused() -> None:
    assert decode("FGW") == b"\xff\xff"
    with pytest.raises(Base45Error, match="value"):
        decode("GGW")
