"""The site of a node with desks on a port of this machine, for a real browser: `python web_care_server.py URL FOLDER`.

URL is of an empty database; FOLDER gets a kit and a certificate. Prints the port and each desk's second factor as
`login=secret`, then serves until it is ended.
"""

import socket
import sys
from pathlib import Path

import uvicorn
from care_scene import Care
from people_builder import NOON
from registry_builder import contract
from verify_scene import new_scene
from web_node import SampleNode
from web_server import write_certificates

from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect
from polisbridge.core.roles import ActorRole
from polisbridge.web.site import create_site

LANGUAGES = ("en", "ru", "uz_latn", "hy")


def main(url: str, folder: Path) -> None:
    """Serve until ended."""
    engine = connect(url)
    migrate(engine)
    care = Care(engine)
    for desk, thing in (
        (ActorRole.VERIFIER, None),
        (ActorRole.HOSPITAL_DESK, care.clinic),
        (ActorRole.EMPLOYER, care.employer),
        (ActorRole.AUDITOR, None),
        (ActorRole.INSURER_CLERK, care.seller),
    ):
        for language in LANGUAGES:  # a code of a second factor counts once
            care.account(f"{desk.value}.{language}", desk, thing)
    care.put("D-1", "R", insured=contract("D-1").insured[:1])  # the worker again, with a renewed passport
    write_certificates(new_scene(folder), folder)
    site = create_site(SampleNode(folder / "kit", at=NOON), most_a_minute=10_000, people=care.people)
    secrets = [f"{login}={factor.secret}" for login, factor in care.factors.items() if factor]
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], *secrets, flush=True)  # noqa: T201 - whoever started it reads this
        uvicorn.Server(uvicorn.Config(site, log_level="warning", access_log=False)).run(sockets=[listening])


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
