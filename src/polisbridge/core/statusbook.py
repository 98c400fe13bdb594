"""The issuer's book of statuses: which certificate has which entry, and what may happen to it.

A certificate goes by a key of the issuer's own (a policy and a person number, say); it must not name anybody.
Steps are the only way in: each says one thing that happened, and the book is what all steps together make.
Planning a step decides whether it may happen and returns None when it has happened already, so that whoever
asks twice gets the same book. Revoked is final; an index is never given out again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from polisbridge.core.certificate import StatusReference
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.status import ENTRIES, Below, Status, free_index


class Action(StrEnum):
    """What can happen to a list or an entry."""

    LIST_OPENED = "list_opened"
    ALLOCATED = "allocated"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    RESUMED = "resumed"
    CANCELLED = "cancelled"  # from `day` on
    REPLACED = "replaced"  # by the certificate `by`: from `day` on, at once without one
    TOOK_EFFECT = "took_effect"  # the day of a cancellation had come when the list was published
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened. Which fields it has follows from the action."""

    action: Action
    key: str = ""
    number: int | None = None
    index: int | None = None
    day: date | None = None
    by: str = ""
    issued: datetime | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Who did it, when (an instant with its zone) and why. `who` is a user name or an office, `why` a reason."""

    who: str
    at: datetime
    why: str


@dataclass(slots=True)
class Entry:
    """One certificate's place and state. `cancelled_from` is the first day on which it no longer counts."""

    reference: StatusReference
    status: Status = Status.VALID
    cancelled_from: date | None = None
    replaced_by: str = ""

    def status_on(self, day: date) -> Status:
        """Return the status that a list published on the day gives."""
        if self.cancelled_from is not None and self.cancelled_from <= day:
            return Status.REVOKED
        return self.status


@dataclass(slots=True)
class OpenList:
    """One list: the indices in use, the entries that are not valid, and when it was last published."""

    used: set[int] = field(default_factory=set)
    marked: dict[int, Status] = field(default_factory=dict)
    published: datetime | None = None


class StatusBook:
    """All lists and entries of one issuer."""

    def __init__(self, size: int = ENTRIES) -> None:
        self.lists: dict[int, OpenList] = {}
        self._size = size
        self._entries: dict[str, Entry] = {}
        self._pending: dict[str, date] = {}

    def entry(self, key: str) -> Entry:
        """Return the entry of a certificate. Raises PolisbridgeError when it has none."""
        if key not in self._entries:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no certificate {key} in the register", hint="check the key")
        return self._entries[key]

    def list_of(self, number: int) -> OpenList:
        """Return the list of that number. Raises PolisbridgeError when it was never opened."""
        if number not in self.lists:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no status list {number}", hint="open it first")
        return self.lists[number]

    def open_list(self, number: int) -> Step | None:
        """Plan to open a list; new certificates get their entries in the list opened last."""
        return None if number in self.lists else Step(Action.LIST_OPENED, number=number)

    def allocate(self, key: str, below: Below) -> Step | None:
        """Plan an entry for a certificate, at a random place. Raises PolisbridgeError when no list has room."""
        if key in self._entries:
            return None
        number = next(reversed(self.lists), None)
        index = None if number is None else free_index(below, self.lists[number].used, self._size)
        if index is None:
            raise PolisbridgeError(ErrorCode.STATUS_LIST_FULL, f"list {number}", hint="open the next list")
        return Step(Action.ALLOCATED, key, number, index)

    def revoke(self, key: str) -> Step | None:
        """Plan to revoke at once and for ever."""
        return None if self.entry(key).status is Status.REVOKED else Step(Action.REVOKED, key)

    def suspend(self, key: str) -> Step | None:
        """Plan to suspend until resumed."""
        return None if self._changeable(key).status is Status.SUSPENDED else Step(Action.SUSPENDED, key)

    def resume(self, key: str) -> Step | None:
        """Plan to end a suspension."""
        return None if self._changeable(key).status is Status.VALID else Step(Action.RESUMED, key)

    def cancel(self, key: str, day: date) -> Step | None:
        """Plan that the certificate no longer counts from the day on. Another day may take its place until then."""
        if self.entry(key).cancelled_from == day:
            return None
        self._changeable(key)
        return Step(Action.CANCELLED, key, day=day)

    def replace(self, key: str, by: str, day: date | None) -> Step | None:
        """Plan that another certificate takes the place of this one, from the day on or at once."""
        if self.entry(key).replaced_by == by:
            return None
        self._changeable(key)
        if key == by:
            raise PolisbridgeError(
                ErrorCode.BAD_INPUT, f"{key} cannot replace itself", hint="give the new one a new key"
            )
        if by in self._entries:
            self._changeable(by)
        return Step(Action.REPLACED, key, day=day, by=by)

    def due(self, number: int, day: date) -> Iterator[Step]:
        """Yield the cancellations of a list whose day has come."""
        for key, first in self._pending.items():
            if first <= day and self._entries[key].reference.number == number:
                yield Step(Action.TOOK_EFFECT, key, day=first)

    def apply(self, step: Step) -> None:
        """Let a step happen. Raises KeyError or ValueError for one that no plan would have made."""
        match step:
            case Step(Action.LIST_OPENED, number=int() as number):
                self.lists[number] = OpenList()
            case Step(Action.PUBLISHED, number=int() as number, issued=datetime() as issued):
                self.lists[number].published = issued
            case Step(Action.ALLOCATED, key, int() as number, int() as index):
                self._allocated(key, StatusReference(number, index))
            case _:
                self._changed(step, self._entries[step.key])

    def _allocated(self, key: str, reference: StatusReference) -> None:
        used = self.lists[reference.number].used
        if key in self._entries or reference.index in used or not 0 <= reference.index < self._size:
            raise ValueError("an entry given out twice, or outside the list")
        used.add(reference.index)
        self._entries[key] = Entry(reference)

    def _changed(self, step: Step, entry: Entry) -> None:
        match step.action:
            case Action.REVOKED | Action.TOOK_EFFECT:
                self._mark(step.key, entry, Status.REVOKED)
            case Action.SUSPENDED:
                self._mark(step.key, entry, Status.SUSPENDED)
            case Action.RESUMED:
                self._mark(step.key, entry, Status.VALID)
            case Action.REPLACED if step.day is None:
                entry.replaced_by = step.by
                self._mark(step.key, entry, Status.REVOKED)
            case Action.CANCELLED | Action.REPLACED if step.day is not None:
                entry.replaced_by = step.by or entry.replaced_by
                entry.cancelled_from = self._pending[step.key] = step.day
            case _:
                raise ValueError(f"a step {step.action} that lacks something")

    def _mark(self, key: str, entry: Entry, status: Status) -> None:
        if entry.status is Status.REVOKED:
            raise ValueError("revoked is final")
        entry.status = status
        marked = self.lists[entry.reference.number].marked
        marked.pop(entry.reference.index, None)
        if status is not Status.VALID:
            marked[entry.reference.index] = status
        if status is Status.REVOKED:
            self._pending.pop(key, None)

    def _changeable(self, key: str) -> Entry:
        entry = self.entry(key)
        if entry.status is Status.REVOKED:
            raise PolisbridgeError(ErrorCode.STATUS_FINAL, f"{key} is revoked", hint="issue a new certificate")
        return entry
