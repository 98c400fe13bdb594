"""What the registry's services need of the world: storage that remembers, and seals for personal data."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime
from typing import Any, Protocol

from polisbridge.core.contract import Period
from polisbridge.core.registry import Access, Held, KeptDecision, R, Record
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Note
from polisbridge.services.status import Journal

NOBODY = 0  # the owner of things that belong to no other


def use_of(kind: type[Any], thing: int) -> str:
    """Return what the sealed field of a thing is sealed for."""
    return f"{kind.__name__}.{thing}"


class Sealer(Protocol):
    """Encrypts personal data field by field, and hashes what they are looked up by."""

    def seal(self, plain: bytes, use: str) -> bytes:
        """Return the bytes sealed for one use; only the same use opens them."""

    def open(self, sealed: bytes, use: str) -> bytes:
        """Return what was sealed. Raises PolisbridgeError when the key is missing or the bytes were changed."""

    def hashed(self, text: str, use: str) -> bytes:
        """Return the keyed hash of a text for one use."""


class Registry(Protocol):
    """The registry within one transaction: everything that is done in it happens, or nothing does.

    Errors of all: PolisbridgeError with `no_database` when it does not answer, `already_there` when the database
    refuses what would stand twice or overlap, `changed_meanwhile` when another change was faster.
    """

    @property
    def sealer(self) -> Sealer:
        """What seals personal data."""

    def find(self, kind: type[Record], code: str, owner: int = NOBODY) -> int | None:
        """Return the number of a thing, None when there is none."""

    def named(self, kind: type[Record], code: str) -> list[int]:
        """Return the numbers of all things of that name, whoever owns them."""

    def owned(self, kind: type[Record], owner: int) -> int:
        """Return how many things of a kind ever belonged to another."""

    def new(self, kind: type[Record], codes: Sequence[str], owner: int = NOBODY) -> list[int]:
        """Return numbers of new things. Raises PolisbridgeError when one of that name is there."""

    def hold(self, kind: type[Record], code: str, owner: int = NOBODY) -> int:
        """Return the number of a thing, made when there is none; nobody else changes it until the transaction ends."""

    def lock(self, thing: int) -> None:
        """Wait until nobody else changes the thing; nobody else does until the transaction ends."""

    def put(self, thing: int, valid: Period, value: Record, note: Note) -> None:
        """Record what holds of the thing on these days; what was known of them until now is kept as such."""

    def put_new(self, rows: Iterable[tuple[int, Period, Record]], note: Note) -> None:
        """Record what holds of new things of one kind."""

    def end(self, kind: type[Record], thing: int, valid: Period, note: Note) -> None:
        """Record that nothing holds of the thing on these days."""

    def known(self, kind: type[R], *, on: date | None, at: datetime, **equal: object) -> Iterator[Held[R]]:
        """Yield what held on the day (any day: None), as known at the instant.

        `equal` names fields, or `thing`, and what they are, or a sequence of what they may be.
        """

    def changes(self, kind: type[R], thing: int) -> Iterator[Held[R]]:
        """Yield everything that was ever recorded of the thing, in the order in which it became known."""

    def new_persons(self, number: int) -> list[int]:
        """Return numbers of new persons, named at random."""

    def owners_of(self, documents: Collection[bytes]) -> dict[bytes, int]:
        """Return whose documents these are, by their hashes; without those that are nobody's."""

    def claim(self, documents: Mapping[bytes, int]) -> dict[bytes, int]:
        """Give documents to persons, by their hashes, unless they are somebody's; return whose they are."""

    def add_access(self, person: int, access: Access) -> None:
        """Record that somebody looked at the person's data."""

    def accesses(self, person: int) -> Iterator[Access]:
        """Yield who looked at the person's data, oldest first."""

    def entry_of(self, register: str, key: str) -> tuple[Status, date | None] | None:
        """Return the status of a certificate as last changed, and the first day on which it no longer counts, if told.

        None when nothing is noted of it in the register.
        """

    def begin_lookup(self, who: str, role: str, at: datetime, since: datetime) -> tuple[int, int]:
        """Note a look-up as one that found nobody; return its number, and how many such there were since an instant."""

    def found_by(self, lookup: int) -> None:
        """Note that a look-up found somebody."""

    def add_decision(self, made: KeptDecision, contract: int | None, person: int | None, sealed: bytes) -> int:
        """Record a decision; return its number."""

    def decisions(self, person: int) -> Iterator[tuple[KeptDecision, bytes]]:
        """Yield the decisions about the person with their sealed documents, oldest first."""

    def journal(self, register: str) -> Journal:
        """Return the journal of a status register; what is added to it is kept with the transaction, or not at all."""

    def forget_person(self, person: int, note: Note) -> int:
        """Empty everything sealed about the person, all that was ever known included, and all hashes.

        Returns how many entries were emptied. That the person was on record, when and why it was erased stays.
        """


class Registries(Protocol):
    """Where registries are worked with."""

    def change(self) -> AbstractContextManager[Registry]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""

    def read(self) -> AbstractContextManager[Registry]:
        """Begin a transaction that only reads, and sees one state of the database throughout."""
