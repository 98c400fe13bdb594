"""One assessment per insured person, the rates it used, and the matrix of all states and gates."""

from dataclasses import replace
from datetime import date

import pytest
from builder import DATA
from strategies import BOOK

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.assess import assess_contract, assess_matrix

JUNE = date(2026, 6, 1)
STAY = Stay("NO", Gate.ENTRY, JUNE, "NO-11", Period(JUNE, date(2026, 8, 31)))


def contract(name: str) -> Contract:
    return read_contract(read_tree((DATA / name).read_bytes(), name), BOOK.vocabulary)


RATES = Rates(read_rates(read_tree((DATA / "rates.yaml").read_bytes(), "rates.yaml")))
GOOD, POOR, DOLLARS = contract("contract.yaml"), contract("poor.yaml"), contract("dollars.yaml")


def verdicts(some: tuple[Assessment, ...]) -> dict[str, Verdict]:
    return {one.person: one.decision.verdict for one in some}


def test_every_insured_person_has_an_answer() -> None:
    found = assess_contract(BOOK, GOOD, STAY, Rates())

    assert verdicts(found) == {"worker": Verdict.RECOGNISED, "child": Verdict.NOT_REQUIRED}


def test_only_the_persons_named_are_assessed() -> None:
    assert [one.person for one in assess_contract(BOOK, GOOD, STAY, Rates(), ["child"])] == ["child"]


def test_a_person_who_is_not_insured_is_an_error() -> None:
    with pytest.raises(PolisbridgeError) as caught:
        assess_contract(BOOK, GOOD, STAY, Rates(), ["stranger"])

    assert caught.value.code == ErrorCode.UNKNOWN_PERSON


def test_a_state_without_law_is_an_error() -> None:
    with pytest.raises(PolisbridgeError) as caught:
        assess_contract(BOOK, GOOD, replace(STAY, state="KZ"), Rates())

    assert caught.value.code == ErrorCode.UNKNOWN_STATE


def test_a_no_comes_with_a_top_up_that_reaches_yes() -> None:
    (one,) = assess_contract(BOOK, POOR, STAY, Rates())

    assert one.decision.verdict == Verdict.NOT_RECOGNISED
    assert one.top_up is not None
    assert one.top_up.complete


def test_the_top_up_names_what_to_change() -> None:
    (one,) = assess_contract(BOOK, POOR, STAY, Rates())

    assert one.top_up is not None
    assert {"first_day", "last_day", "sum_insured", "territory"} <= {change.field for change in one.top_up.changes}


def test_a_sum_in_dollars_needs_a_rate() -> None:
    assert verdicts(assess_contract(BOOK, DOLLARS, STAY, Rates())) == {"worker": Verdict.UNDETERMINED}


def test_a_sum_in_dollars_is_enough_at_the_official_rate() -> None:
    assert verdicts(assess_contract(BOOK, DOLLARS, STAY, RATES)) == {"worker": Verdict.RECOGNISED}


def test_the_rate_used_is_told() -> None:
    (one,) = assess_contract(BOOK, DOLLARS, STAY, RATES)

    assert [(table.source, rate.day, rate.currency) for table in one.rates for rate in table.rates] == [
        ("Norges Bank", JUNE, "EUR"),
        ("Norges Bank", JUNE, "USD"),
    ]


def test_where_no_rate_was_needed_none_is_told() -> None:
    assert [one.rates for one in assess_contract(BOOK, GOOD, STAY, RATES)] == [(), ()]


def test_the_matrix_holds_every_state_and_gate_that_the_law_knows() -> None:
    cells = [(state, gate) for state, gate, _ in assess_matrix(BOOK, GOOD, STAY, Rates())]

    assert cells == [("NO", Gate.ENTRY), ("NO", Gate.HIRING), ("SE", Gate.VISA)]


def test_a_cell_of_the_matrix_says_what_the_single_question_says() -> None:
    cells = {(state, gate): verdicts(found) for state, gate, found in assess_matrix(BOOK, GOOD, STAY, Rates())}

    assert verdicts(assess_contract(BOOK, GOOD, STAY, Rates())) == cells[("NO", Gate.ENTRY)]
