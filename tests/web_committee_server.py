"""The Executive Committee's desk on a port of this machine, for a real browser: `python web_committee_server.py URL`.

URL is of an empty database. Prints the port and the secrets of the second factors of Committee and authority, then serves,
and does jobs, until it is ended.
"""

import socket
import sys
from threading import Thread

import uvicorn
from committee_scene import scene

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect


def main(url: str) -> None:
    """Serve until ended."""
    engine = connect(url)
    migrate(engine)
    found = scene(engine)
    Thread(target=found.worker.run, daemon=True).start()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        secrets = (found.secrets["committee"], found.secrets["authority"])
        print(listening.getsockname()[1], *secrets, flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(found.site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
