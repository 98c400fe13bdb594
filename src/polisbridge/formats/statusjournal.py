"""The issuer's register of statuses as lines of JSON: the first names the register, each other one transaction.

    {"register": 1, "state": "UZ"}
    {"at": "2026-11-22T10:00:00+05:00", "who": "…", "why": "…", "steps": [{"action": "allocated", "key": …}, …]}

A line is a whole transaction or nothing. Lines are only ever added.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

import msgspec

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Note, Step

VERSION = 1
_LONGEST_TEXT = 500


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    register: int
    state: str


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    at: datetime
    who: str
    why: str
    steps: list[Step]


@dataclass(frozen=True, slots=True)
class Transaction:
    """What happened together, and who did it, when and why."""

    note: Note
    steps: tuple[Step, ...]


_LINES = msgspec.json.Decoder(_Line)
_OMIT = (None, "")


def write_header(state: str) -> bytes:
    """Return the first line of the register of a state's issuer."""
    return msgspec.json.encode(_Header(VERSION, state)) + b"\n"


def write_transaction(transaction: Transaction) -> bytes:
    """Return one line. Raises PolisbridgeError when the note is without a zone, empty or too long."""
    note = transaction.note
    if note.at.tzinfo is None or not note.who or not note.why or max(len(note.who), len(note.why)) > _LONGEST_TEXT:
        raise PolisbridgeError(
            ErrorCode.BAD_INPUT, "a change needs who, why and an instant with its zone", hint="name both"
        )
    steps = [{name: value for name, value in _plain(step) if value not in _OMIT} for step in transaction.steps]
    return msgspec.json.encode({"at": note.at, "who": note.who, "why": note.why, "steps": steps}) + b"\n"


def read_header(line: bytes, state: str) -> None:
    """Raise PolisbridgeError unless the line begins the register of that state."""
    try:
        header = msgspec.json.decode(line, type=_Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise damaged(1) from exc
    if (header.register, header.state) != (VERSION, state):
        detail = f"a register of {header.state}, version {header.register}"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint=f"name the register of {state}")


def read_transactions(data: bytes, first_line: int) -> Iterator[Transaction]:
    """Yield the transactions of whole lines. Raises PolisbridgeError at a line that is none."""
    for number, line in enumerate(data.splitlines(), first_line):
        try:
            raw = _LINES.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as exc:
            raise damaged(number) from exc
        yield Transaction(Note(raw.who, raw.at, raw.why), tuple(raw.steps))


def damaged(line: int) -> PolisbridgeError:
    """Return the error of a register that cannot be read at a line."""
    return PolisbridgeError(
        ErrorCode.REGISTER_DAMAGED, f"line {line} of the status register", hint="restore it from the last copy"
    )


def _plain(step: Step) -> Iterator[tuple[str, object]]:
    return ((one.name, getattr(step, one.name)) for one in fields(step))
