"""A report as plain data for templates: notes numbered, signs and words of tone put in, days and evidence in words."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.codes import Evidence
from polisbridge.services.report import (
    Banner,
    Block,
    Bullets,
    Cell,
    Chart,
    Guide,
    Paragraph,
    Report,
    Section,
    Source,
    Statement,
    Table,
    Tone,
    notes,
)
from polisbridge.words import Words

SIGNS = {Tone.PLAIN: "", Tone.YES: "✓", Tone.NO: "✗", Tone.OPEN: "?", Tone.FREE: "–"}


class PageData:
    """Turns one report into what both templates print."""

    def __init__(self, report: Report, words: Words) -> None:
        self._report, self._words = report, words
        self._numbers: Mapping[Source | str, int] = notes(report)
        self._seen: set[int] = set()
        self.charts: list[Chart] = []

    def page(self) -> dict[str, Any]:
        """Return everything that is printed; charts are told by their place in `charts`."""
        report, words = self._report, self._words
        keys = ("contents", "page", "skip", "data_of_chart")
        return {
            "tag": report.language.replace("_", "-"),
            "language": report.language.partition("_")[0],
            "title": report.title,
            "subtitle": report.subtitle,
            "banners": list(report.banners),
            "law": words("report.law_hash", hash=report.law_hash[:16]),
            "sections": [self._section(one) for one in report.sections],
            "words": {key: words(f"report.{key}") for key in keys},
            "notes_title": words("report.section.sources"),
            "back": words("report.notes.back"),
            "notes": [self._note(note, number) for note, number in self._numbers.items()],
        }

    def _section(self, one: Section) -> dict[str, Any]:
        return {
            "id": one.id,
            "title": one.title,
            "blocks": [self._block(block) for block in one.blocks],
            "sections": [self._section(inner) for inner in one.sections],
        }

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Guide() | Banner():
                return {"kind": type(block).__name__.lower(), "text": block.text}
            case Paragraph():
                return {"kind": "paragraph", "statements": self._statements(block.statements)}
            case Bullets():
                return {"kind": "bullets", "items": [self._statements(item) for item in block.items]}
            case Table():
                return self._table(block)
            case Chart():
                return self._chart(block)

    def _table(self, block: Table) -> dict[str, Any]:
        method = self._mark(block.method) if block.method else None
        return {
            "kind": "table",
            "caption": block.caption,
            "method": method,
            "columns": list(block.columns),
            "widths": list(block.widths or (1,) * len(block.columns)),
            "rows": [
                {
                    "head": row.head,
                    "cells": [
                        {"lines": self._statements(cell, block.method), "number": _is_number(cell)}
                        for cell in row.cells
                    ],
                }
                for row in block.rows
            ],
        }

    def _chart(self, block: Chart) -> dict[str, Any]:
        self.charts.append(block)
        return {
            "kind": "chart",
            "at": len(self.charts) - 1,
            "caption": block.caption,
            "method": self._mark(block.method),
            "alt": block.alt,
            "columns": ["", *(one.name for one in block.series)],
            "rows": [
                {"head": name, "cells": [self._words.number(abs(one.values[at])) for one in block.series]}
                for at, name in enumerate(block.categories)
            ],
        }

    def _statements(self, found: tuple[Statement, ...], method: str = "") -> list[dict[str, Any]]:
        return [
            {
                "text": one.text,
                "tone": one.tone.value,
                "sign": SIGNS[one.tone],
                "said": "" if one.tone is Tone.PLAIN else self._words(f"report.tone.{one.tone.value}"),
                "marks": [
                    *(self._mark(source) for source in one.sources),
                    *([self._mark(one.method)] if one.method and one.method != method else []),
                ],
            }
            for one in found
        ]

    def _mark(self, note: Source | str) -> dict[str, Any]:
        """Return a number that leads to a note, with how well it is established where that is not by official text."""
        number = self._numbers[note]
        first = number not in self._seen
        self._seen.add(number)
        word = self._words("report.computed")
        if isinstance(note, Source):
            read = note.evidence is Evidence.PRIMARY
            word = "" if read else self._words(f"report.evidence.{note.evidence.value}")
        return {"number": number, "first": first, "word": word}

    def _note(self, note: Source | str, number: int) -> dict[str, Any]:
        words = self._words
        if isinstance(note, str):
            return {"number": number, "text": words("report.notes.computed", method=note), "urls": [], "about": ""}
        place = f"{note.act}, {note.place}" if note.place else note.act
        looked = words("report.notes.checked", day=words.day(note.checked))
        about = f"{words(f'evidence.{note.evidence.value}')}; {looked}; {note.id}"
        return {"number": number, "text": place, "urls": [_url(one) for one in note.urls], "about": about}


def _is_number(cell: Cell) -> bool:
    """Say whether a cell holds one number and nothing else, so that it is set to the right."""
    return len(cell) == 1 and all(letter.isdigit() or letter in " ,.\N{NO-BREAK SPACE}" for letter in cell[0].text)


def _url(url: str) -> dict[str, Any]:
    """Return an address with whether it can be followed: only web addresses are links."""
    return {"text": url, "link": url.startswith(("https://", "http://")) and not set(url) & set(" <>\"'")}
