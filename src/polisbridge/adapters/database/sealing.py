"""Personal data sealed field by field (AES-256-GCM), and keyed hashes (HMAC-SHA256) to look them up by.

The keys are files of the node, never in the database: `seal-1.key`, `seal-2.key` … (the last one seals, all open) and
`hash.key`. Sealed bytes: version 1, key id (8), nonce (12), ciphertext with its tag. The use (which field of which
thing) is authenticated, so that bytes moved to another row do not open.
"""

import secrets
from collections.abc import Mapping
from hashlib import sha256
from hmac import digest
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from polisbridge.adapters.private_file import read_private, write_private
from polisbridge.core.errors import ErrorCode, PolisbridgeError

_VERSION = b"\x01"
_ID, _NONCE, _KEY = 8, 12, 32
_HEAD = len(_VERSION) + _ID + _NONCE
_HASH, _FIRST = "hash.key", "seal-1.key"


class KeyRing:
    """The keys of a node, newest last; seals with the newest, opens with all."""

    def __init__(self, sealing: Mapping[str, bytes], hashing: bytes) -> None:
        self._keys = {_key_id(key): AESGCM(key) for key in sealing.values()}
        self.names = {name: _key_id(key).hex() for name, key in sealing.items()}
        self._newest = _key_id(list(sealing.values())[-1])
        self._hashing = hashing

    def seal(self, plain: bytes, use: str) -> bytes:
        """Return the bytes sealed for one use."""
        head = _VERSION + self._newest + secrets.token_bytes(_NONCE)
        return head + self._keys[self._newest].encrypt(head[-_NONCE:], plain, head + use.encode())

    def open(self, sealed: bytes, use: str) -> bytes:
        """Return what was sealed. Raises PolisbridgeError when the key is missing or the bytes were changed."""
        head, key = sealed[:_HEAD], self._keys.get(sealed[1 : 1 + _ID])
        if sealed[:1] != _VERSION or key is None:
            detail = f"sealed with key {sealed[1 : 1 + _ID].hex()}, which is not here"
            raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint="put the node's key files back in their place")
        try:
            return key.decrypt(head[-_NONCE:], sealed[_HEAD:], head + use.encode())
        except InvalidTag as exc:
            raise PolisbridgeError(ErrorCode.NOT_READABLE, f"a sealed field ({use}) was changed") from exc

    def is_newest(self, sealed: bytes) -> bool:
        """Say whether the bytes were sealed with the newest key."""
        return sealed[1 : 1 + _ID] == self._newest

    def hashed(self, text: str, use: str) -> bytes:
        """Return the keyed hash of a text for one use."""
        return digest(self._hashing, f"{use}\0{text}".encode(), "sha256")

    def secret(self, use: str) -> str:
        """Return a secret of the node for one use, the same in all its processes."""
        return digest(self._hashing, f"secret\0{use}".encode(), "sha256").hex()


def make_keys(folder: Path) -> None:
    """Make the first keys of a node in a folder that only its owner can enter; what a crash left out is added.

    Raises PolisbridgeError when they are all there.
    """
    if has_keys(folder):
        raise PolisbridgeError(ErrorCode.KEY_EXISTS, str(folder), hint="keys are never overwritten")
    for file in (folder / _HASH, folder / _FIRST):
        if not file.exists():
            write_private(file, secrets.token_bytes(_KEY))


def has_keys(folder: Path) -> bool:
    """Say whether the folder holds the keys of a node."""
    return (folder / _HASH).exists() and any(folder.glob("seal-*.key"))


def add_key(folder: Path) -> str:
    """Make the next sealing key, which seals from now on; return its name."""
    name = f"seal-{max(map(_number, folder.glob('seal-*.key')), default=0) + 1}.key"
    write_private(folder / name, secrets.token_bytes(_KEY))
    return name


def key_files(folder: Path) -> list[Path]:
    """Return the key files of a node: the hashing key, then the sealing keys, newest last."""
    return [folder / _HASH, *sorted(folder.glob("seal-*.key"), key=_number)]


def read_keys(folder: Path) -> KeyRing:
    """Return the keys of a node. Raises PolisbridgeError when one is missing, or others can read it."""
    hashing, *sealing = [(file.name, _read(file)) for file in key_files(folder)]
    if not sealing:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no sealing key in {folder}", hint="put the key files back")
    return KeyRing(dict(sealing), hashing[1])


def _read(file: Path) -> bytes:
    key = read_private(file, _KEY)
    if len(key) != _KEY:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{file} is no key of a node", hint="put the key file back")
    return key


def _number(file: Path) -> int:
    number = file.stem.removeprefix("seal-")
    return int(number) if number.isdecimal() else 0


def _key_id(key: bytes) -> bytes:
    return sha256(b"polisbridge sealing key\0" + key).digest()[:_ID]
