"""A report as data: sections of cited statements, tables and charts, in the words of one language. No HTML, no pages.

Whoever states a fact names where it stands; whoever computed it names how. A `Statement` without either cannot
be made, and every cell of a table is made of statements, so no report can hold a fact without a source.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol, TypeAlias

from polisbridge.core.codes import Evidence


class Tone(StrEnum):
    """What a statement or a series amounts to. Shown by a sign and a pattern besides the colour."""

    PLAIN = "plain"
    YES = "yes"
    NO = "no"
    OPEN = "open"
    FREE = "free"


class PageKind(StrEnum):
    """The file that a report becomes."""

    HTML = "html"
    PDF = "pdf"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands: act and place, addresses, how well it is established, and the day of the last look.

    Only what is not confirmed or is supposed may come without one. `id` is that of a provision or of a listed fact.
    """

    id: str
    act: str
    evidence: Evidence
    checked: date
    place: str = ""
    urls: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        settled = self.evidence in (Evidence.PRIMARY, Evidence.SECONDARY)
        if not self.act or (settled and not self.urls):
            raise ValueError(f"{self.id}: a source names its act, and an address unless it is unconfirmed")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of fact with its sources, or one that was computed, with its method; never neither."""

    text: str
    sources: tuple[Source, ...] = ()
    method: str = ""
    tone: Tone = Tone.PLAIN

    def __post_init__(self) -> None:
        if not self.text or not (self.sources or self.method):
            raise ValueError(f"a statement without a source or a method: {self.text!r}")


@dataclass(frozen=True, slots=True)
class Guide:
    """How to read the report itself. Never a fact about the law, the states or a portfolio."""

    text: str


@dataclass(frozen=True, slots=True)
class Banner:
    """A warning of what the next blocks are: synthetic, supposed, a draft. Never a fact either."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Statements that are read one after the other."""

    statements: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """Statements as a list; each item may hold several."""

    items: tuple[tuple[Statement, ...], ...]


Cell: TypeAlias = tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its heading, which is a name and no fact, and its cells; a cell may be empty."""

    head: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption. `widths` are the relative widths of all columns, the heading's first.

    `method` says how the whole table was computed; its cells then need not repeat it to the reader.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[int, ...] = ()
    method: str = ""

    def __post_init__(self) -> None:
        if any(len(row.cells) + 1 != len(self.columns) for row in self.rows):
            raise ValueError(f"{self.caption}: a row has another number of cells than the table has columns")


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a chart: a name, a whole number per category, and its tone."""

    name: str
    values: tuple[int, ...]
    tone: Tone = Tone.PLAIN


class ChartKind(StrEnum):
    """Bars one after the other along one line, or two directions from a middle line."""

    STACKED = "stacked"
    DIVERGING = "diverging"


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of whole numbers, with a text for who cannot see them. Its numbers are computed: `method` says how.

    In a diverging chart the values of a series are drawn to the left where they are negative.
    """

    caption: str
    kind: ChartKind
    unit: str
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    alt: str
    method: str

    def __post_init__(self) -> None:
        if not self.method or not self.alt or any(len(one.values) != len(self.categories) for one in self.series):
            raise ValueError(f"{self.caption}: a chart needs a method, a text, and one value per category")


Block: TypeAlias = Guide | Banner | Paragraph | Bullets | Table | Chart


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it. `id` is its address in the file: letters, digits and dashes."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report in one language, for one day, by one law. `banners` are warnings that hold for all of it."""

    title: str
    subtitle: str
    language: str
    as_of: date
    law_hash: str
    sections: tuple[Section, ...]
    banners: tuple[str, ...] = ()


class ReportPages(Protocol):
    """Makes a file of a report."""

    def __call__(self, report: Report, kind: PageKind) -> bytes:
        """Return the file. The same report gives the same HTML bytes."""


def walk(sections: tuple[Section, ...]) -> Iterator[Section]:
    """Yield every section, each before those inside it."""
    for section in sections:
        yield section
        yield from walk(section.sections)


def statements(report: Report) -> Iterator[Statement]:
    """Yield every statement in the order of reading."""
    for section in walk(report.sections):
        for block in section.blocks:
            yield from statements_of(block)


def statements_of(block: Block) -> Iterator[Statement]:
    """Yield the statements of one block; a guide, a banner and a chart hold none."""
    match block:
        case Paragraph():
            yield from block.statements
        case Bullets():
            yield from (one for item in block.items for one in item)
        case Table():
            yield from (one for row in block.rows for cell in row.cells for one in cell)


def notes(report: Report) -> dict[Source | str, int]:
    """Return the number of every source and of every method, numbered in the order of reading, each once."""
    found: dict[Source | str, int] = {}
    for section in walk(report.sections):
        for block in section.blocks:
            if isinstance(block, Table | Chart) and block.method:
                found.setdefault(block.method, len(found) + 1)
            for one in statements_of(block):
                for source in one.sources:
                    found.setdefault(source, len(found) + 1)
                if one.method:
                    found.setdefault(one.method, len(found) + 1)
    return found
