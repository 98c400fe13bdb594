"""Folders of law, read into memory once, with a cache of their parsed form.

The law that ships with the program lies in `law/` at the root of the project, or inside the wheel.
"""

import os
from pathlib import Path

from polisbridge.core.errors import ErrorCode, PolisbridgeError

_PLACES = (Path(__file__).parents[1], Path(__file__).parents[3])  # the package, and the root of the project


def shipped_law() -> Path:
    """Return the folder of the law that came with the program."""
    return _shipped("law")


def shipped_samples() -> Path:
    """Return the folder of the samples that came with the program."""
    return _shipped("samples")


def _shipped(name: str) -> Path:
    found = [place / name for place in _PLACES]
    return next((folder for folder in found if folder.is_dir()), found[0])


def read_folder(folder: Path) -> dict[str, bytes]:
    """Return every YAML file below the folder, by its name relative to it, in order of name."""
    if not folder.is_dir():
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no folder {folder}", hint="name a folder of law files with --law")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}


def read_file(path: Path, limit: int) -> bytes:
    """Return the bytes of a file of at most `limit` bytes."""
    try:
        size = path.stat().st_size
        if size > limit:
            detail = f"{path} has {size} bytes, at most {limit} are read"
            raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="split the file")
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no file {path}", hint="check the name") from exc
    except OSError as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check what it is, and its permissions"
        ) from exc


def write_file(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: beside the place first, then moved there."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as exc:
        beside.unlink(missing_ok=True)
        raise PolisbridgeError(
            ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check the folder, and its permissions"
        ) from exc
