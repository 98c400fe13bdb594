"""certlogic-js, the EU's own engine, in one node process that answers line by line."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from polisbridge.core.condition import Truth
from polisbridge.core.facts import Facts
from polisbridge.formats.certlogic import Expression, Rails
from polisbridge.formats.certlogic_payload import facts_payload

ROOT = Path(__file__).parents[1]
_SCRIPT = Path(__file__).with_suffix(".js")
_TRUTHS: dict[str, Truth] = {"10": True, "01": False, "00": None}


class Reply(NamedTuple):
    """What the engine says of rules: format faults, paths looked up, and per payload one character per rule."""

    version: str
    faults: list[str]
    reads: list[list[str]]
    answers: list[str]
    errors: list[str]


class Engine:
    """One running node process."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def ask(self, rules: Sequence[Expression], payloads: Sequence[Any]) -> Reply:
        """Return the engine's answers as they are."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"rules": rules, "payloads": payloads}) + "\n")
        self._process.stdin.flush()
        return Reply(**json.loads(self._process.stdout.readline()))

    def truths(self, rules: Sequence[Rails], records: Sequence[Facts]) -> list[list[Truth]]:
        """Return for each record the truth of each pair of rails; rails that are no well-formed pair fail the test."""
        expressions = [rail for one in rules for rail in (one.met, one.not_met)]
        reply = self.ask(expressions, [facts_payload(record) for record in records])
        assert (reply.faults, reply.errors) == ([], [])
        return [[_TRUTHS[line[at : at + 2]] for at in range(0, len(line), 2)] for line in reply.answers]


def missing() -> str:
    """Return why the engine cannot run here; nothing when it can."""
    if shutil.which("node") is None:
        return "node is not installed: nothing exported to CertLogic is checked"
    if not (ROOT / "node_modules" / "certlogic-js").is_dir():
        return "certlogic-js is not installed (run `make setup`): nothing exported to CertLogic is checked"
    return ""


@contextmanager
def running() -> Iterator[Engine]:
    """Start the engine. Where it cannot run the tests are skipped, but never in CI or `make check`."""
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    command = [str(shutil.which("node")), str(_SCRIPT)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:  # noqa: S603 - our own script
        yield Engine(process)
        assert process.stdin is not None
        process.stdin.close()
