"""An upload put on record: its contracts one after the other, those that are refused left out, and all of it kept at once."""

from collections.abc import Sequence

from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.statusbook import Note
from polisbridge.formats.groupfile import RowFault, RowProblem
from polisbridge.services.registry.contracts import register
from polisbridge.services.registry.group import Planned
from polisbridge.services.registry.overview import UploadTurn


def put_on_record(turn: UploadTurn, contracts: Sequence[Planned], left_out: int, note: Note) -> list[RowFault]:
    """Put the contracts of an upload on record; return why some were refused, by their first line.

    What was put on record, and that the file is done, are one transaction: nothing of it is there, or everything.
    `left_out` is how many contracts of the file had faults of their own. An upload that is done does nothing.
    """
    if turn.row.done is not None:
        return []
    made, refused = list[int](), list[RowFault]()
    for one in contracts:
        found = _registered(turn, one, note)
        if isinstance(found, RowProblem):
            refused.append(RowFault(one.lines[0], "contract", found))
        else:
            made.append(found)
    turn.keep(made, left_out + len(refused), note.at)
    return refused


def _registered(turn: UploadTurn, one: Planned, note: Note) -> int | RowProblem:
    """Put one contract on record; return its number, or why it was refused."""
    try:
        with turn.attempt():
            return register(turn.registry, one.new, note)
    except InputFaults:
        return RowProblem.OTHER_PERSON
    except PolisbridgeError as exc:
        if exc.code is ErrorCode.NO_DATABASE:
            raise
        return RowProblem.THERE_ALREADY if exc.code is ErrorCode.ALREADY_THERE else RowProblem.REFUSED
