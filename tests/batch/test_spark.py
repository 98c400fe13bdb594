"""Spark says what the core and the embedded engine say, on this machine and on a cluster of several processes."""

import json
import os
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest
import strategies
from hypothesis import given, settings
from hypothesis import strategies as st
from sql_engines import NODES, RECORDS, by_spark
from strategies import CONDITION_FIELDS, RATES, conditions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch import spark as engine
from polisbridge.batch.assess import assess_portfolio
from polisbridge.batch.layout import row_of, rows_frame
from polisbridge.batch.portfolio import Portfolio, PortfolioWriter, open_portfolio
from polisbridge.batch.spark import assess_with_spark
from polisbridge.batch.spark_cluster import all_workers, local_cluster
from polisbridge.batch.spark_session import spark_session
from polisbridge.core.applied import apply_law
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.condition import And, Condition, evaluate
from polisbridge.core.days import day_number
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.core.symbolic import symbolic
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.sql_dialect import DialectName
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.boundary import boundary_records
from polisbridge.services.export_sql import AskedLaw, export_sql

pytestmark = [
    pytest.mark.enable_socket,  # Python talks to Java, and Spark to its workers, over the loopback
    pytest.mark.skipif(
        shutil.which("java") is None and "CI" not in os.environ, reason="Java is not here, and Spark needs it"
    ),
]

BOOK = read_law(read_folder(shipped_law()))
DAY = max(one.citation.checked for one in BOOK.provisions)
FEW = {"spark.sql.shuffle.partitions": "2", "spark.default.parallelism": "2"}


def drawn() -> tuple[list[Condition], list[Facts]]:
    """Return conditions and facts as hypothesis draws them, all at once."""
    some: list[Condition] = []
    records: list[Facts] = []

    @settings(max_examples=100)
    @given(st.data())
    def collect(data: st.DataObject) -> None:
        some.extend(data.draw(st.lists(conditions(), min_size=2, max_size=4)))
        records.extend(data.draw(st.lists(strategies.facts(CONDITION_FIELDS), min_size=2, max_size=4)))

    collect()
    return some, records


def of_the_law() -> tuple[list[Condition], list[Facts]]:
    """Return all that the law of any state and gate asks, and facts at the boundaries of every verdict."""
    some: list[Condition] = []
    records: list[Facts] = []
    for state in BOOK.states():
        for gate in Gate:
            law = symbolic(apply_law(BOOK, state, gate, DAY, RATES))
            some += [law.required, law.recognised]
            some += [part for one in law.findings for part in (one.concerns, one.stated)]
            records += boundary_records(law.recognised)[::80]
    return some, records


def test_conditions_of_every_law_and_any_others_at_the_boundaries() -> None:
    (any_others, any_facts), (of_law, at_boundaries) = drawn(), of_the_law()
    some, records = list(dict.fromkeys([*NODES, *any_others, *of_law])), [*RECORDS, *any_facts, *at_boundaries]

    with spark_session("local[2]", FEW) as spark:
        found = by_spark(spark, some, records)

    assert found == [[evaluate(one, record) for one in some] for record in records]


def occasions() -> list[Facts]:
    """Return facts at the boundaries of a few laws, on a few days."""
    found = []
    for state, gate in (("KG", Gate.RESIDENCE), ("RU", Gate.ENTRY)):
        law = symbolic(apply_law(BOOK, state, gate, DAY, RATES))
        for at, one in enumerate(boundary_records(And((law.required, law.recognised)))[::8]):
            day = day_number(DAY) - at % 3
            found.append(replace(one, state=state, gate=gate.value, as_of=day))
    return found


