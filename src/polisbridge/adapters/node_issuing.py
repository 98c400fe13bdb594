"""What a serving process issues certificates with: keys, lists, publishing after every change, and a printer."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from polisbridge.adapters.database.insurer_lists import SqlInsurerLists
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.demo_trust import DemoTrust
from polisbridge.adapters.issuing import NodeKeys
from polisbridge.adapters.paper import print_pages
from polisbridge.adapters.publishing import Publisher
from polisbridge.services.exchange import Issuing


@dataclass(frozen=True, slots=True)
class NodeIssuing:
    """Issuing at a node, and the publisher that looks after its status lists."""

    issuing: Issuing
    publisher: Publisher

    def keep_on(self, folder: Path, kit: Path, now: Callable[[], datetime]) -> None:
        """Look after status lists and, at a node to try out, the trust data, as long as the process lives."""
        trust = DemoTrust(folder, kit)
        self.publisher.keep_on(lambda: trust.renew(now()))


def issuing_of(folder: Path, kit: Path, engine: Engine, ring: KeyRing, now: Callable[[], datetime]) -> NodeIssuing:
    """Return with what the node in the folder issues."""
    keys = NodeKeys(folder, engine)
    publisher = Publisher(engine, keys, folder, kit, now)
    issuing = Issuing(
        keys=keys,
        below=secrets.randbelow,
        published=publisher.try_to_publish,
        printer=print_pages,
        lists=SqlInsurerLists(engine, ring),
        public=publisher.file,
    )
    return NodeIssuing(issuing, publisher)
