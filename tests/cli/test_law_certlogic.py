"""`polisbridge law certlogic`: a file for verifiers of other teams, or a refusal that says why."""

import json
from datetime import date
from pathlib import Path

from builder import DATA, LAW_FOLDER
from desk import run
from typer.testing import CliRunner

from polisbridge.app import RealWorld
from polisbridge.cli.main import cli

KZ = ("law", "certlogic", "--state", "KZ", "--gate", "hiring", "--as-of", "2026-11-22")
NO = ("--law", LAW_FOLDER, "law", "certlogic", "--state", "NO", "--gate", "entry", "--as-of", "2026-06-01")


def test_the_rules_are_written_to_a_file_and_counted(tmp_path: Path) -> None:
    target = tmp_path / "kz.json"

    answer = run(*KZ, "-o", target)

    file = json.loads(target.read_bytes())
    assert (answer.exit, file["id"]) == (0, "KZ.hiring.2026-11-22")
    assert f"{target}: {len(file['findings'])} provisions, " in answer.out.replace("\n", "")


def test_without_a_file_the_rules_go_to_standard_output(tmp_path: Path) -> None:
    run(*KZ, "-o", tmp_path / "kz.json")

    assert run(*KZ).out == (tmp_path / "kz.json").read_text(encoding="utf-8")


class Autumn(RealWorld):
    def today(self) -> date:
        return date(2026, 10, 31)


def test_the_day_is_todays_when_none_is_named() -> None:
    answer = CliRunner().invoke(cli, KZ[:-2], obj=Autumn())

    assert json.loads(answer.stdout)["valid"] == {"from": "2026-10-31", "to": "2026-10-31"}


def test_rates_from_files_convert_the_limits() -> None:
    with_rates, without = (run(*NO, *more).out for more in (("--rates", DATA / "rates.yaml"), ()))

    assert ('"USD"' in with_rates, '"USD"' in without) == (True, False)


def test_a_file_for_contracts_of_one_state_names_it() -> None:
    assert run(*NO, "--home", "KZ").json["home_state"] == "KZ"


def test_an_occasion_that_is_not_named_whole_is_a_wrong_use() -> None:
    assert [run("law", "certlogic", *some).exit for some in (("--state", "KZ"), ("--gate", "hiring"))] == [2, 2]


def test_a_state_without_law_is_refused() -> None:
    answer = run("law", "certlogic", "--state", "XX", "--gate", "hiring", lang="ru")

    assert (answer.exit, answer.out) == (4, "")
    assert "XX" in answer.err
