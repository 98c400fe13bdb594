"""Text columns into columns of the layout, a batch at a time: what is plainly right here, the rest row by row.

A row whose every cell has the written form, known codes and days in order is taken as it is. Any other row goes to
`formats.factsrow`, which decides it alone and tells everything that is wrong with it.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from polisbridge.batch.layout import (
    ABSENT_DAY,
    ABSENT_NUMBER,
    ROW,
    ROW_SCHEMA,
    Lists,
    row_of,
    rows_frame,
)
from polisbridge.batch.sheets import NAMED, Odd, Sheet, items_of, tree_of
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.facts import CoveredPerson, Facts, FieldType, field_types
from polisbridge.core.money import minor_digits
from polisbridge.formats.codelists import currencies
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.factsrow import (
    ABSENT_WORD,
    DAY_FORM,
    FIRST_DAY,
    MOST,
    PERCENT,
    PERCENT_FORM,
    PERIODS,
    WHOLE_FORM,
    read_row,
)
from polisbridge.formats.tree import Document, Tree

_KINDS = field_types(Facts)
_MOST_KEPT = 100_000  # distinct cells of one column that are remembered
_MAX_LABEL = 200  # characters
_HUNDREDTHS = [code for code in sorted(currencies()) if minor_digits(code) == 2]  # noqa: PLR2004 - decimals
_OF = "of"  # which list an item is of
_PERSON_CELLS = {_OF: pl.UInt32(), **dict.fromkeys(field_types(CoveredPerson), pl.String())}

Reject = Callable[[int, int, list[Fault]], None]  # row, line, faults


class Parser:
    """Reads sheets of one file; sets and benefit tables are entered into the portfolio's lists."""

    def __init__(
        self, file: str, vocabulary: Vocabulary, lists: Lists, benefits: Mapping[str, Tree], reject: Reject
    ) -> None:
        self._file, self._vocabulary, self._lists = file, vocabulary, lists
        self._benefits, self._reject = benefits, reject
        self._seen: dict[str, dict[str, Any]] = {}

    def read(self, sheet: Sheet) -> pl.DataFrame:
        """Return the rows that are right, in order, with the columns of the sheet; the others are rejected."""
        cells = sheet.cells
        names = [name for name in cells.columns if name not in (ROW, "line")]
        typed, sure = self._typed(cells, ROW, names)
        wanted = [name for name in ROW_SCHEMA if name in typed.columns]
        good = typed.filter(sure).select(wanted)
        slow = [*self._unsure(cells.filter(~sure)), *self._odd(sheet.odd)]
        return pl.concat([good, rows_frame(slow).select(wanted)]).sort(ROW) if slow else good

    def _typed(self, cells: pl.DataFrame, key: str, names: list[str]) -> tuple[pl.DataFrame, pl.Series]:
        """Return the columns as the layout has them beside their key, and which rows are plainly right."""
        typed = cells.select(key, *(column for name in names for column in self._column(name, cells[name])))
        typed = typed.select(*_together(typed), *_in_order(typed))
        return typed, typed.select(pl.all_horizontal(pl.lit(value=True), r"^sure .*$").alias("sure"))["sure"]

    def _column(self, name: str, text: pl.Series) -> Iterator[pl.Expr]:
        """Yield the column of the layout, with its currency when it is an amount, and whether each cell is plainly right."""
        kind = _KINDS.get(name)
        match kind:
            case None:
                yield pl.col(name)
                yield _sure(name, pl.col(name).str.len_chars() <= _MAX_LABEL)
            case FieldType.DAY:
                yield from _day(name)
            case FieldType.WHOLE:
                yield from _whole(name)
            case FieldType.MINOR:
                yield from _amount(name)
            case FieldType.FLAG:
                yield (pl.col(name) == "true").alias(name)
                yield _sure(name, pl.col(name).is_in(["true", "false"]))
            case FieldType.PERSONS:
                yield from self._persons(name, text)
            case _:
                yield from self._looked_up(name, text)

    def _looked_up(self, name: str, text: pl.Series) -> Iterator[pl.Expr]:
        """Read each distinct cell of codes and lists once."""
        seen = self._seen.setdefault(name, {})
        if len(seen) > _MOST_KEPT:
            seen.clear()
        distinct = text.drop_nulls().unique().to_list()
        for one in distinct:
            if one not in seen:
                seen[one] = self._cell(name, one)
        right = [one for one in distinct if seen[one] is not None]
        values = pl.Series([seen[one] for one in right], dtype=ROW_SCHEMA[name])
        places = text.replace_strict(right, list(range(len(right))), default=None, return_dtype=pl.UInt32)
        yield pl.lit(values.gather(places)).alias(name)
        yield _sure(name, pl.lit(places.is_not_null()))

    def _persons(self, name: str, text: pl.Series) -> Iterator[pl.Expr]:
        """Read the persons of all rows as rows of their own; hardly two rows have the same."""
        distinct = text.drop_nulls().unique().to_list()
        lists = [items_of(one, CoveredPerson) for one in distinct]
        flat: list[dict[str, Any]] = [{_OF: at, **item} for at, items in enumerate(lists) for item in items or ()]
        odd = {at for at, items in enumerate(lists) if items is None}
        cells = pl.DataFrame(flat, schema=_PERSON_CELLS, orient="row")
        typed, sure = self._typed(cells, _OF, list(field_types(CoveredPerson)))
        odd |= set(typed.filter(~sure)[_OF])
        codes = self._lists.sets_frame()["codes"].gather(typed["citizenship"])
        items = typed.select(_OF, pl.struct(*_person_columns(codes)).alias("item")).group_by(_OF).agg("item")
        listed = pl.DataFrame({_OF: range(len(distinct))}, schema={_OF: pl.UInt32}).join(items, on=_OF, how="left")
        values = listed.sort(_OF)["item"].fill_null([]).cast(ROW_SCHEMA[name])
        right = [at for at in range(len(distinct)) if at not in odd]
        places = text.replace_strict([distinct[at] for at in right], right, default=None, return_dtype=pl.UInt32)
        yield pl.lit(values.gather(places)).alias(name)
        yield _sure(name, pl.lit(places.is_not_null()))

    def _cell(self, name: str, text: str) -> Any:
        """Return what the layout holds for one cell, or None when it is not right."""
        try:
            facts = read_row(Document(self._file, tree_of({name: text}, self._benefits), {}), self._vocabulary)
        except InputFaults:
            return None
        return row_of(facts, self._lists)[name]

    def _unsure(self, cells: pl.DataFrame) -> Iterator[dict[str, Any]]:
        for cell in cells.iter_rows(named=True):
            written = {name: text for name, text in cell.items() if text is not None}
            row, line = written.pop(ROW), written.pop("line")
            labels = {name: written[name] for name in NAMED if name in written}
            yield from self._one(row, line, labels | tree_of(written, self._benefits))

    def _odd(self, odd: list[Odd]) -> Iterator[dict[str, Any]]:
        for one in odd:
            if one.faults:
                self._reject(one.row, one.line, list(one.faults))
            else:
                yield from self._one(one.row, one.line, one.tree)

    def _one(self, row: int, line: int, tree: dict[str, Tree]) -> Iterator[dict[str, Any]]:
        """Yield the row when it is right; reject it with all its faults when not."""
        document = Document(self._file, tree, {(): line})
        labels = {name: tree[name] for name in NAMED if name in tree}
        faults = [
            document.fault(FaultCode.WRONG_VALUE, (name,), label, f"a text of at most {_MAX_LABEL} characters")
            for name, label in labels.items()
            if not isinstance(label, str) or len(label) > _MAX_LABEL
        ]
        facts = {name: value for name, value in tree.items() if name not in labels}
        try:
            found = read_row(Document(self._file, facts, {(): line}), self._vocabulary)
        except InputFaults as exc:
            faults += exc.faults
        if faults:
            self._reject(row, line, faults)
        else:
            yield {ROW: row, **labels, **row_of(found, self._lists)}


