"""What drafting needs of the world: drafts that are kept, law that was published, and how a state signs."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from polisbridge.core.drafting import Draft, DraftKind, DraftStep, Release
from polisbridge.core.law import LawBook, Text
from polisbridge.core.money import Rates
from polisbridge.core.roles import AccessMatrix
from polisbridge.services.registry.ports import Registry


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to open."""

    kind: DraftKind
    state: str
    subject: str
    title: Text
    change: Mapping[str, object]


class DraftBook(Protocol):
    """Drafts and published law within one transaction: everything that is done in it happens, or nothing does."""

    @property
    def registry(self) -> Registry:
        """The registry within the same transaction."""

    def open(self, new: NewDraft, step: DraftStep) -> int:
        """Return the number of a new draft. Raises PolisbridgeError `already_there` while another of the same lives."""

    def find(self, number: int) -> Draft | None:
        """Return a draft, None when there is none; in a change nobody else changes it until the transaction ends."""

    def of(self, state: str, kind: DraftKind) -> Sequence[Draft]:
        """Return the drafts of a state, the newest first."""

    def step(
        self, seen: Draft, step: DraftStep, *, title: Text | None = None, change: Mapping[str, object] | None = None
    ) -> None:
        """Take a draft one step on, and perhaps keep it changed.

        Raises PolisbridgeError `changed_meanwhile` when it is no longer the version that was seen.
        """

    def hold_law(self) -> None:
        """Wait until nobody else publishes law; nobody else does until the transaction ends."""

    def published_files(self) -> Mapping[str, bytes]:
        """Return the law files that were published here, of each name the newest."""

    def release(self, seen: Draft, step: DraftStep, files: Mapping[str, bytes], before: str, after: str) -> Release:
        """Keep law as published by a draft, its version one above the last of the state."""

    def releases(self, state: str) -> Sequence[Release]:
        """Return what a state published here, the newest first."""


class Drafts(Protocol):
    """Where drafts are kept."""

    def change(self) -> AbstractContextManager[DraftBook]:
        """Begin a transaction that ends with everything kept, or on an error with nothing."""

    def read(self) -> AbstractContextManager[DraftBook]:
        """Begin a transaction that only reads."""


@dataclass(frozen=True, slots=True)
class Signed:
    """How far a publication came in the trust repository of the node.

    `signed`: by a key at the node; `public`: what verifiers fetch has it. Neither: a person signs it elsewhere.
    """

    role: str
    signed: bool
    public: bool
    faults: tuple[str, ...] = ()


class StateSigner(Protocol):
    """The trust repository that a node works in, if it has one."""

    def put(self, state: str, files: Mapping[str, bytes], now: datetime) -> Signed | None:
        """Stage a state's files by their name there, sign and publish as far as keys are at the node.

        None when the node has no repository, or the state no role in it.
        """

    def current(self, state: str, name: str) -> bytes | None:
        """Return a state's file as it stands there, staged or public; None when there is none."""

    def public(self, state: str, name: str) -> bytes | None:
        """Return a state's file that verifiers fetch; None when there is none."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """Everything about drafts at a node. `base` gives the law files before anything was published here."""

    drafts: Drafts
    base: Callable[[], Mapping[str, bytes]]
    law_of: Callable[[Mapping[str, bytes]], LawBook]
    rates: Rates
    matrix: AccessMatrix
    signer: StateSigner
    changed: Callable[[], None] = lambda: None  # called when law was published, so that this process uses it at once
