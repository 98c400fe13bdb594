"""Assess a portfolio on a Spark cluster: the printed SQL of every law, over the same rows, in one application.

The folder of the portfolio and the folder of the result must be seen under the same path by all machines. Spark's
workers need no Python: they run SQL. The result is that of the embedded engine (`batch.assess`), file by file. One row
in a thousand is decided again by the core.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from polisbridge.batch.assess import (
    CHECKED_EVERY,
    REJECTS,
    RESULT,
    RESULT_MANIFEST,
    VERDICTS,
    checked_by_core,
    occasion_entry,
)
from polisbridge.batch.columns import VERDICT_CODES, ListTables
from polisbridge.batch.laws import KEYS, OCCASION, Laws, decidable
from polisbridge.batch.layout import ABSENT_NUMBER, ROW, ROW_SCHEMA, Reader
from polisbridge.batch.portfolio import BENEFITS, ROWS, SETS, Portfolio, open_portfolio, whole_folder
from polisbridge.batch.sift import Sifter
from polisbridge.batch.spark_session import spark_session
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.facts import Facts, FieldType, field_types
from polisbridge.formats import sql_query
from polisbridge.formats.sql import DecisionQuery
from polisbridge.formats.sql_dialect import Spark
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio import Assessed, Progress

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

SCRATCH = ".scratch"  # inside the result while it is made
LAW = "law"  # the number of the SQL that decides a row; null where none can
PLACED = "placed_rows"
PART = "part"  # the file of the portfolio that a row is from
ANSWERS = "answers"
_KINDS = field_types(Facts)
_COUNTED = (FieldType.WHOLE, FieldType.MINOR)
_MOST_AT_ONCE = 16  # laws


class SparkPortfolios:
    """Portfolios decided by Spark, behind the port that services and commands use."""

    def __init__(self, master: str) -> None:
        self._master = master

    def assess(self, portfolio: Path, laws: AppliedLaws, into: Path, progress: Progress) -> Assessed:
        """Decide every row and write the result folder."""
        found = assess_with_spark(open_portfolio(portfolio), laws, into, self._master)
        progress(found.rows, found.rows)
        return found


def assess_with_spark(
    portfolio: Portfolio, laws: AppliedLaws, into: Path, master: str, settings: Mapping[str, str] | None = None
) -> Assessed:
    """Decide every row of the portfolio on `master` (`local[2]`, `spark://host:port`); return the totals.

    `settings` are Spark's own, such as `spark.executor.memory`. Raises PolisbridgeError when Spark stops, when files
    cannot be written, or when Spark and the core disagree on a row; nothing is kept then.
    """
    with whole_folder(into) as folder, spark_session(master, settings) as spark:
        return _Run(spark, portfolio, laws, folder, os.path.relpath(portfolio.folder, into)).finish()


@dataclass
class _Run:
    spark: "SparkSession"
    portfolio: Portfolio
    laws: AppliedLaws
    folder: Path
    way_to_portfolio: str
    queries: list[DecisionQuery] = field(default_factory=list)
    verdicts: Counter[Verdict] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lists = ListTables(self.portfolio.sets, self.portfolio.benefits)
        self._needed = Laws(self.laws, self._lists)
        self._by_text: dict[str, int] = {}
        self._scratch = self.folder / SCRATCH

    def finish(self) -> Assessed:
        """Place, decide and count the rows, then check some and write the manifest last."""
        placed = self._placed(self._occasions())
        placed.createOrReplaceTempView(PLACED)
        for name, file in ((sql_query.SETS, SETS), (sql_query.BENEFITS, BENEFITS)):
            self.spark.read.parquet(self._uri(self.portfolio.folder / file)).createOrReplaceTempView(name)
        self._decide()
        rejected = self._set_aside(placed)
        sample = self._collect()
        checked = self._checked(placed, sample)
        shutil.rmtree(self._scratch, ignore_errors=True)
        return self._summary(rejected, checked)

    def _occasions(self) -> "DataFrame":
        """Return which occasion and which SQL decides rows, by their `_keys`; rows of no law are not there."""
        states = frozenset(self.laws.book.states())
        keys = self._rows(KEYS).selectExpr(*(f"{text} AS {name}" for name, text in self._keys.items())).distinct()
        found = sorted((tuple(row) for row in keys.collect()), key=lambda key: [(one is not None, one) for one in key])
        numbers = {key: self._needed.number(key) for key in found if decidable(key, states)}
        texts = [self._query(number) for number in range(len(self._needed.compiled))]
        kinds = {name: ROW_SCHEMA[name] for name in KEYS} | {OCCASION: pl.Int32(), LAW: pl.Int32()}
        table = pl.DataFrame([(*key, number, texts[number]) for key, number in numbers.items()], kinds, orient="row")
        file = self._scratch / "occasions.parquet"  # a table made by Spark's own Python would need Python on workers
        self._scratch.mkdir()
        table.write_parquet(file)
        return self.spark.read.parquet(self._uri(file))

    @cached_property
    def _keys(self) -> dict[str, str]:
        """What of a row names its law, in SQL: home state and conclusion only where the law can depend on them."""
        words, any_day = Spark(), date.min
        pairs = [(state, gate) for state in self.laws.book.states() for gate in Gate]
        dated = [one for one in pairs if self.laws.occasion(*one, any_day, None, any_day)[4]]
        banks = {table.state for table in self.laws.rates.tables if table.state}
        where = [f"(state = {words.text(state)} AND gate = {words.text(gate.value)})" for state, gate in dated]
        return {name: name for name in KEYS} | {
            "home_state": f"CASE WHEN home_state IN ({words.codes(banks)}) THEN home_state END"
            if banks
            else "CAST(NULL AS STRING)",
            "concluded": f"CASE WHEN {' OR '.join(where) or 'false'} THEN concluded END",
        }

    def _query(self, number: int) -> int:
        """Return the number of the SQL for an occasion: days on which the law asks the same share one."""
        law = self._needed.compiled[number]
        given = {name: value for name, value in law.given.items() if name != "as_of"}
        query = DecisionQuery(law.decision, given, Spark(), (ROW, OCCASION, PART), PLACED)
        text = query.packed(VERDICT_CODES)
        if text not in self._by_text:
            self._by_text[text] = len(self.queries)
            self.queries.append(query)
        return self._by_text[text]

    @cached_property
    def _columns(self) -> tuple[str, ...]:
        """The fields that any law looks at, and those that name the law."""
        read = {name for query in self.queries for name in query.reads}
        return tuple(sorted({*KEYS, *read, *self._needed.reads}))

    def _rows(self, columns: tuple[str, ...]) -> "DataFrame":
        words = Spark()
        kinds = {ROW: "BIGINT"} | {name: words.column_type(_KINDS[name]) for name in columns}
        schema = ", ".join(f"{words.name_of(name)} {kind}" for name, kind in kinds.items())
        rows = self.spark.read.schema(schema).parquet(self._uri(self.portfolio.folder / ROWS))
        return rows.selectExpr("*", f"_metadata.file_name AS {PART}")

    def _placed(self, occasions: "DataFrame") -> "DataFrame":
        """Return the rows with the occasion and SQL that decide them, null for those that cannot be decided.

        Where there are several laws, rows are first written apart by law, so that each is read once.
        """
        from pyspark.sql import functions as f  # noqa: PLC0415

        rows = self._rows(self._columns).withColumns({f"key_{name}": f.expr(text) for name, text in self._keys.items()})
        known = f.broadcast(occasions.select(OCCASION, LAW, *(f.col(name).alias(f"known_{name}") for name in KEYS)))
        same = [f.col(f"key_{name}").eqNullSafe(f.col(f"known_{name}")) for name in KEYS]
        found = rows.join(known, same, "left").select(ROW, *self._columns, PART, OCCASION, LAW)
        sound = " AND ".join(["true", *self._sound()])
        found = found.withColumn(LAW, f.expr(f"CASE WHEN {sound} THEN {LAW} END"))
        if len(self.queries) <= 1:
            return found
        apart = self._uri(self._scratch / "placed")
        found.write.partitionBy(LAW).parquet(apart)
        return self.spark.read.schema(found.schema).parquet(apart)

    def _sound(self) -> Iterator[str]:
        """Yield what must hold of a row, so that what is written there can mean something; as `batch.sift` has it."""
        limits = {FieldType.CODES: len(self._lists.sets), FieldType.LINES: len(self._lists.benefits)}
        for name in self._needed.reads:
            kind = _KINDS[name]
            if kind in limits:
                yield f"coalesce({name} < {limits[kind]}, true)"
            elif kind in _COUNTED:
                yield f"coalesce({name} >= 0 OR {name} = {ABSENT_NUMBER}, true)"

    def _decide(self) -> None:
        """Decide all rows and write the answers apart by query and part of the portfolio.

        Several laws are at work at a time, each with a job of its own: Spark takes far longer to plan their union.
        """
        with ThreadPoolExecutor(min(_MOST_AT_ONCE, 2 * self.spark.sparkContext.defaultParallelism)) as threads:
            list(threads.map(self._decide_with, range(len(self.queries))))

    def _decide_with(self, number: int) -> None:
        text = self.queries[number].packed(VERDICT_CODES, [f"one.{LAW} = {number}"])
        target = self._uri(self._scratch / ANSWERS / str(number))
        self.spark.sql(text).write.partitionBy(PART).parquet(target)

    def _collect(self) -> pl.DataFrame:
        """Write the result as the embedded engine does, part by part, and return the answers of the sample."""
        (self.folder / ROWS).mkdir()
        sample = [self._needed.nothing]
        for part in self.portfolio.parts:
            files = sorted((self._scratch / ANSWERS).glob(f"*/{PART}={part.name}/*.parquet"))
            own = [pl.read_parquet(file, hive_partitioning=False).with_columns(_unsigned()) for file in files]
            answers = pl.concat([self._needed.nothing, *own], how="diagonal_relaxed").sort(ROW)
            answers = answers.cast(self._needed.nothing.schema).with_columns(pl.col(pl.UInt64).fill_null(0))
            for verdict, count in answers["verdict"].value_counts().iter_rows():
                self.verdicts[VERDICTS[verdict]] += count
            sample.append(answers.filter(pl.col(ROW) % CHECKED_EVERY == 0))
            answers.write_parquet(self.folder / ROWS / f"{part.stem}-000.parquet", compression="zstd")
        return pl.concat(sample)

    def _set_aside(self, placed: "DataFrame") -> int:
        """Write the rows that cannot be decided with all their faults; return how many."""
        there = [
            name for name in (ROW, *self._columns) if name == ROW or name in KEYS or name in self.portfolio.columns
        ]
        target = self._scratch / "rejects"
        placed.filter(f"{LAW} IS NULL").select(*there).sort(ROW).write.parquet(self._uri(target))
        sifter = Sifter(self._lists, frozenset(self.laws.book.states()), pl.DataFrame())
        with (self.folder / REJECTS).open("w", encoding="utf-8") as file:
            return sum(sifter.set_aside(file, pl.read_parquet(part)) for part in sorted(target.glob("*.parquet")))

    def _checked(self, placed: "DataFrame", sample: pl.DataFrame) -> int:
        """Decide the rows of the sample again by the core; return how many."""
        target = self._scratch / "checked"
        chosen = placed.filter(f"{ROW} % {CHECKED_EVERY} = 0 AND {LAW} IS NOT NULL").drop(OCCASION, LAW, PART)
        chosen.write.parquet(self._uri(target))
        reader = Reader(self._lists.sets, self._lists.benefits)
        done = 0
        for part in sorted(target.glob("*.parquet")):
            rows = pl.read_parquet(part)
            answers = rows.select(ROW).join(sample, on=ROW, how="left", maintain_order="left")
            for (number,), own in rows.hstack(answers.drop(ROW)).group_by(OCCASION):
                done += checked_by_core(self._needed.compiled[int(str(number))], reader, own, own)
        return done

    def _summary(self, rejected: int, checked: int) -> Assessed:
        decided, rows = sum(self.verdicts.values()), self.portfolio.rows
        if decided + rejected != rows:
            raise AssertionError(f"{decided} decided and {rejected} rejected of {rows} rows")
        manifest: dict[str, Any] = {
            "layout": RESULT,
            "engine": f"spark {self.spark.version}",
            "law": self.laws.book.hash,
            "portfolio": self.way_to_portfolio,
            "synthetic": self.portfolio.synthetic,
            "rows": rows,
            "decided": decided,
            "rejected": rejected,
            "checked_by_core": checked,
            "verdicts": {verdict.value: self.verdicts[verdict] for verdict in Verdict},
            "occasions": [
                occasion_entry(occasion, law.decision)
                for occasion, law in zip(self._needed.occasions, self._needed.compiled, strict=True)
            ],
        }
        (self.folder / RESULT_MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        return Assessed(rows, decided, rejected, checked, dict(self.verdicts), self.portfolio.synthetic)

    def _uri(self, path: Path) -> str:
        return path.resolve().as_uri()


def _unsigned() -> pl.Expr:
    """Return words of findings as they are meant: Spark's numbers have a sign, the highest bit."""
    return pl.col("^findings_.*$").reinterpret(signed=False)
