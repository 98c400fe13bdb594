"""The printed SQL runs as it is over a portfolio, says what the core says, and is for the rows that it names."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from builder import DAY as TEST_DAY
from builder import LAW_FOLDER, duty, euros, kind, law_of, requirement, route
from strategies import RATES

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.layout import row_of, rows_frame
from polisbridge.batch.portfolio import PortfolioWriter
from polisbridge.core.codes import Gate, RateDay
from polisbridge.core.condition import And, evaluate
from polisbridge.core.days import day_number
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.core.symbolic import symbolic, verdict_of
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.sql import finding_names
from polisbridge.formats.sql_dialect import DialectName
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.boundary import boundary_records
from polisbridge.services.export_sql import AskedLaw, chosen_rows, export_sql

BOOK = read_law(read_folder(shipped_law()))
DAY = date(2026, 11, 22)
HIRING = AskedLaw("KZ", Gate.HIRING, DAY)


def held(folder: Path, facts: list[Facts]) -> str:
    writer = PortfolioWriter(folder)
    writer.write(rows_frame({"row": number, **row_of(one, writer.lists)} for number, one in enumerate(facts)))
    writer.finish(synthetic=True)
    return str(folder)


def told(text: str) -> list[dict[str, Any]]:
    """Run everything that was printed, in DuckDB, and return the rows of the answer."""
    with duckdb.connect() as connection:
        answer = connection.execute(text)
        names = [str(one[0]) for one in answer.description or ()]
        return sorted((dict(zip(names, row, strict=True)) for row in answer.fetchall()), key=lambda row: row["row"])


def occasions(laws: AppliedLaws, asked: AskedLaw) -> list[Facts]:
    law = symbolic(laws.at(asked.state, asked.gate, asked.as_of))
    found = boundary_records(And((law.required, law.recognised)))[::5]
    here = {"state": asked.state, "gate": asked.gate.value, "as_of": day_number(asked.as_of)}
    return [replace(one, **here) for one in found]  # type: ignore[arg-type]


def test_what_is_printed_runs_as_it_is_and_says_what_the_core_says(tmp_path: Path) -> None:
    laws = AppliedLaws(BOOK, RATES)
    decision, facts = symbolic(laws.at(HIRING.state, HIRING.gate, DAY)), occasions(laws, HIRING)
    folder = held(tmp_path / "it's; a -- portfolio", facts)

    rows = told(export_sql(laws, HIRING, DialectName.DUCKDB, folder))

    assert [row["row"] for row in rows] == list(range(len(facts)))
    for row, one in zip(rows, facts, strict=True):
        verdict = verdict_of(evaluate(decision.required, one), evaluate(decision.recognised, one))
        assert row["verdict"] == verdict.value
        for at, (name, finding) in enumerate(zip(finding_names(decision), decision.findings, strict=True)):
            code = finding.code(evaluate(finding.concerns, one), evaluate(finding.stated, one))
            assert row[name] == code == row["findings_0"] >> 2 * at & 3


def test_only_rows_of_the_state_gate_and_day_are_decided(tmp_path: Path) -> None:
    laws = AppliedLaws(BOOK, Rates())
    right = Facts(state="KZ", gate="hiring", as_of=day_number(DAY))
    others = [
        replace(right, state="RU"),
        replace(right, gate="entry"),
        replace(right, as_of=day_number(DAY) - 1),
        Facts(),
    ]

    rows = told(export_sql(laws, HIRING, DialectName.DUCKDB, held(tmp_path / "held", [*others, right])))

    assert [row["row"] for row in rows] == [4]


def test_a_title_can_say_anything_without_breaking_out_of_its_comment() -> None:
    evil = {"en": "x'\n; DROP TABLE rows; -- \\\r\u2028SELECT 1 \\"}
    book = replace(BOOK, provisions=tuple(replace(one, title=evil) for one in BOOK.provisions))

    for dialect in DialectName:
        text = export_sql(AppliedLaws(book, Rates()), HIRING, dialect)
        notes = [line for line in text.splitlines() if "DROP TABLE" in line]
        assert notes
        assert all(line.lstrip().startswith("-- ") and not line.endswith("\\") for line in notes)


def test_every_provision_is_named_with_its_source_and_evidence() -> None:
    text = export_sql(AppliedLaws(BOOK, Rates()), HIRING, DialectName.DUCKDB)

    for one in AppliedLaws(BOOK, Rates()).at("KZ", Gate.HIRING, DAY).everything:
        assert f"-- {one.provision.kind.value}: {one.provision.title['en']}" in text
        assert f"evidence: {one.evidence.value}, checked {one.provision.citation.checked}" in text
    assert BOOK.hash in text


def banks() -> AppliedLaws:
    """A law with two banks of other states whose rates differ; none of the host's."""
    prices = (("Bank A", "KZ", "1.1"), ("Bank B", "SE", "1.3"))
    tables = tuple(
        RateTable(name, state, "USD", "", (Rate(TEST_DAY, "EUR", 1, Decimal(price)),)) for name, state, price in prices
    )
    return AppliedLaws(read_law(read_folder(LAW_FOLDER)), Rates(tables))


def test_home_states_whose_rates_change_the_limits_have_sql_of_their_own() -> None:
    laws = banks()
    asked = AskedLaw("NO", Gate.ENTRY, TEST_DAY)

    assert chosen_rows(laws, asked).not_home_states == ("SE",)  # bank A comes first when no state is named
    assert chosen_rows(laws, replace(asked, home_state="SE")).home_state == "SE"
    assert "one.home_state NOT IN ('SE')" in export_sql(laws, asked, DialectName.DUCKDB)
    assert "one.home_state = 'SE'" in export_sql(laws, replace(asked, home_state="SE"), DialectName.DUCKDB)


def by_conclusion() -> AppliedLaws:
    """A law whose limit is converted at the rate of the contract's own day."""
    limit = kind("sum_insured_at_least", **euros("10000.00"), rate_day=RateDay.CONCLUDED)
    return AppliedLaws(law_of(duty(), route(), requirement(limit)), RATES)


def test_contracts_of_other_days_have_sql_of_their_own_where_their_rates_count(tmp_path: Path) -> None:
    laws, asked = by_conclusion(), AskedLaw("NO", Gate.ENTRY, TEST_DAY)
    here = Facts(state="NO", gate="entry", as_of=day_number(TEST_DAY))
    days = (None, ABSENT, day_number(TEST_DAY), day_number(TEST_DAY - timedelta(days=1)))
    folder = held(tmp_path / "held", [replace(here, concluded=day) for day in days])

    unknown = told(export_sql(laws, asked, DialectName.DUCKDB, folder))
    named = told(export_sql(laws, replace(asked, concluded=TEST_DAY), DialectName.DUCKDB, folder))

    assert ([row["row"] for row in unknown], [row["row"] for row in named]) == ([0, 1], [2])


def test_a_state_without_law_is_refused() -> None:
    with pytest.raises(PolisbridgeError) as raised:
        export_sql(AppliedLaws(BOOK, Rates()), replace(HIRING, state="XX"), DialectName.SPARK)

    assert raised.value.code is ErrorCode.UNKNOWN_STATE
