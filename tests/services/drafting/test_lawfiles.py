"""A drafted change becomes law files: the old one ends, a new one begins, and both pass the check of the law."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from drafting_builder import NOON, QUESTION, SUM, doubled, law

from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Outcome
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.law import OpenQuestion, Requirement
from polisbridge.core.money import Rates
from polisbridge.formats.casefile import read_cases
from polisbridge.formats.tree import read_tree
from polisbridge.services.check_law import check_law
from polisbridge.services.drafting.lawfiles import DraftedLaw, change_of, drafted_law

NEW = f"{SUM}_from_2027_01_01"


def drafted(tree: dict[str, Any], state: str = "RU") -> DraftedLaw:
    files, book = law()
    return drafted_law(files, book, state, change_of(tree), NOON, Rates())


def faults(tree: dict[str, Any]) -> list[tuple[str, FaultCode]]:
    with pytest.raises(InputFaults) as caught:
        drafted(tree)
    return [(one.path, one.code) for one in caught.value.faults]


def test_the_old_provision_ends_the_day_before_and_the_new_one_begins_under_a_new_id() -> None:
    made = drafted(doubled())

    old, new = made.book.get(SUM), made.book.get(NEW)
    assert old is not None
    assert isinstance(new, Requirement)
    assert (old.in_force.last, new.in_force.first) == (date(2026, 12, 31), date(2027, 1, 1))
    assert isinstance(new.check, SumInsuredAtLeast)
    assert new.check.amount == 200_000
    before = law()[1].get(SUM)
    assert isinstance(before, Requirement)
    assert (new.routes, new.gates) == (before.routes, before.gates)


def test_of_the_old_file_only_the_line_of_its_days_changes() -> None:
    made, files = drafted(doubled()), law()[0]
    name = f"{SUM.replace('.', '/')}.yaml"

    before, after = files[name].decode().splitlines(), made.files[name].decode().splitlines()
    assert [line for line in after if line not in before] == ["in_force: {from: 2016-01-31, to: 2026-12-31}"]
    assert len(before) == len(after)


def test_an_open_question_on_the_old_provision_stays_open_on_the_new_one() -> None:
    question = drafted(doubled()).book.get(QUESTION)

    assert isinstance(question, OpenQuestion)
    assert {SUM, NEW} <= set(question.bears_on)


def test_cases_at_the_boundary_are_made_for_the_new_file() -> None:
    made = drafted(doubled())
    name = f"{NEW.replace('.', '/')}.cases.yaml"

    _, cases = read_cases(read_tree(made.files[name], name), made.book.vocabulary)
    assert {Outcome.MET, Outcome.NOT_MET, Outcome.UNDETERMINED, Outcome.NOT_IN_FORCE} == {one.expect for one in cases}
    assert {19_999_999, 20_000_000} <= {one.facts.sum_insured for one in cases}
    own = replace(made.book, provisions=tuple(one for one in made.book.provisions if one.id in (SUM, NEW)))
    held = {one: data for one, data in made.files.items() if one.startswith(SUM.replace(".", "/"))}
    assert check_law(own, held).faults == ()


def test_a_stricter_requirement_is_announced_two_days_before_it_bites() -> None:
    assert faults(doubled("2026-11-24")) == [("first", FaultCode.TOO_SOON)]
    assert drafted(doubled("2026-11-26")).new


def test_a_lower_minimum_needs_no_notice() -> None:
    lower = {"amount": "50000", "currency": "RUB", "per": "person", "rate_day": "assessed"}

    assert drafted(doubled("2026-11-23", asked=lower)).new


def test_everything_that_is_wrong_is_told_at_once_with_the_place_in_the_form() -> None:
    cited = {**doubled()["citation"], "url": "", "act": {"en": "An act", "ru": ""}}
    tree = doubled(title={"en": "Only English"}, citation=cited, asked={"amount": "much", "currency": "RUB"})

    assert set(faults(tree)) == {
        ("with.amount", FaultCode.WRONG_VALUE),
        ("title.ru", FaultCode.MISSING_KEY),
        ("citation.act.ru", FaultCode.MISSING_KEY),
        ("citation.url", FaultCode.NO_CITATION),
    }


def test_a_currency_that_nobody_has_is_refused() -> None:
    told = faults(doubled(asked={"amount": "200000", "currency": "RUBLES"}))

    assert told == [("with.currency", FaultCode.UNKNOWN_CODE)]


def test_a_day_before_the_provision_began_is_refused() -> None:
    assert faults(doubled("2016-01-31")) == [("first", FaultCode.WRONG_ORDER)]


def test_a_provision_of_another_state_is_not_there() -> None:
    with pytest.raises(PolisbridgeError) as caught:
        drafted(doubled(), "BY")

    assert caught.value.code is ErrorCode.UNKNOWN_PROVISION


def test_a_requirement_can_be_added_to_a_route() -> None:
    tree = doubled(do="add", provision="", routes=["ru.law_115_fz.patent.vhi"], check="hotline", asked={})

    new = drafted(tree).book.get("ru.law_115_fz.patent.hotline_from_2027_01_01")
    assert isinstance(new, Requirement)
    assert new.routes == ("ru.law_115_fz.patent.vhi",)


def test_an_answer_ends_the_question_and_stands_in_its_file() -> None:
    said = {"en": "Yes: it is still RUB 100,000.", "ru": "Да, 100 000 рублей."}
    tree = {"do": "answer", "first": "2027-01-01", "provision": QUESTION, "answer": said}

    question = drafted(tree).book.get(QUESTION)
    assert question is not None
    assert question.in_force.last == date(2026, 12, 31)
    assert question.reading["en"] == said["en"]


def test_a_requirement_cannot_be_answered_nor_a_question_changed() -> None:
    assert faults(doubled(do="answer")) == [("provision", FaultCode.WRONG_VALUE)]
    assert faults(doubled(provision=QUESTION)) == [("provision", FaultCode.WRONG_VALUE)]


def test_every_requirement_in_force_of_every_state_of_the_region_can_be_changed() -> None:
    files, book = law()
    failed = []
    for one in book.provisions:
        state = book.jurisdictions[one.jurisdiction].state
        if (
            isinstance(one, Requirement)
            and state in ("RU", "BY", "KZ", "UZ", "KG", "TJ", "AM")
            and not one.in_force.last
        ):
            tree = read_tree(files[f"{one.id.replace('.', '/')}.yaml"], one.id).tree
            said = {"asked": tree.get("with", {}), "title": tree["title"], "citation": tree["citation"]}
            try:
                drafted(doubled(provision=one.id, **said), state)
            except InputFaults as exc:
                failed.append((one.id, exc.faults))
    assert failed == []
