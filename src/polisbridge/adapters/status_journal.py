"""The journal of a status register as a file: held alone by a lock, only ever added to, synced to disk.

A line that a crash cut short is taken off before the next one is added; it was never confirmed to anybody.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from polisbridge.core.errors import ErrorCode, PolisbridgeError


class FileJournal:
    """The lines of one file, which need not exist yet when it may be `new`.

    Others cannot read it: it tells who did what.
    """

    def __init__(self, path: Path, *, new: bool) -> None:
        self._path, self._new = path, new

    @contextmanager
    def hold(self) -> Iterator["HeldFile"]:
        """Hold the file alone; waits for whoever holds it. Raises PolisbridgeError when it should be there and is not."""
        try:
            made = os.O_CREAT if self._new else 0
            descriptor = os.open(self._path, os.O_RDWR | os.O_CLOEXEC | made, 0o600)
        except OSError as exc:
            if isinstance(exc, FileNotFoundError) and not self._new:
                detail = f"no register {self._path}"
                raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint="check the name and its folder") from exc
            raise _unreadable(self._path, exc) from exc
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield HeldFile(self._path, descriptor)
        finally:
            os.close(descriptor)  # which lets go of the lock


class HeldFile:
    """The file while it is held."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path, self._descriptor = path, descriptor
        self._end = self._whole()
        if not self._end:
            _sync_folder(path.parent)  # a file that is new must not be lost with what it promised

    def read(self, offset: int) -> bytes:
        """Return the whole lines from the offset on. Raises PolisbridgeError when the file has lost some."""
        if offset > self._end:
            raise PolisbridgeError(
                ErrorCode.REGISTER_DAMAGED, f"{self._path} is shorter than before", hint="restore it from the last copy"
            )
        parts, at = [], offset
        while at < self._end and (part := os.pread(self._descriptor, self._end - at, at)):
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def append(self, lines: bytes) -> None:
        """Add lines: all of them, on disk, or none and PolisbridgeError."""
        try:
            os.ftruncate(self._descriptor, self._end)
            at = self._end
            while at < self._end + len(lines):
                at += os.pwrite(self._descriptor, lines[at - self._end :], at)
            os.fsync(self._descriptor)
        except OSError as exc:
            with suppress(OSError):
                os.ftruncate(self._descriptor, self._end)
            raise _unreadable(self._path, exc) from exc
        self._end = at

    def _whole(self) -> int:
        """Return where the last whole line ends, looking from the end of the file."""
        end = os.fstat(self._descriptor).st_size
        while end:
            start = max(0, end - 65_536)
            at = os.pread(self._descriptor, end - start, start).rfind(b"\n")
            if at >= 0:
                return start + at + 1
            end = start
        return 0


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(path: Path, exc: OSError) -> PolisbridgeError:
    return PolisbridgeError(
        ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check the folder, its permissions and its space"
    )
