"""A node to try out, on this machine: made once, served, and its address and accounts told.

On a terminal it stays until Ctrl-C. Else (CI, a pipe), or with DEMO_SECONDS set, it opens its pages, signs in to every
account as a browser would, tells what it saw, stays that long, and ends: exit 0 when all was as it should be.
"""

import argparse
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape
from pathlib import Path

import httpx

from polisbridge.services.people.demo import ACCOUNTS, HOME, PASSWORD

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "demo-node"
PORT = 8400
PAGES = ("/", "/check", "/verify", "/law", "/compare", "/access", "/sign-in", "/v1/openapi.json", "/v1/products")
_PROGRAM = str(Path(sys.executable).with_name("polisbridge"))
_STARTS = 60  # seconds that a node may take to start
_GOOD, _MOVED = 200, 303


def main(folder: Path = FOLDER) -> int:
    """Make or bring forward the node, serve it, and stay or prove it."""
    for one in (signal.SIGTERM, signal.SIGHUP):  # told to stop, or the terminal was closed: the node stops too
        signal.signal(one, lambda *_: sys.exit(1))
    if not (folder.exists() and _node("migrate", folder)) and not _node("init", folder, "--demo", "--state", HOME):
        print(f"Remove {folder} to begin with a new node.", file=sys.stderr)
        return 1
    port = _free_port()
    address = f"http://127.0.0.1:{port}"
    with _served(folder, port, address) as node:
        _tell(address)
        seconds = os.environ.get("DEMO_SECONDS")
        if sys.stdin.isatty() and seconds is None:
            print("Ctrl-C stops it.", flush=True)
            return _until_stopped(node)
        good = _proved(address)
        time.sleep(float(seconds or 0))
    print("The node has stopped.", flush=True)
    return 0 if good else 1


def _node(command: str, folder: Path, *more: str) -> bool:
    done = subprocess.run([_PROGRAM, "node", command, "--data", str(folder), *more], check=False)  # noqa: S603
    return done.returncode == 0


def _free_port() -> int:
    """Return the usual port, or any other when somebody listens there."""
    for port in (PORT, 0):
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(one.getsockname()[1])
    raise SystemExit("no port is free on this machine")


@contextmanager
def _served(folder: Path, port: int, address: str) -> Iterator[subprocess.Popen[bytes]]:
    """Serve the node until the end; its own log goes to a file in its folder."""
    command = [_PROGRAM, "node", "serve", "--data", str(folder), "--port", str(port)]
    with (folder / "serve.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as node:  # noqa: S603
        try:
            _wait(node, address, folder)
            yield node
        finally:
            node.send_signal(signal.SIGTERM)
            node.wait()


def _wait(node: subprocess.Popen[bytes], address: str, folder: Path) -> None:
    deadline = time.monotonic() + _STARTS
    while time.monotonic() < deadline and node.poll() is None:
        try:
            if httpx.get(f"{address}/ready", timeout=5).status_code == _GOOD:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise SystemExit(f"the node does not start; {folder / 'serve.log'} tells why")


def _tell(address: str) -> None:
    print(f"\n  The site is open at  {address}/\n", flush=True)
    print(f"  Sign in at {address}/sign-in, password of all: {PASSWORD}")
    print("  Who needs a code as well finds it on that page, with a button that does it all.\n")
    for one in ACCOUNTS:
        print(f"    {one.login:<18} {one.role.value:<20} {one.state}  {one.of}".rstrip())
    print(flush=True)


def _until_stopped(node: subprocess.Popen[bytes]) -> int:
    try:
        return node.wait()
    except KeyboardInterrupt:
        return 0


def _proved(address: str) -> bool:
    """Ask the pages, and sign in to every account; tell what was seen, and return whether all was good."""
    answers = [(path, httpx.get(address + path, timeout=30)) for path in PAGES]
    for path, answer in answers:
        print(f"    GET {path:<20} {answer.status_code}  {len(answer.content):>7} bytes", flush=True)
    seen = [_seen_by(address, one.login) for one in ACCOUNTS]
    for told, _ in seen:
        print(f"    {told}", flush=True)
    return all(answer.status_code == _GOOD for _, answer in answers) and all(good for _, good in seen)


def _seen_by(address: str, login: str) -> tuple[str, bool]:
    """Sign in by the button of an account, and open its desk; tell what was seen, and whether it was as it should be."""
    with httpx.Client(base_url=address, timeout=30) as browser:
        token = re.search(r'name="_csrf_token" value="([^"]+)"', browser.get("/sign-in").text)
        sent = {"_csrf_token": token[1] if token else "", "login": login}
        if browser.post("/sign-in/demo", data=sent).status_code != _MOVED:
            return f"{login:<18} cannot sign in", False
        own = re.search(rf"<p>{re.escape(login)} · ([^<]+)</p>", browser.get("/account").text)
        desk = browser.get("/desk", follow_redirects=True)
        title = re.search(r"<h1[^>]*>\s*([^<]+?)\s*</h1>", desk.text)
        shown = unescape(f"{own[1] if own else '-'}: {desk.url.path} {desk.status_code} {title[1] if title else ''}")
        return f"{login:<18} signs in as {shown}", own is not None and desk.status_code == _GOOD


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description="Open a node with sample data on this machine.")
    asked.add_argument("folder", nargs="?", type=Path, default=FOLDER, help="where the node lies")
    sys.exit(main(asked.parse_args().folder))
