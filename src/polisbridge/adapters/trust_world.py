"""Folders, keys, clock and TUF client of the machine (`services.trust.ports.TrustWorld`)."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path

from securesystemslib.signer import Signer, SSlibKey

from polisbridge.adapters import trust_keys
from polisbridge.adapters.kit_lock import held_alone
from polisbridge.adapters.status_journal import FileJournal
from polisbridge.adapters.trust_store import DiskClient, FolderTree, fetched
from polisbridge.core.signing import Signer as CoreSigner
from polisbridge.services.trust.ports import KeyPlace, PassphraseSource


class MachineTrust:
    """The real thing."""

    def now(self) -> datetime:
        """Return the instant, UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place where the clock is read

    def tree(self, folder: Path) -> FolderTree:
        """Return the files of a folder."""
        return FolderTree(folder)

    def client(self, kit: Path) -> DiskClient:
        """Return the client whose memory lies in the kit's folder."""
        return DiskClient(kit)

    def alone(self, kit: Path, waiting: Callable[[], None]) -> AbstractContextManager[None]:
        """Hold a kit alone, so that two syncs never mix; `waiting` is called when another holds it."""
        return held_alone(kit, waiting)

    def passphrase(self, source: PassphraseSource, *, new: bool = False) -> bytes | None:
        """Return the passphrase; asked twice for a new key."""
        return trust_keys.passphrase_from(source, new=new)

    def make_key(self, place: KeyPlace, secret: bytes | None) -> SSlibKey:
        """Make a P-256 key and its public file, or a key in a token. Returns the public key."""
        return trust_keys.make_key(place, secret)

    def signer(self, place: KeyPlace, secret: bytes | None) -> AbstractContextManager[CoreSigner]:
        """Open a private key, for certificates and status lists. The secret is its passphrase or the token's PIN."""
        return trust_keys.opened(place, secret)

    def journal(self, path: Path, *, new: bool) -> FileJournal:
        """Return the journal of a status register, in a file that need not exist yet when it may be `new`."""
        return FileJournal(path, new=new)

    def fetch(self, source: str, location: str, limit: int) -> bytes | None:
        """Return at most `limit` bytes at a path in the source or at an address; None when they cannot be had."""
        return fetched(source, location, limit)

    def tuf_signer(self, place: KeyPlace, secret: bytes | None) -> AbstractContextManager[Signer]:
        """Open a private key, for the trust repository."""
        return trust_keys.opened_for_tuf(place, secret)

    def public_key(self, path: Path) -> SSlibKey:
        """Return the key of a public key file (PEM)."""
        return trust_keys.public_key(path)
