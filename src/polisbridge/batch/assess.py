"""Assess a portfolio: every row decided by the law of its state, gate and day, in batches of flat memory.

Rows that cannot be decided at all are set aside with every reason; the rest is decided in columns. One row in a
thousand is decided again by the core while the portfolio runs, and any difference stops the run.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from polisbridge.batch.columns import FINDINGS_IN_WORD, VERDICT_CODES, CompiledLaw, ListTables
from polisbridge.batch.layout import ABSENT_DAY, ABSENT_NUMBER, ROW, ROW_SCHEMA, Reader
from polisbridge.batch.portfolio import ROWS, Portfolio, whole_folder
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.days import day_number
from polisbridge.core.decide import Decision, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import Facts, FieldType, field_types
from polisbridge.core.symbolic import OUTCOME_OF, FindingCode, SymbolicDecision, symbolic
from polisbridge.services.applied_laws import AppliedLaws, Occasion
from polisbridge.services.portfolio import Assessed, Progress

RESULT = "polisbridge result 1"
RESULT_MANIFEST, REJECTS = "result.json", "rejects.ndjson"
OCCASION = "occasion"
CHECKED_EVERY = 1_000
BATCH = 500_000  # rows held at once

_KEYS = ("state", "gate", "as_of", "home_state", "concluded")
ANSWER_SCHEMA: dict[str, pl.DataType] = {ROW: pl.Int64(), OCCASION: pl.UInt16(), "verdict": pl.UInt8()}

_KINDS = field_types(Facts)
_GATES = frozenset(gate.value for gate in Gate)
_COUNTED = (FieldType.WHOLE, FieldType.MINOR)
_VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}


class _Laws:
    """The laws that a portfolio needs, compiled when their first row comes; occasions that agree share one."""

    def __init__(self, laws: AppliedLaws, lists: ListTables) -> None:
        self._laws, self._lists = laws, lists
        self._numbers: dict[Occasion, int] = {}
        self._by_key: dict[tuple[Any, ...], int] = {}
        self.compiled: list[CompiledLaw] = []
        self.occasions: list[Occasion] = []

    def number(self, key: tuple[Any, ...]) -> int:
        """Return the number of the law for the values of _KEYS of a row."""
        if key not in self._by_key:
            state, gate, as_of, home_state, concluded = key
            occasion = self._laws.occasion(state, Gate(gate), as_of, home_state, _stated_day(concluded))
            if occasion not in self._numbers:
                self._numbers[occasion] = len(self.compiled)
                self.occasions.append(occasion)
                self.compiled.append(self._compile(occasion))
            self._by_key[key] = self._numbers[occasion]
        return self._by_key[key]

    def _compile(self, occasion: Occasion) -> CompiledLaw:
        state, gate, as_of, *_ = occasion
        given = {"state": state, "gate": gate.value, "as_of": day_number(as_of)}
        return CompiledLaw(symbolic(self._laws.at(*occasion)), given, self._lists)

    @property
    def reads(self) -> frozenset[str]:
        """The columns that any of the laws reads."""
        return frozenset(name for law in self.compiled for name in law.reads)

    @property
    def nothing(self) -> pl.DataFrame:
        """An empty answer, as wide as the widest law needs."""
        words = range(max((law.width for law in self.compiled), default=1))
        return pl.DataFrame(schema=ANSWER_SCHEMA | {f"findings_{word}": pl.UInt64() for word in words})


def _stated_day(day: date | None) -> date | None:
    return None if day is None or day_number(day) == ABSENT_DAY else day


def assess_portfolio(portfolio: Portfolio, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
    """Decide every row of the portfolio, write the result folder, and return the totals.

    Raises PolisbridgeError when a file cannot be read or written, or when columns and core disagree on a row;
    nothing is kept then.
    """
    with whole_folder(into) as folder:
        run = _Run(portfolio, laws, folder, progress)
        return run.finish()


@dataclass
class _Run:
    portfolio: Portfolio
    laws: AppliedLaws
    folder: Path
    progress: Progress
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    rejected: int = 0
    checked: int = 0

    def __post_init__(self) -> None:
        self._lists = ListTables(self.portfolio.sets, self.portfolio.benefits)
        self._reader = Reader(self._lists.sets, self._lists.benefits)
        self._needed = _Laws(self.laws, self._lists)
        self._states = frozenset(self.laws.book.states())
        self._limits = {FieldType.CODES: len(self._lists.sets), FieldType.LINES: len(self._lists.benefits)}

    def finish(self) -> Assessed:
        """Run through all parts and write the manifest last."""
        (self.folder / ROWS).mkdir()
        occasions = self._occasions()
        columns = sorted({ROW, *_KEYS, *self._needed.reads} & self.portfolio.columns)
        done = 0
        with ThreadPoolExecutor(1) as beside, (self.folder / REJECTS).open("w", encoding="utf-8") as rejects:
            checks: list[Future[int]] = []
            for part in self.portfolio.parts:
                for number, rows in enumerate(_batches(part, columns)):
                    good, bad = self._sorted_out(rows, occasions)
                    self.rejected += _write_rejects(rejects, bad, self._limits, self._states)
                    answers = self._decided(good, checks, beside)
                    answers.write_parquet(self.folder / ROWS / f"{part.stem}-{number:03}.parquet", compression="zstd")
                    done += len(rows)
                    self.progress(done, self.portfolio.rows)
                    self.checked += sum(check.result() for check in checks)
                    checks.clear()
        return self._summary()

    def _occasions(self) -> pl.DataFrame:
        """Return which law decides rows by their state, gate and so on: as few columns as tell it, and OCCASION.

        Where OCCASION is null, no law can decide: the state or gate is not known, or the day is missing.
        """
        there = [name for name in _KEYS if name in self.portfolio.columns]
        found = self.portfolio.scan().select(there).unique().collect()
        found = found.with_columns(
            pl.lit(None).cast(ROW_SCHEMA[name]).alias(name) for name in _KEYS if name not in there
        )
        found = found.select(_KEYS).sort(_KEYS)
        numbers = [self._number(key) for key in found.iter_rows()]
        return _least(found.with_columns(pl.Series(OCCASION, numbers, dtype=pl.UInt16)))

    def _number(self, key: tuple[Any, ...]) -> int | None:
        state, gate, as_of, *_ = key
        decidable = state in self._states and gate in _GATES and as_of is not None
        return self._needed.number(key) if decidable else None

    def _sorted_out(self, rows: pl.DataFrame, occasions: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Return the rows that can be decided, with the number of their law, and the others."""
        told_by = occasions.columns[:-1]
        if told_by:
            number = rows.select(told_by).join(
                occasions, on=told_by, how="left", nulls_equal=True, maintain_order="left"
            )
            rows = rows.with_columns(number[OCCASION])
        else:
            rows = rows.with_columns(pl.lit(occasions[OCCASION][0], dtype=pl.UInt16).alias(OCCASION))
        fine = rows.select(pl.all_horizontal(pl.col(OCCASION).is_not_null(), *self._sound(rows)).alias("fine"))["fine"]
        return (rows, rows.clear()) if fine.all() else (rows.filter(fine), rows.filter(~fine))

    def _sound(self, rows: pl.DataFrame) -> Iterator[pl.Expr]:
        """Yield per column what must hold of it, so that what is written there can mean something."""
        for name in rows.columns:
            kind = _KINDS.get(name)
            if kind in self._limits:
                yield (pl.col(name) < self._limits[kind]).fill_null(value=True)
            elif kind in _COUNTED:
                yield ((pl.col(name) >= 0) | (pl.col(name) == ABSENT_NUMBER)).fill_null(value=True)

    def _decided(self, rows: pl.DataFrame, checks: list[Future[int]], beside: ThreadPoolExecutor) -> pl.DataFrame:
        """Return one answer per row in order, every law over its own rows; hand some rows to the core."""
        answers = []
        for number, own in _by_occasion(rows):
            law = self._needed.compiled[number]
            group = own(law.reads)
            found = group.select(ROW, OCCASION).hstack(law.run(group))
            sample = (group[ROW] % CHECKED_EVERY == 0).arg_true()
            checks.append(beside.submit(self._checked, law, group[sample], found[sample]))
            answers.append(found)
        together = pl.concat([self._needed.nothing, *answers], how="diagonal")
        for verdict, count in together["verdict"].value_counts().iter_rows():
            self.verdicts[_VERDICTS[verdict]] += count
        return (together if len(answers) == 1 else together.sort(ROW)).with_columns(pl.col(pl.UInt64).fill_null(0))

    def _checked(self, law: CompiledLaw, rows: pl.DataFrame, answers: pl.DataFrame) -> int:
        """Decide rows again by the core; return how many. Raises PolisbridgeError where it says something else."""
        for row, answer in zip(rows.iter_rows(named=True), answers.iter_rows(named=True), strict=True):
            decision = decide(self._reader.facts(row | law.given), law.decision.law)
            differences = list(_differences(decision, law.decision, answer))
            if differences:
                raise PolisbridgeError(
                    ErrorCode.ENGINES_DISAGREE,
                    f"row {row[ROW]}: {'; '.join(differences)}",
                    hint="this is a fault of the program: please report it with the row",
                )
        return len(rows)

    def _summary(self) -> Assessed:
        decided = sum(self.verdicts.values())
        if decided + self.rejected != self.portfolio.rows:
            raise AssertionError(f"{decided} decided and {self.rejected} rejected of {self.portfolio.rows} rows")
        manifest = {
            "layout": RESULT,
            "engine": f"polars {pl.__version__}",
            "law": self.laws.book.hash,
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


def _differences(decision: Decision, written: SymbolicDecision, answer: Mapping[str, Any]) -> Iterator[str]:
    """Yield where the core says something else than the columns."""
    if decision.verdict is not _VERDICTS[answer["verdict"]]:
        yield f"columns say {_VERDICTS[answer['verdict']].value}, the core {decision.verdict.value}"
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


def _least(occasions: pl.DataFrame) -> pl.DataFrame:
    """Return the table without the columns that make no difference to the law."""
    for name in _KEYS:
        others = [one for one in occasions.columns if one not in (name, OCCASION)]
        fewer = occasions.select(*others, OCCASION).unique(maintain_order=True)
        if len(fewer) == (len(fewer.unique(others)) if others else 1):
            occasions = fewer
    return occasions


def _by_occasion(rows: pl.DataFrame) -> Iterator[tuple[int, Callable[[tuple[str, ...]], pl.DataFrame]]]:
    """Yield each law's number with a function that gives its rows, in order, with the columns wanted of them."""

    def part(places: pl.Series | None, reads: tuple[str, ...]) -> pl.DataFrame:
        wanted = [rows[name] for name in (ROW, OCCASION, *reads) if name in rows.columns]
        return pl.DataFrame(wanted) if places is None else pl.DataFrame(wanted)[places]

    numbers = rows[OCCASION]
    if numbers.n_unique() == 1:
        yield numbers[0], partial(part, None)
        return
    order = numbers.arg_sort()
    first = 0
    for number, length in numbers.value_counts().sort(OCCASION).iter_rows():
        yield number, partial(part, order.slice(first, length).sort())
        first += length


def _batches(part: Path, columns: list[str]) -> Iterator[pl.DataFrame]:
    scan = pl.scan_parquet(part)
    total = scan.select(pl.len()).collect().item()
    for first in range(0, total, BATCH):
        yield scan.select(columns).slice(first, BATCH).collect()


def _write_rejects(file: TextIO, bad: pl.DataFrame, limits: Mapping[FieldType, int], states: frozenset[str]) -> int:
    for row in bad.iter_rows(named=True):
        faults = list(_row_faults(row, limits, states))
        file.write(json.dumps({"row": row[ROW], "faults": faults}, ensure_ascii=False, default=str) + "\n")
    return len(bad)


def _row_faults(
    row: Mapping[str, Any], limits: Mapping[FieldType, int], states: frozenset[str]
) -> Iterator[dict[str, Any]]:
    """Yield everything that is wrong with a row that cannot be decided: column, what was found, what was expected."""
    if row["state"] not in states:
        yield {"column": "state", "found": row["state"], "expected": f"one of {', '.join(sorted(states))}"}
    if row["gate"] not in _GATES:
        yield {"column": "gate", "found": row["gate"], "expected": f"one of {', '.join(sorted(_GATES))}"}
    if row["as_of"] is None:
        yield {"column": "as_of", "found": None, "expected": "the day to decide for"}
    for name, value in row.items():
        kind = _KINDS.get(name)
        if value is None or kind is None:
            continue
        if kind in limits and value >= limits[kind]:
            yield {
                "column": name,
                "found": value,
                "expected": f"a number below {limits[kind]}, of a list that is there",
            }
        elif kind in _COUNTED and value < 0 and value != ABSENT_NUMBER:
            yield {"column": name, "found": value, "expected": f"0 or more, or {ABSENT_NUMBER} for stated absent"}
