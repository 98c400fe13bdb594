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
from typing import Any

import polars as pl

from polisbridge.batch.columns import FINDINGS_IN_WORD, VERDICT_CODES, CompiledLaw, ListTables
from polisbridge.batch.laws import KEYS, OCCASION, Key, Laws, decidable, occasions_of
from polisbridge.batch.layout import ROW, Reader
from polisbridge.batch.portfolio import ROWS, Portfolio, whole_folder
from polisbridge.batch.sift import SOUND, Sifter
from polisbridge.core.codes import Verdict
from polisbridge.core.decide import Decision, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.symbolic import OUTCOME_OF, FindingCode, SymbolicDecision
from polisbridge.services.applied_laws import AppliedLaws, Occasion
from polisbridge.services.portfolio import Assessed, Progress

RESULT = "polisbridge result 1"
RESULT_MANIFEST, REJECTS = "result.json", "rejects.ndjson"
CHECKED_EVERY = 1_000
BATCH = 1_000_000  # rows held at once

_CODES = {outcome: int(code) for code, outcome in OUTCOME_OF.items()}
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
        """Run through all parts and write the manifest last. A batch is written while the next one is decided."""
        (self.folder / ROWS).mkdir()
        self._sifter = Sifter(self._lists, self._states, occasions := occasions_of(self.portfolio, self._number))
        self._columns = sorted({ROW, *occasions.columns, *self._needed.reads} & self.portfolio.columns)
        done = 0
        with ThreadPoolExecutor(1) as beside, (self.folder / REJECTS).open("w", encoding="utf-8") as rejects:
            waited_for: list[Future[int]] = []
            for part in self.portfolio.parts:
                for number, rows in enumerate(slices(part)):
                    answers, sample, bad = self._decided(rows.select(self._columns))
                    self._settle(waited_for)
                    path = self.folder / ROWS / f"{part.stem}-{number:03}.parquet"
                    waited_for = [beside.submit(_write, answers, path), beside.submit(self._checked, sample, answers)]
                    self.rejected += self._sifter.set_aside(rejects, with_keys(part, bad))
                    done += len(answers) + len(bad)
                    self.progress(done, self.portfolio.rows)
            self._settle(waited_for)
        return self._summary()

    def _settle(self, waited_for: list[Future[int]]) -> None:
        """Wait for what goes on beside: writing, and rows that the core decides again."""
        self.checked += sum(one.result() for one in waited_for)
        waited_for.clear()

    def _number(self, key: Key) -> int | None:
        return self._needed.number(key) if decidable(key, self._states) else None

    def _decided(self, rows: pl.LazyFrame) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Return one answer per row in order, the rows for the core, and those set aside; read once."""
        marked = self._sifter.marked(rows, self._columns)
        sample = marked.filter(pl.col(ROW) % CHECKED_EVERY == 0)
        columns, laws = frozenset(self._columns), self._needed.compiled
        own = [marked.filter(pl.col(OCCASION) == number) if len(laws) > 1 else marked for number in range(len(laws))]
        asked = [law.answers(part, columns, ROW, OCCASION, SOUND) for law, part in zip(laws, own, strict=True)]
        tried, *answers = pl.collect_all([sample, *asked], engine="streaming")
        together = pl.concat([self._needed.nothing, *answers], how="diagonal")
        whole = together[SOUND].all() and len(together) == rows.select(pl.len()).collect().item()
        bad = tried.clear() if whole else marked.filter(~pl.col(SOUND)).collect()
        together = (together if whole else together.filter(SOUND)).drop(SOUND)
        for verdict, count in together["verdict"].value_counts().iter_rows():
            self.verdicts[VERDICTS[verdict]] += count
        together = together if len(laws) == 1 else together.sort(ROW).with_columns(pl.col(pl.UInt64).fill_null(0))
        return together, tried.filter(SOUND), bad

    def _checked(self, sample: pl.DataFrame, answers: pl.DataFrame) -> int:
        """Let the core decide the sample again; return how many rows it were."""
        again = answers.join(sample.select(ROW), on=ROW, how="semi").partition_by(OCCASION, as_dict=True)
        return sum(
            checked_by_core(self._needed.compiled[number], self._reader, rows.sort(ROW), again[(number,)].sort(ROW))
            for (number,), rows in sample.partition_by(OCCASION, as_dict=True).items()
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
    places = {one.applied.applies_at: at for at, one in enumerate(law.decision.findings)}
    for row, answer in zip(rows.iter_rows(named=True), answers.iter_rows(named=True), strict=True):
        decision = decide(reader.facts(row | law.given), law.decision.law)
        differences = list(_differences(decision, places, answer))
        if differences:
            raise PolisbridgeError(
                ErrorCode.ENGINES_DISAGREE,
                f"row {row[ROW]}: {'; '.join(differences)}",
                hint="this is a fault of the program: please report it with the row",
            )
    return len(rows)


def _differences(decision: Decision, places: Mapping[int, int], answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the core says something else than the columns."""
    if VERDICT_CODES[decision.verdict] != answer["verdict"]:
        yield f"columns say {VERDICTS[answer['verdict']].value}, the core {decision.verdict.value}"
    told = [*decision.duties, *decision.exemptions, *decision.open_questions]
    for result in decision.routes:
        told += [result.entry, *result.findings]
    for finding in told:
        at = places[finding.applied.applies_at]
        if answer[f"findings_{at // FINDINGS_IN_WORD}"] >> 2 * (at % FINDINGS_IN_WORD) & 3 != _CODES[finding.outcome]:
            code = finding_code(answer, at)
            yield f"{finding.provision.id}: columns say {code.name.lower()}, the core {finding.outcome.value}"


def finding_code(answer: Mapping[str, Any], at: int) -> FindingCode:
    """Return the code of the finding at a place from the packed words of an answer."""
    word = answer[f"findings_{at // FINDINGS_IN_WORD}"]
    return FindingCode(word >> 2 * (at % FINDINGS_IN_WORD) & 3)


def _write(answers: pl.DataFrame, path: Path) -> int:
    """Write answers; statistics of numbers that mean nothing in order are left out. Return 0, rows checked."""
    answers.write_parquet(path, compression="zstd", compression_level=1, statistics=False)
    return 0


def with_keys(part: Path, bad: pl.DataFrame) -> pl.DataFrame:
    """Return rows that cannot be decided with all columns that say why, read again from their part."""
    missing = [name for name in KEYS if name not in bad.columns]
    if not len(bad) or not missing:
        return bad
    there = [name for name in missing if name in pl.read_parquet_schema(part)]
    keys = pl.scan_parquet(part).select(ROW, *there).filter(pl.col(ROW).is_in(bad[ROW].implode())).collect()
    absent = [pl.lit(None).alias(name) for name in missing if name not in there]
    return bad.join(keys, on=ROW, how="left").with_columns(absent)


def slices(part: Path) -> Iterator[pl.LazyFrame]:
    """Yield the rows of a part, so many at once that memory stays flat, read when collected."""
    scan = pl.scan_parquet(part)
    for first in range(0, scan.select(pl.len()).collect().item(), BATCH):
        yield scan.slice(first, BATCH)


def batches(part: Path, columns: list[str]) -> Iterator[pl.DataFrame]:
    """Yield the rows of a part with these columns, so many at once that memory stays flat."""
    for rows in slices(part):
        yield rows.select(columns).collect()
