"""Jobs of a node done by processes beside the site: one that is killed is replaced, and all end with the site."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

import psutil
import pytest
from test_node_serve import asked, free_port, program

from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.node_folder import checked_keys, database
from polisbridge.core.jobs import JobKind, JobState
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services import jobs as services
from polisbridge.services.nodes import NodePlace

pytestmark = pytest.mark.enable_socket
COMMITTEE = Actor(ActorRole.EXECUTIVE_COMMITTEE, "secretary", 9)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="pb-"))
    subprocess.run(program("node", "init", "--data", str(found / "node")), check=True, capture_output=True)  # noqa: S603
    yield found / "node"
    shutil.rmtree(found, ignore_errors=True)


def until(happened: Callable[[], bool]) -> None:
    for _ in range(1_200):
        if happened():
            return
        sleep(0.1)
    raise AssertionError("it did not happen")


def workers_of(parent: int) -> list[psutil.Process]:
    found = list[psutil.Process]()
    for one in psutil.Process(parent).children(recursive=True):
        with suppress(psutil.Error):  # it may be gone already
            if one.status() != psutil.STATUS_ZOMBIE and any("import work" in part for part in one.cmdline()):
                found.append(one)
    return found


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a command that is killed when the test fails."""
    with subprocess.Popen(  # noqa: S603 - our own program
        program(*arguments), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as found:
        try:
            yield found
        finally:
            if found.poll() is None:
                found.send_signal(signal.SIGTERM)


@pytest.mark.parametrize("how", ["serve", "work"])
def test_jobs_are_done_by_a_process_of_their_own_and_another_one_when_it_is_killed(folder: Path, how: str) -> None:
    port = free_port()
    more = ["--port", str(port)] if how == "serve" else []
    with running("node", how, "--data", str(folder), *more) as node:
        until(lambda: bool(workers_of(node.pid)))
        first = workers_of(node.pid)[0]
        first.kill()
        until(lambda: [one.pid for one in workers_of(node.pid)] not in ([], [first.pid]))
        with database(NodePlace(folder)) as engine:
            jobs = SqlJobs(engine, checked_keys(NodePlace(folder), engine))
            now = datetime.now(UTC)  # noqa: TID251 - a real worker is at work
            number = services.submit(jobs, COMMITTEE, JobKind.APPROACHES_REPORT, {"language": "en"}, now)
            until(lambda: getattr(jobs.get(number), "state", None) in (JobState.DONE, JobState.FAILED))
            job = jobs.get(number)
        if how == "serve":
            until(lambda: asked(f"http://127.0.0.1:{port}/ready")[0] == 200)
        left = workers_of(node.pid)
        node.send_signal(signal.SIGTERM)
        assert node.wait(60) == 0

    assert job
    assert (job.state, job.failure) == (JobState.DONE, None)
    assert [one.name for one in job.files] == ["report.html", "report.pdf"]
    assert left
    assert [one for one in left if one.is_running()] == []


def test_a_site_can_be_served_without_workers(folder: Path) -> None:
    port = free_port()
    with running("node", "serve", "--data", str(folder), "--port", str(port), "--jobs", "0") as node:
        until(lambda: asked(f"http://127.0.0.1:{port}/ready")[0] == 200)
        assert workers_of(node.pid) == []
        node.send_signal(signal.SIGTERM)
        assert node.wait(60) == 0
