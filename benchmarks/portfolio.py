"""A whole portfolio under one law: ours beside hand-written SQL and Polars, a bare scan, and OpenFisca as a peer.

Every contender decides the same seeded rows on disk (bench_portfolio_rows) under the invented law of twelve requirements, in
a process of its own and on two threads. Two jobs:

table   verdict and packed findings of every row, written to Parquet (zstd). Ours is `assess_portfolio` with all that it does:
        rows that cannot be decided set aside, totals, one row in a thousand decided again by the core.
report  counts per verdict and per finding, nothing written. Ours is the compiled law over batches.

A first round, not timed, compares all tables and reports; a single difference ends the run with exit 1. Then the contenders
take turns for several passes. Seconds are without starting Python; peak memory is the process's own, files mapped included.
OpenFisca reads rows whole, so it takes part up to a million rows, when it is installed in build/openfisca
(`make bench-portfolio`); its report is reckoned from arrays that lie in memory, which is not counted.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from bench_contender import REPORT, THREADS

HERE = Path(__file__).parent
OPENFISCA, OPENFISCA_ROWS = Path("build/openfisca"), 1_000_000
OURS, SCAN = "ours", "scan"
MIB = 1 << 10  # ru_maxrss counts KiB on Linux


@dataclass(frozen=True)
class Contender:
    """A program with a job. `rival` says whether it is one of the hand-written forms that we are held against."""

    name: str
    program: str
    job: str
    section: str
    rival: bool = False
    path: Path | None = None


@dataclass
class Costs:
    """What the passes of one contender cost: seconds by the wall and of all processors, and the most memory in MiB."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)


class Failed(Exception):
    """A contender ended with an error; its own words were printed."""


def contenders(*, openfisca: bool) -> Iterator[Contender]:
    """Yield all contenders, by section of the report."""
    for job in ("table", "report"):
        yield Contender(OURS, "ours", job, job)
        yield Contender("DuckDB SQL, by hand", "duckdb", job, job, rival=True)
        yield Contender("Polars, by hand", "polars", job, job, rival=True)
        if openfisca:
            yield Contender("OpenFisca-core, tuned", "openfisca", job, job, path=OPENFISCA)
    for engine in ("polars", "duckdb"):
        yield Contender(engine, "scan", engine, SCAN)


def run(one: Contender, portfolio: Path, into: Path) -> tuple[float, float, float]:
    """Run a contender in a fresh process; return its seconds, those of all processors, and its peak memory in MiB."""
    shutil.rmtree(into, ignore_errors=True)
    program = HERE / f"bench_portfolio_{one.program}.py"
    environment = os.environ | {"POLARS_MAX_THREADS": str(THREADS), "OMP_NUM_THREADS": str(THREADS)}
    if one.path:
        environment["PYTHONPATH"] = os.pathsep.join([str(one.path.resolve()), os.environ.get("PYTHONPATH", "")])
    told, memory = _output([program, one.job, portfolio, into], environment)
    cost = json.loads(told)
    return cost["seconds"], cost["cpu"], memory / MIB


def _output(command: Sequence[object], environment: dict[str, str]) -> tuple[str, int]:
    """Return what a Python program printed and the most memory that it held, in KiB.

    This process holds little itself, for a child counts what its parent held when it was started.
    """
    arguments = [sys.executable, *map(str, command)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment) as process:  # noqa: S603 - our own
        told = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise Failed(f"{command[0]} ended with {process.returncode}")
    return told, usage.ru_maxrss


def portfolio_of(rows: int, folder: Path) -> Path:
    """Return the portfolio of so many rows, made when it is not there."""
    portfolio = folder / f"portfolio-{rows}"
    if not portfolio.exists():
        _output([HERE / "bench_portfolio_rows.py", portfolio, rows], dict(os.environ))
    return portfolio


def disagreements(entrants: Sequence[Contender], portfolio: Path, folder: Path, rows: int) -> int:
    """Run all once, print who differs from ours and return how many do. This also warms the file cache."""
    wrong = 0
    ours: dict[str, Any] = {}
    for one in entrants:
        into = folder / "out"
        run(one, portfolio, into)
        found: Any = None
        if one.section == "report":
            found = json.loads((into / REPORT).read_text())
        elif one.section == "table":
            found = json.loads(_output([HERE / "bench_portfolio_agree.py", into], dict(os.environ))[0])
            if found[0] != str(rows):
                wrong += 1
                print(f"DISAGREE {one.name}, {one.job}: {found[0]} rows of {rows}")
        if found != ours.setdefault(one.section, found):
            wrong += 1
            print(f"DISAGREE {one.name}, {one.job}:\n  {found}\n  ours {ours[one.section]}")
    return wrong


