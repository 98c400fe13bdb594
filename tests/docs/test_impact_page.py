"""The commands that docs/impact.md shows run as shown, and its table names every change there is."""

import re
import shlex
from pathlib import Path

import desk
import msgspec
import pytest

from polisbridge.formats.scenariofile import ScenarioFile

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "impact.md").read_text(encoding="utf-8")
COMMANDS = [line for block in re.findall(r"```\n(.*?)```", PAGE, re.DOTALL) for line in block.splitlines()]


def test_the_commands_run_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "samples").symlink_to(ROOT / "samples")
    monkeypatch.chdir(tmp_path)

    answers = [desk.run(*shlex.split(command)[1:]) for command in COMMANDS]

    assert [answer.exit for answer in answers] == [0, 0, 0, 0, 0, 1]
    assert {"impact", "people", "result"} <= {path.name for path in tmp_path.iterdir()}
    assert "not recognised" in answers[-1].out.lower()


def test_the_page_names_every_change_a_scenario_can_make() -> None:
    kinds = {one["properties"]["do"]["enum"][0] for one in schema_of_changes()}

    assert len(kinds) == 5
    assert all(f"| `{kind}` |" in PAGE for kind in kinds)


def schema_of_changes() -> list[dict[str, dict[str, dict[str, list[str]]]]]:
    schema = msgspec.json.schema(ScenarioFile)["$defs"]
    return [one for one in schema.values() if "do" in one.get("properties", {})]
