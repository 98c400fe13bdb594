"""Assess a portfolio on a Spark cluster (docs/scaling.md). Needs the extra `spark` and Java 17.

python tools/spark_assess.py PORTFOLIO --into RESULT --master spark://host:7077 --conf spark.executor.memory=4g
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.portfolio import open_portfolio
from polisbridge.batch.spark import assess_with_spark
from polisbridge.core.codes import Verdict
from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws


def main(arguments: Sequence[str] | None = None) -> int:
    """Decide the portfolio and print the totals; return the exit code."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("portfolio", type=Path)
    asked.add_argument("--into", type=Path, required=True, help="folder for the result; it must not exist yet")
    asked.add_argument(
        "--master", default="local[*]", help="local[2], spark://host:port, yarn … (default: %(default)s)"
    )
    asked.add_argument("--law", type=Path, help="folder of law files; else the law that came with the program")
    asked.add_argument("--rates", type=Path, action="append", default=[], help="file of official exchange rates")
    asked.add_argument("--conf", action="append", default=[], help="a setting of Spark, name=value")
    given = asked.parse_args(arguments)
    try:
        tables = [table for path in given.rates for table in read_rates(read_tree(path.read_bytes(), str(path)))]
        laws = AppliedLaws(read_law(read_folder(given.law or shipped_law())), Rates(tuple(tables)))
        settings = dict(one.split("=", 1) for one in given.conf)
        found = assess_with_spark(open_portfolio(given.portfolio), laws, given.into, given.master, settings)
    except PolisbridgeError as exc:
        print(exc, exc.hint, sep="\n", file=sys.stderr)
        return 4
    for verdict in Verdict:
        print(f"{verdict.value:15} {found.verdicts.get(verdict, 0):12,}")
    print(
        f"{found.rows:,} rows: {found.decided:,} decided, {found.rejected:,} set aside, {found.checked_by_core:,} twice"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
