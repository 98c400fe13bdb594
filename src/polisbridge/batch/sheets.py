"""CSV and NDJSON files as sheets: batches of rows whose cells are text, as they were written.

A list in a cell (a set of codes, benefit lines, persons) is JSON text; in CSV a set may be written `RU;KZ`, and benefit
lines by a name. What cannot even be laid out in columns comes as a row with its tree or its faults beside the sheet.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from polisbridge.batch.layout import LABELS, ROW
from polisbridge.batch.lines import MAX_LINE, Line, Told, read_lines
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import Facts, FieldType, field_types
from polisbridge.formats.factsrow import ABSENT_WORD, near
from polisbridge.formats.tree import Tree, shorten

BATCH = 50_000  # rows held at once
NAMED = tuple(name for name in LABELS if name != ROW)  # labels that a row may bring

_KINDS = field_types(Facts)
_LISTS = (FieldType.CODES, FieldType.LINES, FieldType.PERSONS)
KNOWN: dict[str, FieldType | None] = {**dict.fromkeys(NAMED), **_KINDS}


@dataclass(frozen=True, slots=True)
class Odd:
    """A row that has no place in columns: its tree, to be read alone, or what is wrong with it."""

    row: int
    line: int
    tree: Tree = None
    faults: tuple[Fault, ...] = ()


@dataclass
class Sheet:
    """Some rows: `cells` has `row`, `line` and a text column per column of the file; `odd` are the others."""

    cells: pl.DataFrame
    odd: list[Odd] = field(default_factory=list)
    rows: int = 0  # of both


def tree_of(cells: Mapping[str, str], benefits: Mapping[str, Tree]) -> dict[str, Tree]:
    """Return the tree of a row from its cells; benefit tables that are named are taken from `benefits`."""
    return {name: _value(_KINDS[name], text, benefits) for name, text in cells.items() if name in _KINDS}


def items_of(text: str, record: type) -> list[dict[str, str]] | None:
    """Return the cells of every item of a JSON list of such records, or None where it is none."""
    try:
        found = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        return None
    items = [_cells(item, field_types(record)) for item in found]
    return None if None in items else [item for item in items if item is not None]


def _value(kind: FieldType, text: str, benefits: Mapping[str, Tree]) -> Tree:
    """Return what a cell holds; a list that cannot be read is left as text, to be told as what it is."""
    if kind not in _LISTS:
        return text
    if text.startswith("["):
        try:
            return _DECODER.decode(text)
        except (ValueError, RecursionError):
            return text
    if kind is FieldType.LINES:
        return benefits.get(text, text)
    if kind is FieldType.CODES:
        return [] if text == ABSENT_WORD else [code.strip() for code in text.split(";")]
    return text


# CSV -------------------------------------------------------------------------------------------------


class CsvFile:
    """A CSV file with a header of columns of the layout."""

    def __init__(self, path: Path, separator: str, told: Told) -> None:
        self._path, self._told = path, told
        self._lines = _Feeder(read_lines(path, told))
        self._reader = csv.reader(self._lines, delimiter=separator, strict=True)
        csv.field_size_limit(MAX_LINE)
        self.columns = self._header()

    def _header(self) -> list[str]:
        """Return the columns. Raises InputFaults naming all that the layout does not know, and all told twice."""
        try:
            names = [name.strip() for name in next(self._reader, [])]
        except csv.Error as exc:
            raise InputFaults([self._fault(1, "(header)", FaultCode.SYNTAX, str(exc), "a header")]) from exc
        faults = [] if names else [self._fault(1, "(header)", FaultCode.SYNTAX, "nothing", "a header of column names")]
        for at, name in enumerate(names):
            if name not in KNOWN:
                faults.append(
                    self._fault(1, name or f"(column {at + 1})", FaultCode.UNKNOWN_KEY, name, near(name, KNOWN))
                )
            elif name in names[:at]:
                faults.append(self._fault(1, name, FaultCode.TWICE, name, "each column once"))
        if faults:
            raise InputFaults(faults)
        return names

    def sheets(self) -> Iterator[Sheet]:
        """Yield all rows after the header, numbered from 0; empty lines are none."""
        rows, lines, odd = list[list[str]](), list[tuple[int, int]](), list[Odd]()
        for row, (line, cells) in enumerate(self._records()):
            if isinstance(cells, list) and len(cells) == len(self.columns):
                rows.append(cells)
                lines.append((row, line))
            else:
                odd.append(Odd(row, line, faults=(self._misshapen(line, cells),)))
            if len(rows) + len(odd) >= BATCH:
                yield self._sheet(rows, lines, odd)
                rows, lines, odd = [], [], []
        if rows or odd:
            yield self._sheet(rows, lines, odd)

    def _records(self) -> Iterator[tuple[int, list[str] | str]]:
        """Yield each record with the line it begins on: its cells, or what is wrong with it."""
        while True:
            first = self._lines.number + 1
            try:
                cells = next(self._reader, None)
            except csv.Error as exc:
                yield first, str(exc)
                continue
            if self._lines.too_long:
                self._lines.too_long = False
                yield first, f"a line of more than {MAX_LINE} bytes"
            elif cells is None:
                return
            elif cells:
                yield first, cells

    def _misshapen(self, line: int, cells: list[str] | str) -> Fault:
        found = cells if isinstance(cells, str) else f"{len(cells)} cells"
        code = FaultCode.TOO_LARGE if "more than" in found else FaultCode.SYNTAX
        return self._fault(line, "(row)", code, found, f"{len(self.columns)} cells, as in the header")

    def _sheet(self, rows: list[list[str]], lines: list[tuple[int, int]], odd: list[Odd]) -> Sheet:
        numbers = pl.DataFrame(lines, schema={ROW: pl.Int64, "line": pl.Int64}, orient="row")
        columns = zip(*rows, strict=True) if rows else ([] for _ in self.columns)
        cells = pl.DataFrame(
            dict(zip(self.columns, map(list, columns), strict=True)), schema=dict.fromkeys(self.columns, pl.String)
        )
        cells = cells.with_columns(pl.all().str.strip_chars(" \t"))
        cells = cells.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in cells.columns)
        return Sheet(numbers.hstack(cells), odd, len(rows) + len(odd))

    def _fault(self, line: int, column: str, code: FaultCode, found: str, wanted: str) -> Fault:
        return Fault(str(self._path), line, column, code, shorten(found), wanted)


class _Feeder:
    """Lines for a reader of CSV; in place of one that is too long it gives an empty one, and remembers."""

    def __init__(self, lines: Iterator[Line]) -> None:
        self._lines = lines
        self.number = 0
        self.too_long = False

    def __iter__(self) -> "_Feeder":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number = line.number
        if line.text is None:
            self.too_long = True
            return "\n"
        return line.text


# NDJSON ----------------------------------------------------------------------------------------------


class NdjsonFile:
    """A file with one JSON object per line: facts by their names, and labels."""

    def __init__(self, path: Path, told: Told) -> None:
        self._path, self._told = path, told
        self.columns = list(KNOWN)

    def sheets(self) -> Iterator[Sheet]:
        """Yield all rows, numbered from 0; empty lines are none."""
        rows, odd = list[dict[str, Any]](), list[Odd]()
        lines = read_lines(self._path, self._told)
        for row, line in enumerate(one for one in lines if one.text is None or one.text.strip()):
            tree = self._tree(line)
            cells = None if isinstance(tree, Fault) else _cells(tree, KNOWN)
            if isinstance(tree, Fault):
                odd.append(Odd(row, line.number, faults=(tree,)))
            elif cells is None:
                odd.append(Odd(row, line.number, tree))
            else:
                rows.append({ROW: row, "line": line.number, **cells})
            if len(rows) + len(odd) >= BATCH:
                yield self._sheet(rows, odd)
                rows, odd = [], []
        if rows or odd:
            yield self._sheet(rows, odd)

    def _tree(self, line: Line) -> Tree | Fault:
        """Return the object of a line with every scalar as text, or the fault that it is none."""
        if line.text is None:
            return self._fault(
                line, FaultCode.TOO_LARGE, f"a line of more than {MAX_LINE} bytes", f"at most {MAX_LINE} bytes"
            )
        try:
            tree = _DECODER.decode(line.text)
            if "\\u" in line.text:
                json.dumps(tree, ensure_ascii=False).encode()
        except _Twice as exc:
            return self._fault(line, FaultCode.DUPLICATE_KEY, str(exc), "each key once")
        except UnicodeEncodeError:
            return self._fault(line, FaultCode.SYNTAX, "half a character", "whole characters")
        except RecursionError:
            return self._fault(line, FaultCode.TOO_DEEP, "very deep nesting", "at most three levels")
        except ValueError as exc:
            return self._fault(line, FaultCode.SYNTAX, str(exc), "one JSON object on the line")
        if not isinstance(tree, dict):
            return self._fault(line, FaultCode.WRONG_VALUE, shorten(tree), "a JSON object")
        return tree

    def _fault(self, line: Line, code: FaultCode, found: str, wanted: str) -> Fault:
        return Fault(str(self._path), line.number, "(row)", code, shorten(found), wanted)

    @staticmethod
    def _sheet(rows: list[dict[str, Any]], odd: list[Odd]) -> Sheet:
        schema = {ROW: pl.Int64, "line": pl.Int64, **dict.fromkeys(KNOWN, pl.String)}
        return Sheet(pl.DataFrame(rows, schema=schema, orient="row"), odd, len(rows) + len(odd))


class _Twice(ValueError):
    """A key stands twice in an object."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object with flags as text, and without keys that have null: they are not known."""
    if len({name for name, _ in pairs}) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Twice(next(name for at, name in enumerate(names) if name in names[:at]))
    return {
        name: _FLAGS.get(value, value) if isinstance(value, bool) else value
        for name, value in pairs
        if value is not None
    }


_FLAGS = {True: "true", False: "false"}
_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=str, parse_float=str, parse_constant=str)


def _cells(tree: dict[str, Tree], kinds: Mapping[str, FieldType | None]) -> dict[str, str] | None:
    """Return the cells of a record, or None when something is not what its column holds."""
    cells = {}
    for name, value in tree.items():
        if name not in kinds or not isinstance(value, list if kinds[name] in _LISTS else str):
            return None
        cells[name] = json.dumps(value) if isinstance(value, list) else value
    return cells
