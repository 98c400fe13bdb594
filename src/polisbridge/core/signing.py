"""Signing: what a key must be able to do. Keys themselves are in adapters."""

from enum import StrEnum
from typing import Protocol


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
