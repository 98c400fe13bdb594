"""The rows to be measured: a seeded portfolio for the invented law, in the layout of portfolios, on disk.

Occasions are made as for the other benchmark (bench_occasions), then drawn again and again with other days, more
unknown facts and some that are stated absent. All persons are invented, and the manifest says so. Run as
`python bench_portfolio_rows.py FOLDER ROWS`; the folder must not exist.
"""

import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from zlib import crc32

import polars as pl
from bench_occasions import AS_OF, occasions

from polisbridge.batch.layout import ROW, ROW_SCHEMA, absent_value, row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter, whole_folder
from polisbridge.core.days import day_number, day_of
from polisbridge.core.facts import Facts, field_types

SEED = 20261122
POOL, PART = 100_000, 1_000_000  # occasions made one by one; rows in a file
SHIFT = 180  # days over which stays begin
DAYS = ("stay_first", "stay_last", "first_day", "last_day")
# Per thousand, besides the one in a hundred that is unknown in every field of an occasion.
UNKNOWN = {
    "age": 20, "benefits": 5, "deductible": 20, "deductible_currency": 10, "document_languages": 10,
    "exclusions": 10, "insurer_registers": 5, "premium_arrears": 50, "premium_paid": 10, "residence_status": 5,
    "stay_last": 10, "sum_insured": 5, "translation_certified": 20, "waiting_days": 30,
}  # fmt: skip
ABSENT = {
    "deductible_currency": 10, "first_day": 2, "last_day": 4, "premium_arrears": 10, "purpose": 2, "role": 2,
    "stay_last": 5, "sum_insured": 5, "sum_insured_currency": 5, "sum_insured_per": 5, "term_days": 4,
}  # fmt: skip


def write_rows(folder: Path, rows: int) -> None:
    """Write a portfolio of so many rows, in parts of a million."""
    with whole_folder(folder) as beside:
        writer = PortfolioWriter(beside)
        pool = _pool(writer)
        while writer.rows < rows:
            count = min(PART, rows - writer.rows)
            writer.write(_part(pool, writer.rows, count))
        writer.finish(synthetic=True, made_from=f"benchmarks/bench_portfolio_rows.py, seed {SEED}")


def _pool(writer: PortfolioWriter) -> pl.DataFrame:
    """Return the occasions as rows, only the columns that are known of somebody; all on the day of the law."""
    made = (replace(one, as_of=day_number(AS_OF)) for one in occasions(POOL, SEED))
    frame = rows_frame(row_of(one, writer.lists) for one in made)
    known = [name for name in frame.columns if frame[name].null_count() < POOL]
    return frame.select(known).with_columns(pl.col("term_days").clip(1))  # a contract that ended early lasted a day


def _part(pool: pl.DataFrame, first: int, count: int) -> pl.DataFrame:
    """Return rows drawn from the pool, numbered from `first`."""
    rows = pool.sample(count, with_replacement=True, seed=SEED + first)
    shift = pl.duration(days=_draw("shift", first, SHIFT))
    rows = rows.with_columns(pl.col(name) + shift for name in DAYS)
    rows = rows.with_columns(_replaced(name, first, share, _absent(name)) for name, share in ABSENT.items())
    rows = rows.with_columns(_replaced(name, first, share, None) for name, share in UNKNOWN.items())
    number = pl.int_range(first, first + count, dtype=pl.Int64).alias(ROW)
    return rows.select(number, *(pl.col(name).cast(ROW_SCHEMA[name]) for name in rows.columns))


def _draw(what: str, first: int, below: int) -> pl.Expr:
    """Return a number from 0 for every row, by its place, the part and what is drawn."""
    seed = SEED + first + crc32(what.encode())
    return (pl.int_range(pl.len(), dtype=pl.UInt64).hash(seed=seed) % below).cast(pl.Int64)


def _replaced(name: str, first: int, share: int, by: date | int | str | None) -> pl.Expr:
    """Return the column with the other value in so many rows of a thousand."""
    chosen = _draw(f"{name} {by}", first, 1_000) < share
    return pl.when(chosen).then(pl.lit(by)).otherwise(pl.col(name)).alias(name)


def _absent(name: str) -> date | int | str:
    value: int | str = absent_value(field_types(Facts)[name])
    return day_of(value) if name in DAYS and isinstance(value, int) else value


if __name__ == "__main__":
    write_rows(Path(sys.argv[1]), int(sys.argv[2]))
