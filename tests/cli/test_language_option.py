"""The command line speaks the language asked for, by tag or by the locale of the machine."""

import pytest
from test_commands import TestWorld
from typer.testing import CliRunner

from polisbridge.cli.main import cli

LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")


def matrix(*options: str, **environment: str) -> str:
    """Return the header of the table of verdicts, in small letters."""
    given = {**dict.fromkeys(LOCALES, ""), "COLUMNS": "200", "NO_COLOR": "1", **environment}
    command = [*options, "compare", "matrix", "--gate", "entry"]
    result = CliRunner(env=given).invoke(cli, command, obj=TestWorld())
    assert result.exit_code == 0, result.output
    return result.stdout


@pytest.mark.parametrize(
    ("tag", "word"),
    [
        ("uz-Latn", "Nima talab qilinadi: kirish"),
        ("uz-Cyrl", "Нима талаб қилинади: кириш"),
        ("hy", "Ինչ է պահանջվում՝ մուտք"),
        ("kk-KZ", "Не талап етіледі: кіру"),
        ("de", "What is asked: entry"),
    ],
)
def test_the_tag_after_lang_chooses(tag: str, word: str) -> None:
    assert word in matrix("--lang", tag)


@pytest.mark.parametrize(
    ("locale", "word"), [("uz_UZ.UTF-8@cyrillic", "Нима талаб"), ("hy_AM.UTF-8", "Ինչ է"), ("C.UTF-8", "What is asked")]
)
def test_else_the_locale_of_the_machine_does(locale: str, word: str) -> None:
    assert word in matrix(LANG=locale)
    assert "Не талап" in matrix("--lang", "kk", LANG=locale)
