"""From a scenario to what it does, from a reason to its rows, from a row to its decision: on the command line."""

import csv
import json
import re
from pathlib import Path

import desk
import pytest

from polisbridge.services.impact import impact_of_json

SAMPLES = Path(__file__).parents[2] / "samples"
RATES = SAMPLES / "rates.yaml"
RAISED = SAMPLES / "scenarios" / "patent_minimum.scenario.yaml"
DRAFT = SAMPLES / "scenarios" / "draft_agreement.scenario.yaml"
PATENT = "ru.law_115_fz.patent.vhi.insurer_created_in_russia"
NARROW = {"COLUMNS": "80"}
KEY = re.compile(r"\b(impact|lack|explain|cause|rows|dimension|portfolio|outcome|verdict)\.[a-z_]+\b")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("portfolio")
    given = ("--rows", "3000", "--seed", "5", "--as-of", "2026-03-17")
    assert desk.run("portfolio", "generate", "--into", folder / "made", *given).exit == 0
    assert desk.run("portfolio", "assess", folder / "made", "--into", folder / "result", "--rates", RATES).exit == 0
    return folder


def unspoken(text: str) -> list[str]:
    """Return the keys that stand in a text instead of words."""
    return [one.group() for one in KEY.finditer(text)]


@pytest.mark.parametrize(("lang", "scenario", "more"), [
    ("en", RAISED, ()), ("ru", RAISED, ()), ("en", DRAFT, ("--as-of", "2027-01-01")), ("ru", DRAFT, ("--as-of", "2027-01-01")),
])  # fmt: skip
def test_an_impact_is_told_in_words_that_fit_a_narrow_terminal(
    lang: str, scenario: Path, more: tuple[str, ...], made: Path, tmp_path: Path
) -> None:
    given: tuple[str | Path, ...] = ("--scenario", scenario, "--into", tmp_path / "impact", "--rates", RATES, *more)

    answer = desk.run("portfolio", "impact", made / "made", *given, lang=lang, env=NARROW)

    assert answer.exit == 0
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []
    assert unspoken(answer.out) == []
    first = answer.out.splitlines()[0]
    assert (
        first
        == {
            "en": "Synthetic portfolio: made-up persons, not real ones.",
            "ru": "Синтетический портфель: люди вымышлены.",
        }[lang]
    )
    assert {"en": "not law", "ru": "не право"}[lang] in answer.out.replace("\n", " ")


def test_both_directions_are_shown_and_no_rows_is_said(made: Path, tmp_path: Path) -> None:
    given = ("--scenario", DRAFT, "--into", tmp_path / "impact", "--as-of", "2027-01-01", "--rates", RATES)

    lines = desk.run("portfolio", "impact", made / "made", *given).out.splitlines()

    at = next(at for at, line in enumerate(lines) if "UZ → RU" in line)
    assert "RU → UZ" in lines[at + 1]
    assert any("no rows" in line for line in lines)


def test_the_json_is_that_of_the_result_folder(made: Path, tmp_path: Path) -> None:
    given = ("--scenario", RAISED, "--into", tmp_path / "impact", "--rates", RATES, "--json")

    answer = desk.run("portfolio", "impact", made / "made", *given)

    kept = json.loads((tmp_path / "impact" / "impact.json").read_text())
    assert answer.json == kept
    assert impact_of_json(kept).synthetic is True


def test_the_tables_add_up_to_the_impact(made: Path, tmp_path: Path) -> None:
    given = ("--scenario", RAISED, "--into", tmp_path / "impact", "--rates", RATES, "--json", "--csv")

    found = impact_of_json(desk.run("portfolio", "impact", made / "made", *given).json)

    tables = {
        path.stem: list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))
        for path in (tmp_path / "impact").glob("*.csv")
    }
    assert sorted(tables) == ["findings", "needs", "top_ups", "verdicts"]
    for dimension in {one["dimension"] for one in tables["verdicts"]}:
        assert sum(int(one["rows"]) for one in tables["verdicts"] if one["dimension"] == dimension) == found.decided
    money = [one for one in tables["needs"] if (one["corridor"], one["kind"]) == ("", "top_up")]
    assert [(one["currency"], int(one["total"])) for one in money] == [
        (one.currency, one.total) for one in found.top_ups[0].shortfalls
    ]


def test_a_faulty_scenario_is_told_with_all_its_faults(made: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.scenario.yaml"
    wrong.write_text(RAISED.read_text().replace("200000", "much").replace("made: 2026-11-22", "made: soon"))

    answer = desk.run("portfolio", "impact", made / "made", "--scenario", wrong, "--into", tmp_path / "impact")

    assert answer.exit == 4
    assert "made" in answer.err
    assert "changes[0].with.amount" in answer.err
    assert not (tmp_path / "impact").exists()


@pytest.mark.parametrize("lang", ["en", "ru"])
def test_reasons_are_told_in_words_that_fit_a_narrow_terminal(lang: str, made: Path) -> None:
    answer = desk.run("portfolio", "explain", made / "result", "--by", "corridor", "--top", "40", lang=lang, env=NARROW)

    assert answer.exit == 0
    assert [line for line in answer.out.splitlines() if len(line) > 80] == []
    assert [key for key in unspoken(answer.out) if not key.endswith(".explain")] == []


def test_a_drill_goes_from_a_reason_to_its_rows_to_one_full_decision(made: Path) -> None:
    where = ("--corridor", "UZ:RU", "--gate", "work_permit", "--rates", RATES)
    reasons = desk.run("portfolio", "explain", made / "result", *where, "--json").json["reasons"]
    reason = next(one for one in reasons if one["id"] == PATENT)

    page = desk.run("portfolio", "rows", made / "result", "--reason", PATENT, *where, "--size", "3", "--json").json

    assert (reason["cause"], reason["verdict"]) == ("not_met", "not_recognised")
    assert page["total"] == reason["rows"] > 3
    number = page["rows"][2]["row"]
    answer = desk.run("portfolio", "row", made / "result", str(number), "--rates", RATES, "--json")
    decision = answer.json
    assert (answer.exit, decision["verdict"], decision["row"]) == (1, "not_recognised", number)
    asked = [one for route in decision["routes"] for one in route["findings"] if one["provision"] == PATENT]
    assert [one["outcome"] for one in asked] == ["not_met"]
    assert decision["synthetic"] is True


def test_a_row_is_printed_as_a_contract_is(made: Path) -> None:
    answer = desk.run("portfolio", "row", made / "result", "0", "--rates", RATES)

    assert answer.out.startswith("Synthetic portfolio")
    assert "RU" in answer.out or "Russia" in answer.out
    assert answer.exit in (0, 1, 3)


def test_a_row_is_decided_by_a_scenario_and_says_that_it_is_not_law(made: Path, tmp_path: Path) -> None:
    given = ("--scenario", RAISED, "--into", tmp_path / "impact", "--rates", RATES)
    desk.run("portfolio", "impact", made / "made", *given)
    rows = desk.run("portfolio", "rows", made / "made", "--reason", PATENT, "--size", "1", "--json").json["rows"]

    answer = desk.run("portfolio", "row", made / "made", str(rows[0]["row"]), "--scenario", RAISED, "--rates", RATES)

    assert "the minimum sum insured for a patent in Russia is doubled (a scenario, not law)" in answer.out
    assert "(supposed in a scenario, not law)" in answer.out


@pytest.mark.parametrize("corridor", ["UZ", "UZ:", "UZ-RU"])
def test_a_corridor_that_is_none_is_refused(corridor: str, made: Path) -> None:
    assert desk.run("portfolio", "explain", made / "result", "--corridor", corridor).exit == 2
