"""The least that any engine must do: read every column that our law reads, and add it up."""

from pathlib import Path

import duckdb
import polars as pl
import polars.selectors as cs
from bench_contender import THREADS, Job, contend
from bench_portfolio_ours import compiled

from polisbridge.batch.portfolio import Portfolio, open_portfolio


def columns(portfolio: Portfolio) -> list[str]:
    """Return the columns that deciding reads: the row's number, what names the law, and what the law asks."""
    return sorted({"row", "state", "gate", "as_of", *compiled(portfolio).reads})


def by_polars(portfolio: Path) -> Job:
    """Return the job of adding up every column by Polars: numbers, days and flags by value, codes by length."""
    scan = pl.scan_parquet(portfolio / "rows" / "*.parquet").select(columns(open_portfolio(portfolio)))
    sums = scan.select(
        (cs.numeric() | cs.boolean()).sum(), cs.date().to_physical().sum(), cs.string().str.len_bytes().sum()
    )

    def add_up(_portfolio: Path, _into: Path) -> None:
        sums.collect(engine="streaming")

    return add_up


def by_duckdb(portfolio: Path) -> Job:
    """Return the job of adding up every column by DuckDB in the same way."""
    held = open_portfolio(portfolio)
    kinds = pl.read_parquet_schema(held.parts[0])
    asked = {pl.String: "sum(strlen({}))", pl.Date: "sum({} - DATE '1970-01-01')", pl.Boolean: "count_if({})"}
    sums = ", ".join(asked.get(type(kinds[name]), "sum({})").format(name) for name in columns(held))

    def add_up(portfolio: Path, _into: Path) -> None:
        connection = duckdb.connect()
        connection.execute(f"SET threads = {THREADS}")
        connection.execute(f"SELECT {sums} FROM read_parquet('{portfolio}/rows/*.parquet')").fetchall()  # noqa: S608 - our own

    return add_up


if __name__ == "__main__":
    contend({}, {"polars": by_polars, "duckdb": by_duckdb})
