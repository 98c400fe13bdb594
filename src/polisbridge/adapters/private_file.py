"""Files that nobody but their owner may read: written whole and once, refused when others could read them."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path

from polisbridge.core.errors import ErrorCode, PolisbridgeError

_OTHERS = 0o077


def write_private(path: Path, data: bytes) -> None:
    """Write a new file with permissions 0600 in a folder with 0700, whole or not at all.

    The folder is made when it is missing. Raises PolisbridgeError when the file exists, or others can enter the
    folder.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            _refuse_shared(path.parent, os.fstat(folder))
            _write_in(folder, path.name, data)
        finally:
            os.close(folder)
    except FileExistsError as exc:
        raise PolisbridgeError(
            ErrorCode.KEY_EXISTS, str(path), hint="choose another name; keys are never overwritten"
        ) from exc
    except OSError as exc:
        raise _not_readable(path, exc) from exc


def read_private(path: Path, limit: int) -> bytes:
    """Return the bytes of a file of at most `limit` bytes that only its owner can read.

    The owner is whoever runs the program, or root. What is checked is the opened file, not its name.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as exc:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no file {path}", hint="check the name") from exc
    except OSError as exc:
        raise _not_readable(path, exc) from exc
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{path} is not a file", hint="check the name")
        _refuse_shared(path, status)
        data = file.read(limit + 1)
    if len(data) > limit:
        raise PolisbridgeError(ErrorCode.TOO_LARGE, f"{path}: more than {limit} bytes", hint="check the name")
    return data


def _write_in(folder: int, name: str, data: bytes) -> None:
    """Write beside the place, then give it its name, which fails when the name is taken."""
    beside = f".{name}.{secrets.token_hex(8)}.part"
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    finally:
        with suppress(OSError):
            os.unlink(beside, dir_fd=folder)
    os.fsync(folder)


def _refuse_shared(path: Path, status: os.stat_result) -> None:
    if status.st_mode & _OTHERS or status.st_uid not in (0, os.geteuid()):
        wanted = "700" if stat.S_ISDIR(status.st_mode) else "600"
        detail = f"{path} is open to others (permissions {stat.S_IMODE(status.st_mode):04o})"
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, detail, hint=f"chmod {wanted} {path}, and own it")


def _not_readable(path: Path, exc: OSError) -> PolisbridgeError:
    return PolisbridgeError(
        ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check what it is, and its permissions"
    )
