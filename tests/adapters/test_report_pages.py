"""Reports as files: well-formed and readable HTML that runs nothing, PDF pages with their headings, charts that repeat."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pypdfium2 as pdfium
import pytest
from report_builder import small, whole

from polisbridge.adapters.charts import svg
from polisbridge.adapters.report_html import report_html
from polisbridge.adapters.report_pdf import report_pdf
from polisbridge.services.report import Chart, Table, walk
from polisbridge.words import Words, languages

VOID = {"meta", "br", "img", "col", "link", "input", "hr"}
HOSTILE = "<script>alert(1)</script> & \"quotes\" 'too' {{ 7*7 }} #panic() $x$ *bold* \\ @ref </td>"


class Tree(HTMLParser):
    """Checks that tags close in order, and keeps what a page is made of."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def tree(page: bytes) -> Tree:
    found = Tree()
    found.feed(page.decode())
    found.close()
    assert found.open == []
    return found


def pdf_text(pages: bytes) -> str:
    document = pdfium.PdfDocument(pages)
    text = "\n".join(page.get_textpage().get_text_bounded() for page in document)
    # a soft hyphen ends a line that was broken inside a word
    return re.sub(r"\s+", " ", text.replace("\ufffe\r\n", "").replace("\u00ad", "").replace("\ufffe", ""))


@pytest.mark.parametrize("language", languages())
def test_the_page_is_well_formed_and_tells_its_language(language: str) -> None:
    found = tree(report_html(whole(language)))

    assert found.named("html") == [{"lang": language.replace("_", "-")}]
    assert found.named("script") == []
    assert [one for one, _ in found.tags if one == "h1"] == ["h1"]


def test_headings_never_leave_out_a_level() -> None:
    levels = [int(name[1]) for name, _ in tree(report_html(whole("en"))).tags if re.fullmatch(r"h\d", name)]

    assert [b for a, b in pairwise(levels) if b > a + 1] == []


def test_ids_are_single_and_every_inner_link_leads_somewhere() -> None:
    found = tree(report_html(whole("en")))
    ids = [attributes["id"] for _, attributes in found.tags if "id" in attributes]

    assert len(ids) == len(set(ids))
    targets = {str(one["href"])[1:] for one in found.named("a") if str(one["href"]).startswith("#")}
    assert targets - {str(one) for one in ids} == set()


def test_tables_have_captions_and_scopes_and_pictures_have_texts() -> None:
    found = tree(report_html(whole("ru")))

    assert len(found.named("caption")) == len(found.named("table"))
    assert {one.get("scope") for one in found.named("th")} == {"col", "row"}
    assert all(one["alt"] for one in found.named("img"))
    assert all(str(one["src"]).startswith("data:image/svg+xml;base64,") for one in found.named("img"))


def test_the_figures_of_every_chart_stand_below_it_as_a_table() -> None:
    found = tree(report_html(small()))

    assert len([one for one in found.named("table") if one.get("class") == "data"]) == len(found.named("img")) == 2


def test_nothing_is_fetched() -> None:
    page = report_html(whole("en")).decode()

    assert re.findall(r"(?:src|@import|url\()\s*=?\s*\"?(?!data:)https?:", page) == []


def test_hostile_text_is_shown_and_never_run() -> None:
    page = report_html(small(HOSTILE))
    found = tree(page)

    assert found.named("script") == []
    assert b"<script" not in page
    assert HOSTILE in "".join(found.text)


@pytest.mark.parametrize("url", ["javascript:alert(1)", 'https://x.org/"onclick="x', "data:text/html,x"])
def test_only_web_addresses_become_links(url: str) -> None:
    found = tree(report_html(small(url=url)))

    assert [one for one in found.named("a") if not str(one["href"]).startswith("#")] == []
    assert url in "".join(found.text)


@pytest.mark.parametrize("language", languages())
def test_the_same_report_gives_the_same_page(language: str) -> None:
    assert report_html(whole(language)) == report_html(whole(language))


def test_how_well_a_point_is_established_stands_beside_it_in_words() -> None:
    text = "".join(tree(report_html(small())).text)

    assert "[1 reported]" in text
    assert "reported, official source not read" in text


@pytest.mark.parametrize("language", ["en", "ru", "uz_Latn", "tg", "hy"])  # each script, and the rarest letters of it
def test_the_pages_hold_every_heading(language: str) -> None:
    text = pdf_text(report_pdf(whole(language)))

    assert [one.title for one in walk(whole(language).sections) if one.title not in text] == []


def test_hostile_text_is_no_markup_on_paper() -> None:
    text = pdf_text(report_pdf(small("#panic() $x$ *bold* @ref <label> [x]")))

    assert text.count("#panic() $x$ *bold* @ref <label> [x]") > 5


def test_a_long_table_goes_over_pages_with_its_columns_repeated() -> None:
    report = small()
    table = next(one for one in report.sections[0].blocks if isinstance(one, Table))
    long = replace(table, columns=("Head", "Repeated column"), rows=table.rows[:1] * 90)
    document = pdfium.PdfDocument(
        report_pdf(replace(report, sections=(replace(report.sections[0], blocks=(long,), sections=()),)))
    )
    shown = [("Repeated column" in page.get_textpage().get_text_bounded()) for page in document]

    assert sum(shown) >= 3


def test_pages_are_numbered() -> None:
    document = pdfium.PdfDocument(report_pdf(small()))

    assert f"Page 1 / {len(document)}" in document[0].get_textpage().get_text_bounded()


def test_a_chart_repeats_byte_for_byte_and_holds_no_day() -> None:
    chart = next(one for part in walk(small().sections) for one in part.blocks if isinstance(one, Chart))
    first, second = svg(chart, Words("en")), svg(chart, Words("en"))

    assert first == second
    assert b"date" not in first.lower()
    assert ET.fromstring(first).tag.endswith("svg")  # noqa: S314 - our own picture


def test_tones_differ_by_more_than_colour() -> None:
    chart = next(one for part in walk(small().sections) for one in part.blocks if isinstance(one, Chart))

    assert b"<pattern" in svg(chart, Words("en"))
