"""The invented law by hand in Polars expressions, over the same layout, as a specialist would write it.

Polars' null is "not known" and its logic Kleene's. What a document states to be missing is a value of its own, and a comparison
with it is false: -2147483648 and 0001-01-01 lie below every limit, so least limits need no word about it. Sets and benefit
tables are few, so their part of the law is asked once per list and looked up by number.
"""

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial, reduce
from operator import add, and_, or_
from pathlib import Path

import polars as pl
from bench_contender import FINDINGS, LEAST, MOST, NOT_MET, UNDETERMINED, Report, contend, report

ABSENT, NO_DAY = -(2**31), (date(1, 1, 1) - date(1970, 1, 1)).days
TODAY = (date(2026, 6, 1) - date(1970, 1, 1)).days
Holds = Callable[..., pl.Expr]


def table(portfolio: Path, into: Path) -> None:
    """Decide every row and write verdicts and findings."""
    found = _decided(portfolio)
    found.sink_parquet(into / "result.parquet", compression="zstd", maintain_order=False)


def counts(portfolio: Path, _into: Path) -> Report:
    """Decide every row and count, with nothing written."""
    found = _decided(portfolio).group_by("verdict", "findings_0").len().collect(engine="streaming")
    verdicts = dict(found.group_by("verdict").agg(pl.col("len").sum()).iter_rows())
    return report(verdicts, _by_finding(found, NOT_MET), _by_finding(found, UNDETERMINED))


