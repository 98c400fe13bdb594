"""Many contracts as YAML or lines of JSON, brought into the same rows as a table (`formats.groupfile`).

    - {contract: A-1, product: family, from: 2026-12-01, to: 2027-11-30, persons: [{role: worker, name: …, born: …}]}

Each entry is a contract with its persons; what is said of the contract holds for all of them.
"""

from collections.abc import Iterator
from typing import Any

from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.formats.groupfile import COLUMNS, MOST_ROWS, TableRow
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.tree import read_tree

_OF_CONTRACT = ("contract", "product", "from", "to")
_OF_PERSON = tuple(one for one in COLUMNS if one not in _OF_CONTRACT)


def read_items(data: bytes) -> list[TableRow]:
    """Return the rows of a file of contracts. Raises InputFaults with every fault of its form."""
    faults = list[Fault]()
    rows = list[TableRow]()
    for line, entry in _entries(data):
        found = _rows(entry, line, faults)
        rows += [TableRow(len(rows) + number, values) for number, values in enumerate(found, 1)]
    if faults:
        raise InputFaults(faults)
    if len(rows) > MOST_ROWS:
        raise PolisbridgeError(ErrorCode.TOO_LARGE, f"{len(rows)} persons, at most {MOST_ROWS}", hint="several files")
    if not rows:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "no contracts", hint="begin with the template")
    return rows


def _entries(data: bytes) -> Iterator[tuple[int, Any]]:
    """Yield the contracts, each with the line or place that it stands at."""
    text = data.removeprefix(b"\xef\xbb\xbf")
    if text.lstrip().startswith(b"{"):
        for number, line in enumerate(text.split(b"\n"), 1):
            if line.strip():
                yield number, read_json(line, "file").tree
        return
    tree: Any = read_json(text, "file").tree if text.lstrip().startswith(b"[") else read_tree(text, "file").tree
    yield from enumerate(tree if isinstance(tree, list) else [tree], 1)


def _rows(entry: Any, line: int, faults: list[Fault]) -> list[dict[str, str]]:
    if not isinstance(entry, dict):
        faults.append(_fault(line, "", entry, "a contract with its persons"))
        return []
    persons = entry.get("persons", [])
    if not isinstance(persons, list) or not persons:
        faults.append(_fault(line, "persons", persons, "a list of persons"))
        return []
    faults += [
        _fault(line, key, key, f"one of {', '.join(_OF_CONTRACT)}, persons")
        for key in entry
        if key not in (*_OF_CONTRACT, "persons")
    ]
    common = {key: _text(entry.get(key, ""), line, key, faults) for key in _OF_CONTRACT}
    found = []
    for number, person in enumerate(persons):
        place = f"persons.{number}"
        if not isinstance(person, dict):
            faults.append(_fault(line, place, person, "a person"))
            continue
        faults += [
            _fault(line, f"{place}.{key}", key, f"one of {', '.join(_OF_PERSON)}")
            for key in person
            if key not in _OF_PERSON
        ]
        own = {key: _text(person.get(key, ""), line, f"{place}.{key}", faults) for key in _OF_PERSON}
        found.append(common | own)
    return found


def _text(value: Any, line: int, path: str, faults: list[Fault]) -> str:
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return " ".join(value)
    if not isinstance(value, str):
        faults.append(_fault(line, path, value, "text"))
        return ""
    return value


def _fault(line: int, path: str, found: Any, expected: str) -> Fault:
    return Fault("file", line, path or "(whole entry)", FaultCode.WRONG_VALUE, str(found)[:60], expected)
