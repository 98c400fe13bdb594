"""Assess a portfolio: every row decided by the law of its state, gate and day, in batches of flat memory.

Rows that cannot be decided at all are set aside with every reason; the rest is decided in columns. One row in a
thousand is decided again by the core while the portfolio runs, and any difference stops the run.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from polisbridge.batch.columns import FINDINGS_IN_WORD, VERDICT_CODES, CompiledLaw, ListTables
from polisbridge.batch.laws import KEYS, OCCASION, Key, Laws, by_occasion, decidable, occasions_of
from polisbridge.batch.layout import ROW, Reader
from polisbridge.batch.portfolio import ROWS, Portfolio, whole_folder
from polisbridge.batch.sift import Sifter
from polisbridge.core.codes import Verdict
from polisbridge.core.decide import Decision, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.symbolic import OUTCOME_OF, FindingCode, SymbolicDecision
from polisbridge.services.applied_laws import AppliedLaws, Occasion
from polisbridge.services.portfolio import Assessed, Progress

RESULT = "polisbridge result 1"
RESULT_MANIFEST, REJECTS = "result.json", "rejects.ndjson"
CHECKED_EVERY = 1_000
BATCH = 500_000  # rows held at once

T = TypeVar("T")

VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}


def assess_portfolio(portfolio: Portfolio, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
    """Decide every row of the portfolio, write the result folder, and return the totals.

    Raises PolisbridgeError when a file cannot be read or written, or when columns and core disagree on a row;
    nothing is kept then.
    """
    with whole_folder(into) as folder:
        return _Run(portfolio, laws, folder, progress, os.path.relpath(portfolio.folder, into)).finish()


@dataclass
class _Run:
    portfolio: Portfolio
    laws: AppliedLaws
    folder: Path
    progress: Progress
    way_to_portfolio: str
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rejected: int = 0
    checked: int = 0

    def __post_init__(self) -> None:
        self._lists = ListTables(self.portfolio.sets, self.portfolio.benefits)
        self._reader = Reader(self._lists.sets, self._lists.benefits)
        self._needed = Laws(self.laws, self._lists)
        self._states = frozenset(self.laws.book.states())

    def finish(self) -> Assessed:
        """Run through all parts and write the manifest last. The next batch is read while one is decided."""
        (self.folder / ROWS).mkdir()
        occasions = occasions_of(self.portfolio, self._number)
        sifter = Sifter(self._lists, self._states, occasions)
        columns = sorted({ROW, *occasions.columns, *self._needed.reads} & self.portfolio.columns)
        done = 0
        with ThreadPoolExecutor(2) as beside, (self.folder / REJECTS).open("w", encoding="utf-8") as rejects:
            waited_for: list[Future[int]] = []
            for part, number, rows in ahead(self._batches(columns), beside):
                good, bad = sifter.sort(rows)
                self.rejected += sifter.set_aside(rejects, with_keys(part, bad))
                self._settle(waited_for)
                path = self.folder / ROWS / f"{part.stem}-{number:03}.parquet"
                waited_for = [beside.submit(_write, self._decided(good, waited_for, beside), path), *waited_for]
                done += len(rows)
                self.progress(done, self.portfolio.rows)
            self._settle(waited_for)
        return self._summary()

    def _batches(self, columns: list[str]) -> Iterator[tuple[Path, int, pl.DataFrame]]:
        for part in self.portfolio.parts:
            for number, rows in enumerate(batches(part, columns)):
                yield part, number, rows

    def _settle(self, waited_for: list[Future[int]]) -> None:
        """Wait for what goes on beside: writing, and rows that the core decides again."""
        self.checked += sum(one.result() for one in waited_for)
        waited_for.clear()

    def _number(self, key: Key) -> int | None:
        return self._needed.number(key) if decidable(key, self._states) else None

    def _decided(self, rows: pl.DataFrame, checks: list[Future[int]], beside: ThreadPoolExecutor) -> pl.DataFrame:
        """Return one answer per row in order, every law over its own rows; hand some rows to the core."""
        answers = []
        for number, own in by_occasion(rows):
            law = self._needed.compiled[number]
            group = own(law.reads)
            found = pl.DataFrame([group[ROW], group[OCCASION], *law.run(group).get_columns()])
            sample = (group[ROW] % CHECKED_EVERY == 0).arg_true()
            checks.append(beside.submit(checked_by_core, law, self._reader, group[sample], found[sample]))
            answers.append(found)
        together = answers[0] if len(answers) == 1 else pl.concat([self._needed.nothing, *answers], how="diagonal")
        for verdict, count in together["verdict"].value_counts().iter_rows():
            self.verdicts[VERDICTS[verdict]] += count
        if len(answers) == 1 and together.width == self._needed.nothing.width:
            return together
        return (
            pl.concat([self._needed.nothing, together], how="diagonal")
            .sort(ROW)
            .with_columns(pl.col(pl.UInt64).fill_null(0))
        )

    def _summary(self) -> Assessed:
        decided = sum(self.verdicts.values())
        if decided + self.rejected != self.portfolio.rows:
            raise AssertionError(f"{decided} decided and {self.rejected} rejected of {self.portfolio.rows} rows")
        manifest = {
            "layout": RESULT,
            "engine": f"polars {pl.__version__}",
            "law": self.laws.book.hash,
            "portfolio": self.way_to_portfolio,  # from the result folder, so that both can be moved together
            "synthetic": self.portfolio.synthetic,
            "rows": self.portfolio.rows,
            "decided": decided,
            "rejected": self.rejected,
            "checked_by_core": self.checked,
            "verdicts": {verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "occasions": [
                occasion_entry(occasion, law.decision)
                for occasion, law in zip(self._needed.occasions, self._needed.compiled, strict=True)
            ],
        }
        (self.folder / RESULT_MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        return Assessed(
            self.portfolio.rows, decided, self.rejected, self.checked, dict(self.verdicts), self.portfolio.synthetic
        )


def occasion_entry(occasion: Occasion, decision: SymbolicDecision) -> dict[str, Any]:
    """Return what the result says of one occasion: the law asked, and what the places of the findings mean."""
    state, gate, as_of, home_state, concluded = occasion
    return {
        "state": state,
        "gate": gate.value,
        "as_of": as_of.isoformat(),
        "home_state": home_state,
        "concluded": concluded.isoformat() if concluded else None,
        "findings": [
            {"id": one.id, "kind": one.applied.provision.kind.value, "evidence": one.applied.evidence.value}
            for one in decision.findings
        ],
        "routes": {
            route.route.provision.id: [one.applies_at for one in route.applied_requirements]
            for route in decision.law.routes
        },
    }


def checked_by_core(law: CompiledLaw, reader: Reader, rows: pl.DataFrame, answers: pl.DataFrame) -> int:
    """Decide rows again by the core; return how many. Raises PolisbridgeError where it says something else."""
    for row, answer in zip(rows.iter_rows(named=True), answers.iter_rows(named=True), strict=True):
        decision = decide(reader.facts(row | law.given), law.decision.law)
        differences = list(_differences(decision, law.decision, answer))
        if differences:
            raise PolisbridgeError(
                ErrorCode.ENGINES_DISAGREE,
                f"row {row[ROW]}: {'; '.join(differences)}",
                hint="this is a fault of the program: please report it with the row",
            )
    return len(rows)


def _differences(decision: Decision, written: SymbolicDecision, answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the core says something else than the columns."""
    if decision.verdict is not VERDICTS[answer["verdict"]]:
        yield f"columns say {VERDICTS[answer['verdict']].value}, the core {decision.verdict.value}"
    told = [*decision.duties, *decision.exemptions, *decision.open_questions]
    for result in decision.routes:
        told += [result.entry, *result.findings]
    places = {one.applied.applies_at: at for at, one in enumerate(written.findings)}
    for finding in told:
        code = finding_code(answer, places[finding.applied.applies_at])
        if OUTCOME_OF[code] is not finding.outcome:
            yield f"{finding.provision.id}: columns say {code.name.lower()}, the core {finding.outcome.value}"


