"""Every command in the guides exists, with the options that the guides give it."""

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer

from polisbridge.cli.main import cli

GUIDES = sorted((Path(__file__).parents[2] / "docs").glob("operating-*.md"))


def commands() -> list[str]:
    blocks = [block for guide in GUIDES for block in re.findall(r"```sh\n(.*?)```", guide.read_text(), re.DOTALL)]
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if not line.startswith("export ")]


@pytest.mark.parametrize("line", commands())
def test_a_command_of_the_guide_parses(line: str) -> None:
    words = [word for word in shlex.split(line.partition(" > ")[0]) if not word.startswith("3<")]
    assert words.pop(0) == "polisbridge"
    command: Any = typer.main.get_command(cli)
    while hasattr(command, "get_command"):
        command = command.get_command(typer.Context(command), words.pop(0))

    command.make_context("guide", words)
