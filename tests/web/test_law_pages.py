"""*Law* and *Compare*: every provision has its page at an address that stays, with all that is known of it."""

import html
import re

import pytest
from web_node import Visitor


@pytest.fixture(scope="module")
def visitor() -> Visitor:
    return Visitor()


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_provision_has_its_page(language: str) -> None:
    visitor = Visitor(language=language)
    for one in visitor.node.book.provisions:
        found = visitor.get(f"/law/p/{one.id}")
        assert (one.id, found.status_code) == (one.id, 200)
        assert html.escape(one.title[language], quote=False) in html.unescape(found.text).replace("&", "&amp;") or (
            one.title[language] in html.unescape(found.text)
        )


def test_every_state_gate_and_treaty_has_its_page(visitor: Visitor) -> None:
    index = visitor.get("/law").text
    links = set(re.findall(r'href="(/law/(?:[A-Z]{2}|treaty)[^"]*)"', index))
    book = visitor.node.book

    assert len([one for one in links if "/treaty/" in one]) == sum(
        bool(one.treaty) for one in book.jurisdictions.values()
    )
    assert {one[5:7] for one in links if "/treaty/" not in one} == set(book.states())
    assert [link for link in links if visitor.get(html.unescape(link)).status_code != 200] == []


def test_a_provision_tells_what_it_asks_since_when_and_where_the_law_says_so(visitor: Visitor) -> None:
    text = html.unescape(visitor.get("/law/p/by.insurance_rules.foreign_contract.sum_insured").text)

    for said in (
        "sum insured: at least 10,000.00 EUR",
        "from Jul 1, 2014 until Mar 17, 2025 · not in force today",
        "point 236",
        "Nov 22, 2026",
        'href="/law/p/by.insurance_rules.foreign_contract"',
        "Since then the same act has",
        'href="/law/p/by.insurance_rules.foreign_contract.sum_insured_since_decree_108"',
    ):
        assert said in text


def test_what_stood_there_before_is_linked_from_what_stands_there_now(visitor: Visitor) -> None:
    text = visitor.get("/law/p/by.insurance_rules.foreign_contract.sum_insured_since_decree_108").text

    assert "Until the day before, the same act had" in text
    assert 'href="/law/p/by.insurance_rules.foreign_contract.sum_insured"' in text


def test_the_words_of_the_other_language_stand_beside_the_translation(visitor: Visitor) -> None:
    text = visitor.get("/law/p/ru.law_115_fz.patent.vhi").text

    assert re.search(r'<blockquote lang="ru"><p>Договор ДМС для патента</p>', text)


def test_a_route_lists_what_it_asks_and_the_questions_that_bear_on_it(visitor: Visitor) -> None:
    text = visitor.get("/law/p/ru.law_115_fz.patent.vhi").text

    assert 'href="/law/p/ru.law_115_fz.patent.vhi.insurer_created_in_russia"' in text
    assert "Open questions that bear on it" in text


def test_the_number_of_cases_is_that_of_the_file(visitor: Visitor) -> None:
    text = visitor.get("/law/p/ru.directive_3793_u.document_data").text
    file = visitor.node.law_files()["ru/directive_3793_u/document_data.cases.yaml"].decode()

    assert f"<dt>Cases that test it</dt><dd>{file.count('- name:')}</dd>" in text


def test_a_provision_can_be_had_as_the_file_it_stands_in(visitor: Visitor) -> None:
    found = visitor.get("/law/p/ru.law_115_fz.patent.vhi/file")

    assert found.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert found.content == visitor.node.law_files()["ru/law_115_fz/patent/vhi.yaml"]


def test_the_comparison_shows_each_state_s_provisions_with_a_way_to_them(visitor: Visitor) -> None:
    text = visitor.get("/compare?gate=work_permit&state=RU&state=KZ").text

    assert re.findall(r'<th scope="col">([^<]+)</th>', text) == ["What is asked", "Russia", "Kazakhstan"]
    assert 'href="/law/p/ru.directive_3793_u.document_data"' in text
    links = set(re.findall(r'href="(/law/p/[^"]+)"', text))
    assert [link for link in links if visitor.get(link).status_code != 200] == []


def test_a_state_whose_law_is_open_is_not_told_to_ask_nothing(visitor: Visitor) -> None:
    text = visitor.get("/compare?gate=work_permit&state=RU&state=AM").text
    row = text.split('<th scope="row">duty to be insured</th>')[1].split("</tr>")[0]

    assert re.findall(r'<td class="(\w+)">', row) == ["asked", "open"]
    assert "open question" in row


@pytest.mark.parametrize("asked", ["gate=nothing", "day=soon", "day=0001-01-01", 'day="><script>'])
def test_a_comparison_that_makes_no_sense_is_told_so(visitor: Visitor, asked: str) -> None:
    found = visitor.get(f"/compare?{asked}")

    assert (found.status_code, "<script" in found.text) == (422, False)
