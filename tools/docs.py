"""Generate the pages for lawyers from law/, and the lists that must not go stale. `--check` only compares.

docs/law/<language>/index.md            states, treaties, gates
docs/law/<language>/<state>-<gate>.md   every provision at one gate of one state
docs/law/<language>/treaty-<name>.md    a treaty, its parties and provisions
docs/law-coverage.md                    which established fact went where, and which were left out
docs/kinds.md                           the requirement kinds with their parameters
docs/spec/portfolio-columns.md          the columns of a portfolio
"""

import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

from polisbridge.adapters.folder import read_folder
from polisbridge.batch.layout import ABSENT_CODE, ABSENT_NUMBER, LABELS, ROW_SCHEMA, item_type
from polisbridge.core.checks import KINDS
from polisbridge.core.codes import Gate, ProvisionKind
from polisbridge.core.facts import BenefitLine, CoveredPerson, Facts, FieldType, field_types
from polisbridge.core.law import Jurisdiction, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.vocabulary import group_of
from polisbridge.formats.decisionfile import ask_value
from polisbridge.formats.lawfile import read_law
from polisbridge.services.coverage import Covered, coverage
from polisbridge.words import Words

ROOT = Path(__file__).parents[1]
_KINDS = (ProvisionKind.DUTY, ProvisionKind.EXEMPTION, ProvisionKind.ROUTE, ProvisionKind.OPEN_QUESTION)


def main() -> int:
    """Write or check all pages."""
    files = read_folder(ROOT / "law")
    book = read_law(files)
    pages = dict(_all_pages(book, coverage(book, files)))
    if "--check" in sys.argv:
        return _check(pages)
    for old in (ROOT / "docs" / "law").rglob("*.md"):
        old.unlink()
    for name, text in pages.items():
        path = ROOT / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    print(f"{len(pages)} pages written below docs/")
    return 0


def _check(pages: dict[str, str]) -> int:
    there = {
        f"law/{path.relative_to(ROOT / 'docs' / 'law').as_posix()}" for path in (ROOT / "docs" / "law").rglob("*.md")
    }
    stale = sorted(there - set(pages))
    for name, text in pages.items():
        path = ROOT / "docs" / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
    for name in stale:
        print(f"docs/{name} is stale; run `make docs`", file=sys.stderr)
    return 1 if stale else 0


def _all_pages(book: LawBook, facts: tuple[Covered, ...]) -> Iterator[tuple[str, str]]:
    for language in ("en", "ru"):
        page = _Pages(book, Words(language))
        yield f"law/{language}/index.md", page.index()
        for state in book.states():
            for gate in book.gates_of(state):
                yield f"law/{language}/{state.lower()}-{gate.value}.md", page.gate(state, gate)
        for jurisdiction in book.jurisdictions.values():
            if jurisdiction.treaty:
                yield f"law/{language}/{_treaty_page(jurisdiction)}", page.treaty(jurisdiction)
    yield "law-coverage.md", _coverage_page(facts)
    yield "kinds.md", _kinds_page()
    yield "spec/portfolio-columns.md", columns_page()


def _treaty_page(jurisdiction: Jurisdiction) -> str:
    return f"treaty-{jurisdiction.id.rsplit('.', 1)[-1]}.md"


