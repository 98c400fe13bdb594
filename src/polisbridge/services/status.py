"""The issuer's register of statuses: allocate, revoke, suspend, resume, cancel, endorse, publish.

Every change names who, when and why, is one line of a journal, whole or not at all, and can be asked for
again without harm. Whoever holds the journal holds it alone, so two programs never give out one index twice.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Protocol

from polisbridge.core.certificate import StatusReference
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Signer
from polisbridge.core.status import Below, ListName, StatusList, packed
from polisbridge.core.statusbook import Action, Entry, Note, StatusBook, Step
from polisbridge.formats.statusjournal import (
    Transaction,
    damaged,
    read_header,
    read_transactions,
    write_header,
    write_transaction,
)
from polisbridge.formats.statuslist import read_status_list, write_status_list

LIFETIME = timedelta(hours=24)
TTL = timedelta(hours=1)
_CATCH_UP = timedelta(minutes=1)  # two lists of one second get two instants; a clock further behind is a fault


class HeldJournal(Protocol):
    """A journal while nobody else can write to it."""

    def read(self, offset: int) -> bytes:
        """Return the whole lines from the offset on."""

    def append(self, lines: bytes) -> None:
        """Add lines: all of them and safe when it returns, or none of them and an error."""


class Journal(Protocol):
    """Where the lines of one register are kept."""

    def hold(self) -> AbstractContextManager[HeldJournal]:
        """Hold the journal alone."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a certificate's history."""

    note: Note
    step: Step


