"""COSE_Sign1: a message is one signer's, and each other form is refused."""

import random
from dataclasses import replace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, SECP384R1, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.core.signing import Algorithm
from polisbridge.formats.cbor import dumps, loads
from polisbridge.formats.cose import CoseError, open1, sign1, verified

LIMIT = 1000
SIGNER = SoftwareSigner(derive_private_key(11, SECP256R1()))
OTHER = SoftwareSigner(derive_private_key(12, SECP256R1()))
PAYLOAD = b"payload"
MESSAGE = sign1(PAYLOAD, SIGNER)
# Known answer: RFC 9052 Appendix C.2.1 (the key of its Appendix C.7.1, kid "11").
_X = "bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"
_D = 0x57C92077664146E876760C9520D054AA93C3AFB04E306705DB6090308507B4D3
_SIGNATURE = (
    "8eb33e4ca31d1c465ab05aac34cc6b23d58fef5c083106c4d25a91aef0b0117e"
    "2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
)


def made(**parts: Any) -> bytes:
    """Return the message with some of its parts made another way."""
    protected, unprotected, payload, signature = loads(MESSAGE, LIMIT)
    own = {"protected": protected, "unprotected": unprotected, "payload": payload, "signature": signature}
    return dumps(list((own | parts).values()))


def with_header(header: object) -> bytes:
    return made(protected=dumps(header))


def test_a_message_is_opened_to_what_was_signed() -> None:
    envelope = open1(MESSAGE, LIMIT)

    assert (envelope.algorithm, envelope.key_id, envelope.payload) == (Algorithm.ES256, SIGNER.key_id, PAYLOAD)
    assert verified(envelope, SIGNER.public_key)


def test_the_message_has_the_form_that_is_published() -> None:
    header = b"\xa2\x01\x26\x04\x48" + SIGNER.key_id
    assert MESSAGE[:-64] == b"\x84\x4d" + header + b"\xa0\x47" + PAYLOAD + b"\x58\x40"
    signed = b"\x84\x6aSignature1\x4d" + header + b"\x40\x47" + PAYLOAD
    assert open1(MESSAGE, LIMIT).to_be_signed == signed


def test_the_signature_of_the_rfc_is_verified() -> None:
    key = derive_private_key(_D, SECP256R1()).public_key()
    assert key.public_numbers().x == int(_X, 16)
    signed = dumps(["Signature1", bytes.fromhex("a10126"), b"", b"This is the content."])
    envelope = replace(open1(MESSAGE, LIMIT), to_be_signed=signed, signature=bytes.fromhex(_SIGNATURE))

    assert verified(envelope, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def test_the_same_payload_is_signed_the_same_every_time() -> None:
    assert sign1(PAYLOAD, SIGNER) == MESSAGE


def test_another_key_did_not_sign() -> None:
    assert not verified(open1(MESSAGE, LIMIT), OTHER.public_key)


def test_one_changed_bit_anywhere_is_refused_or_not_verified() -> None:
    for at in random.Random(1).sample(range(len(MESSAGE) * 8), 200):  # noqa: S311 - not a secret
        changed = bytearray(MESSAGE)
        changed[at // 8] ^= 1 << at % 8
        try:
            envelope = open1(bytes(changed), LIMIT)
        except CoseError:
            continue
        assert not verified(envelope, SIGNER.public_key), at


@pytest.mark.parametrize("signature", [bytes(64), b"\xff" * 64, bytes(32) + b"\1" * 32, b"\1" * 32 + bytes(32)])
def test_numbers_that_are_no_signature_do_not_verify(signature: bytes) -> None:
    assert not verified(open1(made(signature=signature), LIMIT), SIGNER.public_key)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no key",
        derive_private_key(1, SECP384R1()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        Ed25519PrivateKey.from_private_bytes(bytes(32))
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
    ],
    ids=["empty", "no key", "P-384", "Ed25519"],
)
def test_a_key_of_another_kind_verifies_nothing(key: bytes) -> None:
    assert not verified(open1(MESSAGE, LIMIT), key)


@pytest.mark.parametrize(
    "header",
    [
        {},
        {1: -7},
        {4: SIGNER.key_id},
        {1: -35, 4: SIGNER.key_id},
        {1: -8, 4: SIGNER.key_id},
        {1: 5, 4: SIGNER.key_id},
        {1: "ES256", 4: SIGNER.key_id},
        {1: -7, 4: "11"},
        {1: -7, 4: SIGNER.key_id, 2: [1]},
        {1: -7, "4": SIGNER.key_id},
        [1, -7, 4, SIGNER.key_id],
        None,
    ],
    ids=str,
)
def test_another_header_is_refused(header: object) -> None:
    with pytest.raises(CoseError):
        open1(with_header(header), LIMIT)


@pytest.mark.parametrize(
    "parts",
    [
        {"protected": b""},
        {"protected": {1: -7, 4: SIGNER.key_id}},
        {"protected": b"\xa2\x04\x48" + SIGNER.key_id + b"\x01\x26"},
        {"unprotected": {1: -7}},
        {"unprotected": {4: SIGNER.key_id}},
        {"unprotected": []},
        {"payload": None},
        {"payload": "payload"},
        {"signature": b""},
        {"signature": bytes(63)},
        {"signature": bytes(65)},
        {"signature": [bytes(64)]},
        {"more": 0},
    ],
    ids=str,
)
def test_another_form_is_refused(parts: dict[str, object]) -> None:
    with pytest.raises(CoseError):
        open1(made(**parts), LIMIT)


@pytest.mark.parametrize(
    "data",
    [b"", b"\xd2" + MESSAGE, MESSAGE + b"\0", MESSAGE[:-1], b"\x9f" + MESSAGE[1:] + b"\xff", b"\xa0", b"\x80", b"\0"],
    ids=["empty", "tag 18", "more", "cut", "indefinite", "map", "empty list", "number"],
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(CoseError):
        open1(data, LIMIT)


def test_more_bytes_than_the_limit_are_refused() -> None:
    assert open1(MESSAGE, len(MESSAGE))
    with pytest.raises(CoseError):
        open1(MESSAGE, len(MESSAGE) - 1)