def finding_code(answer: Mapping[str, Any], at: int) -> FindingCode:
    """Return the code of the finding at a place from the packed words of an answer."""
    word = answer[f"findings_{at // FINDINGS_IN_WORD}"]
    return FindingCode(word >> 2 * (at % FINDINGS_IN_WORD) & 3)


def _write(answers: pl.DataFrame, path: Path) -> int:
    """Write answers; statistics of numbers that mean nothing in order are left out. Return 0, rows checked."""
    answers.write_parquet(path, compression="zstd", compression_level=1, statistics=False)
    return 0


def ahead(items: Iterator[T], beside: ThreadPoolExecutor) -> Iterator[T]:
    """Yield the items, the next one made beside while one is used."""
    coming = beside.submit(next, items, None)
    while (item := coming.result()) is not None:
        coming = beside.submit(next, items, None)
        yield item


def with_keys(part: Path, bad: pl.DataFrame) -> pl.DataFrame:
    """Return rows that cannot be decided with all columns that say why, read again from their part."""
    missing = [name for name in KEYS if name not in bad.columns]
    if not len(bad) or not missing:
        return bad
    there = [name for name in missing if name in pl.read_parquet_schema(part)]
    keys = pl.scan_parquet(part).select(ROW, *there).filter(pl.col(ROW).is_in(bad[ROW].implode())).collect()
    absent = [pl.lit(None).alias(name) for name in missing if name not in there]
    return bad.join(keys, on=ROW, how="left").with_columns(absent)


def batches(part: Path, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of a part with these columns, so many at once that memory stays flat."""
    scan = pl.scan_parquet(part)
    total = scan.select(pl.len()).collect().item()
    for first in range(0, total, BATCH):
        yield scan.select(columns).slice(first, BATCH).collect()
