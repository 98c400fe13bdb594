"""docs/names.md shows the tables and grades as the program has them."""

from pathlib import Path

import pytest

from polisbridge.core.names.match import GRADES
from polisbridge.core.names.table import TransliterationTable
from polisbridge.core.names.tables import TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "names.md").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("table", TABLES, ids=lambda one: one.id)
def test_the_page_shows_a_table_with_its_evidence_and_source(table: TransliterationTable) -> None:
    assert f"| `{table.id}` | {table.title} | {table.evidence.value} | {table.source} |" in PAGE


def test_the_page_shows_every_grade() -> None:
    rows = [
        f"| {document.value} · {born.value} | " + " | ".join(grade.value for grade in row) + " |"
        for (document, born), row in GRADES.items()
    ]

    assert [row for row in rows if row not in PAGE] == []
