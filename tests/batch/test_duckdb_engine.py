"""The law's SQL, run by DuckDB, says what the core says: the verdict and every finding, row by row."""

from collections.abc import Sequence

import polars as pl
import pytest
from builder import applied
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import RATES, facts_for_law, provisions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.batch.columns import FINDINGS_IN_WORD, VERDICT_CODES
from polisbridge.batch.duckdb_engine import DuckDBLaw
from polisbridge.batch.layout import Lists, row_of, rows_frame
from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.condition import evaluate
from polisbridge.core.facts import Facts
from polisbridge.core.specialise import Given
from polisbridge.core.symbolic import SymbolicDecision, symbolic, verdict_of
from polisbridge.formats.lawfile import read_law
from polisbridge.services.boundary import boundary_records

BOOK = read_law(read_folder(shipped_law()))
DAY = max(one.citation.checked for one in BOOK.provisions)
VERDICTS = {code: verdict for verdict, code in VERDICT_CODES.items()}


def in_sql(decision: SymbolicDecision, records: Sequence[Facts], known: Given) -> list[tuple[Verdict, list[int]]]:
    lists = Lists()
    rows = rows_frame({"row": number, **row_of(one, lists)} for number, one in enumerate(records))
    law = DuckDBLaw(decision, known, lists.sets_frame(), lists.benefits_frame())
    found = []
    for row in law.run(rows).iter_rows(named=True):
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

    for facts, found in zip(records, in_sql(decision, records, known), strict=True):
        assert found == by_the_core(decision, facts), facts


@settings(max_examples=80)
@given(st.data())
def test_for_any_law_and_facts(data: st.DataObject) -> None:
    law = data.draw(provisions())
    records = data.draw(st.lists(facts_for_law(law), min_size=1, max_size=12))

    agree(applied(*law, rates=RATES), records, {})


@pytest.mark.parametrize("state", BOOK.states())
def test_at_the_boundaries_of_the_law_of_every_gate(state: str) -> None:
    for gate in Gate:
        law = apply_law(BOOK, state, gate, DAY, RATES)
        records = boundary_records(symbolic(law).recognised)[::5]
        agree(law, records, {})
        agree(law, [one for one in records if one.state == state], {"state": state})


def test_rows_that_lack_a_column_are_not_known_to_have_it() -> None:
    law = symbolic(apply_law(BOOK, "KZ", Gate.HIRING, DAY, RATES))
    lists = Lists()
    engine = DuckDBLaw(law, {"state": "KZ"}, lists.sets_frame(), lists.benefits_frame())

    found = engine.run(pl.DataFrame({"row": [7]}))

    assert VERDICTS[found["verdict"][0]] is by_the_core(law, Facts(state="KZ"))[0]
