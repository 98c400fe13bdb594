"""A process that issues or suspends certificates, or puts a file of contracts on record, and can be killed at a named point: `python issuing_victim.py URL FOLDER …`.

    issuing_victim.py URL FOLDER issue|suspend CONTRACT [POINT]
    issuing_victim.py URL FOLDER upload UPLOAD [POINT]

Prints `begun` before it begins and `done` at its end. At POINT it kills itself as `kill -9` would.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from registry_builder import RING, START, TREE_TERMS, VOCABULARY
from sqlalchemy import Engine

from polisbridge.adapters.database.insurer_lists import SqlUploadTurn
from polisbridge.adapters.database.once import SqlTurn, SqlWrites
from polisbridge.adapters.database.server import connect
from polisbridge.adapters.node_issuing import issuing_of
from polisbridge.adapters.publishing import Publisher
from polisbridge.core.registry import RegisteredCertificate
from polisbridge.core.statusbook import Note
from polisbridge.formats.groupfile import read_table
from polisbridge.services.exchange import OnceAnswer
from polisbridge.services.registry import issuing, uploading
from polisbridge.services.registry.group import OnSale, plan
from polisbridge.services.registry.issuing import StatusChange, change_status, issue_for
from polisbridge.services.registry.uploading import put_on_record
from polisbridge.services.status import StatusRegister

POINTS = {
    "issue": ("places given", "signed", "kept", "before commit", "after commit", "list kept"),
    "upload": ("one registered", "before commit of the file", "after commit"),
    "suspend": ("written down", "before commit", "after commit", "list signed", "list kept"),
}
_WHERE: dict[str, tuple[Any, str]] = {
    "places given": (StatusRegister, "allocate"),
    "written down": (StatusRegister, "suspend"),
    "signed": (issuing, "issue"),
    "kept": (issuing, "keep_issued"),
    "before commit": (SqlTurn, "keep"),
    "one registered": (uploading, "register"),
    "before commit of the file": (SqlUploadTurn, "keep"),
    "list signed": (StatusRegister, "publish"),
    "list kept": (Publisher, "_publish"),
}


def die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(point: str) -> None:
    """Let the process die as soon as what the point names was done."""
    if point in _WHERE:
        owner, name = _WHERE[point]
        before: Callable[..., Any] = getattr(owner, name)

        def last(*given: Any, **named: Any) -> Any:
            before(*given, **named)
            die()

        setattr(owner, name, last)


def now() -> datetime:
    return START + timedelta(hours=1)


def main(url: str, folder: Path, action: str, contract: int, point: str = "") -> None:
    engine = connect(url)
    node = issuing_of(folder, folder / "kit", engine, RING, now)
    die_after(point)
    print("begun", flush=True)  # noqa: T201 - whoever started it reads this
    note = Note("clerk", now(), action)
    if action == "upload":
        _upload(node.issuing.lists, contract, note)
    else:
        _once(engine, node.issuing, action, contract, note)
    if point == "after commit":
        die()
    node.publisher.publish()
    print("done", flush=True)  # noqa: T201 - the same


def _upload(lists: Any, number: int, note: Note) -> None:
    insurer, product = (int(one) for one in os.environ["VICTIM"].split())
    with lists.upload(insurer, number) as turn:
        rows = read_table(turn.data) if turn.data else []
        made = plan(rows, insurer, {"family": OnSale(product, TREE_TERMS)}, VOCABULARY, note.at.date())
        assert made.faults == ()
        put_on_record(turn, made.contracts, 0, note)


def _once(engine: Engine, place: Any, action: str, contract: int, note: Note) -> None:
    with SqlWrites(engine, RING).once(1, f"{action}-{contract}", b"", note.at) as turn:
        if turn.answered is None:
            _do(turn, place, action, contract, note)
            turn.keep(OnceAnswer(200, {}))


def _do(turn: SqlTurn, place: Any, action: str, contract: int, note: Note) -> None:
    if action == "issue":
        issue_for(turn.registry, place.keys, contract, note, VOCABULARY)
        return
    held = list(turn.registry.known(RegisteredCertificate, on=None, at=note.at, contract=contract))
    seller = issuing.find(turn.registry, held[0].thing, note)[1].value.seller
    change_status(turn.registry, seller, held, StatusChange.SUSPEND, note, below=place.below)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]), *sys.argv[5:])
