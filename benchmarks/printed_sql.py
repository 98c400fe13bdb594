"""The printed SQL beside the embedded columns: the invented law over the same rows, in turns, in one process.

columns   `CompiledLaw` (Polars), as `portfolio assess` uses it
duckdb    the printed SQL, two threads
spark     the printed SQL, `local[2]`, layer after layer, as it is run
inlined   the same, with every layer written into the next: what happens where nothing keeps them apart

Each reads Parquet and writes verdicts and findings to Parquet. All answers are compared first.

    python benchmarks/bench_portfolio_rows.py FOLDER 1000000
    python benchmarks/printed_sql.py FOLDER
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl
from bench_portfolio_ours import compiled
from pyspark.sql import SparkSession

from polisbridge.batch.columns import VERDICT_CODES, CompiledLaw
from polisbridge.batch.duckdb_engine import over
from polisbridge.batch.portfolio import Portfolio, open_portfolio
from polisbridge.batch.spark_session import spark_session
from polisbridge.formats.sql import DecisionQuery
from polisbridge.formats.sql_dialect import DuckDB, Spark
from polisbridge.formats.sql_query import BENEFITS, ROWS, SETS

PASSES = 5
INLINED = "spark.sql.optimizer.collapseProjectAlwaysInline"


def columns(held: Portfolio, law: CompiledLaw, into: Path) -> None:
    """Decide with the embedded engine, part by part."""
    into.mkdir(exist_ok=True)
    for part in held.parts:
        rows = pl.read_parquet(part, columns=["row", *law.reads])
        rows.select("row").hstack(law.run(rows)).write_parquet(into / part.name, compression="zstd")


def duckdb(held: Portfolio, law: CompiledLaw, into: Path) -> None:
    """Decide with the printed SQL in DuckDB."""
    into.mkdir(exist_ok=True)
    query = DecisionQuery(law.decision, law.given, DuckDB())
    with over(held.folder, query.columns) as connection:
        connection.execute("SET threads = 2; SET preserve_insertion_order = false")
        target = f"{into}/answers.parquet"
        connection.execute(f"COPY ({query.packed(VERDICT_CODES)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def in_spark(spark: SparkSession, held: Portfolio, law: CompiledLaw, into: Path, *, inlined: bool) -> None:
    """Decide with the printed SQL in Spark."""
    query, words = DecisionQuery(law.decision, law.given, Spark()), Spark()
    spark.conf.set(INLINED, str(inlined).lower())
    spark.sql(words.rows_view(ROWS, str(held.folder), query.columns))
    spark.sql(words.table_view(SETS, f"{held.folder}/sets.parquet"))
    spark.sql(words.table_view(BENEFITS, f"{held.folder}/benefits.parquet"))
    spark.sql(query.packed(VERDICT_CODES)).write.mode("overwrite").parquet(str(into))


def answers(folder: Path) -> pl.DataFrame:
    """Return what was written, in order of rows, numbers without sign."""
    found = pl.read_parquet(sorted(folder.glob("*.parquet"))).sort("row")
    signed = [pl.col(name).reinterpret(signed=False) for name, kind in found.schema.items() if kind == pl.Int64]
    return found.with_columns(signed).select(pl.all().cast(pl.UInt64))


def main(folder: str) -> int:
    """Compare, measure in turns, and print; return the exit code."""
    held = open_portfolio(Path(folder))
    law = compiled(held)
    with TemporaryDirectory() as name, spark_session("local[2]") as spark:
        ways: dict[str, Callable[[Path], None]] = {
            "columns": lambda into: columns(held, law, into),
            "duckdb": lambda into: duckdb(held, law, into),
            "spark": lambda into: in_spark(spark, held, law, into, inlined=False),
            "inlined": lambda into: in_spark(spark, held, law, into, inlined=True),
        }
        for way, run in ways.items():
            run(Path(name) / way)
            if not answers(Path(name) / way).equals(answers(Path(name) / "columns")):
                print(f"{way} says something else")
                return 1
        seconds: dict[str, list[float]] = {way: [] for way in ways}
        for _ in range(PASSES):
            for way, run in ways.items():
                began = perf_counter()
                run(Path(name) / way)
                seconds[way].append(perf_counter() - began)
    print(f"{held.rows:,} rows, all answers the same; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    for way, found in seconds.items():
        times = median(found) / median(seconds["columns"])
        print(
            f"{way:8} {median(found):6.2f} s [{min(found):.2f}..{max(found):.2f}]  {times:5.1f} x the time of columns"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
