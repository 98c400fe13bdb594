"""Reports as PDF pages with typst: contents, page numbers, numbered notes; the fonts are those of `paper`.

The template is `typst/report.typ`. Texts come as data and are never read as markup.
"""

import json
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import typst

from polisbridge.adapters.charts import svg
from polisbridge.adapters.paper import paper_fonts
from polisbridge.adapters.report_page import PageData
from polisbridge.services.report import Report
from polisbridge.words import Words

_TEMPLATES = Path(__file__).parent / "typst"


def report_pdf(report: Report) -> bytes:
    """Return the report as a PDF file. The only time in it is the day that the report is for."""
    words = Words(report.language)
    data = PageData(report, words)
    page: dict[str, Any] = data.page()
    page["pictures"] = [svg(chart, words).decode() for chart in data.charts]
    pages = typst.compile(
        _TEMPLATES / "report.typ",
        root=_TEMPLATES,
        font_paths=paper_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(page, ensure_ascii=False)},
        timestamp=int(datetime.combine(report.as_of, time(), UTC).timestamp()),
    )
    assert isinstance(pages, bytes)  # noqa: S101 - for the type checker; a PDF file is one piece
    return pages
