"""What docs/scaling.md tells people to run is there, with the options that it names."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "scaling.md").read_text(encoding="utf-8")
PROGRAMS = sorted(set(re.findall(r"python ((?:tools|benchmarks)/\w+\.py)", PAGE)))
SPARK = "tools/spark_assess.py"


def test_every_program_of_the_page_is_there() -> None:
    assert SPARK in PROGRAMS
    assert [name for name in PROGRAMS if not (ROOT / name).is_file()] == []


def test_every_option_of_the_page_is_taken() -> None:
    shown = {option for line in PAGE.splitlines() if SPARK in line for option in re.findall(r"--[a-z]+", line)}

    command = [sys.executable, SPARK, "--help"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout  # noqa: S603

    assert shown >= {"--into", "--master", "--conf"}
    assert [option for option in sorted(shown | {"--law", "--rates"}) if option not in told] == []


def test_a_folder_that_holds_no_portfolio_is_told(tmp_path: Path) -> None:
    command = [sys.executable, SPARK, str(tmp_path), "--into", str(tmp_path / "result")]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603

    assert (ended.returncode, "no portfolio" in ended.stderr) == (4, True)


@pytest.mark.parametrize("link", re.findall(r"\]\((\S+?\.md)", PAGE))
def test_a_link_of_the_page_leads_somewhere(link: str) -> None:
    assert (ROOT / "docs" / link).is_file()
