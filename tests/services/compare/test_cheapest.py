"""The cheapest contract decides as promised once it is read back, nothing can be taken from it, and who cannot is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from shipped import BOOK, DAY, RATES, stays, worker

from polisbridge.core.codes import Verdict
from polisbridge.core.contract import Contract
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import read_tree
from polisbridge.services.assess import assess_contract
from polisbridge.services.compare.cheapest import Cheapest, Found, Hindrance, find_cheapest
from polisbridge.services.compare.conflicts import Together
from polisbridge.services.compare.offer import Wish
from polisbridge.services.suppose import suppose_treaties

OLD = date(2025, 3, 17)  # the last day of the sum that is established for Belarus
SUPPOSED: LawBook = suppose_treaties(BOOK, ("cis_vhi_draft:KZ,RU,UZ",))[0]


def wish(citizenship: str, *places: str, as_of: date = DAY, if_confirmed: bool = False) -> Wish:
    return Wish(worker(citizenship), citizenship, stays(*places, as_of=as_of), if_confirmed=if_confirmed)


WISHES: dict[str, tuple[LawBook, Wish, Rates]] = {
    "a patent in Moscow": (BOOK, wish("UZ", "RU:work_permit"), RATES),
    "a patent and the border": (BOOK, wish("UZ", "RU:work_permit", "RU:entry", "BY:entry"), RATES),
    "without rates": (BOOK, wish("TJ", "RU:work_permit", "RU:residence"), Rates()),
    "a permit in Kazakhstan": (BOOK, wish("UZ", "KZ:residence"), RATES),
    "Belarus before its decree": (BOOK, wish("AZ", "BY:entry", "EU:visa", as_of=OLD), RATES),
    "two currencies": (BOOK, wish("AZ", "BY:entry", "GE:entry"), RATES),
    "if confirmed": (BOOK, wish("AZ", "BY:entry", "RU:work_permit", if_confirmed=True), RATES),
    "the draft agreement": (SUPPOSED, wish("UZ", "RU:work_permit", "KZ:hiring", if_confirmed=True), RATES),
}
ANSWERS: dict[str, tuple[LawBook, Rates, Cheapest]] = {
    name: (book, rates, find_cheapest(book, one, rates)) for name, (book, one, rates) in WISHES.items()
}


def found(name: str) -> Found:
    return ANSWERS[name][2].found[0]


def holds(name: str, contract: Contract, one: Found) -> bool:
    """Say whether the contract is what was wished on every stay of the answer."""
    book, rates, answer = ANSWERS[name]
    for stay, _ in one.decided:
        (assessed,) = assess_contract(book, contract, stay, rates)
        decision = assessed.decision
        verdict = decision.if_confirmed if answer.wish.if_confirmed else decision.verdict
        if verdict not in (Verdict.RECOGNISED, Verdict.NOT_REQUIRED):
            return False
    return True


WITH_ANSWER = [name for name, (_, _, answer) in ANSWERS.items() if answer.found]


def test_most_wishes_have_an_answer() -> None:
    assert {"a patent in Moscow", "a permit in Kazakhstan", "Belarus before its decree"} <= set(WITH_ANSWER)
    assert len(WITH_ANSWER) >= 6


@pytest.mark.parametrize("name", WITH_ANSWER)
def test_the_contract_read_back_from_its_file_is_recognised_everywhere(name: str) -> None:
    for one in ANSWERS[name][2].found:
        contract = read_contract(read_tree(one.text.encode(), "cheapest"), BOOK.vocabulary)

        assert holds(name, contract, one)


def smaller(contract: Contract) -> Iterator[tuple[str, Contract]]:
    """Yield the contract with each amount lowered by one unit, each line removed, and each end moved by a day."""
    lines = contract.benefits or ()
    for index, line in enumerate(lines):
        rest = (*lines[:index], *lines[index + 1 :])
        yield f"without {line.benefit}", replace(contract, benefits=rest)
        if isinstance(line.limit, int):
            less = replace(line, limit=line.limit - 1)
            yield f"less of {line.benefit}", replace(contract, benefits=(*lines[:index], less, *lines[index + 1 :]))
    for field, value in contract.facts.items():
        amount = f"{field}_currency" in contract.facts and isinstance(value, int)
        if amount:
            yield f"less {field}", replace(contract, facts={**contract.facts, field: value - 1})  # type: ignore[operator]
    first, last = contract.period.first, contract.period.last
    if first and last and first < last:
        yield "a day later", replace(contract, period=replace(contract.period, first=first + timedelta(1)))
        yield "a day sooner", replace(contract, period=replace(contract.period, last=last - timedelta(1)))


@pytest.mark.parametrize("name", WITH_ANSWER)
def test_nothing_can_be_lowered_shortened_or_left_out(name: str) -> None:
    for one in ANSWERS[name][2].found:
        for what, less in smaller(one.contract):
            assert not holds(name, less, one), what


def test_it_has_amounts_and_lines_to_take_away() -> None:
    told = [what for name in WITH_ANSWER for one in ANSWERS[name][2].found for what, _ in smaller(one.contract)]

    assert {"less sum_insured", "without primary_care", "a day sooner"} <= set(told)


def test_the_patent_takes_a_hundred_thousand_roubles_and_three_benefits() -> None:
    contract = found("a patent in Moscow").contract

    assert (contract.facts["sum_insured"], contract.facts["sum_insured_currency"]) == (10_000_000, "RUB")
    assert {line.benefit for line in contract.benefits or ()} == {
        "primary_care",
        "specialised_urgent",
        "urgent_medicines",
    }


def test_that_the_insurer_is_russian_is_told_and_not_hidden() -> None:
    assert ("insurer_state", "RU") in found("a patent in Moscow").issuer
    assert found("a patent in Moscow").cost.issuer > 0


def test_what_is_not_required_is_named() -> None:
    assert [str(stay.state) for stay in found("a patent and the border").not_required] == ["BY"]


def test_facts_taken_to_be_the_ordinary_case_are_told() -> None:
    assert "worker_class" in [one.field for one in found("a patent in Moscow").assumed]


def test_where_no_contract_can_serve_all_the_largest_sets_are_told_with_the_reason() -> None:
    answer = find_cheapest(BOOK, wish("UZ", "RU:work_permit", "KZ:residence", "BY:entry"), RATES)
    against = {(str(one.place), one.hindrance, one.provision.id) for one in answer.obstacles if one.provision}

    assert not answer.complete
    assert [one.states for one in answer.found] == [("KZ", "BY"), ("RU", "BY")]
    assert against == {
        ("RU:work_permit", Hindrance.NOT_TOGETHER, "ru.law_115_fz.patent.vhi.insurer_created_in_russia"),
        ("KZ:residence", Hindrance.NOT_TOGETHER, "kz.residence_permit_rules.local_contract"),
    }
    assert [pair.together for pair in answer.conflicts] == [Together.CONFLICT]


def test_open_law_stands_against_a_contract_by_name_of_the_question() -> None:
    answer = find_cheapest(BOOK, wish("UZ", "RU:entry", "TJ:entry"), RATES)
    against = {(str(one.place), one.hindrance) for one in answer.obstacles}

    assert [one.states for one in answer.found] == [("RU",)]
    assert against == {("TJ:entry", Hindrance.NO_ROUTE), ("TJ:entry", Hindrance.OPEN_QUESTION)}


def test_membership_of_a_scheme_is_outside_any_contract_and_is_never_assumed() -> None:
    nobody = replace(worker("UZ"), facts={"local_schemes": frozenset[str]()})
    policy = replace(wish("UZ", "KG:residence"), kinds=("compulsory",), person=nobody)
    answer = find_cheapest(BOOK, policy, RATES)

    assert answer.found == ()
    assert Hindrance.OUTSIDE in {one.hindrance for one in answer.obstacles}


def test_without_a_rate_no_sum_serves_two_currencies() -> None:
    one = wish("AZ", "BY:entry", "RU:work_permit", if_confirmed=True)
    answer = find_cheapest(BOOK, one, Rates())

    assert not answer.complete


def test_the_draft_agreement_alone_confirms_nothing() -> None:
    answer = find_cheapest(SUPPOSED, wish("UZ", "KZ:hiring"), RATES)
    questions = {
        one.provision.id for one in answer.obstacles if one.hindrance is Hindrance.OPEN_QUESTION and one.provision
    }

    assert answer.found == ()
    assert "treaties.cis_vhi_draft.agreement.recognition_mechanism" in questions


def test_were_the_draft_confirmed_an_insurer_at_home_would_do() -> None:
    one = found("the draft agreement")

    assert one.states == ("RU", "KZ")
    assert ("insurer_state", "UZ") in one.issuer
    assert one.cost.issuer == 0
    assert {assessed.decision.verdict for _, assessed in one.decided} == {Verdict.UNDETERMINED}
