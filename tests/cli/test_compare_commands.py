"""`polisbridge compare` on the law that ships: tables fit the screen, cells open, the cheapest contract decides."""

import re
from pathlib import Path

import pytest
from desk import run

from polisbridge.core.checks import KINDS
from polisbridge.services.compare.cheapest import Hindrance
from polisbridge.services.compare.conflicts import Together
from polisbridge.services.compare.matrix import CellState
from polisbridge.words import Words, languages

DAY = ("--as-of", "2026-03-17")
SAMPLES = Path(__file__).parents[2] / "samples"
RATES = ("--rates", SAMPLES / "rates.yaml")
STAY = ("--home", "UZ", "--from", "2026-04-01", "--to", "2027-03-31", "--region", "RU-MOW", *DAY, *RATES)
NARROW = {"COLUMNS": "80"}


@pytest.mark.parametrize("lang", ["en", "ru"])
@pytest.mark.parametrize("command", ["matrix", "gaps", "conflicts", "common", "union"])
def test_seven_states_fit_eighty_columns_and_no_word_is_missing(lang: str, command: str) -> None:
    answer = run("compare", command, *DAY, lang=lang, env=NARROW)

    assert answer.exit == 0, answer.err
    assert max(len(line.rstrip()) for line in answer.out.splitlines()) <= 80
    assert not re.search(r"\b(compare|kind|hindrance|relation|field)\.[a-z_]+", answer.out)


def test_the_seven_states_of_the_region_are_compared_when_none_is_named() -> None:
    states = {cell["state"] for cell in run("compare", "matrix", *DAY, "--json").json["cells"]}

    assert states == {"AM", "BY", "KG", "KZ", "RU", "TJ", "UZ"}


def test_open_law_is_shown_as_open() -> None:
    out = run("compare", "matrix", "--state", "TJ", "--gate", "entry", *DAY).out

    assert "OPEN" in out
    assert "●" not in out.splitlines()[4]


def test_a_cell_opens_to_its_provision_citation_and_evidence() -> None:
    out = run("compare", "matrix", "--cell", "BY:entry:sum_insured_at_least", "--as-of", "2025-03-17").out

    assert "by.insurance_rules.foreign_contract.sum_insured" in out
    assert "10,000.00 EUR" in out
    assert "official source read" in out


def test_a_cell_in_json_holds_provisions_routes_and_questions() -> None:
    found = run("compare", "matrix", "--cell", "BY:entry:sum_insured_at_least", *DAY, "--json").json
    (cell,) = found["cells"]

    assert cell["says"] == "unconfirmed"
    assert cell["routes"] == ["by.insurance_rules.foreign_contract"]
    assert set(cell["questions"]) < set(found["provisions"])


@pytest.mark.parametrize("cell", ["BY:lunch:duty", "BY:entry:lunch", "FR:entry:duty", "BY"])
def test_a_cell_that_does_not_exist_is_an_error(cell: str) -> None:
    assert run("compare", "matrix", "--cell", cell, *DAY).exit == 4


def test_routes_that_exclude_each_other_name_the_provisions() -> None:
    out = run("compare", "conflicts", "--state", "RU:work_permit", "--state", "KZ:residence", *DAY).out

    assert "ru.law_115_fz.patent.vhi.insurer_created_in_russia" in out
    assert "kz.residence_permit_rules.local_contract" in out


def test_the_minimum_is_told_without_those_whose_law_is_open() -> None:
    asked = ("--state", "RU:work_permit", "--state", "KZ:hiring", "--state", "TJ:hiring")
    out = run("compare", "common", *asked, *DAY).out

    assert "primary care" in out
    assert "Left out, for their law is open: TJ" in out


def test_a_missing_rate_is_said() -> None:
    asked = ("--state", "RU:work_permit", "--state", "BY:entry")

    assert "Not compared for want of an official rate" in run("compare", "union", *asked, *DAY).out
    assert "Not compared" not in run("compare", "union", *asked, *DAY, *RATES).out


def test_the_cheapest_contract_is_a_file_that_decides_to_recognised(tmp_path: Path) -> None:
    file = tmp_path / "cheapest.yaml"
    answer = run("compare", "cheapest", "--state", "RU:work_permit,entry", *STAY, "-o", file)
    where = ("--state", "RU", "--region", "RU-MOW", "--from", "2026-04-01", "--to", "2027-03-31", *DAY, *RATES)

    assert answer.exit == 0, answer.err
    for gate in ("work_permit", "entry"):
        assert run("contract", "assess", file, "--gate", gate, *where).exit == 0


def test_without_a_file_the_contract_is_printed() -> None:
    out = run("compare", "cheapest", "--state", "RU:work_permit", *STAY).out

    assert "number: CHEAPEST" in out
    assert "Russia" in out


def test_where_not_all_can_be_served_the_answer_is_no_with_reasons() -> None:
    asked = ("--state", "RU:work_permit", "--state", "KZ:residence", "--state", "TJ:entry")
    answer = run("compare", "cheapest", *asked, *STAY, "--json")
    found = answer.json

    assert answer.exit == 1
    assert [one["states"] for one in found["found"]] == [["KZ"], ["RU"]]
    assert {one["place"] for one in found["obstacles"]} == {"RU:work_permit", "KZ:residence", "TJ:entry"}


def test_a_scenario_is_called_a_scenario_in_the_answer_and_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "cheapest.yaml"
    asked = (
        "--state",
        "RU:work_permit",
        "--state",
        "KZ:hiring",
        "--suppose",
        "cis_vhi_draft:RU,KZ,UZ",
        "--if-confirmed",
    )
    answer = run("compare", "cheapest", *asked, *STAY, "-o", file)

    assert answer.exit == 3, answer.err
    for text in (answer.out, file.read_text(encoding="utf-8")):
        assert "SCENARIO, not law" in " ".join(text.split())
        assert "This is not law" in " ".join(text.split())


def test_codes_that_do_not_exist_are_told_together() -> None:
    answer = run("compare", "cheapest", "--state", "RU", "--home", "QQ", "--kind", "lunch", "--worker-class", "x")

    assert answer.exit == 4
    assert len(re.findall("unknown code", answer.err)) == 4


@pytest.mark.parametrize("language", languages())
def test_every_kind_and_code_of_a_comparison_has_words(language: str) -> None:
    words = Words(language)
    keys = [f"kind.{name}" for name in KINDS]
    keys += [f"compare.{part}.{one.value}" for part in ("cell", "state") for one in CellState]
    keys += [f"compare.together.{one.value}" for one in Together]
    keys += [f"hindrance.{one.value}" for one in Hindrance]

    assert [key for key in keys if not words.has(key)] == []
