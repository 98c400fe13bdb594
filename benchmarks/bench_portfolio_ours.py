"""Our own assessment as a contender: `assess_portfolio`, and the compiled law alone with counts and no file."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import polars as pl
from bench_contender import FINDINGS, NOT_MET, UNDETERMINED, Report, contend, report
from bench_occasions import AS_OF, LAW_FOLDER, bench_rates

from polisbridge.adapters.folder import read_folder
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.columns import CompiledLaw, ListTables
from polisbridge.batch.portfolio import Portfolio, open_portfolio
from polisbridge.core.codes import Gate
from polisbridge.core.days import day_number
from polisbridge.core.symbolic import symbolic
from polisbridge.formats.lawfile import read_law
from polisbridge.services.applied_laws import AppliedLaws

BATCH = 1_000_000


def table(portfolio: Path, into: Path) -> None:
    """Decide every row and write verdicts and findings, one row in a thousand decided again by the core."""
    assess_portfolio(open_portfolio(portfolio), _laws(), into / "result", lambda _done, _all: None)


def counts(portfolio: Path, _into: Path) -> Report:
    """Decide every row and count, with nothing written and no check by the core."""
    held = open_portfolio(portfolio)
    law = compiled(held)
    verdicts: Counter[int] = Counter()
    not_met, undetermined = Counter[str](), Counter[str]()
    for rows in _batches(held, law):
        found = law.run(rows).group_by("verdict", "findings_0").len()
        verdicts.update(dict(found.group_by("verdict").agg(pl.col("len").sum()).iter_rows()))
        not_met.update(_by_finding(found, NOT_MET))
        undetermined.update(_by_finding(found, UNDETERMINED))
    return report(verdicts, not_met, undetermined)


def _laws() -> AppliedLaws:
    return AppliedLaws(read_law(read_folder(LAW_FOLDER)), bench_rates())


def compiled(held: Portfolio) -> CompiledLaw:
    """Return the invented law compiled over the lists of the portfolio."""
    given: dict[str, int | str] = {"state": "AQ", "gate": Gate.HIRING.value, "as_of": day_number(AS_OF)}
    applied = _laws().at("AQ", Gate.HIRING, AS_OF)
    return CompiledLaw(symbolic(applied), given, ListTables(held.sets, held.benefits))


def _batches(held: Portfolio, law: CompiledLaw) -> Iterator[pl.DataFrame]:
    for part in held.parts:
        scan = pl.scan_parquet(part).select(law.reads)
        for first in range(0, pl.scan_parquet(part).select(pl.len()).collect().item(), BATCH):
            yield scan.slice(first, BATCH).collect()


def _by_finding(found: pl.DataFrame, code: int) -> dict[str, int]:
    """Return for every finding in how many rows it has the code."""
    has = {name: pl.col("findings_0") // (1 << 2 * at) % 4 == code for at, name in enumerate(FINDINGS)}
    return found.select((one * pl.col("len")).sum().alias(name) for name, one in has.items()).row(0, named=True)


if __name__ == "__main__":
    contend({"table": table, "report": counts})
