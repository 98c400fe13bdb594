"""The facts of the initiative: strict, each with a source, and only facts that are listed with the law."""

import pytest
from report_builder import facts

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.codes import Evidence
from polisbridge.core.errors import InputFaults
from polisbridge.formats.initiativefile import read_initiative
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import read_tree
from polisbridge.services.coverage import coverage

GOOD = """
checked: 2026-11-22
acts:
  draft: {en: Reports, ru: Сообщения}
facts:
  - {id: IN-01, part: history, act: draft, evidence: secondary, urls: [https://example.org], text: {en: One, ru: Один}}
"""


def faults(text: str) -> list[tuple[str, str]]:
    with pytest.raises(InputFaults) as caught:
        read_initiative(read_tree(text.encode(), "facts.yaml"))
    return [(fault.path, fault.code.value) for fault in caught.value.faults]


def test_a_fact_comes_with_its_act_in_both_languages() -> None:
    (fact,) = read_initiative(read_tree(GOOD.encode(), "facts.yaml"))

    assert (fact.id, fact.act, fact.urls) == ("IN-01", {"en": "Reports", "ru": "Сообщения"}, ("https://example.org",))


def test_a_reported_fact_without_an_address_is_refused() -> None:
    assert faults(GOOD.replace("urls: [https://example.org], ", "")) == [("facts[0].urls", "missing_key")]


def test_an_unconfirmed_fact_may_have_none() -> None:
    text = GOOD.replace("urls: [https://example.org], ", "").replace("secondary", "unconfirmed")

    assert read_initiative(read_tree(text.encode(), "facts.yaml"))[0].evidence is Evidence.UNCONFIRMED


def test_all_faults_come_at_once() -> None:
    text = GOOD.replace("act: draft", "act: other").replace(", ru: Один", "") + GOOD.splitlines()[-1] + "\n"

    assert faults(text) == [
        ("facts[0].act", "unknown_code"),
        ("facts[0].text", "missing_key"),
        ("facts[1].id", "twice"),
    ]


def test_the_shipped_facts_are_those_listed_with_the_law_and_as_well_established() -> None:
    files = read_folder(shipped_law())
    listed = {one.id: one.evidence for one in coverage(read_law(files), files)}

    assert {one.id: one.evidence for one in facts()} == {one.id: listed[one.id] for one in facts()}
