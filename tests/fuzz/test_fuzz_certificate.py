"""Any text given to the certificate decoder ends in a certificate or in `CertificateError`, and holds no more than came in."""

import random
import tracemalloc
import zlib
from typing import Any

import cbor2
import pytest
from hostile import (
    CERTIFICATES,
    CLAIMS,
    HEADS,
    MOST_BYTES,
    SIGNER,
    TEXTS,
    as_text,
    changed_value,
    claimed,
    enveloped,
    hostile_text,
    nested,
    size_fault,
    zipped,
)
from hypothesis import given, settings
from hypothesis import strategies as some

from polisbridge.formats import base45
from polisbridge.formats.cbor import dumps, loads
from polisbridge.formats.certificate import PREFIX, CertificateError, CertificateFault, NewerFormat, decode
from polisbridge.formats.certificate_numbers import FIELDS, LINE_FIELDS
from polisbridge.formats.cose import open1

PAYLOAD = -65537
MOST_MEMORY = 3_000_000  # bytes, for what is small by every limit

numbers = (
    some.integers(-30, 80)
    | some.integers(1 - (1 << 64), (1 << 64) - 1)
    | some.sampled_from([2_932_896, 2_932_897, -719_162, -719_163, 253_402_300_799, 253_402_300_800])
)
scalars: some.SearchStrategy[Any] = (
    some.none() | some.booleans() | numbers | some.text(max_size=8) | some.binary(max_size=8)
)
scalars = scalars | some.sampled_from([cbor2.undefined])
plain = some.recursive(
    scalars,
    lambda inner: some.lists(inner, max_size=5) | some.dictionaries(some.integers(-2, 80), inner, max_size=5),
    max_leaves=20,
)
odd = plain | some.floats() | some.builds(cbor2.CBORTag, some.integers(0, 70_000), plain)


def outcome(text: str) -> CertificateFault | None:
    """Return the fault, or None for a certificate; whatever else comes out fails the test."""
    opened, fault = None, None
    try:
        opened = decode(text)
    except NewerFormat as exc:
        opened, fault = exc.opened, exc.fault
    except CertificateError as exc:
        fault = exc.fault
    assert opened is None or size_fault(opened) == ""
    return fault


def peak_of(text: str) -> int:
    """Return how many bytes the interpreter held at most while the text was decoded."""
    outcome(text)  # what is loaded once does not count
    tracemalloc.start()
    outcome(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("number", range(len(TEXTS)))
def test_the_samples_are_certificates(number: int) -> None:
    assert decode(TEXTS[number]).certificate == CERTIFICATES[number]


@settings(max_examples=1000)
@given(some.text() | some.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").map(PREFIX.__add__))
def test_any_text_ends_in_a_fault(text: str) -> None:
    assert outcome(text) is not None


@settings(max_examples=1000)
@given(some.characters(codec=None, categories=["Cs", "Cn", "Nd", "Lu"]), some.integers(4, len(TEXTS[0]) - 1))
def test_any_character_anywhere_ends_in_a_fault_or_a_certificate(character: str, at: int) -> None:
    outcome(TEXTS[0][:at] + character + TEXTS[0][at + 1 :])


@settings(max_examples=500)
@given(some.binary())
def test_any_bytes_in_base45_end_in_a_fault(body: bytes) -> None:
    assert outcome(as_text(body)) is not None


@settings(max_examples=500)
@given(some.binary())
def test_any_bytes_in_zlib_end_in_a_fault(content: bytes) -> None:
    assert outcome(zipped(content)) is CertificateFault.NOT_COSE


@settings(max_examples=500)
@given(some.lists(odd, max_size=6) | odd)
def test_any_value_in_place_of_cose_ends_in_a_fault(content: Any) -> None:
    assert outcome(zipped(cbor2.dumps(content))) is CertificateFault.NOT_COSE


@settings(max_examples=500)
@given(some.binary(max_size=40) | odd.map(cbor2.dumps), odd, some.binary(max_size=80), some.binary(max_size=70))
def test_any_cose_parts_end_in_a_fault(protected: bytes, unprotected: Any, payload: bytes, signature: bytes) -> None:
    parts = [protected, unprotected, payload, signature]
    assert outcome(zipped(cbor2.dumps(parts, canonical=True))) is not None


@settings(max_examples=500)
@given(odd)
def test_any_header_ends_in_a_fault_or_a_certificate(header: Any) -> None:
    parts = [cbor2.dumps(header, canonical=True), {}, dumps(CLAIMS[0]), bytes(64)]
    assert outcome(zipped(dumps(parts))) in {None, CertificateFault.NOT_COSE}


@settings(max_examples=500)
@given(some.lists(some.sampled_from(HEADS) | some.binary(max_size=4), max_size=30).map(b"".join))
def test_any_bytes_as_claims_end_in_a_fault(payload: bytes) -> None:
    assert outcome(enveloped(payload)) in {CertificateFault.NOT_CBOR, CertificateFault.NOT_A_CERTIFICATE}


@settings(max_examples=500)
@given(odd)
def test_any_value_as_claims_ends_in_a_fault(claims: Any) -> None:
    payload = cbor2.dumps(claims, canonical=True)
    assert outcome(enveloped(payload)) in {CertificateFault.NOT_CBOR, CertificateFault.NOT_A_CERTIFICATE}


@settings(max_examples=1000)
@given(some.sampled_from(CLAIMS), some.integers(-2, 14), plain)
def test_any_value_for_one_part_ends_in_a_fault_or_a_certificate(claims: dict[Any, Any], key: int, value: Any) -> None:
    assert outcome(claimed({**claims, PAYLOAD: {**claims[PAYLOAD], key: value}})) in {
        None,
        CertificateFault.NOT_A_CERTIFICATE,
        CertificateFault.NEWER_FORMAT,
    }


@settings(max_examples=1000)
@given(some.sampled_from([4, 6, 1, PAYLOAD]), numbers | plain)
def test_any_value_for_one_claim_ends_in_a_fault_or_a_certificate(key: int, value: Any) -> None:
    assert outcome(claimed({**CLAIMS[0], key: value})) in {
        None,
        CertificateFault.NOT_A_CERTIFICATE,
        CertificateFault.NOT_CBOR,  # deeper, with the claims around it, than is read
    }


@settings(max_examples=300)
@given(some.dictionaries(some.sampled_from([*FIELDS, 0, 73]), plain, max_size=12))
def test_any_values_of_facts_end_in_a_fault_or_a_certificate(facts: dict[int, Any]) -> None:
    outcome(claimed({**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], 7: facts}}))


