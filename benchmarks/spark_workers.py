"""A portfolio on a standalone Spark cluster of 1, 2 and 4 workers of one core each, beside the embedded engine.

All run on this machine, in turns, over the same rows and the law that came with the program; before anything is
timed, a first round checks that every result says the same, row by row. Seconds are of a whole assessment with a
cluster that is up already: starting the application, placing the rows by law, deciding, writing, and deciding one
row in a thousand again by the core. More workers than the machine has cores can only show what they cost.

    python benchmarks/spark_workers.py FOLDER        a portfolio, such as `polisbridge portfolio generate` makes
"""

import argparse
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import polars as pl

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.portfolio import Portfolio, open_portfolio
from polisbridge.batch.spark import assess_with_spark
from polisbridge.batch.spark_cluster import all_workers, local_cluster
from polisbridge.core.money import Rates
from polisbridge.formats.lawfile import read_law
from polisbridge.services.applied_laws import AppliedLaws

WORKERS = (1, 2, 4)
EMBEDDED = 0  # workers


def timed(portfolio: Portfolio, laws: AppliedLaws, folder: Path, workers: int) -> float:
    """Assess the portfolio into the folder, and return the seconds that it took."""
    shutil.rmtree(folder, ignore_errors=True)
    if workers == EMBEDDED:
        began = perf_counter()
        assess_portfolio(portfolio, laws, folder, lambda _done, _all: None)
        return perf_counter() - began
    with TemporaryDirectory() as beside, local_cluster(workers, Path(beside), "2g") as master:
        began = perf_counter()
        assess_with_spark(portfolio, laws, folder, master, all_workers(workers, "1500m"))
        return perf_counter() - began


def answers(folder: Path) -> pl.DataFrame:
    """Return the answers of a result, in order of rows, numbers without sign."""
    found = pl.read_parquet(sorted((folder / "rows").glob("*.parquet"))).sort("row")
    signed = [pl.col(name).reinterpret(signed=False) for name, kind in found.schema.items() if kind == pl.Int64]
    return found.with_columns(signed).select(
        pl.col("verdict").cast(pl.UInt8), pl.col("^row|findings_.*$").cast(pl.UInt64)
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Check that all agree, then measure in turns and print; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("portfolio", type=Path)
    asked.add_argument("--passes", type=int, default=3)
    given = asked.parse_args(arguments)
    portfolio, book = open_portfolio(given.portfolio), read_law(read_folder(shipped_law()))
    with TemporaryDirectory() as name:
        folders = {workers: Path(name) / str(workers) for workers in (EMBEDDED, *WORKERS)}
        for workers, folder in folders.items():
            timed(portfolio, AppliedLaws(book, Rates()), folder, workers)
        differing = [workers for workers in WORKERS if not answers(folders[EMBEDDED]).equals(answers(folders[workers]))]
        if differing:
            print(f"another result with {differing} workers")
            return 1
        print(f"{portfolio.rows:,} rows, all results the same; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        seconds: dict[int, list[float]] = {workers: [] for workers in folders}
        for _ in range(given.passes):
            for workers, folder in folders.items():
                seconds[workers].append(timed(portfolio, AppliedLaws(book, Rates()), folder, workers))
    base = median(seconds[WORKERS[0]])
    for workers, found in seconds.items():
        what = f"{workers} workers" if workers else "embedded"
        spread = f"{min(found):.1f}..{max(found):.1f}"
        print(f"{what:10} {median(found):8.1f} s [{spread}]  {base / median(found):6.2f} x the speed of one worker")
    print(f"load at the end {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
