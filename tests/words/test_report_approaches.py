"""The report of the round table, walked statement by statement, in every language."""

import re
from collections.abc import Iterator

import pytest
from report_builder import facts, gathered, shipped, whole

from polisbridge.core.codes import Evidence
from polisbridge.core.law import OpenQuestion
from polisbridge.services.approaches import SEVEN
from polisbridge.services.report import (
    Banner,
    Block,
    Chart,
    Guide,
    Report,
    Section,
    Statement,
    Table,
    notes,
    statements,
    statements_of,
    walk,
)
from polisbridge.words import Words, languages

KEY = re.compile(r"\b(report|gate|verdict|evidence|role|bearing|state|field)\.[a-z_]+")


def labels(report: Report) -> Iterator[str]:
    """Yield every text that is no statement."""
    yield from (report.title, report.subtitle, *report.banners)
    for section in walk(report.sections):
        yield section.title
        for block in section.blocks:
            yield from _labels(block)


def _labels(block: Block) -> Iterator[str]:
    match block:
        case Guide() | Banner():
            yield block.text
        case Table():
            yield from (block.caption, block.method, *block.columns, *(row.head for row in block.rows))
        case Chart():
            yield from (block.caption, block.unit, block.alt, block.method, *block.categories)
            yield from (one.name for one in block.series)


def section(report: Report, name: str) -> Section:
    return next(one for one in walk(report.sections) if one.id == name)


@pytest.mark.parametrize("language", languages())
def test_every_statement_is_cited_or_says_how_it_was_computed(language: str) -> None:
    found = list(statements(whole(language)))

    assert len(found) > 1000
    assert [one.text for one in found if not one.sources and not one.method] == []


def test_every_source_is_a_provision_a_treaty_or_a_listed_fact() -> None:
    known = {one.id for one in shipped().provisions} | set(shipped().jurisdictions) | {one.id for one in facts()}
    cited = {source.id for one in statements(whole("en")) for source in one.sources}

    assert cited <= known


def test_sources_tell_act_address_evidence_and_day_as_the_law_data_has_them() -> None:
    found = {source.id: source for one in statements(whole("en")) for source in one.sources}
    entry = found["by.insurance_rules.foreign_contract"]
    provision = shipped().get(entry.id)
    assert provision is not None

    assert entry.urls == (provision.citation.url, *provision.citation.also)
    assert (entry.evidence, entry.checked) == (provision.citation.evidence, provision.citation.checked)


@pytest.mark.parametrize("language", languages())
def test_no_text_is_a_missing_key_or_an_unfilled_place(language: str) -> None:
    report = whole(language)
    texts = [
        *labels(report),
        *(one.text for one in statements(report)),
        *(one for one in notes(report) if isinstance(one, str)),
    ]

    assert [one for one in texts if KEY.search(one) or re.search(r"\{\w*\}", one)] == []
    assert all(section.title for section in walk(report.sections))


def test_both_languages_say_the_same_from_the_same_sources() -> None:
    english, russian = whole("en"), whole("ru")

    assert [one.id for one in walk(english.sections)] == [one.id for one in walk(russian.sections)]
    pairs = list(zip(statements(english), statements(russian), strict=True))
    assert all({s.id for s in one.sources} == {s.id for s in other.sources} for one, other in pairs)
    assert [one.text for one, other in pairs if one.text == other.text and re.search("[a-z]{4}", one.text)] == []


def test_every_open_question_of_a_state_is_put_to_it_with_what_would_change() -> None:
    for state in SEVEN:
        asked = {source.id for one in _in(f"questions-{state.lower()}") for source in one.sources}
        expected = {
            one.id
            for one in shipped().of_state(state)
            if isinstance(one, OpenQuestion) and one.in_force.on(gathered().as_of)
        }
        assert asked == expected


def _in(name: str) -> Iterator[Statement]:
    for block in section(whole("en"), name).blocks:
        yield from statements_of(block)


def test_the_draft_is_never_said_to_be_in_force() -> None:
    draft = section(whole("en"), "draft")

    assert [one.text for one in draft.blocks if isinstance(one, Banner)] == [Words("en")("report.banner.draft")]
    assert any("not in force" in one.text for one in _in("draft"))
    assert [one.treaty.id for one in gathered().treaties if "draft" in one.treaty.id] == []


def test_what_is_unconfirmed_is_marked_open_wherever_it_stands_as_law() -> None:
    for name in [f"state-{state.lower()}" for state in SEVEN]:
        for one in _in(name):
            if one.sources and all(source.evidence is Evidence.UNCONFIRMED for source in one.sources):
                assert one.tone.value == "open" or one.text.startswith("Contracts that may take it"), one.text


def test_a_scenario_is_announced_before_its_figures() -> None:
    blocks = section(whole("en"), "proposal-draft").blocks

    assert isinstance(blocks[0], Banner)
    assert any(isinstance(one, Chart) for one in blocks)