@settings(max_examples=150)
@given(some.lists(some.dictionaries(some.sampled_from([*LINE_FIELDS, 16]), plain, max_size=8), max_size=8))
def test_any_values_of_benefit_lines_end_in_a_fault_or_a_certificate(lines: list[dict[int, Any]]) -> None:
    outcome(claimed({**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], 8: lines}}))


def test_every_bit_of_a_certificate_turned_ends_in_a_fault_or_a_certificate() -> None:
    body = base45.decode(TEXTS[1].removeprefix(PREFIX))
    content = zlib.decompress(body)
    payload = open1(content, MOST_BYTES).payload
    for data, wrapped in ((body, as_text), (content, zipped), (payload, enveloped)):
        for at in range(len(data) * 8):
            turned = bytearray(data)
            turned[at // 8] ^= 1 << at % 8
            outcome(wrapped(bytes(turned)))


def test_every_beginning_of_a_certificate_ends_in_a_fault() -> None:
    assert all(outcome(TEXTS[1][:length]) is not None for length in range(len(TEXTS[1])))


def test_every_part_of_a_certificate_left_out_ends_in_a_fault_or_a_certificate() -> None:
    for claims in CLAIMS:
        for key in claims:
            assert outcome(claimed({one: claims[one] for one in claims if one != key})) is not None
        for key in claims[PAYLOAD]:
            left = {one: claims[PAYLOAD][one] for one in claims[PAYLOAD] if one != key}
            outcome(claimed({**claims, PAYLOAD: left}))


@pytest.mark.parametrize("seed", range(20))
def test_changes_at_every_layer_end_in_a_fault_or_a_certificate(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    for _ in range(1000):
        outcome(hostile_text(draw))


@settings(max_examples=500)
@given(some.sampled_from(CLAIMS), some.randoms(use_true_random=False))
def test_a_value_that_was_changed_is_read_as_deterministic_cbor_or_not_at_all(
    claims: dict[Any, Any], draw: random.Random
) -> None:
    text = claimed(changed_value(claims, draw))
    if outcome(text) is None:
        payload = decode(text).envelope.payload
        assert dumps(loads(payload, MOST_BYTES)) == payload


# Bombs -------------------------------------------------------------------------------------------

ZEROS = zlib.compress(bytes(100_000_000), 9)
LAYERED = zlib.compress(ZEROS, 9)
BOMBS = {
    "100 MB of zeros": as_text(ZEROS),
    "100 MB of zeros, twice packed": as_text(LAYERED),
    "100 MB of zeros, the beginning": as_text(ZEROS)[:4000],
    "just more than is unpacked": zipped(bytes(MOST_BYTES + 1)),
    "a text of ten million characters": PREFIX + "0" * 10_000_000,
    "no prefix and ten million characters": "0" * 10_000_000,
    "lists 10000 deep": zipped(b"\x81" * 10_000 + b"\x80"),
    "claims in lists 3800 deep": enveloped(b"\x81" * 3_800 + b"\x80"),
    "claims in maps 1900 deep": enveloped(b"\xa1\x00" * 1_900 + b"\x80"),
    "claims in tags 3800 deep": enveloped(b"\xc6" * 3_800 + b"\x80"),
    "lists without end, 3800 deep": enveloped(b"\x9f" * 3_800),
    "a list of 2^32 items": enveloped(b"\x9a\xff\xff\xff\xff"),
    "a list of 2^64 items": enveloped(b"\x9b" + b"\xff" * 8),
    "a list of 2^31 items in a list of 2^31 items": enveloped(b"\x9a\x7f\xff\xff\xff" * 9),
    "a map of 2^32 pairs": enveloped(b"\xba\xff\xff\xff\xff"),
    "a map of 2^64 pairs": enveloped(b"\xbb" + b"\xff" * 8),
    "a text of 2^31 bytes": enveloped(b"\x7a\x7f\xff\xff\xff"),
    "bytes of 2^63 length": enveloped(b"\x5b\x7f" + b"\xff" * 7),
    "a number of 3700 bytes": enveloped(b"\xc2\x59\x0e\x74" + b"\xff" * 3_700),
    "a decimal with an exponent of 2^63": enveloped(b"\xc4\x82\x1b\x7f" + b"\xff" * 7 + b"\x01"),
    "a regular expression": enveloped(b"\xd8\x23\x6a(a+)+(b+)+"),
    "shared references in circles": enveloped(b"\xd8\x1c\x81\xd8\x1d\x00"),
    "string references": enveloped(b"\xd9\x01\x00\x82\x64aaaa\xd8\x19\x00"),
    "the same key twice": enveloped(b"\xa2\x01\x00\x01\x00"),
    "the same key a thousand times": enveloped(b"\xb9\x03\xe8" + b"\x01\x00" * 1_000),
    "the same key in two lengths": enveloped(b"\xa2\x01\x00\x18\x01\x00"),
    "the same key as number and float": enveloped(b"\xa2\x01\x00\xf9\x3c\x00\x00"),
    "the same key as number and truth": enveloped(b"\xa2\x01\x00\xf5\x00"),
    "a map without end": enveloped(b"\xbf\x01\x00\xff"),
    "a text in pieces": enveloped(b"\x7f\x61a\x61b\xff"),
    "a break alone": enveloped(b"\xff"),
    "two thousand benefit lines": claimed({**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], 8: [{}] * 2_000}}),
    "two thousand persons": claimed({**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], 9: [1, *[["", 0]] * 1_000]}}),
    "the holder's place at 2^63": claimed({**CLAIMS[1], PAYLOAD: {**CLAIMS[1][PAYLOAD], 9: [1 << 63]}}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_little_memory(name: str) -> None:
    assert peak_of(BOMBS[name]) < MOST_MEMORY


@pytest.mark.parametrize("name", [name for name in BOMBS if not name.startswith(("two thousand", "the holder"))])
def test_a_bomb_ends_in_a_fault(name: str) -> None:
    assert outcome(BOMBS[name]) is not None


@pytest.mark.parametrize(
    "tag", [0, 1, 2, 3, 4, 5, 18, 24, 25, 28, 29, 30, 35, 36, 37, 61, 64, 100, 256, 258, 260, 55799, 1 << 40]
)
def test_a_value_with_any_tag_is_refused(tag: int) -> None:
    parts: list[Any] = [0, b"", "", [], [1, 2], {}]
    for inside in parts:
        assert outcome(claimed(cbor2.CBORTag(tag, inside))) is CertificateFault.NOT_CBOR


@pytest.mark.parametrize("depth", [9, 10, 11, 500])
def test_facts_nested_deep_end_in_a_fault(depth: int) -> None:
    claims = {**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], 7: {35: nested(depth)}}}
    assert outcome(claimed(claims)) in {CertificateFault.NOT_CBOR, CertificateFault.NOT_A_CERTIFICATE}


@pytest.mark.parametrize("day", [2_932_897, -719_163, 1 << 53, (1 << 64) - 1, -(1 << 63)])
@pytest.mark.parametrize("part", [{7: {20: "day"}}, {4: ["day", 0]}, {4: [0, "day"]}])
def test_a_day_outside_the_calendar_is_refused(part: dict[int, Any], day: int) -> None:
    key, value = next(iter(part.items()))
    told = {20: day} if isinstance(value, dict) else [day if one == "day" else one for one in value]
    claims = {**CLAIMS[0], PAYLOAD: {**CLAIMS[0][PAYLOAD], key: told}}
    assert outcome(claimed(claims)) is CertificateFault.NOT_A_CERTIFICATE


def test_the_signer_of_the_samples_has_the_key_that_they_name() -> None:
    assert {decode(text).envelope.key_id for text in TEXTS} == {SIGNER.key_id}