def measured(entrants: Sequence[Contender], portfolio: Path, folder: Path, passes: int) -> dict[Contender, Costs]:
    """Return the costs of all passes, the contenders taking turns, every other pass in reverse."""
    costs = {one: Costs() for one in entrants}
    for number in range(passes):
        for one in reversed(entrants) if number % 2 else entrants:
            seconds, cpu, peak = run(one, portfolio, folder / "out")
            costs[one].seconds.append(seconds)
            costs[one].cpu.append(cpu)
            costs[one].peaks.append(peak)
    return costs


def print_costs(costs: dict[Contender, Costs], rows: int) -> None:
    """Print a line per contender, and how we stand to the fastest by hand, the fastest scan and the peer."""
    middle = {one: median(found.seconds) for one, found in costs.items()}
    scan = min(middle[one] for one in costs if one.section == SCAN)
    print(f"{'':<31} {'s':>7} {'min..max':>15} {'cpu s':>7} {'M rows/s':>9} {'to scan':>8} {'MiB':>7}")
    for one, found in costs.items():
        spread = f"{min(found.seconds):.2f}..{max(found.seconds):.2f}"
        print(
            f"{one.section:<7} {one.name:<23} {middle[one]:>7.2f} {spread:>15} {median(found.cpu):>7.2f} {rows / middle[one] / 1e6:>9.2f}"
            f" {middle[one] / scan:>8.2f} {max(found.peaks):>7.0f}"
        )
    for section in ("table", "report"):
        entrants = [one for one in costs if one.section == section]
        ours = next(one for one in entrants if one.name == OURS)
        rivals = sorted((one for one in entrants if one.rival), key=middle.__getitem__)[:1]
        for one in (*rivals, *(one for one in entrants if one.program == "openfisca")):
            print_ratio(f"{section}: ours / {one.name}", costs[ours], costs[one])
        print_ratio(
            f"{section}: ours / scan",
            costs[ours],
            min((costs[one] for one in costs if one.section == SCAN), key=_middle),
        )


def _middle(found: Costs) -> float:
    return median(found.seconds)


def print_ratio(name: str, ours: Costs, other: Costs) -> None:
    """Print one cost as a multiple of another in three ways, for a machine that is shared disturbs the first most."""
    by = (_middle(ours) / _middle(other), min(ours.seconds) / min(other.seconds), median(ours.cpu) / median(other.cpu))
    print(
        f"{name} = {by[0]:.2f} x the time by medians, {by[1]:.2f} x by fastest passes, {by[2]:.2f} x the processor time"
    )


def main() -> int:
    """Make the rows, compare, measure and print; 1 when any contender disagrees or fails."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the portfolio")
    parser.add_argument("--passes", type=int, default=5, help="timed passes")
    parser.add_argument(
        "--only", nargs="+", choices=("duckdb", "polars", "openfisca"), help="who takes part besides ours and the scan"
    )
    parser.add_argument("--folder", type=Path, default=Path("build/bench-portfolio"), help="where rows and results lie")
    asked = parser.parse_args()
    if asked.rows < 1 or asked.passes < 1:
        parser.error("--rows and --passes are at least 1")
    peer = OPENFISCA.exists() and asked.rows <= OPENFISCA_ROWS
    entrants = [one for one in contenders(openfisca=peer) if not asked.only or one.program in (OURS, SCAN, *asked.only)]
    try:
        return compare(entrants, asked.rows, asked.passes, asked.folder)
    except Failed as failed:
        print(failed, file=sys.stderr)
        return 1


def compare(entrants: Sequence[Contender], rows: int, passes: int, folder: Path) -> int:
    """Return 1 when contenders disagree, and measure and print when they do not."""
    portfolio = portfolio_of(rows, folder)
    wrong = disagreements(entrants, portfolio, folder, rows)
    print(f"{rows:,} rows, {len(entrants)} contenders compared, {wrong} disagreements; {THREADS} threads", flush=True)
    if not wrong:
        print_costs(measured(entrants, portfolio, folder, passes), rows)
    shutil.rmtree(folder / "out")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