def held(folder: Path, facts: list[Facts]) -> Portfolio:
    """Write a portfolio in four parts, without columns that nobody knows; some rows cannot be decided."""
    writer = PortfolioWriter(folder)
    rows = rows_frame({"row": number, **row_of(one, writer.lists)} for number, one in enumerate(facts))
    wrong = pl.col("row") % 50 == 7
    rows = rows.with_columns(
        pl.when(wrong).then(pl.lit("QQ")).otherwise(pl.col("state")).alias("state"),
        pl.when(wrong).then(900_000).otherwise(pl.col("citizenship")).cast(pl.UInt32).alias("citizenship"),
    )
    known = rows.select([name for name in rows.columns if rows[name].null_count() < len(rows)])
    for part in known.iter_slices(-(-len(known) // 4)):
        writer.write(part)
    writer.finish(synthetic=True)
    return open_portfolio(folder)


def answers(folder: Path) -> dict[str, pl.DataFrame]:
    """Return what is written, by the part of the portfolio that it is about."""
    found: dict[str, list[pl.DataFrame]] = {}
    for path in sorted((folder / "rows").glob("*.parquet")):
        found.setdefault(path.stem.rsplit("-", 1)[0], []).append(pl.read_parquet(path))
    return {part: pl.concat(frames) for part, frames in found.items()}


def same_result(one: Path, other: Path) -> None:
    """Check that two result folders say the same, whoever made them."""
    found, also_found = answers(one), answers(other)
    assert found.keys() == also_found.keys()
    assert all(rows.equals(also_found[part]) and rows.schema == also_found[part].schema for part, rows in found.items())
    told, also_told = (json.loads((folder / "result.json").read_text()) for folder in (one, other))
    assert told.pop("engine") != also_told.pop("engine")
    assert told == also_told
    assert (one / "rejects.ndjson").read_text() == (other / "rejects.ndjson").read_text()


def test_a_portfolio_of_many_laws_and_days_is_decided_as_by_the_embedded_engine(tmp_path: Path) -> None:
    portfolio = held(tmp_path / "held", occasions())
    own = assess_portfolio(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "own", lambda _done, _all: None)

    found = assess_with_spark(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "found", "local[2]", FEW)

    assert found == own
    assert min(found.rejected, found.checked_by_core, len(found.verdicts) - 2) > 0  # of everything something
    same_result(tmp_path / "own", tmp_path / "found")


def test_what_is_printed_for_spark_says_what_is_printed_for_duckdb(tmp_path: Path) -> None:
    folder = held(tmp_path / "it's held", occasions()[:120]).folder
    asked = AskedLaw("KG", Gate.RESIDENCE, DAY)
    texts = {name: export_sql(AppliedLaws(BOOK, RATES), asked, name, str(folder)) for name in DialectName}

    with duckdb.connect() as connection:
        expected = connection.execute(texts[DialectName.DUCKDB]).fetchall()
    with spark_session("local[2]", FEW) as spark:
        *views, query = texts[DialectName.SPARK].removesuffix(";\n").split(";\n\n")
        for view in views:
            spark.sql(view)
        found = [tuple(row) for row in spark.sql(query).collect()]

    assert len(found) > 10
    assert sorted(found) == sorted(expected)


def test_a_difference_to_the_core_stops_the_run_names_the_row_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portfolio = held(tmp_path / "held", occasions()[:40])
    monkeypatch.setattr(engine, "CHECKED_EVERY", 2)
    monkeypatch.setattr(engine, "VERDICT_CODES", dict.fromkeys(Verdict, 1))

    with pytest.raises(PolisbridgeError, match=r"row \d+: columns say recognised, the core") as raised:
        assess_with_spark(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "found", "local[2]", FEW)

    assert raised.value.code is ErrorCode.ENGINES_DISAGREE
    assert [path.name for path in tmp_path.iterdir()] == ["held"]


def test_a_master_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    portfolio = held(tmp_path / "held", occasions()[:4])

    with pytest.raises(PolisbridgeError, match=r"spork://nowhere: .*Master") as raised:
        assess_with_spark(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "found", "spork://nowhere")

    assert "\n" not in raised.value.detail
    assert [path.name for path in tmp_path.iterdir()] == ["held"]


def tasks_by_worker(events: Path, workers: Path) -> Counter[str]:
    """Return how many tasks every worker did, from Spark's own log of events."""
    lines = [line for file in events.rglob("events_*") for line in file.read_text().splitlines()]
    done = [one["Task Info"]["Executor ID"] for one in map(json.loads, lines) if one["Event"] == "SparkListenerTaskEnd"]
    home = {path.name: path.parent.parent.name for path in workers.glob("*/app-*/*")}
    return Counter(home[executor] for executor in done)


def test_a_cluster_of_two_workers_shares_the_rows_and_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYSPARK_PYTHON", "/no/python/on/workers")
    portfolio = held(tmp_path / "held", occasions()[:200])
    assess_portfolio(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "own", lambda _done, _all: None)
    (tmp_path / "events").mkdir()
    events = {"enabled": "true", "compress": "false", "dir": (tmp_path / "events").as_uri()}
    told = {f"spark.eventLog.{name}": value for name, value in events.items()}

    with local_cluster(2, tmp_path / "workers") as master:
        own = {**FEW, **all_workers(2), **told}
        assess_with_spark(portfolio, AppliedLaws(BOOK, RATES), tmp_path / "found", master, own)

    same_result(tmp_path / "own", tmp_path / "found")
    assert sorted(tasks_by_worker(tmp_path / "events", tmp_path / "workers")) == ["0", "1"]
