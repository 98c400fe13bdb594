"""The site served as a program of its own: several processes, figures and logs without personal data, a graceful end."""

import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import sleep
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import psutil
import pytest

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="pb-"))
    yield found / "node"
    shutil.rmtree(found, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(address: str) -> tuple[int, str]:
    """Return status and text of a page; 0 while nobody answers."""
    try:
        with urlopen(Request(address), timeout=30) as answer:  # noqa: S310 - an address of this machine
            return answer.status, answer.read().decode()
    except HTTPError as exc:
        return exc.code, ""
    except (URLError, OSError):
        return 0, ""


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from polisbridge.app import main; main()", "--lang", "en", *arguments]


def test_a_node_on_its_own_database_is_served_by_two_processes_and_stops_when_told(folder: Path) -> None:
    port, place = free_port(), ["--data", str(folder)]
    subprocess.run(program("node", "init", *place, "--demo"), check=True, capture_output=True)  # noqa: S603
    serve = program("node", "serve", *place, "--port", str(port), "--workers", "2")
    site = f"http://127.0.0.1:{port}"
    with subprocess.Popen(serve, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as served:  # noqa: S603
        while served.poll() is None and asked(f"{site}/ready")[0] != 200:
            sleep(0.1)
        pages = {page: asked(f"{site}{page}")[0] for page in ("/", "/check", "/law", "/health", "/no/such/KARIMOV")}
        figures = asked(f"{site}/metrics")[1]
        servers = [one for one in psutil.Process(served.pid).children(recursive=True) if one.is_running()]
        database_ran = (folder / "database" / "postmaster.pid").exists()
        served.send_signal(signal.SIGTERM)
        _, log = served.communicate(timeout=60)

    assert served.returncode == 0, log
    assert pages == {"/": 200, "/check": 200, "/law": 200, "/health": 200, "/no/such/KARIMOV": 404}
    assert 'polisbridge_requests_total{method="GET",page="check",status="200"} 1.0' in figures
    assert len(servers) >= 2
    assert (database_ran, (folder / "database" / "postmaster.pid").exists()) == (True, False)
    requests = [one for one in map(json.loads, log.splitlines()) if one["event"] == "request"]
    assert {one["page"] for one in requests} == {"", "check", "law", "health", "ready", "other"}
    assert [one for one in (log, figures) if "KARIMOV" in one] == []


def test_a_node_that_is_not_there_is_not_served(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603
        program("node", "serve", "--data", str(tmp_path / "none")), check=False, capture_output=True, text=True
    )

    assert done.returncode == 4
    assert "polisbridge node init" in done.stderr
