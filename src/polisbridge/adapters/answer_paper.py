"""Answers as A4 pages with typst: the same words as on the page that was shown. No time stands in the file."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from polisbridge.adapters.paper import paper_fonts

_TEMPLATES = Path(__file__).parent / "typst"


def print_answer(told: Mapping[str, Any]) -> bytes:
    """Return an answer in words (`words.paper.Paper` as plain values) as a PDF file."""
    pages = typst.compile(
        _TEMPLATES / "answer.typ",
        root=_TEMPLATES,
        font_paths=paper_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        timestamp=0,
    )
    assert isinstance(pages, bytes)  # noqa: S101 - for the type checker; a PDF file is one piece
    return pages
