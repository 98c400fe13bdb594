"""Signing: what a key must be able to do, and what is asked of national signature services.

Keys themselves are in adapters. Every signed thing names its algorithm, and one algorithm is enabled.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

KEY_ID_BYTES = 8


class Algorithm(StrEnum):
    """The algorithms that are enabled."""

    ES256 = "ES256"


class Signer(Protocol):
    """A private key that signs; `key_id` is the first 8 bytes of SHA-256 of its DER SubjectPublicKeyInfo."""

    @property
    def algorithm(self) -> Algorithm:
        """The algorithm of the key."""

    @property
    def key_id(self) -> bytes:
        """The key's short name."""

    @property
    def public_key(self) -> bytes:
        """The DER SubjectPublicKeyInfo."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data: r and s, 32 bytes each."""


@dataclass(frozen=True, slots=True)
class TokenKey:
    """A key in hardware by name: the token's label, the key's label in it, and the vendor's module if it is told."""

    token: str
    label: str
    module: str = ""


def key_id_of(public_key: bytes) -> bytes:
    """Return the short name of a public key (DER SubjectPublicKeyInfo).

    Two keys may share one: whoever looks a key up by it tries all that have it.

    >>> key_id_of(b"").hex()
    'e3b0c44298fc1c14'
    """
    return sha256(public_key).digest()[:KEY_ID_BYTES]


class NationalVerdict(StrEnum):
    """What a national service says of a signature; `undetermined` also when it cannot be asked."""

    VALID = "valid"
    INVALID = "invalid"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True)
class NationalSignature:
    """One checked signature: the verdict, who signed (as the service names them) and when, if it says so."""

    verdict: NationalVerdict
    signer: str = ""
    signed: datetime | None = None


class NationalSignatures(Protocol):
    """A service outside this program that knows GOST R 34.10, STB 34.101.45 or O'z DSt 1092.

    No such algorithm is linked here. A national signature stays on the record at home; the state's gateway has
    it checked there and attests with ES256.
    """

    def verify(self, cms: bytes, data: bytes) -> NationalSignature:
        """Return what the service says of a detached CMS signature over the data."""
