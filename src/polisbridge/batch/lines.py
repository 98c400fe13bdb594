"""Lines of text files of any size: UTF-8 only, none longer than a bound, each with its number."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError

MAX_LINE = 1_000_000  # bytes; a row of the layout needs a few thousand
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its number from 1; `text` is None when it is longer than the bound."""

    number: int
    text: str | None


def read_lines(path: Path, told: "Told") -> Iterator[Line]:
    """Yield the lines of a file, the byte order mark left out.

    Raises PolisbridgeError when it cannot be read, InputFaults when it is not UTF-8 text.
    """
    try:
        with path.open("rb") as file:
            told.size = path.stat().st_size
            yield from _lines(file, path, told)
    except FileNotFoundError as exc:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no file {path}", hint="check the name") from exc
    except OSError as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_READABLE, f"{path}: {exc.strerror}", hint="check what it is, and its permissions"
        ) from exc


@dataclass
class Told:
    """How far reading is, in bytes, and the hash of what was read."""

    done: int = 0
    size: int = 0
    digest: Any = field(default_factory=sha256)

    def read(self, octets: bytes) -> None:
        """Note bytes that were read."""
        self.done += len(octets)
        self.digest.update(octets)


def _lines(file: BinaryIO, path: Path, told: Told) -> Iterator[Line]:
    number = 0
    while raw := file.readline(MAX_LINE + 1):
        number += 1
        told.read(raw)
        if len(raw) > MAX_LINE and not raw.endswith(b"\n"):
            _skip(file, told)
            yield Line(number, None)
            continue
        yield Line(number, _decoded(raw.removeprefix(_BOM) if number == 1 else raw, path, number))


def _skip(file: BinaryIO, told: Told) -> None:
    """Read on to the end of the line."""
    while raw := file.readline(MAX_LINE):
        told.read(raw)
        if raw.endswith(b"\n"):
            return


def _decoded(raw: bytes, path: Path, number: int) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError as exc:
        fault = Fault(
            str(path), number, "(whole file)", FaultCode.SYNTAX, "not UTF-8", "UTF-8 text; save the file as UTF-8"
        )
        raise InputFaults([fault]) from exc
