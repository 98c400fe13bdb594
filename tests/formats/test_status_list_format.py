"""The bytes of a status list: read again, and every kind of wrong bytes with its fault."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from hypothesis import example, given, settings
from hypothesis import strategies as st

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.status import ENTRIES, LIST_BYTES, ListName, StatusFault, StatusList, Unreadable, packed
from polisbridge.formats.cbor import dumps
from polisbridge.formats.statuslist import MAX_BYTES, TYPE, read_status_list, write_status_list

SIGNER = SoftwareSigner(derive_private_key(7, SECP256R1()))
OTHER = SoftwareSigner(derive_private_key(8, SECP256R1()))
NAME = ListName("UZ", 3)
ISSUED = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
LIST = StatusList(NAME, ISSUED, ISSUED + timedelta(hours=24), timedelta(hours=1), packed({5: 1, 9: 2}), SIGNER.key_id)
CLAIMS: dict[Any, Any] = {
    2: NAME.uri,
    4: 1795420800,
    6: 1795334400,
    65533: {"bits": 2, "lst": zlib.compress(LIST.packed, 9)},
    65534: 3600,
}
HEADER: dict[Any, Any] = {1: -7, 4: SIGNER.key_id, 16: TYPE}


def signed(claims: Any = CLAIMS, header: Any = HEADER, encode: Callable[[Any], bytes] = dumps) -> bytes:
    """Return a token of any claims and header, properly signed."""
    payload, protected = encode(claims), encode(header)
    signature = SIGNER.sign(dumps(["Signature1", protected, b"", payload]))
    return encode([protected, {}, payload, signature])


def fault(data: bytes, name: ListName = NAME) -> StatusFault:
    found = read_status_list(data, name, [SIGNER.public_key])
    assert isinstance(found, Unreadable)
    return found.fault


def with_list(**changes: object) -> dict[Any, Any]:
    return CLAIMS | {65533: CLAIMS[65533] | changes}


def test_a_list_that_was_written_is_read_again() -> None:
    assert read_status_list(write_status_list(LIST, SIGNER), NAME, [OTHER.public_key, SIGNER.public_key]) == LIST


def test_a_list_is_written_as_the_format_says() -> None:
    assert signed() == write_status_list(LIST, SIGNER)


@settings(max_examples=40)
@given(
    st.dictionaries(st.integers(0, ENTRIES - 1), st.integers(0, 2), max_size=50),
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 - the zone is added below
    st.integers(1, 10**8),
    st.integers(1, 366 * 86_400),
)
def test_any_list_is_read_as_it_was_written(values: dict[int, int], at: datetime, life: int, ttl: int) -> None:
    issued = at.replace(microsecond=0, tzinfo=UTC)
    one = replace(
        LIST,
        issued=issued,
        expires=issued + timedelta(seconds=life),
        ttl=timedelta(seconds=ttl),
        packed=packed(values),
    )

    assert one == read_status_list(write_status_list(one, SIGNER), NAME, [SIGNER.public_key])


@pytest.mark.parametrize(
    "wrong",
    [
        replace(LIST, packed=b""),
        replace(LIST, expires=ISSUED),
        replace(LIST, ttl=timedelta()),
        replace(LIST, issued=ISSUED.replace(microsecond=1)),
        replace(LIST, issued=ISSUED.replace(tzinfo=None)),
    ],
)
def test_a_list_of_another_size_or_with_times_out_of_order_is_not_written(wrong: StatusList) -> None:
    with pytest.raises(ValueError, match=r"a list|an instant"):
        write_status_list(wrong, SIGNER)


def test_a_list_of_another_name_is_refused() -> None:
    assert fault(signed(), ListName("UZ", 4)) is StatusFault.OTHER_LIST
    assert fault(signed(), ListName("TJ", 3)) is StatusFault.OTHER_LIST


def test_a_key_that_is_not_trusted_is_unknown() -> None:
    assert fault(write_status_list(LIST, OTHER)) is StatusFault.UNKNOWN_KEY


def test_a_key_that_only_claims_the_name_of_a_trusted_one_has_a_bad_signature() -> None:
    class Impostor(SoftwareSigner):
        @property
        def key_id(self) -> bytes:
            return SIGNER.key_id

    impostor = Impostor(derive_private_key(9, SECP256R1()))

    assert fault(write_status_list(LIST, impostor)) is StatusFault.BAD_SIGNATURE


@pytest.mark.parametrize(
    "header",
    [
        {1: -7, 4: SIGNER.key_id},
        {1: -7, 4: SIGNER.key_id, 16: "application/cwt"},
        {1: -35, 4: SIGNER.key_id, 16: TYPE},
        {1: 5, 4: SIGNER.key_id, 16: TYPE},
        {1: -7, 4: SIGNER.key_id.hex(), 16: TYPE},
        {1: -7, 16: TYPE},
        {True: -7, 4: SIGNER.key_id, 16: TYPE},
        {1: -7, 2: [99], 4: SIGNER.key_id, 16: TYPE},
        [],
        "x",
    ],
)
def test_another_algorithm_type_or_header_is_no_status_list(header: Any) -> None:
    assert fault(signed(header=header)) is StatusFault.NOT_A_STATUS_LIST


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        (with_list(bits=1), StatusFault.WRONG_BITS),
        (with_list(bits=4), StatusFault.WRONG_BITS),
        (with_list(bits=True), StatusFault.WRONG_BITS),
        (with_list(bits="2"), StatusFault.WRONG_BITS),
        (with_list(lst=zlib.compress(b"")), StatusFault.WRONG_SIZE),
        (with_list(lst=zlib.compress(bytes(LIST_BYTES - 1))), StatusFault.WRONG_SIZE),
        (with_list(lst=zlib.compress(bytes(LIST_BYTES + 1))), StatusFault.WRONG_SIZE),
        (with_list(lst=zlib.compress(bytes(200_000_000), 9)), StatusFault.WRONG_SIZE),
        (with_list(lst=b""), StatusFault.WRONG_SIZE),
        (with_list(lst=b"no zlib"), StatusFault.NOT_A_STATUS_LIST),
        (with_list(lst=CLAIMS[65533]["lst"][:-1]), StatusFault.NOT_A_STATUS_LIST),
        (with_list(lst=CLAIMS[65533]["lst"][:-1] + b"\0"), StatusFault.NOT_A_STATUS_LIST),
        (with_list(lst=CLAIMS[65533]["lst"] + b"\0"), StatusFault.NOT_A_STATUS_LIST),
        (with_list(lst="text"), StatusFault.NOT_A_STATUS_LIST),
        (with_list(more=1), StatusFault.NOT_A_STATUS_LIST),
        (CLAIMS | {65533: []}, StatusFault.NOT_A_STATUS_LIST),
        (CLAIMS | {7: b"x"}, StatusFault.NOT_A_STATUS_LIST),
        ({key: value for key, value in CLAIMS.items() if key != 4}, StatusFault.NOT_A_STATUS_LIST),
        ([], StatusFault.NOT_A_STATUS_LIST),
        (None, StatusFault.NOT_A_STATUS_LIST),
        (CLAIMS | {4: CLAIMS[6]}, StatusFault.WRONG_TIMES),
        (CLAIMS | {6: -1}, StatusFault.WRONG_TIMES),
        (CLAIMS | {6: True}, StatusFault.WRONG_TIMES),
        (CLAIMS | {6: "1795334400"}, StatusFault.WRONG_TIMES),
        (CLAIMS | {4: 1 << 63}, StatusFault.WRONG_TIMES),
        (CLAIMS | {65534: 0}, StatusFault.WRONG_TIMES),
        (CLAIMS | {65534: 1 << 40}, StatusFault.WRONG_TIMES),
        (CLAIMS | {2: 3}, StatusFault.OTHER_LIST),
    ],
)
def test_a_properly_signed_list_with_one_thing_wrong_says_what(claims: Any, expected: StatusFault) -> None:
    assert expected is fault(signed(claims))


def shuffled(value: Any) -> bytes:
    return cbor2.dumps(dict(reversed(value.items())) if isinstance(value, dict) else value)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xd2" + signed(),
        signed() + b"\0",
        signed(encode=shuffled),
        b"\x9f" + signed()[1:] + b"\xff",
        dumps([b"", {}, b"", b""]),
        dumps({}),
        b"\x81" * 5000,
        b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x5b\x7f\xff\xff\xff\xff\xff\xff\xff",
    ],
)
def test_bytes_that_are_no_status_list_say_so(data: bytes) -> None:
    assert fault(data) is StatusFault.NOT_A_STATUS_LIST


def test_bytes_beyond_the_limit_are_not_looked_at() -> None:
    assert fault(bytes(MAX_BYTES + 1)) is StatusFault.TOO_LARGE


def test_the_largest_list_fits_the_limit() -> None:
    noise = bytearray(LIST_BYTES)
    state = 1
    for at in range(LIST_BYTES):
        state = state * 6364136223846793005 + 1442695040888963407 & 0xFFFFFFFFFFFFFFFF
        noise[at] = state >> 56
    one = replace(LIST, packed=bytes(noise))

    assert one == read_status_list(write_status_list(one, SIGNER), NAME, [SIGNER.public_key])


@settings(max_examples=1000)
@given(st.binary(max_size=400))
@example(b"\x84\x40\xa0\x40\x58\x40" + bytes(64))
def test_any_bytes_end_in_a_fault(data: bytes) -> None:
    assert fault(data) in StatusFault


@settings(max_examples=1000)
@given(st.data())
def test_a_list_with_any_byte_changed_is_refused(data: st.DataObject) -> None:
    token = bytearray(signed())
    at = data.draw(st.integers(0, len(token) - 1))
    token[at] ^= data.draw(st.integers(1, 255))

    assert fault(bytes(token)) in StatusFault


@settings(max_examples=300)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(1 << 63), (1 << 64) - 1)
        | st.binary(max_size=20)
        | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.integers(0, 70_000) | st.text(max_size=4), inner)
        ),
        max_leaves=12,
    )
)
def test_any_claims_that_are_properly_signed_end_in_a_fault(claims: Any) -> None:
    assert fault(signed(claims)) in StatusFault
