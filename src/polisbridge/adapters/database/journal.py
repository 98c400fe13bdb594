"""The journal of a status register in the database (`services.status.Journal`): the same lines as in a file.

Whoever holds it holds it alone, on whichever machine; a line is there as a whole or not at all. Beside the lines stands
which place was given to which certificate, so that the database itself refuses to give one out twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import STATUS_ENTRY, STATUS_LINE
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Action, Step
from polisbridge.formats.statusjournal import read_transactions

_LOCK = 0x7374  # advisory locks of this purpose


class DatabaseJournal:
    """The journal of one register, such as that of an insurer in a state."""

    def __init__(self, engine: Engine, register: str) -> None:
        self._engine, self._register = engine, register

    @contextmanager
    def hold(self) -> Iterator["HeldLines"]:
        """Hold the journal alone; waits for whoever holds it. What was added is kept when it ends without an error."""
        with told(), self._engine.begin() as connection:
            connection.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(self._register))))
            yield HeldLines(connection, self._register)


class TransactionJournal:
    """The journal of one register within a transaction that is under way: its lines are kept with the rest, or not.

    Held from the first time on until the transaction ends; nobody else adds lines meanwhile.
    """

    def __init__(self, connection: Connection, register: str) -> None:
        self._connection, self._register = connection, register
        self._held: HeldLines | None = None

    @contextmanager
    def hold(self) -> Iterator["HeldLines"]:
        """Hold the journal alone; waits for whoever holds it."""
        with told():
            if self._held is None:
                self._connection.execute(select(func.pg_advisory_xact_lock(_LOCK, func.hashtext(self._register))))
                self._held = HeldLines(self._connection, self._register)
            yield self._held


class HeldLines:
    """The lines while they are held."""

    def __init__(self, connection: Connection, register: str) -> None:
        self._connection, self._register = connection, register
        column = STATUS_LINE.c
        end = select(func.max(column.offset + func.length(column.line))).where(column.register == register)
        self._end = int(connection.execute(end).scalar_one() or 0)

    def read(self, offset: int) -> bytes:
        """Return the lines from the offset on. Raises PolisbridgeError when the journal has lost some."""
        if offset > self._end:
            detail = f"register {self._register} is shorter than before"
            raise PolisbridgeError(ErrorCode.REGISTER_DAMAGED, detail, hint="restore the last backup")
        if offset == self._end:
            return b""
        column = STATUS_LINE.c
        lines = select(column.line).where(column.register == self._register, column.offset >= offset)
        return b"".join(bytes(line) for line in self._connection.execute(lines.order_by(column.offset)).scalars())

    def append(self, lines: bytes) -> None:
        """Add lines, and note the places that they give out."""
        self._connection.execute(insert(STATUS_LINE).values(register=self._register, offset=self._end, line=lines))
        if self._end:  # the first line names the register
            self._note([step for one in read_transactions(lines, 1) for step in one.steps])
        self._end += len(lines)

    @property
    def end(self) -> int:
        """Where the journal ends now."""
        return self._end

    def _note(self, steps: list[Step]) -> None:
        """Keep which place was given to which certificate, and what became of it, beside the lines."""
        given = [_place(self._register, step) for step in steps if step.action is Action.ALLOCATED]
        if given:
            self._connection.execute(insert(STATUS_ENTRY), given)
        column = STATUS_ENTRY.c
        one = (column.register == self._register) & (column.key == bindparam("of"))
        marked = [{"of": step.key, "to": status.value} for step in steps if (status := _status_after(step)) is not None]
        if marked:
            self._connection.execute(update(STATUS_ENTRY).where(one).values(status=bindparam("to")), marked)
        ended = [{"of": step.key, "to": step.day} for step in steps if step.action in _ENDING and step.day is not None]
        if ended:
            self._connection.execute(update(STATUS_ENTRY).where(one).values(ends=bindparam("to")), ended)


_ENDING = (Action.CANCELLED, Action.REPLACED)


def _place(register: str, step: Step) -> dict[str, object]:
    return {"register": register, "list": step.number, "index": step.index, "key": step.key}


def _status_after(step: Step) -> Status | None:
    """Return the status that a step gives, None when it gives none now."""
    match step.action:
        case Action.REVOKED | Action.TOOK_EFFECT:
            return Status.REVOKED
        case Action.REPLACED if step.day is None:
            return Status.REVOKED
        case Action.SUSPENDED:
            return Status.SUSPENDED
        case Action.RESUMED:
            return Status.VALID
    return None
