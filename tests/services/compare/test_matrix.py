"""The matrix says what the law files say: every requirement once, open law as open, silence as a gap."""

from datetime import date
from decimal import Decimal

import pytest
from shipped import BOOK, CIS, DAY, place
from strategies import BOOK as SMALL

from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Evidence, Gate
from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.law import Requirement
from polisbridge.services.compare.common import find_gaps
from polisbridge.services.compare.matrix import ROWS, Cell, CellState, build_matrix
from polisbridge.services.compare.places import law_at, places_of
from polisbridge.services.suppose import suppose_treaties

EVERYWHERE = places_of(BOOK, BOOK.states(), Gate)
MATRIX = build_matrix(BOOK, EVERYWHERE, DAY)


def cell(where: str, row: str, as_of: date = DAY) -> Cell:
    at = place(where)
    return build_matrix(BOOK, [at], as_of).cells[at, row]


@pytest.mark.parametrize("day", [date(2015, 6, 1), date(2021, 12, 4), date(2025, 3, 17), DAY, date(2030, 1, 1)])
def test_every_requirement_in_force_stands_in_exactly_one_cell_of_its_state_and_gate(day: date) -> None:
    matrix = build_matrix(BOOK, EVERYWHERE, day)
    for state in BOOK.states():
        for gate in Gate:
            wanted = sorted(
                one.id
                for one in BOOK.of_state(state)
                if isinstance(one, Requirement) and gate in one.gates and one.in_force.on(day)
            )
            at = place(f"{state}:{gate}")
            found = [one.provision for row in ROWS for one in matrix.cells[at, row].entries]

            assert wanted == sorted(one.id for one in found if isinstance(one, Requirement))


def test_a_treaty_s_requirements_stand_in_the_cells_of_its_parties() -> None:
    supposed, _ = suppose_treaties(BOOK, ("cis_vhi_draft:KZ,UZ",))
    at = place("KZ:hiring")
    entries = build_matrix(supposed, [at], DAY).cells[at, "period_covers"].entries

    assert [one.provision.id for one in entries] == [
        "treaties.cis_vhi_draft.agreement.home_state_contract.period_of_work"
    ]


# By the fact sheets: BY-34 and BY-35 (Edict 530, Decree 108), RU-60 (Directive 3793-U).
def test_belarus_asked_ten_thousand_euros_at_entry_until_its_decree_108() -> None:
    found = cell("BY:entry", "sum_insured_at_least", date(2025, 3, 17))
    (entry,) = found.entries

    assert found.state is CellState.ASKED
    assert entry.evidence is Evidence.PRIMARY
    assert isinstance(entry.provision, Requirement)
    assert isinstance(entry.provision.check, SumInsuredAtLeast)
    assert (str(entry.provision.check.amount), entry.provision.check.currency) == ("10000", "EUR")
    assert found.routes == ("by.insurance_rules.foreign_contract",)


def test_since_decree_108_the_sum_of_belarus_is_unconfirmed_and_under_a_question() -> None:
    found = cell("BY:entry", "sum_insured_at_least")

    assert found.state is CellState.UNCONFIRMED
    assert found.held
    assert "by.insurance_rules.open.minimum_sum_in_base_units" in [one.id for one in found.questions]


def test_russia_asks_a_hundred_thousand_roubles_for_a_work_permit() -> None:
    (entry,) = cell("RU:work_permit", "sum_insured_at_least").entries

    assert isinstance(entry.provision, Requirement)
    assert entry.provision.check == SumInsuredAtLeast(Decimal(100000), "RUB")
    assert entry.evidence is Evidence.SECONDARY


@pytest.mark.parametrize(
    ("where", "row", "expected"),
    [
        ("TJ:entry", "duty", CellState.OPEN),
        ("TJ:entry", "sum_insured_at_least", CellState.OPEN),
        ("AM:hiring", "duty", CellState.OPEN),
        ("KZ:work_permit", "duty", CellState.UNCONFIRMED),
        ("KZ:work_permit", "route", CellState.OPEN),
        ("KZ:residence", "duty", CellState.ASKED),
        ("KZ:residence", "sum_insured_at_least", CellState.SILENT),
        ("RU:entry", "sum_insured_at_least", CellState.SILENT),
        ("KG:residence", "scheme_member", CellState.ASKED),
    ],
)
def test_what_a_cell_says(where: str, row: str, expected: CellState) -> None:
    assert expected is cell(where, row).state


def test_a_gate_of_which_the_book_knows_nothing_has_no_law() -> None:
    at = place("NO:clinic_attachment")

    assert {one.state for one in build_matrix(SMALL, [at], DAY).cells.values()} == {CellState.NO_LAW}


def test_an_open_cell_names_its_questions_and_a_silent_one_has_none() -> None:
    assert "tj.foreigners_law.no_duty_established" in [one.id for one in cell("TJ:entry", "duty").questions]
    assert cell("KZ:residence", "sum_insured_at_least").questions == ()


def test_no_place_with_open_questions_alone_is_ever_shown_as_silent() -> None:
    for at in EVERYWHERE:
        law = law_at(BOOK, at, DAY)
        if law.questions and not any(cell.entries for cell in (MATRIX.cells[at, row] for row in ROWS)):
            assert {MATRIX.cells[at, row].state for row in ROWS} == {CellState.OPEN}


def test_a_gap_names_who_asks_who_is_silent_and_whose_law_is_open() -> None:
    gaps = {gap.row: gap for gap in find_gaps(build_matrix(BOOK, places_of(BOOK, CIS, [Gate.RESIDENCE]), DAY))}
    gap = gaps["period_covers"]

    assert [one.place.state for one in gap.asked] == ["BY", "RU"]
    assert [one.state for one in gap.silent] == ["KG", "KZ"]
    assert [one.state for one in gap.open] == ["AM", "TJ", "UZ"]


def test_a_state_may_be_chosen_with_gates_of_its_own() -> None:
    assert places_of(BOOK, ["RU:work_permit,entry", "KZ"], [Gate.HIRING]) == (
        place("RU:entry"),
        place("RU:work_permit"),
        place("KZ:hiring"),
    )


@pytest.mark.parametrize("state", ["FR", "RU:lunch"])
def test_what_does_not_exist_is_an_error(state: str) -> None:
    with pytest.raises(PolisbridgeError):
        places_of(BOOK, [state])
