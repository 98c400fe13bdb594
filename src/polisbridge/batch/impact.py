"""The impact of a scenario on a portfolio: one pass over its rows, each decided by the law and by the scenario.

Rows whose law the scenario leaves alone are decided once. One row in a thousand is decided again by the core, by both
laws. The result folder holds `impact.json`, the rows that changed, and the rows that could not be decided.
"""

import json
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from polisbridge.batch import assess
from polisbridge.batch.assess import REJECTS, batches, checked_by_core
from polisbridge.batch.columns import ListTables
from polisbridge.batch.laws import KEYS, Key, by_occasion, decidable, occasions_of
from polisbridge.batch.layout import ROW, ROW_SCHEMA, Reader
from polisbridge.batch.portfolio import ROWS, Portfolio, whole_folder
from polisbridge.batch.shortfall import Lacks
from polisbridge.batch.sift import Sifter
from polisbridge.batch.tally import AFTER, BEFORE, COLUMNS, Tally
from polisbridge.batch.twice import AGED, Pair, Pairs, as_of_day
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import FINE, Impact, Supposed, impact_json
from polisbridge.services.portfolio import Progress

IMPACT = "impact.json"

_FINE = [code for code, verdict in assess.VERDICTS.items() if verdict in FINE]
_CHANGED_SCHEMA: Mapping[str, pl.DataType] = {ROW: pl.Int64(), BEFORE: pl.UInt8(), AFTER: pl.UInt8()}


def impact_of(portfolio: Portfolio, before: AppliedLaws, after: Supposed, into: Path, progress: Progress) -> Impact:
    """Decide every row by both laws, write the result folder, and return the impact.

    Raises PolisbridgeError when a file cannot be read or written, or when columns and core disagree on a row;
    nothing is kept then.
    """
    with whole_folder(into) as folder:
        found = _Run(portfolio, before, after, folder, progress).finish()
        (folder / IMPACT).write_text(json.dumps(impact_json(found), ensure_ascii=False, indent=1) + "\n")
    return found


@dataclass
class _Run:
    portfolio: Portfolio
    before: AppliedLaws
    after: Supposed
    folder: Path
    progress: Progress
    rejected: int = 0
    checked: int = 0

    def __post_init__(self) -> None:
        lists = ListTables(self.portfolio.sets, self.portfolio.benefits)
        self._reader = Reader(lists.sets, lists.benefits)
        self._pairs = Pairs(self.before, self.after.laws, self.after.replaces, lists)
        self._states = frozenset(self.before.book.states())
        self._sifter = Sifter(lists, self._states, occasions_of(self.portfolio, self._number, self.after.as_of))
        self._tally, self._lacks = Tally(), Lacks(self._reader)

    def finish(self) -> Impact:
        """Run through all parts and return what was counted."""
        (self.folder / ROWS).mkdir()
        wanted = {ROW, *KEYS, *COLUMNS, *self._pairs.reads, *(AGED if self.after.as_of else ())}
        columns = sorted(wanted & self.portfolio.columns)
        done = 0
        with ThreadPoolExecutor(1) as beside, (self.folder / REJECTS).open("w", encoding="utf-8") as rejects:
            for part in self.portfolio.parts:
                for number, rows in enumerate(batches(part, columns)):
                    good, bad = self._sifter.sort(as_of_day(rows, self.after.as_of) if self.after.as_of else rows)
                    self.rejected += self._sifter.set_aside(rejects, bad)
                    changed = self._decided(good, beside)
                    changed.write_parquet(self.folder / ROWS / f"{part.stem}-{number:03}.parquet", compression="zstd")
                    done += len(rows)
                    self.progress(done, self.portfolio.rows)
        return self._summary()

    def _number(self, key: Key) -> int | None:
        return self._pairs.number(key) if decidable(key, self._states) else None

    def _decided(self, rows: pl.DataFrame, beside: ThreadPoolExecutor) -> pl.DataFrame:
        """Decide and count the rows of a batch; return those whose verdict changes, with both verdicts."""
        changed, checks = [pl.DataFrame(schema=_CHANGED_SCHEMA)], list[Future[int]]()
        for number, own in by_occasion(rows):
            pair = self._pairs.all[number]
            group = _with_columns(own(tuple(dict.fromkeys((*COLUMNS, *pair.reads)))))
            both = self._both(pair, group, checks, beside)
            self._tally.add(pair, both)
            if pair.touched:
                changed.append(both.filter(pl.col(BEFORE) != pl.col(AFTER)).select(*_CHANGED_SCHEMA))
                lost = both.filter(pl.col(BEFORE).is_in(_FINE), ~pl.col(AFTER).is_in(_FINE))
                if len(lost):
                    self._lacks.add(pair, lost)
        self.checked += sum(check.result() for check in checks)
        return pl.concat(changed).sort(ROW)

    def _both(
        self, pair: Pair, group: pl.DataFrame, checks: list[Future[int]], beside: ThreadPoolExecutor
    ) -> pl.DataFrame:
        """Return the group with the answers of both laws beside it; hand some rows to the core."""
        sample = (group[ROW] % assess.CHECKED_EVERY == 0).arg_true()
        for when, law in ((BEFORE, pair.before), (AFTER, pair.after)):
            if when == AFTER and not pair.touched:
                group = group.with_columns(pl.col(BEFORE).alias(AFTER))
                break
            answers = law.run(group)
            checks.append(beside.submit(checked_by_core, law, self._reader, group[sample], answers[sample]))
            named = {word: f"{when}_{word}" for word in answers.columns if word != "verdict"}
            group = group.hstack(answers.rename({"verdict": when, **named}))
        return group

    def _summary(self) -> Impact:
        tally = self._tally
        if tally.rows + self.rejected != self.portfolio.rows:
            raise AssertionError(f"{tally.rows} decided and {self.rejected} rejected of {self.portfolio.rows} rows")
        return Impact(
            scenario=self.after.told,
            law=self.before.book.hash,
            synthetic=self.portfolio.synthetic,
            as_of=self.after.as_of,
            rows=self.portfolio.rows,
            decided=tally.rows,
            rejected=self.rejected,
            compared=tally.compared,
            checked_by_core=self.checked,
            total=tally.total,
            groups=tally.groups(),
            findings=tally.findings(),
            top_ups=self._lacks.top_ups(),
        )


def _with_columns(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the rows with all COLUMNS, those that the portfolio does not have as not told."""
    missing = [name for name in COLUMNS if name not in rows.columns]
    return rows.with_columns(pl.lit(None, dtype=ROW_SCHEMA[name]).alias(name) for name in missing)
