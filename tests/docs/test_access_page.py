"""The page about access says what the data say."""

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_tables_of_the_page_are_those_of_the_data() -> None:
    written = runpy.run_path(str(ROOT / "tools" / "access_page.py"))["written"]
    page = (ROOT / "docs" / "access.md").read_text(encoding="utf-8")

    assert page == written(page)
    assert page.count("\n| `") > 30
