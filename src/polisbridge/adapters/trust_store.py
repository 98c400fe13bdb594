"""Folders of static files, and the TUF client with its memory on disk.

The client is python-tuf's. Its memory (root history, timestamp, snapshot, roles) lies in `tuf/` of the kit and
only ever goes forward, also when a fetch fails half way: that is what stops rollback after a restart.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

from tuf.api.exceptions import (
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp
from tuf.ngclient import Updater, UpdaterConfig, Urllib3Fetcher
from tuf.ngclient.fetcher import FetcherInterface

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.trust import TrustReason
from polisbridge.services.trust.ports import Fetched
from polisbridge.services.trust.repository import parse, state_of
from polisbridge.services.trust.stage import SHARED_FILES, STATE_FILES

_LIMITS = UpdaterConfig(
    max_root_rotations=64,
    max_delegations=4,
    root_max_length=100_000,
    timestamp_max_length=10_000,
    snapshot_max_length=200_000,
    targets_max_length=500_000,
)
_NOT_FOUND = 404
MAX_FILE = 4_000_000  # bytes of one target file
_CHUNK = 65_536
_ASK = "ask whoever runs the repository"


class FolderTree:
    """Files below one folder (`services.trust.ports.FileTree`)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self, prefix: str = "") -> tuple[str, ...]:
        """Return the paths of all files that begin with the prefix, sorted."""
        start = self.folder / prefix.rpartition("/")[0]
        found = (path.relative_to(self.folder).as_posix() for path in start.rglob("*") if path.is_file())
        return tuple(sorted(name for name in found if name.startswith(prefix) and not name.endswith(".part")))

    def read(self, name: str) -> bytes | None:
        """Return the bytes of a file, None when there is none."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None

    def write(self, name: str, data: bytes) -> None:
        """Write a file whole or not at all: beside its place first, then moved there."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{os.getpid()}.part")
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def delete(self, name: str) -> None:
        """Delete a file; none is no fault."""
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return _inside(self.folder, name)


def _inside(folder: Path, name: str) -> Path:
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "a path that leads out of the folder")
    return folder.joinpath(*parts)


class FolderFetcher(FetcherInterface):
    """Reads a repository from a folder, such as a USB stick, as if it were a web server."""

    def __init__(self, folder: Path) -> None:
        self.base = f"{folder.as_posix()}/"
        self.folder = folder

    def _fetch(self, url: str) -> Iterator[bytes]:
        path = _inside(self.folder, url.removeprefix(self.base))
        if not path.is_file():
            raise DownloadHTTPError(f"no file {path.name}", _NOT_FOUND)
        return self._chunks(path)

    @staticmethod
    def _chunks(path: Path) -> Iterator[bytes]:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                yield chunk


def fetched(source: str, location: str, limit: int) -> bytes | None:
    """Return the bytes at a location: an address of its own, or a path below the source. None when they cannot be had."""
    web = ("https://", "http://")
    try:
        if location.startswith(web):
            return Urllib3Fetcher().download_bytes(location, limit)
        if source.startswith(web):
            return Urllib3Fetcher().download_bytes(f"{source.rstrip('/')}/{location}", limit)
        folder = FolderFetcher(Path(source).absolute())
        return folder.download_bytes(f"{folder.base}{location}", limit)
    except (DownloadError, OSError, PolisbridgeError):
        return None


class _Client(Updater):
    """The updater at a given instant instead of the machine's own."""

    def at(self, now: datetime) -> "_Client":
        self._trusted_set.reference_time = now
        return self


class DiskClient:
    """The client workflow with its memory in a kit's folder (`services.trust.ports.TufClient`)."""

    def __init__(self, kit: Path) -> None:
        self.memory, self.targets = kit / "tuf", kit / "tuf-targets"

    def fetch(self, source: str, anchor: bytes, now: datetime) -> Fetched:
        """Return the repository's verified content. Raises PolisbridgeError when it cannot be verified."""
        for folder in (self.memory, self.targets):
            folder.mkdir(parents=True, exist_ok=True)
        try:
            client = self._client(source, anchor).at(now)
            client.refresh()
            return self._fetched(client)
        except DownloadLengthMismatchError as exc:
            raise PolisbridgeError(ErrorCode.TRUST_REFUSED, _detail(exc), hint=_ASK) from exc
        except DownloadError as exc:
            raise PolisbridgeError(
                ErrorCode.NOT_FOUND, f"not fetched: {type(exc).__name__}", hint="check the address, folder or network"
            ) from exc
        except OSError as exc:
            raise PolisbridgeError(ErrorCode.NOT_READABLE, f"the kit: {exc.strerror}", hint="check the disk") from exc
        except (RepositoryError, ValueError) as exc:
            raise PolisbridgeError(ErrorCode.TRUST_REFUSED, _detail(exc), hint=_ASK) from exc

    def _client(self, source: str, anchor: bytes) -> _Client:
        web = source.startswith(("https://", "http://"))
        fetcher = None if web else FolderFetcher(Path(source).absolute())
        base = source.rstrip("/") if web else Path(source).absolute().as_posix()
        return _Client(
            str(self.memory),
            f"{base}/metadata/",
            str(self.targets),
            f"{base}/targets/",
            fetcher,
            _LIMITS,
            bootstrap=anchor,
        )

    def _fetched(self, client: _Client) -> Fetched:
        roles = {role: self._verified(role) for role in (Root.type, Timestamp.type, Snapshot.type, Targets.type)}
        files: dict[str, bytes] = {}
        faults: dict[str, TrustReason] = {}
        for path in SHARED_FILES:
            self._take(client, path, files)
        delegations = parse(roles[Targets.type], Targets).signed.delegations
        for role in sorted((delegations.roles or {}) if delegations else ()):
            try:
                own: dict[str, bytes] = {}
                for name in STATE_FILES:
                    self._take(client, f"{state_of(role)}/{name}", own)
                roles[role] = self._verified(role)
                files |= own
            except (DownloadError, RepositoryError, ValueError, OSError) as exc:
                faults[state_of(role)] = _reason(exc)
        return Fetched(roles, files, faults)

    def _take(self, client: _Client, path: str, files: dict[str, bytes]) -> None:
        info = client.get_targetinfo(path)
        if info is not None and info.length > MAX_FILE:
            raise LengthOrHashMismatchError(f"a file of {info.length} bytes, at most {MAX_FILE} are taken")
        if info is not None:
            found = client.find_cached_target(info) or client.download_target(info)
            files[path] = Path(found).read_bytes()

    def _verified(self, role: str) -> bytes:
        """Return metadata that the client has just verified and remembered."""
        return (self.memory / f"{role}.json").read_bytes()


def _reason(exc: Exception) -> TrustReason:
    match exc:
        case ExpiredMetadataError():
            return TrustReason.STATE_EXPIRED
        case UnsignedMetadataError():
            return TrustReason.STATE_NOT_SIGNED
        case LengthOrHashMismatchError() | DownloadLengthMismatchError():
            return TrustReason.STATE_FILE_TAMPERED
        case DownloadError():
            return TrustReason.STATE_NOT_FETCHED
        case RepositoryError() if "not part of snapshot" in str(exc):
            return TrustReason.STATE_NOT_PUBLISHED
    return TrustReason.STATE_NOT_SIGNED


def _detail(exc: Exception) -> str:
    return f"{type(exc).__name__}: {exc}"
