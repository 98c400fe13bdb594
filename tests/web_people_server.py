"""The site of a node with accounts on a port of this machine, for a real browser: `python web_people_server.py URL`.

URL is of an empty database. Prints the port and the secret of the operator's second factor, then serves until it is ended.
"""

import socket
import sys

import uvicorn
from people_builder import NOON, opened, people
from registry_builder import contract, note, passports, seller
from web_node import SampleNode

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect
from polisbridge.core.registry import Enrolment
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.ports import People
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.web.site import create_site


def fill(found: People) -> str:
    """Put a contract on record, open accounts of a worker, a helper and an operator; return the operator's secret."""
    terms = contract("W-1")
    with found.registries.change() as registry:
        thing = register(registry, NewContract(terms, seller(registry), identities=passports(terms)), note())
        held = {one.code: one.value.person for one in registry.known(Enrolment, on=None, at=NOON, contract=thing)}
    opened(found, "bahrom", thing=held["worker"])
    opened(found, "friend", ActorRole.HELPER)
    _, factor = opened(found, "operator", ActorRole.NODE_OPERATOR)
    return factor.secret if factor else ""


def main(url: str) -> None:
    """Serve until ended."""
    engine = connect(url)
    migrate(engine)
    found = people(engine)
    secret = fill(found)
    site = create_site(SampleNode(at=NOON), most_a_minute=10_000, people=found)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], secret, flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1])