class _Pages:
    """The pages of one language."""

    def __init__(self, book: LawBook, words: Words) -> None:
        self._book, self._words = book, words

    def index(self) -> str:
        words, book = self._words, self._book
        lines = [f"# {words('docs.title')}", "", words("docs.intro"), "", f"## {words('docs.states')}", ""]
        for state in sorted(book.states(), key=lambda one: (self._comparator(one), one)):
            note = f" ({words('law.comparator')})" if self._comparator(state) else ""
            gates = ", ".join(
                f"[{words(f'gate.{gate.value}')}]({state.lower()}-{gate.value}.md)" for gate in book.gates_of(state)
            )
            lines.append(f"- **{words.state(state)}**{note}: {gates}")
        lines += ["", f"## {words('docs.treaties')}", ""]
        for jurisdiction in sorted(book.jurisdictions.values(), key=lambda one: one.id):
            if jurisdiction.treaty:
                status = words(f"status.{jurisdiction.treaty.status}")
                lines.append(f"- [{words.text(jurisdiction.title)}]({_treaty_page(jurisdiction)}): {status}")
        return self._page(lines)

    def _comparator(self, state: str) -> bool:
        return any(one.comparator for one in self._book.jurisdictions.values() if one.state == state)

    def gate(self, state: str, gate: Gate) -> str:
        words = self._words
        title = f"# {words.state(state)}: {words(f'gate.{gate.value}')}"
        lines = [title, "", f"[{words('docs.title')}](index.md)", ""]
        own = [one for one in self._book.of_state(state) if gate in one.gates]
        lines += self._sections(own)
        treaties = [one for one in self._book.jurisdictions.values() if self._binds(one, state, gate)]
        if treaties:
            lines += [f"## {words('docs.treaties_here')}", ""]
            lines += [
                f"- [{words.text(one.title)}]({_treaty_page(one)})" for one in sorted(treaties, key=lambda one: one.id)
            ]
        return self._page(lines)

    def _binds(self, jurisdiction: Jurisdiction, state: str, gate: Gate) -> bool:
        treaty = jurisdiction.treaty
        party = treaty is not None and treaty.status == "in_force" and state in {one.state for one in treaty.parties}
        return party and any(one.jurisdiction == jurisdiction.id and gate in one.gates for one in self._book.provisions)

    def treaty(self, jurisdiction: Jurisdiction) -> str:
        words, treaty = self._words, jurisdiction.treaty
        assert treaty is not None  # noqa: S101 - only treaties come here
        lines = [f"# {words.text(jurisdiction.title)}", "", f"[{words('docs.title')}](index.md)", ""]
        lines += [f"**{words(f'status.{treaty.status}')}**", ""]
        if treaty.parties:
            lines += [f"## {words('answer.parties')}", ""]
            lines += [
                f"| {words('law.state')} | {words('answer.in_force')} | {words('docs.evidence')} |",
                "|---|---|---|",
            ]
            for party in treaty.parties:
                evidence = words(f"evidence.{party.evidence.value}")
                lines.append(f"| {words.state(party.state)} | {words.in_force(party.in_force)} | {evidence} |")
            lines.append("")
        own = [one for one in self._book.provisions if one.jurisdiction == jurisdiction.id]
        return self._page(lines + self._sections(own))

    def _sections(self, provisions: list[Provision]) -> list[str]:
        words, lines = self._words, list[str]()
        for kind in _KINDS:
            chosen = [one for one in provisions if one.kind is kind]
            if chosen:
                lines += [f"## {words(f'docs.kind.{kind.value}')}", ""]
            for one in chosen:
                lines += self._provision(one, "###")
                if isinstance(one, Route):
                    parts = [part for part in provisions if isinstance(part, Requirement) and one.id in part.routes]
                    for part in parts:
                        lines += self._provision(part, "####")
        return lines

    def _provision(self, one: Provision, level: str) -> list[str]:
        words, cited = self._words, one.citation
        place = words.text(cited.provision)
        act = words.text(cited.act)
        links = " · ".join(
            f"<{url}>" if url.startswith("http") and " " not in url else url for url in (cited.url, *cited.also) if url
        )
        lines = [f"{level} {words.text(one.title)}", "", f"`{one.id}`", ""]
        lines.append(f"- {words('answer.source')}: {act}{', ' + place if place else ''}")
        if links:
            lines.append(f"- {words('docs.read_at')}: {links}")
        lines.append(
            f"- {words('docs.evidence')}: {words(f'evidence.{cited.evidence.value}')}; {words('answer.checked')} {words.day(cited.checked)}"
        )
        lines.append(f"- {words('answer.in_force')}: {words.in_force(one.in_force)}")
        lines += self._particulars(one)
        if one.reading:
            lines.append(f"- {words('answer.reading')}: {words.text(one.reading)}")
        if cited.note:
            lines.append(f"- {words.text(cited.note)}")
        return [*lines, ""]

    def _particulars(self, one: Provision) -> Iterator[str]:
        words = self._words
        match one:
            case Requirement():
                for ask in one.check.asks():
                    value = ask_value(ask).get("value")
                    wanted = (
                        words(f"field.{value}")
                        if isinstance(ask.value, str)
                        else words.value(ask.field, value, self._book)
                    )
                    yield f"- **{words(f'field.{ask.field}')}**: {words(f'relation.{ask.relation.value}', value=wanted)}"
            case Route():
                if one.how:
                    yield f"- {words('answer.how')}: {words.text(one.how)}"
            case OpenQuestion():
                targets = ", ".join(
                    words("docs.whole_gate") if name == "gate" else f"`{name}`" for name in one.bears_on
                )
                yield f"- {words(f'bearing.{one.effect.value}')}{': ' + targets if targets else ''}"
                if one.would_change:
                    yield f"- {words('answer.would_change')}: {words.text(one.would_change)}"

    def _page(self, lines: list[str]) -> str:
        return "\n".join([*lines, "", f"*{self._words('docs.generated')}*", ""])


