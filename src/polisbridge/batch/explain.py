"""Reasons in bulk, from a result folder and the portfolio that it was made from; a portfolio is decided first.

A result tells codes; what they mean is told by the law, which has to be the very law that decided. Rows are read in
parts, so memory stays flat.
"""

import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Any

import polars as pl

from polisbridge.batch.assess import RESULT, RESULT_MANIFEST, VERDICTS, assess_portfolio
from polisbridge.batch.laws import OCCASION
from polisbridge.batch.layout import ROW, ROW_SCHEMA, Reader
from polisbridge.batch.portfolio import MANIFEST, ROWS, Portfolio, open_portfolio
from polisbridge.batch.reasons import ENDED, Named, reasons_of
from polisbridge.batch.twice import as_of_day
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.days import day_number
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.symbolic import SymbolicDecision, symbolic
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.explain import Explained, HeldRow, Listed, ListedRow, Reason, Wanted
from polisbridge.services.impact import Dimension
from polisbridge.services.portfolio import Progress

_COLUMNS = ("home_state", "product", "insurer", "role", "contract", "person", "last_day")
_LIST: dict[str, pl.DataType] = {
    **{name: ROW_SCHEMA[name] for name in (ROW, "contract", "person", "product", "home_state")},
    "verdict": pl.UInt8(),
    "state": pl.String(),
    "gate": pl.String(),
}
_BY_COLUMN = {Dimension.PRODUCT: "product", Dimension.INSURER: "insurer", Dimension.ROLE: "role"}


@dataclass(frozen=True)
class _Law:
    """The law of one occasion of a result."""

    state: str
    gate: Gate
    as_of: date
    decision: SymbolicDecision

    def key(self, dimension: Dimension, told: str | None) -> tuple[str, ...]:
        """Return the key of a row, by what its column says."""
        if dimension is Dimension.GATE:
            return (self.gate.value,)
        return (told or "", self.state) if dimension is Dimension.CORRIDOR else (told or "",)


@dataclass
class _Result:
    """A result folder that was opened, with its portfolio and the law that decided it."""

    folder: Path
    portfolio: Portfolio
    laws: AppliedLaws
    occasions: list[_Law] = field(init=False)

    def __post_init__(self) -> None:
        manifest = _manifest(self.folder)
        if manifest["law"] != self.laws.book.hash:
            detail = f"{self.folder} was decided by law {manifest['law'][:16]}, this is {self.laws.book.hash[:16]}"
            raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="name the same law with --law, or decide again")
        self.occasions = [self._law(one) for one in manifest["occasions"]]

    def _law(self, told: dict[str, Any]) -> _Law:
        gate, as_of = Gate(told["gate"]), date.fromisoformat(told["as_of"])
        concluded = date.fromisoformat(told["concluded"]) if told["concluded"] else None
        law = self.laws.at(told["state"], gate, as_of, told["home_state"], concluded)
        return _Law(told["state"], gate, as_of, symbolic(law))

    def parts(self, wanted: Wanted, progress: Progress) -> Iterator[list[tuple[_Law, pl.DataFrame]]]:
        """Yield, part by part, the wanted rows of each law: their answers beside what the portfolio says of them."""
        done = 0
        for path in sorted((self.folder / ROWS).glob("*.parquet")):
            answers = pl.read_parquet(path)
            told = self._told(path.stem.rsplit("-", 1)[0], answers)
            done += len(answers)
            by_law = told.partition_by(OCCASION, as_dict=True, maintain_order=True)
            found = [(self.occasions[number], rows) for (number,), rows in by_law.items()]
            yield [(law, _marked(rows.filter(_chosen(wanted)), law.as_of)) for law, rows in found if _fits(law, wanted)]
            progress(done, self.portfolio.rows)

    def _told(self, part: str, answers: pl.DataFrame) -> pl.DataFrame:
        """Return the answers with the columns of their rows; those that the portfolio has not are not told."""
        there = [name for name in _COLUMNS if name in self.portfolio.columns]
        rows = pl.scan_parquet(self.portfolio.folder / ROWS / f"{part}.parquet").select(ROW, *there)
        first, last = answers[ROW].min(), answers[ROW].max()
        held = rows.filter(pl.col(ROW).is_between(first, last)).collect()
        missing = [pl.lit(None, dtype=ROW_SCHEMA[name]).alias(name) for name in _COLUMNS if name not in there]
        joined = answers.join(held, on=ROW, how="left", maintain_order="left").with_columns(missing)
        if len(joined) != len(answers):
            raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{self.portfolio.folder}: row numbers are not unique")
        return joined


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / RESULT_MANIFEST).read_bytes())
    except (OSError, ValueError) as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_FOUND, f"no portfolio and no result in {folder}", hint=f"{RESULT_MANIFEST} or {MANIFEST}"
        ) from exc
    if found.get("layout") != RESULT:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{folder}: layout is {found.get('layout')!r}, not {RESULT!r}")
    return found