class StatusRegister:
    """The register of one issuer in one state. `below` gives random whole numbers below its argument."""

    def __init__(self, journal: Journal, state: str, below: Below) -> None:
        self._journal, self._state, self._below = journal, state, below
        self._forget()

    def has_lists(self) -> bool:
        """Say whether a list was ever opened."""
        with self._journal.hold() as held:
            return bool(self._current(held).lists)

    def numbers(self) -> frozenset[int]:
        """Return the numbers of the lists that were opened."""
        with self._journal.hold() as held:
            return frozenset(self._current(held).lists)

    def open_list(self, number: int, note: Note) -> None:
        """Open a list, so that certificates issued from now on get their entries in it."""
        self._change(note, lambda book: [book.open_list(number)])

    def allocate(self, keys: Iterable[str], note: Note) -> dict[str, StatusReference]:
        """Return where the status of each certificate stands; one that has a place keeps it."""
        wanted = tuple(dict.fromkeys(keys))
        book = self._change(note, lambda book: (book.allocate(key, self._below) for key in wanted))
        return {key: book.entry(key).reference for key in wanted}

    def revoke(self, keys: Iterable[str], note: Note) -> None:
        """Revoke certificates at once and for ever: all of them or, on an error, none."""
        self._change(note, lambda book: (book.revoke(key) for key in keys))

    def suspend(self, keys: Iterable[str], note: Note) -> None:
        """Suspend certificates until they are resumed."""
        self._change(note, lambda book: (book.suspend(key) for key in keys))

    def resume(self, keys: Iterable[str], note: Note) -> None:
        """End the suspension of certificates."""
        self._change(note, lambda book: (book.resume(key) for key in keys))

    def cancel(self, keys: Iterable[str], first_day: date, note: Note) -> None:
        """Cancel certificates from a day on: lists published on that day or later say revoked."""
        self._change(note, lambda book: (book.cancel(key, first_day) for key in keys))

    def endorse(self, key: str, by: str, note: Note, first_day: date | None = None) -> StatusReference:
        """Return the place of the certificate that takes another's place, from a day on or at once."""

        def plan(book: StatusBook) -> Iterator[Step | None]:
            yield book.replace(key, by, first_day)
            yield book.allocate(by, self._below)

        return self._change(note, plan).entry(by).reference

    def entry(self, key: str) -> Entry:
        """Return the state of a certificate. Raises PolisbridgeError when it has none."""
        with self._journal.hold() as held:
            return self._current(held).entry(key)

    def history(self, key: str) -> tuple[Happened, ...]:
        """Return everything that happened to a certificate, oldest first; read from the journal itself."""
        with self._journal.hold() as held:
            data = held.read(0)
        _, _, rest = data.partition(b"\n")
        lines = (line for line in read_transactions(rest, 2))
        return tuple(Happened(one.note, step) for one in lines for step in one.steps if key in (step.key, step.by))

    def publish(
        self,
        number: int,
        now: datetime,
        signer: Signer,
        *,
        lifetime: timedelta = LIFETIME,
        ttl: timedelta = TTL,
        smallest: bool = True,
    ) -> bytes:
        """Return the signed list. Cancellations count whose first day is that of `now` in the zone it carries.

        The instant of issue always rises, and what was signed is read again before it counts as published.
        Raises PolisbridgeError when the clock is behind the last one.
        """
        signed: list[bytes] = []

        def plan(book: StatusBook) -> Iterator[Step]:
            yield from tuple(book.due(number, now.date()))
            one = book.list_of(number)
            issued = _later_than(one.published, now)
            name = ListName(self._state, number)
            status_list = StatusList(name, issued, issued + lifetime, ttl, packed(one.marked), signer.key_id)
            signed.append(write_status_list(status_list, signer, smallest=smallest))
            if read_status_list(signed[0], name, [signer.public_key]) != status_list:
                raise PolisbridgeError(ErrorCode.NOT_READABLE, "the key or the compressor gave a list that fails")
            digest = sha256(signed[0]).hexdigest()
            yield Step(Action.PUBLISHED, number=number, issued=issued, digest=digest)

        self._change(Note(f"key {signer.key_id.hex()}", now, "published"), plan)
        return signed[0]

    def _change(self, note: Note, plan: Callable[[StatusBook], Iterable[Step | None]]) -> StatusBook:
        """Let what is planned happen, one step after the other, and write it down as one line.

        A plan that raises, or a line that cannot be written, leaves the journal as it was; the book is then
        read again, for steps had already been tried out in it.
        """
        try:
            with self._journal.hold() as held:
                book, steps = self._current(held), []
                for step in plan(book):
                    if step is not None:
                        book.apply(step)
                        steps.append(step)
                if steps:
                    line = write_transaction(Transaction(note, tuple(steps)))
                    held.append(line)
                    self._read += len(line)
                    self._lines += 1
        except BaseException:
            self._forget()
            raise
        return book

    def _current(self, held: HeldJournal) -> StatusBook:
        """Return the book after reading what others have added since."""
        if self._read == 0 and not held.read(0):
            held.append(write_header(self._state))
        data = held.read(self._read)
        first = self._lines + 1
        if first == 1:
            header, _, rest = data.partition(b"\n")
            read_header(header, self._state)
            self._apply(rest, first + 1)
        else:
            self._apply(data, first)
        self._read += len(data)
        self._lines += data.count(b"\n")
        return self._book

    def _apply(self, data: bytes, first: int) -> None:
        for number, transaction in enumerate(read_transactions(data, first), first):
            try:
                for step in transaction.steps:
                    self._book.apply(step)
            except (KeyError, ValueError) as exc:
                self._forget()
                raise damaged(number) from exc

    def _forget(self) -> None:
        self._book, self._read, self._lines = StatusBook(), 0, 0


def _later_than(last: datetime | None, now: datetime) -> datetime:
    """Return the instant of issue: now in whole seconds UTC, or one second after the last one if that is close."""
    issued = now.astimezone(UTC).replace(microsecond=0)
    if last is None or issued > last:
        return issued
    if last - issued > _CATCH_UP:
        detail = f"{issued.isoformat()} is before {last.isoformat()}, when the list was last published"
        raise PolisbridgeError(ErrorCode.CLOCK_BEHIND, detail, hint="set the clock")
    return last + timedelta(seconds=1)
