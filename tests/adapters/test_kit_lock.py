"""Two programs that bring one kit up to date: the second says that it waits, and both end well."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from trust_builder import World, ready

from polisbridge.adapters.kit_lock import held_alone
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.adapters.trust_world import MachineTrust
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.trust.sync import load_view

UNDETERMINED = 3  # nobody has published the status lists that the repository names


def never() -> None:
    raise AssertionError("nobody else holds the kit")


def program(world: World) -> "subprocess.Popen[str]":
    """Start a sync in a program of its own."""
    command = [str(Path(sys.executable).with_name("polisbridge")), "--lang", "en", "trust", "sync", "--json"]
    command += [str(world.folder / "kit"), str(world.public), "--root", str(world.public / "metadata" / "1.root.json")]
    environment = {**os.environ, "COLUMNS": "500"}
    return subprocess.Popen(  # noqa: S603 - our own program
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path, MachineTrust().now())


def test_a_second_sync_says_that_it_waits_and_goes_on_when_the_first_ends(world: World) -> None:
    kit = world.folder / "kit"
    with held_alone(kit, never):
        second = program(world)
        assert second.stderr is not None
        said = second.stderr.readline()
        while_held = sorted(path.name for path in kit.iterdir())

    out, err = second.communicate()

    assert said == f"Another sync into {kit} is under way; waiting for it to end.\n"
    assert while_held == ["lock"]
    assert (second.returncode, err) == (UNDETERMINED, "")
    assert json.loads(out)["states"].keys() == {"NO", "SE"}


def test_several_syncs_at_once_into_a_new_kit_all_end_well(world: World) -> None:
    started = [program(world) for _ in range(3)]
    ended = [(one.communicate(), one.returncode) for one in started]

    assert [code for _, code in ended] == [UNDETERMINED] * 3, ended
    assert load_view(FolderTree(world.folder / "kit")).states.keys() == {"NO", "SE"}


def test_a_kit_is_free_again_after_a_failure(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), held_alone(tmp_path / "kit", never):
        raise ZeroDivisionError

    with held_alone(tmp_path / "kit", never):
        pass


def test_a_kit_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "kit").write_text("a file")

    with pytest.raises(PolisbridgeError) as caught, held_alone(tmp_path / "kit", never):
        pass
    assert caught.value.code is ErrorCode.NOT_READABLE
