"""`polisbridge report approaches`: the file that the name asks for, in the language asked for."""

from pathlib import Path

import pytest
from desk import NOW, WorldAt
from typer.testing import CliRunner, Result

from polisbridge.cli.main import cli

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
