"""The site of a node whose insurers issue, on a port of this machine: `python insurer_server.py URL FOLDER LOGIN...`.

URL is of an empty database. Prints the port and the second factors of the clerks named, then serves until it is ended.
"""

import socket
import sys
from datetime import UTC, datetime
from pathlib import Path

import uvicorn
from insurer_desk import InsurerNode

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the clock of a real server


def main(url: str, folder: Path, logins: list[str]) -> None:
    """Serve until ended."""
    engine = connect(url)
    migrate(engine)
    node = InsurerNode(engine, folder, now)
    secrets = [node.clerk(login) for login in logins]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], *secrets, flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(node.site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
