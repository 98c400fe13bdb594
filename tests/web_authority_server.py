"""The site of a node of Russia with two officials, for a real browser: `python web_authority_server.py URL FOLDER`.

URL is of a database with a node's tables. Prints the port and the secrets of their second factors, then serves until ended.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from authority_scene import AuthorityScene

from polisbridge.adapters.database.server import connect


def main(url: str, folder: Path) -> None:
    """Serve until ended."""
    scene = AuthorityScene(connect(url), folder)
    for login in ("first", "second"):
        scene.official(login)
    secrets = [factor.secret for factor in scene.factors.values() if factor]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], *secrets, flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(scene.site(), log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
