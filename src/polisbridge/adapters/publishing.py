"""Status lists published from the journals in the database, by whichever process comes first, and carried to this machine.

A list is signed and kept in the database in one transaction with the line of the journal that says so; the journal's lock
keeps two processes from doing it at once. What the database holds is then copied to the node's public folder and taken
into its kit, so that a process that dies in between leaves nothing that the next look does not mend.
"""

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, select, update

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.journal import TransactionJournal
from polisbridge.adapters.database.tables import STATUS_LINE, STATUS_LIST
from polisbridge.adapters.issuing import NodeKeys
from polisbridge.adapters.kit_lock import held_alone
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Action, Note
from polisbridge.formats.statusjournal import read_transactions
from polisbridge.services.status import TTL, StatusRegister
from polisbridge.services.statuskit import StatusKit
from polisbridge.services.trust.sync import load_view

PUBLIC = "trust/public"  # of the node's folder: what anybody may fetch
REFRESH = TTL / 2  # a list is signed anew after that, for lists grow old
_LOOK = 60.0  # seconds between two looks of a serving process
_QUIET = (Action.ALLOCATED, Action.PUBLISHED, Action.LIST_OPENED)  # steps that change nothing for a verifier
_LOG = logging.getLogger("polisbridge.publishing")


@dataclass(frozen=True, slots=True)
class SignedList:
    """A list as it was last signed; `name` is the file in the public folder."""

    state: str
    number: int
    data: bytes

    @property
    def name(self) -> str:
        """Return the path below the public folder, as the trust data name it."""
        return location(self.state, self.number)


def location(state: str, number: int) -> str:
    """Return where a list lies below the public folder."""
    return f"status/{state}-{number}"


class Publisher:
    """Publishes the status lists of a node's insurers. `kit` is the folder of the node's verifier's kit."""

    def __init__(self, engine: Engine, keys: NodeKeys, folder: Path, kit: Path, now: Callable[[], datetime]) -> None:
        self._engine, self._keys, self._now, self._kit = engine, keys, now, kit
        self._public = FolderTree(folder / PUBLIC)

    def publish(self) -> int:
        """Sign every list that changed or has grown old, and carry what is signed to this machine; return how many."""
        with told(), self._engine.connect() as connection:
            known = [(row.state, row.number, row.register) for row in connection.execute(select(STATUS_LIST))]
        count = sum(self._publish(state, number, register) for state, number, register in sorted(known))
        self.carry()
        return count

    def try_to_publish(self) -> bool:
        """Publish after a change; say whether it could be done. What could not be is tried again before long."""
        try:
            self.publish()
        except (PolisbridgeError, OSError) as exc:
            _LOG.warning("status lists were not published: %s", exc.code.value if hasattr(exc, "code") else "disk")
            return False
        return True

    def _publish(self, state: str, number: int, register: str) -> bool:
        with told(), self._engine.begin() as connection:
            journal = TransactionJournal(connection, register)
            with journal.hold() as held:
                if not self._wanted(connection, state, number, register):
                    return False
                book = StatusRegister(journal, state, secrets.randbelow)
                now = self._now()
                if number not in book.numbers():
                    book.open_list(number, Note("node", now, "a list for an insurer of this node"))
                with self._keys.list_signer(state) as signer:
                    data = book.publish(number, now, signer, smallest=False)
                mine = (STATUS_LIST.c.state == state) & (STATUS_LIST.c.number == number)
                values = {"data": data, "issued": now, "upto": held.end}
                connection.execute(update(STATUS_LIST).where(mine).values(**values))
        return True

    def _wanted(self, connection: Connection, state: str, number: int, register: str) -> bool:
        """Say whether a list was never signed, is old, or something happened since that a verifier must know."""
        column = STATUS_LIST.c
        row = connection.execute(select(STATUS_LIST).where((column.state == state) & (column.number == number))).one()
        if row.data is None or self._now() - row.issued >= REFRESH:
            return True
        line = STATUS_LINE.c
        since = select(line.line).where(line.register == register, line.offset >= row.upto).order_by(line.offset)
        lines = b"".join(bytes(one) for one in connection.execute(since).scalars())
        return any(step.action not in _QUIET for one in read_transactions(lines, 1) for step in one.steps)

    def carry(self) -> None:
        """Copy what is signed to the public folder of this machine, and take it into the node's kit."""
        lists = self.signed()
        for one in lists:
            if self._public.read(one.name) != one.data:
                self._public.write(one.name, one.data)
        at_hand = {one.name: one.data for one in lists}
        with held_alone(self._kit, lambda: None):
            tree = FolderTree(self._kit)
            try:
                view = load_view(tree)
            except PolisbridgeError as exc:
                if exc.code is ErrorCode.NO_TRUST:  # never synchronised: nothing to add to
                    return
                raise
            StatusKit(tree, view).sync(at_hand.get, self._now())

    def signed(self) -> list[SignedList]:
        """Return every list as it was last signed."""
        column = STATUS_LIST.c
        query = select(column.state, column.number, column.data).where(column.data.is_not(None))
        with told(), self._engine.connect() as connection:
            return [SignedList(state, number, bytes(data)) for state, number, data in connection.execute(query)]

    def one(self, name: str) -> bytes | None:
        """Return a list by its name, such as `UZ-1`; None when there is none."""
        state, _, number = name.partition("-")
        if not (number.isascii() and number.isdecimal() and len(number) < 6):  # noqa: PLR2004 - at most 65535
            return None
        column = STATUS_LIST.c
        query = select(column.data).where((column.state == state) & (column.number == int(number)))
        with told(), self._engine.connect() as connection:
            data = connection.execute(query).scalar_one_or_none()
        return None if data is None else bytes(data)

    def file(self, name: str) -> bytes | None:
        """Return a file of the public folder by its path; a status list as the database holds it. None: there is none."""
        if name.startswith("status/"):
            return self.one(name.removeprefix("status/"))
        try:
            return self._public.read(name)
        except PolisbridgeError:  # a path that leads out of the folder
            return None

    def keep_on(self, renew: Callable[[], None] = lambda: None) -> threading.Event:
        """Look after the lists from now on in a thread of this process; setting the event ends it."""
        ended = threading.Event()

        def look() -> None:
            while not ended.wait(_LOOK):
                try:
                    renew()
                except (PolisbridgeError, OSError) as exc:
                    _LOG.warning("trust data were not renewed: %s", type(exc).__name__)
                self.try_to_publish()

        threading.Thread(target=look, name="status lists", daemon=True).start()
        return ended
