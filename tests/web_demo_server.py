"""The site of a node to try out on a port of this machine, for a real browser: `python web_demo_server.py URL`.

URL is of an empty database. Prints the port, then serves until it is ended. `officer` has no second factor yet.
"""

import socket
import sys
from datetime import UTC, datetime

import uvicorn
from people_builder import NOON, PASSWORD, people
from web_node import SAMPLES, SampleNode

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect
from polisbridge.adapters.folder import read_folder
from polisbridge.core.accounts import NewAccount
from polisbridge.core.roles import ActorRole
from polisbridge.core.statusbook import Note
from polisbridge.services.people.accounts import open_account
from polisbridge.services.people.demo import open_demo
from polisbridge.services.registry.seed import seed_samples
from polisbridge.web.site import create_site


class NodeOfToday(SampleNode):
    """A node by the clock of this machine, as accounts to try out need it."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - a program of its own, at the edge


def main(url: str) -> None:
    """Serve until ended."""
    engine = connect(url)
    migrate(engine)
    found, note = people(engine), Note("tests", NOON, "samples")
    with found.registries.change() as registry:
        seed_samples(registry, read_folder(SAMPLES), SampleNode().book, note)
    open_demo(found, note)
    for number in range(8):
        new = NewAccount(f"officer.{number}", ActorRole.VERIFIER, "RU")
        open_account(found, new, PASSWORD, factor=False)
    site = create_site(NodeOfToday(), most_a_minute=10_000, people=found)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
