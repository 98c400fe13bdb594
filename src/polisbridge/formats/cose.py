"""COSE_Sign1 (RFC 9052) with ES256 and nothing else.

    [ << {1: -7, 4: key id} >>, {}, payload, signature ]

Both header parameters stand in the protected header; the unprotected one is empty. The tag 18 is left out:
the place where a message stands says what it is. The signature is r and s, 32 bytes each.
"""

from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from polisbridge.core.signing import Algorithm, Signer
from polisbridge.formats.cbor import CborError, dumps, loads_few

_ALGORITHM, _KEY_ID = 1, 4
_ALGORITHMS = {-7: Algorithm.ES256}
_SIGNATURE_BYTES = 64
_ES256 = ECDSA(SHA256())


class CoseError(ValueError):
    """Bytes that are not a COSE_Sign1 as this project reads it."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed message taken apart, not yet verified."""

    algorithm: Algorithm
    key_id: bytes
    payload: bytes
    to_be_signed: bytes
    signature: bytes


def sign1(payload: bytes, signer: Signer) -> bytes:
    """Return the payload signed."""
    number = next(key for key, one in _ALGORITHMS.items() if one is signer.algorithm)
    protected = dumps({_ALGORITHM: number, _KEY_ID: signer.key_id})
    signature = signer.sign(to_be_signed(protected, payload))
    return dumps([protected, {}, payload, signature])


def open1(data: bytes, limit: int) -> Envelope:
    """Return the envelope of at most `limit` bytes. Raises CoseError for anything else."""
    try:
        parts = loads_few(data, limit)
        match parts:
            case [bytes() as protected, dict() as unprotected, bytes() as payload, bytes() as signature]:
                algorithm, key_id = _header(protected)
            case _:
                raise CoseError("not a COSE_Sign1")
    except CborError as exc:
        raise CoseError(str(exc)) from exc
    if unprotected or len(signature) != _SIGNATURE_BYTES:
        raise CoseError("an unprotected header, or a signature of another length")
    return Envelope(algorithm, key_id, payload, to_be_signed(protected, payload), signature)


@lru_cache(maxsize=256)  # all certificates of a key have the same; what is refused is not kept
def _header(protected: bytes) -> tuple[Algorithm, bytes]:
    """Return the algorithm and the key id. Raises CborError or CoseError for another header."""
    match loads_few(protected, len(protected)):
        case {1: int() as number, 4: bytes() as key_id, **more} if not more and number in _ALGORITHMS:
            return _ALGORITHMS[number], key_id
    raise CoseError("an algorithm that is not enabled, or another header")


def verified(envelope: Envelope, public_key: bytes) -> bool:
    """Say whether the key (DER SubjectPublicKeyInfo, P-256) made the signature."""
    key = _loaded(public_key)
    if key is None:
        return False
    half = _SIGNATURE_BYTES // 2
    r, s = int.from_bytes(envelope.signature[:half], "big"), int.from_bytes(envelope.signature[half:], "big")
    try:
        key.verify(encode_dss_signature(r, s), envelope.to_be_signed, _ES256)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def _loaded(public_key: bytes) -> EllipticCurvePublicKey | None:
    try:
        key = load_der_public_key(public_key)
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1) else None


def to_be_signed(protected: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure that a signature is over (RFC 9052, section 4.4)."""
    return dumps(["Signature1", protected, b"", payload])