def portfolio_of(source: Path) -> Portfolio:
    """Return the portfolio that the folder is, or that its result was made from."""
    if (source / MANIFEST).is_file():
        return open_portfolio(source)
    folder = source / str(_manifest(source).get("portfolio", ""))
    return open_portfolio(folder.resolve())


@contextmanager
def _opened(source: Path, laws: AppliedLaws, progress: Progress) -> Iterator[_Result]:
    """Give the result; a portfolio is decided into a folder that is gone afterwards."""
    portfolio = portfolio_of(source)
    if not (source / MANIFEST).is_file():
        yield _Result(source, portfolio, laws)
        return
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "result"
        assess_portfolio(portfolio, laws, into, progress)
        yield _Result(into, portfolio, laws)


def _fits(law: _Law, wanted: Wanted) -> bool:
    state = wanted.corridor[1] if wanted.corridor else law.state
    return law.state == state and wanted.gate in (None, law.gate)


def _chosen(wanted: Wanted) -> pl.Expr:
    """Return the condition on the columns of a row."""
    home = wanted.corridor[0] if wanted.corridor else None
    told = {"home_state": home, "product": wanted.product, "insurer": wanted.insurer, "role": wanted.role}
    parts = [pl.col(name).fill_null("") == value for name, value in told.items() if value is not None]
    return reduce(and_, parts) if parts else pl.lit(value=True)


def _marked(rows: pl.DataFrame, as_of: date) -> pl.DataFrame:
    return rows.with_columns((pl.col("last_day").to_physical() < day_number(as_of)).alias(ENDED))


def explain(
    source: Path, laws: AppliedLaws, wanted: Wanted, dimension: Dimension | None, progress: Progress
) -> Explained:
    """Return the reasons of all rows that are wanted, over all and by the dimension."""
    verdicts: dict[tuple[str, ...], Counter[Verdict]] = {}
    reasons: dict[Named, Counter[tuple[str, ...]]] = {}
    with _opened(source, laws, progress) as result:
        for law, rows in (one for part in result.parts(wanted, progress) for one in part):
            for key, verdict, number in _verdicts(law, rows, dimension):
                verdicts.setdefault(key, Counter())[verdict] += number
            for named, key, number in _counted(law, rows, dimension):
                reasons.setdefault(named, Counter())[key] += number
        synthetic = result.portfolio.synthetic
    found = [Reason(*named, by.total(), dict(by) if dimension else {}) for named, by in reasons.items()]
    return Explained(
        synthetic,
        laws.book.hash,
        dimension,
        dict(sum(verdicts.values(), Counter[Verdict]())),
        {key: dict(one) for key, one in verdicts.items()} if dimension else {},
        tuple(sorted(found, key=lambda one: (-one.rows, one.verdict, one.cause, one.id))),
    )


def _group(dimension: Dimension | None) -> pl.Expr:
    if dimension is Dimension.CORRIDOR:
        return pl.col("home_state").alias("key")
    column = _BY_COLUMN.get(dimension) if dimension else None
    return (pl.col(column) if column else pl.lit(None, dtype=pl.String)).alias("key")


