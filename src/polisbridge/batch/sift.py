"""Rows that can be decided, and those that cannot: set aside with their number and all that is wrong with them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

import polars as pl

from polisbridge.batch.columns import ListTables
from polisbridge.batch.laws import GATES, OCCASION
from polisbridge.batch.layout import ABSENT_NUMBER, ROW
from polisbridge.core.facts import Facts, FieldType, field_types

SOUND = "sound"

_KINDS = field_types(Facts)
_COUNTED = (FieldType.WHOLE, FieldType.MINOR)


class Sifter:
    """Sorts the rows of one portfolio, by the occasions that can be decided and the lists that are there."""

    def __init__(self, lists: ListTables, states: frozenset[str], occasions: pl.DataFrame) -> None:
        self._states, self._occasions = states, occasions
        self._limits = {FieldType.CODES: len(lists.sets), FieldType.LINES: len(lists.benefits)}

    def marked(self, rows: pl.LazyFrame, columns: Iterable[str]) -> pl.LazyFrame:
        """Return the rows, of these columns, with the number of their law in OCCASION and whether they are SOUND."""
        told_by = self._occasions.columns[:-1]
        if told_by:
            rows = rows.join(self._occasions.lazy(), on=told_by, how="left", nulls_equal=True, maintain_order="left")
        else:
            rows = rows.with_columns(pl.lit(self._occasions[OCCASION][0], dtype=pl.UInt16).alias(OCCASION))
        sound = pl.all_horizontal(pl.col(OCCASION).is_not_null(), *self._sound(columns))
        return rows.with_columns(sound.alias(SOUND))

    def sort(self, rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows that can be decided, with the number of their law, and the others."""
        marked = self.marked(rows.lazy(), rows.columns).collect()
        fine, rows = marked[SOUND], marked.drop(SOUND)
        return (rows, rows.clear()) if fine.all() else (rows.filter(fine), rows.filter(~fine))

    def set_aside(self, file: TextIO, bad: pl.DataFrame) -> int:
        """Write the rows that cannot be decided, one JSON object a line; return how many."""
        for row in bad.iter_rows(named=True):
            faults = list(_row_faults(row, self._limits, self._states))
            file.write(json.dumps({"row": row[ROW], "faults": faults}, ensure_ascii=False, default=str) + "\n")
        return len(bad)

    def _sound(self, columns: Iterable[str]) -> Iterator[pl.Expr]:
        """Yield per column what must hold of it, so that what is written there can mean something."""
        for name in columns:
            kind = _KINDS.get(name)
            if kind in self._limits:
                yield (pl.col(name) < self._limits[kind]).fill_null(value=True)
            elif kind in _COUNTED:
                yield ((pl.col(name) >= 0) | (pl.col(name) == ABSENT_NUMBER)).fill_null(value=True)


def _row_faults(
    row: Mapping[str, Any], limits: Mapping[FieldType, int], states: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Yield everything that is wrong with a row that cannot be decided: column, what was found, what was expected."""
    if row["state"] not in states:
        yield {"column": "state", "found": row["state"], "expected": f"one of {', '.join(sorted(states))}"}
    if row["gate"] not in GATES:
        yield {"column": "gate", "found": row["gate"], "expected": f"one of {', '.join(sorted(GATES))}"}
    if row["as_of"] is None:
        yield {"column": "as_of", "found": None, "expected": "the day to decide for"}
    for name, value in row.items():
        kind = _KINDS.get(name)
        if value is None or kind is None:
            continue
        if kind in limits and value >= limits[kind]:
            yield {
                "column": name,
                "found": value,
                "expected": f"a number below {limits[kind]}, of a list that is there",
            }
        elif kind in _COUNTED and value < 0 and value != ABSENT_NUMBER:
            yield {"column": name, "found": value, "expected": f"0 or more, or {ABSENT_NUMBER} for stated absent"}
