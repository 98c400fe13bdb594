"""One sync into a kit at a time: a lock on the file `lock` in the kit, let go of when its holder ends, however it ends."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from polisbridge.core.errors import ErrorCode, PolisbridgeError

NAME = "lock"


@contextmanager
def held_alone(kit: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the kit alone; the folder is made when it is missing.

    While another holds it, `waiting` is called once and then waited for as long as it takes. Raises
    PolisbridgeError when the folder cannot be locked.
    """
    try:
        kit.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kit / NAME, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as exc:
        raise _not_lockable(kit, exc) from exc
    try:
        _lock(kit, descriptor, waiting)
        yield
    finally:
        os.close(descriptor)


def _lock(kit: Path, descriptor: int, waiting: Callable[[], None]) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        waiting()
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as exc:
        raise _not_lockable(kit, exc) from exc


def _not_lockable(kit: Path, exc: OSError) -> PolisbridgeError:
    return PolisbridgeError(
        ErrorCode.NOT_READABLE, f"{kit}: {exc.strerror}", hint="check what it is, and its permissions"
    )
