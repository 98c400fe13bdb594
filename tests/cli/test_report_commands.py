"""`polisbridge report approaches`: the file that the name asks for, in the language asked for."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from desk import NOW, WorldAt
from report_builder import small_impact
from typer.testing import CliRunner, Result

from polisbridge.cli.main import cli
from polisbridge.services.impact import impact_json

USAGE, ERROR = 2, 4


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(cli, ["--lang", "en", "report", *map(str, arguments)], obj=WorldAt(NOW))


@pytest.mark.parametrize(("name", "begins"), [("r.html", b"<!DOCTYPE html>"), ("r.pdf", b"%PDF-"), ("R.PDF", b"%PDF-")])
def test_the_name_chooses_the_kind_of_file(tmp_path: Path, name: str, begins: bytes) -> None:
    found = report("approaches", "--as-of", "2026-11-22", "-o", tmp_path / name)

    assert found.exit_code == 0, found.output
    assert (tmp_path / name).read_bytes().lstrip().startswith(begins)
    assert name in found.stdout


def test_the_language_of_the_document_is_its_own(tmp_path: Path) -> None:
    report("approaches", "--lang", "ru", "--as-of", "2026-11-22", "-o", tmp_path / "r.html")

    assert '<html lang="ru">' in (tmp_path / "r.html").read_text(encoding="utf-8")


def test_a_name_of_another_kind_is_a_usage_error(tmp_path: Path) -> None:
    found = report("approaches", "-o", tmp_path / "r.docx")

    assert found.exit_code == USAGE
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = report("approaches", "--as-of", "2026-11-22", "-o", tmp_path / "none" / "r.html")

    assert found.exit_code == ERROR


def test_another_contract_can_be_decided_in_every_corridor(tmp_path: Path) -> None:
    sample = Path(__file__).parents[2] / "samples" / "accident_product.contract.yaml"
    found = report("approaches", "--as-of", "2026-11-22", "--contract", sample, "-o", tmp_path / "r.html")

    assert found.exit_code == 0, found.output


@pytest.fixture
def result(tmp_path: Path) -> Path:
    folder = tmp_path / "result"
    folder.mkdir()
    (folder / "impact.json").write_bytes(msgspec.json.encode(impact_json(small_impact())))
    return folder


@pytest.mark.parametrize("name", ["impact.html", "impact.pdf"])
def test_the_result_of_an_impact_becomes_a_report(tmp_path: Path, result: Path, name: str) -> None:
    found = report("impact", result, "-o", tmp_path / name)

    assert found.exit_code == 0, found.output
    assert (tmp_path / name).stat().st_size > 10_000


def test_an_impact_stands_among_the_proposals_with_its_warning(tmp_path: Path, result: Path) -> None:
    report("approaches", "--as-of", "2026-11-22", "--portfolio", result, "-o", tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text(encoding="utf-8")

    assert 'id="effect-1"' in page
    assert "Synthetic portfolio" in page


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"format": "polisbridge impact 1"}', b"\xff"])
def test_a_file_that_is_no_impact_is_told(tmp_path: Path, result: Path, data: bytes) -> None:
    (result / "impact.json").write_bytes(data)
    found = report("impact", result, "-o", tmp_path / "r.html")

    assert found.exit_code == ERROR
    assert not (tmp_path / "r.html").exists()


def test_an_impact_on_a_portfolio_is_written_as_a_report_at_once(tmp_path: Path) -> None:
    scenario = Path(__file__).parents[2] / "samples" / "scenarios" / "patent_minimum.scenario.yaml"
    made = ["--lang", "en", "portfolio", "generate", "--rows", "300", "--as-of", "2026-03-17", "--into", tmp_path / "p"]
    reckoned = ["--lang", "en", "portfolio", "impact", tmp_path / "p", "--scenario", scenario, "--into", tmp_path / "r"]
    written = ["--html", tmp_path / "i.html", "--pdf", tmp_path / "i.pdf"]

    for arguments in (made, [*reckoned, *written]):
        found = CliRunner().invoke(cli, [str(one) for one in arguments], obj=WorldAt(NOW))
        assert found.exit_code == 0, found.output
    page = (tmp_path / "i.html").read_text(encoding="utf-8")
    assert "Synthetic portfolio" in page
    assert "The sum insured is at least RUB 200,000" in page
    assert (tmp_path / "i.pdf").read_bytes().startswith(b"%PDF-")


def test_the_same_report_is_the_same_in_another_process(tmp_path: Path) -> None:
    program = "import sys; from polisbridge.app import main; main()"
    pages = []
    for seed in ("1", "2"):
        out = tmp_path / f"{seed}.html"
        command = [sys.executable, "-c", program, "report", "approaches", "--as-of", "2026-11-22", "-o", str(out)]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": seed})  # noqa: S603 - our own program
        pages.append(out.read_bytes())

    assert pages[0] == pages[1]
