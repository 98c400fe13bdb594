"""Columns say what the core says: the verdict and every finding, row by row."""

from collections.abc import Sequence

import polars as pl
import pytest
import strategies
from builder import applied
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import RATES, conditions, facts_for_law, provisions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.columns import FINDINGS_IN_WORD, VERDICT_CODES, CompiledLaw, ListTables
from polisbridge.batch.layout import Lists, Reader, row_of, rows_frame
from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.condition import Condition, evaluate, fields_read
from polisbridge.core.facts import Facts
from polisbridge.core.specialise import Given
from polisbridge.core.symbolic import FindingCode, SymbolicDecision, symbolic, verdict_of
from polisbridge.formats.lawfile import read_law
from polisbridge.services.boundary import boundary_records

BOOK = read_law(read_folder(shipped_law()))

DAY = max(one.citation.checked for one in BOOK.provisions)
VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}


def columns_of(records: Sequence[Facts]) -> tuple[pl.DataFrame, ListTables]:
    lists = Lists()
    rows = rows_frame({"row": number, **row_of(one, lists)} for number, one in enumerate(records))
    return rows, ListTables(lists.sets_frame(), lists.benefits_frame())


def in_columns(decision: SymbolicDecision, records: Sequence[Facts], known: Given) -> list[tuple[Verdict, list[int]]]:
    rows, lists = columns_of(records)
    answers = CompiledLaw(decision, known, lists).run(rows)
    found = []
    for row in answers.iter_rows(named=True):
        codes = [
            row[f"findings_{at // FINDINGS_IN_WORD}"] >> 2 * (at % FINDINGS_IN_WORD) & 3
            for at in range(len(decision.findings))
        ]
        found.append((VERDICTS[row["verdict"]], codes))
    return found


def by_the_core(decision: SymbolicDecision, facts: Facts) -> tuple[Verdict, list[int]]:
    verdict = verdict_of(evaluate(decision.required, facts), evaluate(decision.recognised, facts))
    return verdict, [
        int(one.code(evaluate(one.concerns, facts), evaluate(one.stated, facts))) for one in decision.findings
    ]


def agree(law: AppliedLaw, records: Sequence[Facts], known: Given) -> None:
    decision = symbolic(law)

    for facts, found in zip(records, in_columns(decision, records, known), strict=True):
        assert found == by_the_core(decision, facts), facts


@settings(max_examples=150)
@given(st.data())
def test_for_any_law_and_facts(data: st.DataObject) -> None:
    law = data.draw(provisions())
    records = data.draw(st.lists(facts_for_law(law), min_size=1, max_size=12))

    agree(applied(*law, rates=RATES), records, {})


@settings(max_examples=300)
@given(st.data())
def test_for_any_condition(data: st.DataObject) -> None:
    condition: Condition = data.draw(conditions())
    records = data.draw(st.lists(strategies.facts(fields_read(condition)), min_size=1, max_size=12))
    rows, lists = columns_of(records)
    law = applied()
    decision = SymbolicDecision(law, condition, condition, (), ())

    verdicts = [VERDICTS[code] for code in CompiledLaw(decision, {}, lists).run(rows)["verdict"]]

    truths = [evaluate(condition, facts) for facts in records]
    assert verdicts == [verdict_of(truth, truth) for truth in truths]


@pytest.mark.parametrize("state", BOOK.states())
def test_at_the_boundaries_of_the_law_of_every_gate(state: str) -> None:
    for gate in Gate:
        law = apply_law(BOOK, state, gate, DAY, RATES)
        records = boundary_records(symbolic(law).recognised)[::5]
        agree(law, records, {})
        agree(law, [one for one in records if one.state == state], {"state": state})


@settings(max_examples=100)
@given(st.lists(strategies.facts(), min_size=1, max_size=5))
def test_rows_hold_all_of_facts(records: list[Facts]) -> None:
    rows, lists = columns_of(records)
    reader = Reader(lists.sets, lists.benefits)

    assert [reader.facts(row) for row in rows.iter_rows(named=True)] == records


def test_codes_of_findings_fit_into_two_bits() -> None:
    assert {int(code) for code in FindingCode} == {0, 1, 2, 3}
