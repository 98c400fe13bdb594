"""The commands that docs/comparison.md shows run as shown."""

import shlex
from pathlib import Path

import pytest
from desk import run

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "comparison.md").read_text(encoding="utf-8")
SHOWN = [
    line for line in PAGE.split("```")[1].replace("\\\n", " ").strip().splitlines() if line.startswith("polisbridge ")
]


def test_the_page_shows_every_command() -> None:
    assert {shlex.split(line)[2] for line in SHOWN} == {"matrix", "conflicts", "gaps", "common", "union", "cheapest"}


@pytest.mark.parametrize("line", SHOWN)
def test_a_command_of_the_page_runs(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    words = [str(tmp_path / word) if word == "cheapest.yaml" else word for word in shlex.split(line)]

    assert run(*words[1:]).exit == 0
