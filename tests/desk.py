"""The commands of this program in this process, on this machine's files, at an instant that the test names."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from typer.testing import CliRunner

from polisbridge.adapters.trust_world import MachineTrust
from polisbridge.app import RealWorld
from polisbridge.cli.main import cli

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OPEN = "--key-that-anybody-with-the-file-can-use"


class MachineAt(MachineTrust):
    """This machine at one instant."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


class WorldAt(RealWorld):
    """The real thing, but for the clock."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def trust(self) -> MachineAt:
        return MachineAt(self.at)


class Answer(NamedTuple):
    """How a command ended, and what it said."""

    exit: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def run(
    *arguments: str | Path,
    at: datetime = NOW,
    lang: str = "en",
    typed: str | None = None,
    env: Mapping[str, str] | None = None,
) -> Answer:
    given = ["--lang", lang, *map(str, arguments)]
    runner = CliRunner(env={"COLUMNS": "200", "NO_COLOR": "1", **(env or {})})
    result = runner.invoke(cli, given, obj=WorldAt(at), input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


def done(*arguments: str | Path, at: datetime = NOW) -> Answer:
    """Run a command that must succeed."""
    found = run(*arguments, at=at)
    assert found.exit == 0, found.err
    return found
