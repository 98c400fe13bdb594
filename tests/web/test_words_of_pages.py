"""Every word that a page can show is in the catalogues of every language."""

import re
from enum import StrEnum
from pathlib import Path

import pytest
from web_node import ROOT

from polisbridge.core.codes import Evidence, ProvisionKind, Verdict
from polisbridge.core.verification import Answer
from polisbridge.formats.pictures import ReadFault
from polisbridge.services.compare.matrix import CellState
from polisbridge.web.view import AREAS
from polisbridge.words import Words, languages

SOURCES = [*(ROOT / "src/polisbridge/web").rglob("*.py"), *(ROOT / "src/polisbridge/web").rglob("*.html")]
PLAIN = ROOT / "src/polisbridge/words/plain.py"
_KEY = re.compile(r'"((?:web|plain|docs|answer|law|field|compare)\.[a-z_.0-9]*[a-z0-9])"')
SETS: dict[str, type[StrEnum]] = {
    "web.cell": Verdict, "web.evidence": Evidence, "web.law.kind": ProvisionKind, "web.verified": Answer,
    "web.read": ReadFault, "web.compare.state": CellState,
}  # fmt: skip


def keys(paths: list[Path]) -> set[str]:
    """Return the keys that stand in the sources, and those that a code makes whole."""
    written = {key for path in paths for key in _KEY.findall(path.read_text(encoding="utf-8"))}
    made = {f"{prefix}.{code.value}" for prefix, codes in SETS.items() for code in codes}
    areas = {f"web.{what}.{area}" for what in ("area", "nav", "home") for area in AREAS}
    errors = {
        f"web.error.{status}{part}"
        for status in (400, 403, 404, 405, 413, 415, 429, 500, 503, "other")
        for part in ("", ".advice")
    }
    return written | made | areas | errors


@pytest.mark.parametrize("language", languages())
def test_no_page_lacks_words(language: str) -> None:
    words = Words(language)

    assert [key for key in sorted(keys([*SOURCES, PLAIN])) if not (key.endswith(".html") or words.has(key))] == []


def test_the_keys_are_found_at_all() -> None:
    found = keys([*SOURCES, PLAIN])

    assert len(found) > 150
    assert {"web.check.title", "plain.not_yet", "web.read.locked", "web.law.kind.route"} <= found