def _person_columns(codes: pl.Series) -> Iterator[pl.Expr]:
    for name, kind in field_types(CoveredPerson).items():
        yield pl.lit(codes).alias(name) if kind is FieldType.CODES else pl.col(name)


def _sure(name: str, plain: pl.Expr) -> pl.Expr:
    return (pl.col(name).is_null() | plain).fill_null(value=False).alias(f"sure {name}")


def _day(name: str) -> Iterator[pl.Expr]:
    text = pl.col(name)
    day = text.str.to_date("%Y-%m-%d", strict=False)
    absent = pl.lit(ABSENT_DAY).cast(pl.Int32).cast(pl.Date)
    yield pl.when(text == ABSENT_WORD).then(absent).otherwise(day).alias(name)
    first = date.fromisoformat(FIRST_DAY)
    yield _sure(name, (text == ABSENT_WORD) | (text.str.contains(DAY_FORM) & (day >= first).fill_null(value=False)))


def _whole(name: str) -> Iterator[pl.Expr]:
    text = pl.col(name)
    percent = name.endswith(PERCENT)
    number = _hundredths(text) if percent else text.cast(pl.Int64, strict=False)
    well = text.str.contains(PERCENT_FORM) if percent else text.str.contains(WHOLE_FORM) & (number <= MOST)
    value = pl.when(text == ABSENT_WORD).then(ABSENT_NUMBER).when(well).then(number)
    yield value.cast(pl.Int32).alias(name)
    yield _sure(name, (text == ABSENT_WORD) | well)


