"""The Parquet layout of a portfolio: Facts as columns, lists kept once. Specified in docs/spec/portfolio.md.

A portfolio is a folder. `rows/*.parquet` hold one row per insured person and occasion, with a column per field of
Facts; a column that is not there is not known of anybody. A null is "not known"; what a document states to be
missing has a value of its own per type. Sets and benefit tables are few and long, so rows refer to them by number:
`sets.parquet` and `benefits.parquet` hold them as lists, each once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any

import polars as pl

from polisbridge.core.days import day_number
from polisbridge.core.facts import ABSENT, Absent, BenefitLine, CoveredPerson, Facts, FieldType, field_types

ABSENT_NUMBER = -(2**31)
ABSENT_DAY = day_number(date(1, 1, 1))
ABSENT_CODE = "absent"

_KINDS = field_types(Facts)

# What a row says besides Facts: its number in the portfolio, and where it comes from.
ROW = "row"
LABELS: dict[str, pl.DataType] = {
    ROW: pl.Int64(),
    "contract": pl.String(),
    "person": pl.String(),
    "product": pl.String(),
}

_SET_NUMBER, _TABLE_NUMBER = pl.UInt32(), pl.UInt32()
_SCALARS: dict[FieldType, pl.DataType] = {
    FieldType.WHOLE: pl.Int32(),
    FieldType.MINOR: pl.Int64(),
    FieldType.DAY: pl.Date(),
    FieldType.CODE: pl.String(),
    FieldType.FLAG: pl.Boolean(),
}
_ABSENT: dict[FieldType, Any] = {
    FieldType.WHOLE: ABSENT_NUMBER,
    FieldType.MINOR: ABSENT_NUMBER,
    FieldType.DAY: ABSENT_DAY,
    FieldType.CODE: ABSENT_CODE,
}


def absent_value(kind: FieldType) -> Any:
    """Return what stands for "stated absent" in a column of the kind; days as day numbers."""
    return _ABSENT[kind]


def item_type(record: type) -> pl.Struct:
    """Return the Parquet type of a benefit line or an insured person, sets inside as lists of codes."""
    kinds = field_types(record)
    return pl.Struct(
        {name: pl.List(pl.String()) if kind is FieldType.CODES else _SCALARS[kind] for name, kind in kinds.items()}
    )


def column_type(kind: FieldType) -> pl.DataType:
    """Return the Parquet type of a field of Facts in a row."""
    if kind is FieldType.PERSONS:
        return pl.List(item_type(CoveredPerson))
    if kind is FieldType.LINES:
        return _TABLE_NUMBER
    return _SET_NUMBER if kind is FieldType.CODES else _SCALARS[kind]


ROW_SCHEMA: dict[str, pl.DataType] = LABELS | {name: column_type(kind) for name, kind in field_types(Facts).items()}
SETS_SCHEMA: dict[str, pl.DataType] = {"number": _SET_NUMBER, "codes": pl.List(pl.String())}
BENEFITS_SCHEMA: dict[str, pl.DataType] = {"number": _TABLE_NUMBER, "lines": pl.List(item_type(BenefitLine))}


class Lists:
    """The sets and benefit tables of a portfolio, each once, by number from 0 in order of first use."""

    def __init__(self) -> None:
        self._sets: dict[frozenset[str], int] = {}
        self._benefits: dict[tuple[BenefitLine, ...], int] = {}

    def set_number(self, codes: frozenset[str]) -> int:
        """Return the number of a set, entered when it is new."""
        return self._sets.setdefault(codes, len(self._sets))

    def benefits_number(self, lines: tuple[BenefitLine, ...]) -> int:
        """Return the number of a benefit table, entered when it is new."""
        return self._benefits.setdefault(lines, len(self._benefits))

    def sets_frame(self) -> pl.DataFrame:
        """Return all sets as in `sets.parquet`, codes sorted."""
        codes = [sorted(one) for one in self._sets]
        return pl.DataFrame({"number": range(len(codes)), "codes": codes}, schema=SETS_SCHEMA)

    def benefits_frame(self) -> pl.DataFrame:
        """Return all benefit tables as in `benefits.parquet`."""
        tables = [[_item(line) for line in lines] for lines in self._benefits]
        return pl.DataFrame({"number": range(len(tables)), "lines": tables}, schema=BENEFITS_SCHEMA)


def row_of(facts: Facts, lists: Lists) -> dict[str, Any]:
    """Return the row of one record, without labels; lists entered into `lists`."""
    row: dict[str, Any] = {}
    for name, kind in field_types(Facts).items():
        value = getattr(facts, name)
        if value is None:
            continue
        if kind is FieldType.CODES:
            row[name] = lists.set_number(value)
        elif kind is FieldType.LINES:
            row[name] = lists.benefits_number(value)
        elif kind is FieldType.PERSONS:
            row[name] = [_item(person) for person in value]
        else:
            row[name] = _plain(value, kind)
    return row


def rows_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Return rows as a frame of the full layout."""
    return pl.DataFrame(list(rows), schema=ROW_SCHEMA, orient="row")


def _plain(value: Any, kind: FieldType) -> Any:
    return _ABSENT[kind] if value is ABSENT else value


def _item(item: BenefitLine | CoveredPerson) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, kind in field_types(type(item)).items():
        value = getattr(item, name)
        if kind is FieldType.CODES:
            row[name] = None if value is None else sorted(value)
        else:
            row[name] = _plain(value, kind)
    return row


class Reader:
    """Rows back to Facts, for the few that somebody looks at one by one."""

    def __init__(self, sets: pl.DataFrame, benefits: pl.DataFrame) -> None:
        held = [frozenset(codes) for codes in sets["codes"].to_list()]
        tables = [tuple(_record(BenefitLine, line) for line in lines) for lines in benefits["lines"].to_list()]
        by_kind: dict[FieldType, Callable[[Any], Any]] = {
            **_READ,
            FieldType.CODES: held.__getitem__,
            FieldType.LINES: tables.__getitem__,
            FieldType.PERSONS: lambda persons: tuple(_record(CoveredPerson, one) for one in persons),
        }
        self._read = {name: by_kind[kind] for name, kind in _KINDS.items()}

    def facts(self, row: Mapping[str, Any]) -> Facts:
        """Return the Facts of a row; columns that are not there are not known."""
        read = self._read
        return Facts(**{name: read[name](value) for name, value in row.items() if value is not None and name in read})


def _number(value: int) -> int | Absent:
    return ABSENT if value == ABSENT_NUMBER else value


def _day(value: date | int) -> int | Absent:
    number = day_number(value) if isinstance(value, date) else value
    return ABSENT if number == ABSENT_DAY else number


def _code(value: str) -> str | Absent:
    return ABSENT if value == ABSENT_CODE else value


_READ: dict[FieldType, Callable[[Any], Any]] = {
    FieldType.WHOLE: _number,
    FieldType.MINOR: _number,
    FieldType.DAY: _day,
    FieldType.CODE: _code,
    FieldType.FLAG: bool,
    FieldType.CODES: frozenset,  # of an item; rows have numbers of sets
}


def _record(record: type, row: Mapping[str, Any]) -> Any:
    kinds = field_types(record)
    return record(**{name: _READ[kinds[name]](value) for name, value in row.items() if value is not None})
