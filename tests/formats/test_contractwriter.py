"""A contract that is written reads back as the same contract, every sample among them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from builder import DATA
from strategies import BOOK

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.contract import Contract, Period
from polisbridge.core.facts import ABSENT, BenefitLine
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.contractwriter import contract_fields, write_contract
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.tree import read_tree

SAMPLES = sorted((Path(__file__).parents[2] / "samples").glob("*.contract.yaml"))
VOCABULARY = read_law(read_folder(shipped_law())).vocabulary


def read_back(contract: Contract, vocabulary: object = VOCABULARY) -> Contract:
    return read_contract(read_tree(write_contract(contract).encode(), "written"), vocabulary)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.name)
def test_a_sample_reads_back_as_it_was(path: Path) -> None:
    contract = read_contract(read_tree(path.read_bytes(), path.name), VOCABULARY)

    assert read_back(contract) == contract


GOOD = read_contract(read_tree((DATA / "contract.yaml").read_bytes(), "contract.yaml"), BOOK.vocabulary)


@pytest.mark.parametrize(
    "facts",
    [
        {"deductible": ABSENT, "max_trip_days": ABSENT, "model_contract": ABSENT},
        {"deductible": 1_050, "deductible_currency": "JPY"},
        {"copay_percent": 1_050, "worker_share_percent": 500, "late_interest_percent": 10_000},
        {"premium": 2_000, "premium_currency": "EUR", "premium_paid": True, "premium_arrears": 2},
        {"sum_insured": ABSENT, "sum_insured_per": "event", "sum_unlimited": True},
        {"sum_insured": ABSENT, "sum_insured_per": "event", "sum_unlimited": False},
        {"suspended_abroad": False, "exclusions": frozenset(), "hotline_hours": ABSENT},
    ],
)
def test_every_way_to_state_a_fact_reads_back(facts: dict[str, object]) -> None:
    without_sum = {key: value for key, value in GOOD.facts.items() if not key.startswith("sum_")}
    changed = replace(GOOD, facts={**(without_sum if "sum_unlimited" in facts else GOOD.facts), **facts})

    assert read_back(changed, BOOK.vocabulary) == changed


def test_lines_and_open_ends_read_back() -> None:
    line = BenefitLine(benefit="comprehensive", unlimited=True, limit=ABSENT, limit_per="event", waiting_days=30)
    changed = replace(GOOD, period=Period(date(2026, 6, 1)), benefits=(line,))

    assert read_back(changed, BOOK.vocabulary) == changed


def test_a_state_that_looks_like_a_no_stays_a_state() -> None:
    assert read_back(GOOD, BOOK.vocabulary).facts["territory"] == frozenset({"NO", "SE"})


def test_the_fields_of_a_contract_are_all_facts_but_those_of_person_and_occasion() -> None:
    assert {"sum_insured", "contract_kind", "document_shows", "premium", "payment_days"} <= set(contract_fields())
    assert not {"state", "citizenship", "first_day", "residence_status"} & set(contract_fields())
