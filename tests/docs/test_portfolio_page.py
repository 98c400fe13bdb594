"""The pages on portfolios name every column, every value for "stated absent", and what files may hold."""

from pathlib import Path

from polisbridge.batch.layout import ABSENT_CODE, ABSENT_DAY, ABSENT_NUMBER, BENEFITS_SCHEMA, ROW_SCHEMA, SETS_SCHEMA
from polisbridge.batch.lines import MAX_LINE
from polisbridge.batch.portfolio import BENEFITS, LAYOUT, MANIFEST, ROWS, SETS
from polisbridge.core.days import day_of
from polisbridge.core.facts import BenefitLine, CoveredPerson, field_types

SPEC = Path(__file__).parents[2] / "docs" / "spec"
PAGE = (SPEC / "portfolio.md").read_text(encoding="utf-8")
COLUMNS = (SPEC / "portfolio-columns.md").read_text(encoding="utf-8")


def test_every_column_has_a_row_with_its_type() -> None:
    lines = {line.split("|")[1].strip(): line for line in COLUMNS.splitlines() if line.startswith("| `")}

    names = [*ROW_SCHEMA, *field_types(BenefitLine), *field_types(CoveredPerson)]
    assert [name for name in names if f"`{name}`" not in lines] == []
    scalars = {name: str(kind) for name, kind in ROW_SCHEMA.items() if not str(kind).startswith("List")}
    own = COLUMNS.split("## Benefit lines")[0]
    assert [name for name, kind in scalars.items() if f"| `{name}` | {kind} |" not in own] == []


def test_the_page_names_files_values_and_bounds() -> None:
    told = [LAYOUT, MANIFEST, f"{ROWS}/", SETS, BENEFITS, *SETS_SCHEMA, *BENEFITS_SCHEMA, f"{MAX_LINE:,}"]
    told += [f"`{ABSENT_NUMBER}`", f"`{day_of(ABSENT_DAY).isoformat()}`", f"`{ABSENT_CODE}`", "rejects.ndjson"]

    assert [one for one in told if one not in PAGE] == []