def _key(law: _Law, dimension: Dimension | None, told: str | None) -> tuple[str, ...]:
    return law.key(dimension, told) if dimension else ()


def _verdicts(
    law: _Law, rows: pl.DataFrame, dimension: Dimension | None
) -> Iterator[tuple[tuple[str, ...], Verdict, int]]:
    for told, code, number in rows.group_by(_group(dimension), "verdict").len().rows():
        yield _key(law, dimension, told), VERDICTS[code], number


def _counted(
    law: _Law, rows: pl.DataFrame, dimension: Dimension | None
) -> Iterator[tuple[Named, tuple[str, ...], int]]:
    """Yield how many rows have each reason, by key."""
    codes = {verdict: code for code, verdict in VERDICTS.items()}
    every = reasons_of(law.decision)
    for verdict in dict.fromkeys(named[0] for named in every):
        own = {named: holds for named, holds in every.items() if named[0] is verdict}
        sums = [holds.sum().alias(str(at)) for at, holds in enumerate(own.values())]
        found = rows.filter(pl.col("verdict") == codes[verdict]).group_by(_group(dimension)).agg(sums)
        for told, *numbers in found.rows():
            key = _key(law, dimension, told)
            yield from ((named, key, number) for named, number in zip(own, numbers, strict=True) if number)


def listed(
    source: Path, laws: AppliedLaws, wanted: Wanted, reason: str, page: int, size: int, progress: Progress
) -> Listed:
    """Return a page of the rows that the reason stands in the way of, in order of row number."""
    skipped, total, found = (page - 1) * size, 0, list[ListedRow]()
    with _opened(source, laws, progress) as result:
        for part in result.parts(wanted, progress):
            rows = pl.concat([_having(law, rows, reason) for law, rows in part] or [pl.DataFrame(schema=_LIST)]).sort(
                ROW
            )
            shown = (
                rows.slice(max(skipped - total, 0), size - len(found)) if total + len(rows) > skipped else rows.clear()
            )
            found += [_listed_row(row) for row in shown.iter_rows(named=True)]
            total += len(rows)
        return Listed(result.portfolio.synthetic, total, page, size, tuple(found))


def _having(law: _Law, rows: pl.DataFrame, reason: str) -> pl.DataFrame:
    """Return the rows that have the reason, as they are listed."""
    codes = {verdict: code for code, verdict in VERDICTS.items()}
    parts = [
        (pl.col("verdict") == codes[verdict]) & holds
        for (verdict, _, name), holds in reasons_of(law.decision).items()
        if name == reason
    ]
    found = rows.filter(pl.any_horizontal(parts)) if parts else rows.clear()
    return found.select(
        *(pl.col(name) for name in _LIST if name not in ("state", "gate")),
        state=pl.lit(law.state),
        gate=pl.lit(law.gate.value),
    )


def _listed_row(row: dict[str, Any]) -> ListedRow:
    return ListedRow(
        row=row[ROW],
        contract=row["contract"] or "",
        person=row["person"] or "",
        product=row["product"] or "",
        corridor=(row["home_state"] or "", row["state"]),
        gate=Gate(row["gate"]),
        verdict=VERDICTS[row["verdict"]],
    )


def held_row(source: Path, number: int, as_of: date | None = None) -> HeldRow:
    """Return a row of the portfolio as the core takes it, on its own day or another one.

    Raises PolisbridgeError when there is none of that number.
    """
    portfolio = portfolio_of(source)
    found = portfolio.scan().filter(pl.col(ROW) == number).collect()
    if not len(found):
        hint = f"the portfolio has {portfolio.rows} rows"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no row {number} in {portfolio.folder}", hint=hint)
    row = (as_of_day(found, as_of) if as_of else found).row(0, named=True)
    contract, person = (row.get(name) or "" for name in ("contract", "person"))
    facts = Reader(portfolio.sets, portfolio.benefits).facts(row)
    return HeldRow(number, contract, person, portfolio.synthetic, facts)
