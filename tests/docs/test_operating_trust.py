"""Every command in the guide exists, with the options that the guide gives it."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from polisbridge.cli.main import cli

GUIDE = Path(__file__).parents[2] / "docs" / "operating-trust.md"


def commands() -> list[str]:
    blocks = re.findall(r"```sh\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    return [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_guide_parses(line: str) -> None:
    words = [word for word in shlex.split(line.partition(" > ")[0]) if not word.startswith("3<")]
    assert words.pop(0) == "polisbridge"
    command: Any = typer.main.get_command(cli)
    while hasattr(command, "get_command"):
        command = command.get_command(typer.Context(command), words.pop(0))

    command.make_context("guide", words)