def _coverage_page(facts: tuple[Covered, ...]) -> str:
    used = sum(bool(one.provisions) for one in facts)
    lines = ["# Which fact went where", "", "Generated from `law/**/coverage.yaml`; do not edit.", ""]
    lines.append(
        f"{len(facts)} facts were looked at: {used} are carried by provisions, {len(facts) - used} are left out, with the reason."
    )
    by_folder: dict[str, list[Covered]] = {}
    for one in facts:
        by_folder.setdefault(one.jurisdiction, []).append(one)
    for folder, found in sorted(by_folder.items()):
        lines += ["", f"## {folder}", "", "| fact | what it says | evidence | where it went |", "|---|---|---|---|"]
        for one in found:
            where = "<br>".join(f"`{name}`" for name in one.provisions) or f"left out: {one.left_out}"
            lines.append(
                f"| {one.id} | {_cell(one.gist)} | {one.evidence.value if one.evidence else '-'} | {_cell(where)} |"
            )
    return "\n".join([*lines, ""])


def _kinds_page() -> str:
    lines = ["# Requirement kinds", "", "Generated from `src/polisbridge/core/checks/`; do not edit.", ""]
    lines += ["| kind | class | family | what it asks | parameters |", "|---|---|---|---|---|"]
    for name, kind in sorted(KINDS.items(), key=lambda item: (item[1].family, item[0])):
        parameters = ", ".join(f"`{part.name}`" for part in fields(kind))
        summary = " ".join((kind.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{name}` | `{kind.__name__}` | {kind.family.value} | {_cell(summary)} | {parameters} |")
    return "\n".join([*lines, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


_ABSENT_SHOWN = {
    FieldType.DAY: "`0001-01-01`",
    FieldType.CODE: f"`{ABSENT_CODE}`",
    FieldType.CODES: "an empty set",
    FieldType.FLAG: "`false`",
}
_IN_FILES = {
    FieldType.WHOLE: "`36`", FieldType.MINOR: "`10000.50 EUR`", FieldType.DAY: "`2026-03-17`", FieldType.FLAG: "`true` `false`",
    FieldType.LINES: "JSON list, or a name", FieldType.PERSONS: "JSON list",
}  # fmt: skip


def columns_page() -> str:
    """Return the columns of rows, benefit lines and persons, as the layout has them."""
    lines = ["# The columns of a portfolio", "", "Generated from `src/polisbridge/batch/layout.py`; do not edit."]
    lines += ["What the forms mean: [portfolio.md](portfolio.md).", "", "## Rows", ""]
    lines += ["| column | Parquet type | meaning |", "|---|---|---|"]
    told = {
        "row": "number of the row",
        "contract": "number of the contract",
        "person": "the insured person on it",
        "product": "the product",
    }
    lines += [f"| `{name}` | {kind} | {told[name]} |" for name, kind in LABELS.items()]
    for title, record, schema in (
        ("", Facts, ROW_SCHEMA),
        ("Benefit lines", BenefitLine, _item_schema(BenefitLine)),
        ("Persons", CoveredPerson, _item_schema(CoveredPerson)),
    ):
        lines += ["", *([f"## {title}", ""] if title else [])]
        lines += [
            "| column | Parquet type | stated absent | in CSV and NDJSON | meaning | words |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_column_row(name, kind, schema[name]) for name, kind in field_types(record).items()]
    return "\n".join([*lines, ""])


def _item_schema(record: type) -> dict[str, object]:
    return {one.name: one.dtype for one in item_type(record).fields}


def _column_row(name: str, kind: FieldType, column: object) -> str:
    amount = name.removesuffix("_currency")
    meaning = Words("en")(f"field.{amount}")
    currency = f"currency of {meaning}" if amount != name else meaning
    absent = _ABSENT_SHOWN.get(
        kind, f"`{ABSENT_NUMBER}`" if kind in (FieldType.WHOLE, FieldType.MINOR) else "an empty list"
    )
    written = "`10.5` (percent; hundredths of it in Parquet)" if name.endswith("_percent") else _IN_FILES.get(kind, "")
    words = ""
    if kind in (FieldType.CODE, FieldType.CODES):
        group = group_of(name)
        words = _LISTS_OF_CODES.get(group, f"`{group}` of the vocabulary")
        written = "`UZ;KZ`, or a JSON list" if kind is FieldType.CODES else "`UZ`" if group == "@state" else "a word"
    written = "with the amount" if amount != name else written
    return f"| `{name}` | {_shown(column)} | {absent} | {written} | {_cell(currency)} | {words} |"


_LISTS_OF_CODES = {
    "@state": "ISO 3166-1", "@region": "ISO 3166-2", "@citizenship": "ISO 3166-1, `stateless`", "@currency": "ISO 4217", "@language": "ISO 639-1",
    "@territory": "`WORLD`, zones, ISO 3166", "@gate": "gates", "@role": "roles", "@scope": "scopes", "@free": "free",
}  # fmt: skip


def _shown(column: object) -> str:
    return "List(Struct): see Persons" if "Struct" in str(column) else str(column)


if __name__ == "__main__":
    sys.exit(main())
