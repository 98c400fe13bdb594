"""What follows from other columns and was not written: ages, lengths of periods, dates of what a gate is about."""

from collections.abc import Iterator

import polars as pl

from polisbridge.batch.layout import ABSENT_DAY, ROW_SCHEMA
from polisbridge.batch.months import age, days_and_months
from polisbridge.core.contract import OWN_PERIOD

_PERIODS = (("term", "first_day", "last_day"), ("stay", "stay_first", "stay_last"))


def reckoned(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with what follows; what is written is kept, also where it says something else.

    Days that are stated absent give nothing.
    """
    rows = rows.with_columns(_only_new(rows, _own_days(rows)))
    days = rows.with_columns(pl.when(pl.col(pl.Date).to_physical() != ABSENT_DAY).then(pl.col(pl.Date)).name.keep())
    found = days.select(_lengths(days))
    rows = rows.with_columns(_only_new(rows, (pl.lit(found[name]).alias(name) for name in found.columns)))
    return rows.select(name for name in ROW_SCHEMA if name in rows.columns)


def _lengths(rows: pl.DataFrame) -> Iterator[pl.Expr]:
    for name, first, last in _PERIODS:
        if first in rows.columns and last in rows.columns:
            yield from days_and_months(first, last, name)
    if "birth_day" in rows.columns and "as_of" in rows.columns:
        yield age("birth_day", "as_of")


def _own_days(rows: pl.DataFrame) -> Iterator[pl.Expr]:
    """Yield the dates of a visa, permit or job: those of the stay, at the gate that is about it."""
    for gate, name in OWN_PERIOD.items():
        for end in ("first", "last"):
            if f"stay_{end}" in rows.columns and "gate" in rows.columns:
                yield pl.when(pl.col("gate") == gate.value).then(f"stay_{end}").alias(f"{name}_{end}")


def _only_new(rows: pl.DataFrame, found: Iterator[pl.Expr]) -> Iterator[pl.Expr]:
    """Yield the columns that were found, under what is there already."""
    for column in found:
        name = column.meta.output_name()
        kind = ROW_SCHEMA[name]
        yield pl.coalesce(name, column.cast(kind)).alias(name) if name in rows.columns else column.cast(kind)
