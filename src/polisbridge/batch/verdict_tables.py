"""The verdict of every row of a result, as one table: for whoever wants to work on with it in other programs."""

import json
import tempfile
from pathlib import Path

import polars as pl

from polisbridge.batch.assess import RESULT_MANIFEST, VERDICTS
from polisbridge.batch.explain import portfolio_of
from polisbridge.batch.laws import OCCASION
from polisbridge.batch.layout import ROW
from polisbridge.batch.portfolio import ROWS, Portfolio

CSV, PARQUET = "verdicts.csv", "verdicts.parquet"
_LABELS = ("contract", "person", "product", "home_state")
_FORMULA = r"^[=+\-@\t\r]"  # what a spreadsheet would take for a formula
_NAMES = {code: verdict.value for code, verdict in VERDICTS.items()}


def write_verdicts(result: Path, into: Path) -> tuple[Path, Path]:
    """Write both tables: row, contract, person, product, home state, state, gate, day, verdict; return their paths.

    Part by part, so memory stays flat. In the CSV file cells that a spreadsheet would take for a formula are marked.
    """
    portfolio, laws = portfolio_of(result), _laws(result)
    csv, parquet = into / CSV, into / PARQUET
    with tempfile.TemporaryDirectory(dir=into) as held:
        for number, path in enumerate(sorted((result / ROWS).glob("*.parquet"))):
            _told(path, portfolio, laws).write_parquet(Path(held) / f"{number:06}.parquet")
        whole = pl.scan_parquet(Path(held) / "*.parquet")
        whole.sink_parquet(parquet, compression="zstd")
        whole.with_columns(_unharmful(name) for name in _LABELS).sink_csv(csv, include_bom=True)
    return csv, parquet


def _laws(result: Path) -> pl.DataFrame:
    """Return which state, gate and day the numbers of occasions stand for."""
    occasions = json.loads((result / RESULT_MANIFEST).read_bytes())["occasions"]
    told = {name: [one[name] for one in occasions] for name in ("state", "gate", "as_of")}
    numbers = pl.Series(OCCASION, range(len(occasions)), dtype=pl.UInt16)
    return pl.DataFrame(told, schema=dict.fromkeys(told, pl.String)).with_columns(numbers)


def _told(path: Path, portfolio: Portfolio, laws: pl.DataFrame) -> pl.DataFrame:
    """Return the verdicts of one part beside the labels of its rows."""
    answers = pl.read_parquet(path, columns=[ROW, OCCASION, "verdict"])
    there = [name for name in _LABELS if name in portfolio.columns]
    part = portfolio.folder / ROWS / f"{path.stem.rsplit('-', 1)[0]}.parquet"
    within = pl.col(ROW).is_between(answers[ROW].min(), answers[ROW].max())
    rows = pl.scan_parquet(part).select(ROW, *there).filter(within).collect()
    missing = [pl.lit(None, dtype=pl.String).alias(name) for name in _LABELS if name not in there]
    told = answers.join(laws, on=OCCASION, how="left").join(rows, on=ROW, how="left").with_columns(missing)
    verdict = pl.col("verdict").replace_strict(_NAMES, return_dtype=pl.String)
    return told.sort(ROW).select(ROW, *_LABELS, "state", "gate", "as_of", verdict)


def _unharmful(name: str) -> pl.Expr:
    return pl.when(pl.col(name).str.contains(_FORMULA)).then("'" + pl.col(name)).otherwise(name).alias(name)
