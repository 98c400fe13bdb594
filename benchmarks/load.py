"""A node under load on this machine: decisions beside the same server's empty endpoint, and verifications during an upload.

Server, database and client share the machine, so rates are low and ratios count: both are measured by the same client in
turns of one run. The load average is printed, for other work on the machine makes the latencies worthless.
"""

import argparse
import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

import httpx
from load_client import Answered, Sender, request, steady, together

SAMPLES = Path(__file__).parents[1] / "samples"
PROGRAM = str(Path(sys.executable).with_name("polisbridge"))
INSURER = "UZ/Insurer in Uzbekistan (sample)"
PERSONS = 50_000
VERIFICATIONS = 1_000  # in a minute
ROUNDS = 5
CONNECTIONS = 4


@dataclass
class Node:
    """A node that is served, and a machine's key to it."""

    port: int
    key: str
    pids: list[int] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """Return a client with the key."""
        headers = {"Authorization": f"Bearer {self.key}"}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=600)


@contextmanager
def node(workers: int, port: int) -> Iterator[Node]:
    """Give a node with samples, served by so many processes."""
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    place = ["--data", str(folder / "node")]
    _run("init", *place, "--demo", "--state", "UZ")
    made = _run("key", "add", "load", "--role", "insurer_clerk", "--state", "UZ", "--of", INSURER, *place)
    options = ["--port", str(port), "--workers", str(workers), "--most-a-minute", "10000000"]
    with (folder / "log").open("wb") as log:
        served = subprocess.Popen([PROGRAM, "node", "serve", *place, *options], stdout=log, stderr=log)  # noqa: S603
    try:
        found = Node(port, made.split()[-1])
        while served.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/ready", timeout=30).status_code == httpx.codes.OK:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        yield found
    finally:
        served.send_signal(signal.SIGTERM)
        served.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _run(*words: str) -> str:
    command = [PROGRAM, "--lang", "en", "node", *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603


def question() -> bytes:
    """Return one online decision: a contract of one person, and an occasion."""
    from polisbridge.formats.tree import read_tree  # noqa: PLC0415

    name = "russian_migrant_policy.contract.yaml"
    contract = read_tree((SAMPLES / name).read_bytes(), name).tree
    stay = {"state": "RU", "gate": "work_permit", "region": "RU-KYA", "as_of": "2026-04-01"}
    days = {"from": "2026-04-01", "to": "2027-03-31"}
    return json.dumps({"contract": contract, "stays": [{**stay, **days}]}).encode()


def decisions(at: Node, seconds: float) -> None:
    """Print rate and latencies of decisions beside the empty endpoint."""
    ways = {"empty": request("GET", "/health"), "decision": request("POST", "/v1/assessments", question())}
    rates: dict[str, list[float]] = {name: [] for name in ways}
    waits: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        asyncio.run(together(Sender(at.port, way), CONNECTIONS, seconds / 2))
    for _ in range(ROUNDS):
        for name, way in ways.items():
            found = asyncio.run(together(Sender(at.port, way), CONNECTIONS, seconds))
            _refuse_bad(found)
            rates[name].append(len(found.seconds) / found.lasted)
            waits[name] += found.seconds
    for name in ways:
        print(f"{name:<10} {median(rates[name]):8.0f} /s   {_told(waits[name])}")
    ratios = sorted(two / one for one, two in zip(rates["empty"], rates["decision"], strict=True))
    print(f"decision / empty: {median(ratios):.2f} (from {ratios[0]:.2f} to {ratios[-1]:.2f}; wanted 0.50)")


def group(number: str) -> bytes:
    """Return a contract of 50 000 persons, as it is sent."""
    from polisbridge.formats.tree import read_tree  # noqa: PLC0415

    name = "uzbek_home_contract.contract.yaml"
    tree = dict(read_tree((SAMPLES / name).read_bytes(), name).tree)
    insured = [{"id": f"w{one}", "role": "worker", "name": f"W. {one}", "born": "1990-05-05"} for one in range(PERSONS)]
    return json.dumps({"contract": {**tree, "number": number, "insured": insured}}).encode()


def verifications(at: Node, seconds: float) -> None:
    """Print how verifications went beside uploads of groups, one after the other."""
    with at.client() as client:
        contract = client.get("/v1/contracts?number=SAMPLE-UZ-0001").json()["items"][0]["href"]
        issued = client.post(f"{contract}/certificates", json={}, headers={"Idempotency-Key": "load"}).json()
        one = (issued["issued"] or issued["kept"])[0]["id"]
        text = client.get(f"/v1/certificates/{one}/text").text
    way = request("POST", "/v1/verifications", json.dumps({"text": text}).encode())
    alone = asyncio.run(steady(Sender(at.port, way), VERIFICATIONS / 60, seconds / 3))
    print(f"verifying alone           {_rate(alone)}   {_told(alone.seconds)}")
    found, uploads = asyncio.run(_beside(at, way, seconds))
    _refuse_bad(found)
    print(f"verifying beside uploads  {_rate(found)}   {_told(found.seconds)}")
    for took, size in uploads:
        print(f"upload of {PERSONS} persons: {took:.1f} s, {size / 1e6:.1f} MB")


async def _beside(at: Node, way: bytes, seconds: float) -> tuple[Answered, list[tuple[float, int]]]:
    uploads = list[tuple[float, int]]()
    ended = asyncio.Event()

    async def upload() -> None:
        while not ended.is_set():
            body = group(f"LOAD-{len(uploads)}-{time.time_ns()}")
            headers = {"Authorization": f"Bearer {at.key}", "Idempotency-Key": b64encode(os.urandom(9)).decode()}
            began = time.perf_counter()
            sent = request("POST", "/v1/contracts", body, headers)
            answer = await together(Sender(at.port, sent), 1, 0)
            _refuse_bad(answer)
            uploads.append((time.perf_counter() - began, len(body)))

    task = asyncio.create_task(upload())
    found = await steady(Sender(at.port, way), VERIFICATIONS / 60, seconds)
    ended.set()
    await task
    return found, uploads


def _refuse_bad(found: Answered) -> None:
    if found.bad:
        raise SystemExit(f"{found.bad} answers were not good, such as {found.last_bad!r}")


def _rate(found: Answered) -> str:
    return f"{len(found.seconds) / found.lasted * 60:6.0f} / min"


def _told(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    at = [ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000 for part in (0.5, 0.99)]
    return f"p50 {at[0]:6.1f} ms   p99 {at[1]:6.1f} ms   {len(ordered)} requests"


def main(argv: list[str] | None = None) -> None:
    """Measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--seconds", type=float, default=5, help="of each round of decisions")
    parser.add_argument("--minutes", type=float, default=1, help="of verifying beside uploads")
    parser.add_argument("--port", type=int, default=8455)
    given: Any = parser.parse_args(argv)
    print(f"load average before: {os.getloadavg()[0]:.2f}, processors: {os.cpu_count()}, processes: {given.workers}")
    with node(given.workers, given.port) as at:
        if given.seconds:
            decisions(at, given.seconds)
        if given.minutes:
            verifications(at, given.minutes * 60)


if __name__ == "__main__":
    main()
