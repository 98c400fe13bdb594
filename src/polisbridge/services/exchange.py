"""What the API needs of a node beyond its pages: who sends, writes that happen once, and lists read in pieces."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from polisbridge.core.registry import KeptDecision
from polisbridge.core.roles import AccessMatrix, Actor
from polisbridge.core.status import Below
from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.services.jobs import Jobs
from polisbridge.services.node import Node
from polisbridge.services.registry.issuing import IssuingKeys
from polisbridge.services.registry.overview import InsurerLists
from polisbridge.services.registry.ports import Registries, Registry

if TYPE_CHECKING:  # slow to load, and wanted only for paper
    from polisbridge.services.print_card import Printer


@dataclass(frozen=True, slots=True)
class OnceAnswer:
    """The answer to a write: HTTP status and plain values for JSON, without data of persons, for it is kept as it is."""

    status: int
    body: Mapping[str, Any]


class Turn(Protocol):
    """One write while it happens: everything that is done in it is kept together with its answer, or nothing is."""

    @property
    def registry(self) -> Registry:
        """The registry within the transaction."""

    @property
    def other(self) -> bool:
        """Whether the key was used before, for another request."""

    @property
    def answered(self) -> OnceAnswer | None:
        """The answer that was given to the same request before."""

    def attempt(self) -> AbstractContextManager[None]:
        """Begin a part of the write that can fail by itself: on an error nothing of the part is kept."""

    def keep(self, answer: OnceAnswer) -> None:
        """Keep the answer beside what was written."""


class Writes(Protocol):
    """Writes that happen once, however often they are sent."""

    def once(self, account: int, key: str, request: bytes, now: datetime) -> AbstractContextManager[Turn]:
        """Begin a write of an account under its idempotency key; `request` is the hash of what was asked.

        Waits while the same write is under way, in any process. Ends with everything kept, or on an error nothing.
        """


@dataclass(frozen=True, slots=True)
class Filed:
    """A decision on record by its number; `sealed` is its document (see `services.registry.looking`)."""

    number: int
    made: KeptDecision
    contract: int | None
    person: int | None
    sealed: bytes


class Lists(Protocol):
    """Lists of the registry in pieces, by number; each piece begins after a number and has at most `most` entries."""

    def contracts(self, seller: int, after: int, most: int, number: str = "") -> Sequence[tuple[int, str]]:
        """Return things and numbers of the contracts of a seller; with `number` only the one of that number."""

    def seller_of(self, contract: int) -> int | None:
        """Return whose contract it is, None when the thing is no contract."""

    def enrolments(self, contract: int, after: int, most: int) -> Sequence[int]:
        """Return the enrolments of a contract."""

    def persons(self, contract: int) -> int:
        """Return how many persons were ever enrolled in a contract."""

    def decisions(self, state: str, after: int, most: int) -> Sequence[Filed]:
        """Return the decisions by the law of a state."""

    def decision(self, number: int) -> Filed | None:
        """Return one decision, None when there is none."""


@dataclass(frozen=True, slots=True)
class Issuing:
    """What issuing certificates needs: keys, random places, publishing after a change, and a printer.

    `published` publishes what changed and says whether it could; what could not be is done before long. `public` gives
    a file of the node's public folder by its path: trust data and status lists.
    """

    keys: IssuingKeys
    below: Below
    published: Callable[[], bool]
    printer: "Printer"
    lists: InsurerLists
    public: Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A node as programs use it. `actor_of_key` tells who sends a key, None for one that is not or no longer good.

    `actor_of_certificate` does so for the SHA-256 of a client's TLS certificate; without it none is known.
    """

    node: Node
    registries: Registries
    writes: Writes
    lists: Lists
    matrix: AccessMatrix
    actor_of_key: Callable[[str], Actor | None]
    issuing: Issuing | None = None
    jobs: Jobs | None = None
    actor_of_certificate: Callable[[bytes], Actor | None] = lambda _: None
    authority: AuthorityDesk | None = None
