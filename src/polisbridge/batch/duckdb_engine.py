"""The law's SQL run by DuckDB: a second engine, independent of the columns of the embedded one.

It holds the printed SQL against the core in tests, and is measured beside it. Needs the package duckdb.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import polars as pl

from polisbridge.batch.columns import VERDICT_CODES
from polisbridge.batch.layout import ROW
from polisbridge.core.specialise import Given
from polisbridge.core.symbolic import SymbolicDecision
from polisbridge.formats.sql import DecisionQuery
from polisbridge.formats.sql_dialect import DuckDB
from polisbridge.formats.sql_query import BENEFITS, ROWS, SETS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class DuckDBLaw:
    """One law in DuckDB, over the sets and benefit tables of a portfolio; answers as `CompiledLaw`."""

    def __init__(self, decision: SymbolicDecision, given: Given, sets: pl.DataFrame, benefits: pl.DataFrame) -> None:
        self._query = DecisionQuery(decision, given, DuckDB())
        self._sets, self._benefits = sets, benefits

    def run(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return `verdict` and `findings_0` … per row, in order; columns that are not there are not known."""
        numbered = rows.with_columns(pl.int_range(pl.len(), dtype=pl.Int64).alias(ROW))
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "rows").mkdir()
            numbered.write_parquet(folder / "rows" / "part.parquet")
            self._sets.write_parquet(folder / "sets.parquet")
            self._benefits.write_parquet(folder / "benefits.parquet")
            with over(folder, self._query.columns) as connection:
                written = folder / "answers.parquet"
                connection.execute(f"COPY ({self.sql} ORDER BY row) TO '{written}' (FORMAT parquet)")
            return pl.read_parquet(written).select(pl.col("verdict").cast(pl.UInt8), pl.col("^findings_.*$"))

    @property
    def sql(self) -> str:
        """The query over a portfolio that was opened with `over`."""
        return self._query.packed(VERDICT_CODES)


@contextmanager
def over(folder: Path, columns: Mapping[str, str]) -> Iterator["DuckDBPyConnection"]:
    """Give a connection of its own that sees the portfolio in the folder under the names that SQL is printed with.

    `columns` are those that its rows are to have, with their types.
    """
    import duckdb  # an extra, slow to load  # noqa: PLC0415

    words = DuckDB()
    with duckdb.connect() as connection:
        connection.execute(words.rows_view(ROWS, str(folder), columns))
        connection.execute(words.table_view(SETS, f"{folder}/sets.parquet"))
        connection.execute(words.table_view(BENEFITS, f"{folder}/benefits.parquet"))
        yield connection
