"""The first command of the README: a node to try out is made, served, proved and stopped; again keeps what is in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from polisbridge.services.people.demo import ACCOUNTS, PASSWORD

DEMO = Path(__file__).parents[2] / "tools" / "demo.py"


@pytest.fixture
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="pb-"))
    yield found / "node"
    shutil.rmtree(found, ignore_errors=True)


def told(folder: Path) -> str:
    """Run it as CI does, with no terminal; return what it says."""
    env = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    command = [sys.executable, str(DEMO), str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=env, timeout=300)  # noqa: S603 # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_node_to_try_out_proves_itself_and_ends_where_nobody_sits_at_a_terminal(folder: Path) -> None:
    first = told(folder)

    assert "http://127.0.0.1:" in first
    assert PASSWORD in first
    for one in ACCOUNTS:
        assert f"{one.login:<18} signs in as " in first
    assert "The tables are up to date" in told(folder)
    assert not (folder / "database" / "postmaster.pid").exists()
