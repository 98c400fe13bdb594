"""A PostgreSQL of its own that listens at 127.0.0.1 and asks for a password; it can be stopped and started again."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from polisbridge.adapters.database.server import embedded, programs

_USER = "polisbridge"


class TcpServer:
    """The server on the data in a folder, at a port."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port, self.password = folder, port, secrets.token_hex(16)
        self._as = "pgserver" if os.geteuid() == 0 else None  # PostgreSQL does not run as root
        if self._as:
            shutil.chown(folder, self._as)
        words = folder / "password"
        words.write_text(self.password)
        if self._as:
            shutil.chown(words, self._as)
        data = ("--pgdata", str(folder / "data"))
        self._run("initdb", *data, "--username", _USER, "--auth", "scram-sha-256", "--pwfile", str(words), "--no-sync")

    @property
    def url(self) -> str:
        return f"postgresql://{_USER}:{self.password}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Start it and wait until it answers."""
        settings = f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories= -c fsync=off"
        self._control("start", "--wait", "--log", str(self.folder / "log"), "--options", settings)

    def stop(self) -> None:
        """Stop it at once, as when its machine fails: nobody's transaction is finished."""
        self._control("stop", "--wait", "--mode", "immediate")

    def _control(self, *words: str) -> None:
        self._run("pg_ctl", "--pgdata", str(self.folder / "data"), *words)

    def _run(self, program: str, *words: str) -> None:
        command = [str(programs() / program), *words]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, user=self._as, cwd="/", **quiet)  # type: ignore[call-overload]  # noqa: S603


@contextmanager
def tcp_server() -> Iterator[TcpServer]:
    """Give a running server, and stop it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="pb-"))
    with embedded(folder / "unused"):  # makes the user that PostgreSQL runs as, where this process is root
        pass
    folder.chmod(0o755)
    place = folder / "tcp"
    place.mkdir()
    server = TcpServer(place, _free_port())
    server.start()
    try:
        yield server
    finally:
        if (place / "data" / "postmaster.pid").exists():
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    """Return a free port, asked of a program of its own: tests may open no socket."""
    ask = "import socket; one = socket.create_server(('127.0.0.1', 0)); print(one.getsockname()[1])"
    return int(subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True).stdout)  # noqa: S603