def _amount(name: str) -> Iterator[pl.Expr]:
    text = pl.col(name)
    currency = text.str.slice(-3)
    number = text.str.head(-4)
    well = text.str.contains(_PLAIN_AMOUNT) & currency.is_in(_HUNDREDTHS)
    yield pl.when(text == ABSENT_WORD).then(ABSENT_NUMBER).when(well).then(_hundredths(number)).alias(name)
    yield pl.when(well).then(currency).alias(f"of {name}")
    yield _sure(name, (text == ABSENT_WORD) | well)


_PLAIN_AMOUNT = r"^[0-9]{1,15}(?:\.[0-9]{1,2})? [A-Z]{3}$"


def _hundredths(text: pl.Expr) -> pl.Expr:
    """Return a number with at most two decimals in hundredths; null where the text is none."""
    whole = text.str.extract(r"^([0-9]+)").cast(pl.Int64, strict=False)
    decimals = text.str.extract(r"\.([0-9]{1,2})$").fill_null("").str.pad_end(2, "0").cast(pl.Int64, strict=False)
    return whole * 100 + decimals


def _together(typed: pl.DataFrame) -> Iterator[pl.Expr]:
    """Yield all columns, the currencies of amounts in their place; what is told twice has to agree."""
    amounts = [name for name in typed.columns if f"of {name}" in typed.columns]
    currencies_of = {f"{name}_currency": f"of {name}" for name in amounts}
    for name in typed.columns:
        if name not in currencies_of and not name.startswith("of "):
            yield pl.col(name)
    for name, own in currencies_of.items():
        if name not in typed.columns:
            yield pl.col(own).alias(name)
            continue
        yield pl.coalesce(own, name).alias(name)
        yield (pl.col(own) == pl.col(name)).fill_null(value=True).alias(f"sure both {name}")


def _in_order(typed: pl.DataFrame) -> Iterator[pl.Expr]:
    """Yield per period whether it does not end before it begins."""
    for first, last in PERIODS:
        if first in typed.columns and last in typed.columns:
            absent = pl.lit(ABSENT_DAY).cast(pl.Int32).cast(pl.Date)
            either = pl.any_horizontal(pl.col(first) == absent, pl.col(last) == absent)
            yield ((pl.col(first) <= pl.col(last)) | either).fill_null(value=True).alias(f"sure order {last}")
