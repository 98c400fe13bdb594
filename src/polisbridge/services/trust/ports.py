"""What the trust services need of the world."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias

from polisbridge.core.signing import Signer as CoreSigner
from polisbridge.core.signing import TokenKey
from polisbridge.core.trust import TrustReason
from polisbridge.services.status import Journal

if TYPE_CHECKING:  # a heavy package, wanted only where keys are at work
    from securesystemslib.signer import Signer, SSlibKey


KeyPlace: TypeAlias = Path | TokenKey  # a private key file, or a key in hardware


class FileTree(Protocol):
    """Files below one folder, by their path with slashes. Writing is whole or not at all."""

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the paths of all files that begin with the prefix, sorted."""

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, None when there is none."""

    def write(self, name: str, data: bytes) -> None:
        """Write a file, its folders made."""

    def delete(self, name: str) -> None:
        """Delete a file; none is no fault."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a TUF client verified: metadata by role, target files by path, and states that failed, with why."""

    metadata: Mapping[str, bytes]
    targets: Mapping[str, bytes]
    faults: Mapping[str, TrustReason] = field(default_factory=dict)


class TufClient(Protocol):
    """The client workflow of the TUF specification, section 5, its memory kept on disk."""

    def fetch(self, source: str, anchor: bytes, now: datetime) -> Fetched:
        """Return the repository's current, verified content. `source` is a folder or an http(s) address.

        Raises PolisbridgeError when the repository as a whole cannot be verified.
        """


@dataclass(frozen=True, slots=True)
class PassphraseSource:
    """Where a passphrase comes from: a file, a file descriptor, or, when neither is given, a prompt.

    `none` says that the key file is to be unencrypted: for tests and machines that protect it otherwise.
    `pin` says that it is the PIN of a token.
    """

    file: Path | None = None
    descriptor: int | None = None
    none: bool = False
    pin: bool = False


class TrustWorld(Protocol):
    """Folders, keys, the clock and the client."""

    def now(self) -> datetime:
        """Return the instant, UTC."""

    def tree(self, folder: Path) -> FileTree:
        """Return the files of a folder."""

    def client(self, kit: Path) -> TufClient:
        """Return the client whose memory lies in the kit's folder."""

    def alone(self, kit: Path, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Hold a kit alone, so that two syncs never mix; `waiting` is called when another holds it."""

    def passphrase(self, source: PassphraseSource, *, new: bool = False) -> bytes | None:
        """Return the passphrase; asked twice for a new key."""

    def make_key(self, place: KeyPlace, secret: bytes | None) -> "SSlibKey":
        """Make a P-256 key: the private file, and beside it the public one (`.pub`); or in a token, and no file.

        Returns the public key.
        """

    def signer(self, place: KeyPlace, secret: bytes | None) -> AbstractContextManager[CoreSigner]:
        """Open a private key, for certificates and status lists. The secret is its passphrase or the token's PIN."""

    def journal(self, path: Path, *, new: bool) -> Journal:
        """Return the journal of a status register, in a file that need not exist yet when it may be `new`."""

    def fetch(self, source: str, location: str, limit: int) -> bytes | None:
        """Return at most `limit` bytes at a path in the source or at an address; None when they cannot be had."""

    def tuf_signer(self, place: KeyPlace, secret: bytes | None) -> "AbstractContextManager[Signer]":
        """Open a private key, for the trust repository."""

    def public_key(self, path: Path) -> "SSlibKey":
        """Return the key of a public key file (PEM)."""
