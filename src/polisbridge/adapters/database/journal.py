"""The journal of a status register in the database (`services.status.Journal`): the same lines as in a file.

Whoever holds it holds it alone, on whichever machine; a line is there as a whole or not at all. Beside the lines stands
which place was given to which certificate, so that the database itself refuses to give one out twice.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, func, insert, select

from polisbridge.adapters.database.faults import told
from polisbridge.adapters.database.tables import STATUS_ENTRY, STATUS_LINE
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Action
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
            places = [
                {"register": self._register, "list": step.number, "index": step.index, "key": step.key}
                for transaction in read_transactions(lines, 1)
                for step in transaction.steps
                if step.action is Action.ALLOCATED
            ]
            if places:
                self._connection.execute(insert(STATUS_ENTRY), places)
        self._end += len(lines)
