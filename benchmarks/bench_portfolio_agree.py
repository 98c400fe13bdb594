"""Do contenders agree? Prints one line of JSON: a fingerprint of the rows that a contender wrote, in whatever order.

Run as `python bench_portfolio_agree.py FOLDER`. The fingerprint is the number of rows and two sums over a 64-bit hash of
row number, verdict and findings, so equal tables are equal in it and other tables differ but by chance of 2^-64.
"""

import json
import sys
from pathlib import Path

import duckdb


def fingerprint(folder: Path) -> list[str]:
    """Return the fingerprint of all Parquet files below the folder."""
    files = [str(one) for one in sorted(folder.rglob("*.parquet"))]
    one = "hash(row::BIGINT, verdict::UTINYINT, findings_0::UBIGINT)"
    query = f"SELECT count(*), sum({one}), bit_xor({one}) FROM read_parquet(?)"  # noqa: S608 - a constant
    return [str(part) for part in duckdb.execute(query, [files]).fetchall()[0]]


if __name__ == "__main__":
    print(json.dumps(fingerprint(Path(sys.argv[1]))))