def _by_finding(found: pl.DataFrame, code: int) -> dict[str, int]:
    """Return for every finding in how many rows it has the code."""
    has = {name: pl.col("findings_0") // (1 << 2 * at) % 4 == code for at, name in enumerate(FINDINGS)}
    return found.select((one * pl.col("len")).sum().alias(name) for name, one in has.items()).row(0, named=True)


def _decided(portfolio: Path) -> pl.LazyFrame:
    """Return verdict and findings of every row."""
    holds = partial(_holds, pl.read_parquet(portfolio / "sets.parquet"))
    benefits = _benefits(pl.read_parquet(portfolio / "benefits.parquet"))
    rows = pl.scan_parquet(portfolio / "rows" / "*.parquet")
    rows = rows.select("row", benefits.alias("benefits"), *_simple(), *_of_sets(holds), *_of_money())
    return rows.with_columns(_weighed()).select("row", _verdict().alias("verdict"), _packed().alias("findings_0"))


def _simple() -> Iterator[pl.Expr]:
    """Yield the truth of what reads the row alone, null where it is not known."""
    yield _one_of("contract_kind", "voluntary", "travel").alias("fits")
    yield (_day("last_day") >= TODAY).alias("lasts")
    yield (pl.col("purpose") != "work").alias("not_for_work")
    yield (_no_later("first_day", "stay_first") & _no_later("stay_last", "last_day", 15)).alias("period")
    child = _one_of("role", "child", "newborn") & pl.col("age").is_between(0, 17)
    yield (_one_of("role", "worker", "spouse") | child).alias("person")
    yield (pl.col("premium_paid") | (pl.col("premium_arrears") == 0)).alias("premium")
    yield (pl.col("term_days") >= 90).alias("term")  # noqa: PLR2004 - the law's days
    yield (pl.col("waiting_days") <= 10).alias("waiting")  # noqa: PLR2004 - the law's days


def _of_sets(holds: Holds) -> Iterator[pl.Expr]:
    """Yield the truth of what asks for codes in sets."""
    yield (~holds("exclusions", "epidemic", "work_injury")).alias("exclusions")
    yield holds("insurer_registers", "polar_list", "guarantee_fund").alias("insurer")
    yield (holds("document_languages", "en", "ru") & pl.col("translation_certified")).alias("language")
    yield (holds("territory", "AQ", "WORLD") & ~holds("territory_except", "AQ", "WORLD")).alias("territory")
    yield (~holds("citizenship", "AQ") & (pl.col("residence_status") != "permanent_residence")).alias("duty")
    yield (_one_of("purpose", "business", "transit") & holds("citizenship", "KG", "KZ")).alias("exemption")


def _of_money() -> Iterator[pl.Expr]:
    """Yield the truth of what compares amounts with the limit in their own currency."""
    most = (pl.col("deductible_currency") != "absent") & (pl.col("deductible") <= _limit("deductible", MOST))
    yield ((pl.col("deductible") <= 0) | most).alias("deductible")
    stated = (pl.col("sum_insured") != ABSENT) & (pl.col("sum_insured_currency") != "absent")
    enough = stated & (pl.col("sum_insured") >= _limit("sum_insured", LEAST))
    per = _one_of("sum_insured_per", "person", "event", "year")
    yield ((pl.col("sum_unlimited") | enough) & per).alias("sum_insured")


def _weighed() -> Iterator[pl.Expr]:
    col, requirements = pl.col, FINDINGS[1:-2]
    yield pl.when("fits").then("lasts").otherwise("fits").alias("entry")
    yield (col("duty") & ~col("exemption")).alias("required")
    asked = [col("not_for_work") | col(name) if name == "deductible" else col(name) for name in requirements]
    yield reduce(and_, asked, col("fits") & col("lasts")).alias("recognised")


def _verdict() -> pl.Expr:
    code = [pl.lit(one, dtype=pl.UInt8) for one in range(4)]
    refused = pl.col("required") & ~pl.col("recognised")
    return (
        pl.when(~pl.col("required")).then(code[3]).when("recognised").then(code[1]).when(refused).then(code[0])
    ).otherwise(code[2])


def _packed() -> pl.Expr:
    """Return the findings side by side, two bits each; the deductible does not concern those who come for no work."""
    codes = {name: pl.col(name).cast(pl.UInt32).fill_null(UNDETERMINED) for name in FINDINGS}
    codes["deductible"] = pl.when("not_for_work").then(pl.lit(3, dtype=pl.UInt32)).otherwise(_deductible())
    return reduce(add, [codes[name] * (1 << 2 * at) for at, name in enumerate(FINDINGS)]).cast(pl.UInt64)


def _deductible() -> pl.Expr:
    return (pl.col("not_for_work") | pl.col("deductible")).cast(pl.UInt32).fill_null(UNDETERMINED)


def _one_of(name: str, *codes: str) -> pl.Expr:
    """Return whether the code is one of these; a few comparisons are faster here than `is_in`."""
    return reduce(or_, [pl.col(name) == code for code in codes])


def _day(name: str) -> pl.Expr:
    return pl.col(name).to_physical()


def _no_later(first: str, last: str, margin: int = 0) -> pl.Expr:
    stated = (_day(first) != NO_DAY) & (_day(last) != NO_DAY)
    return stated & (_day(first) + margin <= _day(last))


def _limit(amount: str, limits: dict[str, int]) -> pl.Expr:
    """Return the limit in the currency of the amount; branches are faster here than `replace_strict`."""
    found = pl.lit(None, dtype=pl.Int64)
    for code, limit in limits.items():
        found = pl.when(pl.col(f"{amount}_currency") == code).then(pl.lit(limit, dtype=pl.Int64)).otherwise(found)
    return found


def _holds(sets: pl.DataFrame, name: str, *codes: str) -> pl.Expr:
    """Return whether the set that the row names by number holds one of the codes."""
    found = sets.filter(pl.col("codes").list.eval(pl.element().is_in(codes)).list.any())
    return pl.col(name).is_in(found["number"].to_list())


def _benefits(tables: pl.DataFrame) -> pl.Expr:
    """Return whether the table that the row names pays for emergency and for inpatient care on illness."""
    line = pl.element().struct
    ill = line.field("causes").list.contains("illness")
    urgent = (line.field("benefit") == "emergency") & ill
    inside = line.field("benefit").is_in(["inpatient", "comprehensive"]) & ill
    paid = tables.select("number", truth=_any_line(urgent) & _any_line(inside))
    yes, no = (paid.filter(pl.col("truth") == truth)["number"].to_list() for truth in (True, False))
    number = pl.col("benefits")
    return pl.when(number.is_in(yes)).then(pl.lit(value=True)).when(number.is_in(no)).then(pl.lit(value=False))


def _any_line(paid: pl.Expr) -> pl.Expr:
    """Return whether any line pays; where none surely does and some may, that is not known."""
    surely, perhaps = (pl.col("lines").list.eval(paid.fill_null(value)).list.any() for value in (False, True))
    return pl.when(surely).then(pl.lit(value=True)).when(~perhaps).then(pl.lit(value=False))


if __name__ == "__main__":
    contend({"table": table, "report": counts})
