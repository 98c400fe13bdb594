"""What an insurer's clerk looks through: their certificates, contracts and uploads in pieces, and how many there are."""

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from polisbridge.core.contract import Period
from polisbridge.core.status import Status
from polisbridge.services.registry.ports import Registry


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate in a list. `person` is the id in the contract; `ends` the day from which it is cancelled, if told."""

    number: int
    contract: int
    contract_number: str
    person: str
    person_number: int
    key: str
    valid: Period
    issued: datetime
    status: Status
    ends: date | None

    def status_on(self, day: date) -> Status:
        """Return the status on a day, as far as is known now."""
        return Status.REVOKED if self.ends is not None and self.ends <= day else self.status


@dataclass(frozen=True, slots=True)
class ContractRow:
    """A contract in a list, as it last was; `persons` ever insured, `certificates` ever issued."""

    number: int
    code: str
    period: Period
    product: int | None
    persons: int
    certificates: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How much an insurer has on record on a day. `expiring` is how many good certificates end within so many days."""

    products: int
    contracts: int
    good: int
    suspended: int
    revoked: int
    without: int
    expiring: dict[int, int]


@dataclass(frozen=True, slots=True)
class Sought:
    """Which certificates are sought: of contracts, in a status, good ones that end by a day, or by contract's number.

    `good` are those that count on the day that is `today`.
    """

    today: date
    contract: int | None = None
    contracts: tuple[int, ...] = ()
    good: bool = False
    status: Status | None = None
    ending_by: date | None = None
    number: str = ""


@dataclass(frozen=True, slots=True)
class UploadRow:
    """A file that was sent with many contracts. `done` is when they were put on record, `contracts` which they are."""

    number: int
    name: str
    at: datetime
    done: datetime | None
    contracts: tuple[int, ...]
    refused: int


class UploadTurn(Protocol):
    """An upload while one works on it alone: what is done in the registry is kept together with its outcome."""

    @property
    def registry(self) -> Registry:
        """The registry within the transaction."""

    @property
    def row(self) -> UploadRow:
        """The upload."""

    @property
    def data(self) -> bytes:
        """The file, empty once it was put on record."""

    def attempt(self) -> AbstractContextManager[None]:
        """Begin a part that can fail by itself."""

    def keep(self, contracts: Sequence[int], refused: int, now: datetime) -> None:
        """Keep what was put on record, and forget the file."""


class InsurerLists(Protocol):
    """Lists of one insurer, each in pieces."""

    def certificates(
        self,
        insurer: int,
        register: str,
        sought: Sought,
        *,
        after: int = 0,
        most: int = 50,
        skip: int = 0,
        newest: bool = False,
    ) -> Sequence[CertificateRow]:
        """Return certificates after a number, by number; the other way round when the `newest` come first."""

    def how_many(self, insurer: int, register: str, sought: Sought) -> int:
        """Return how many certificates are sought."""

    def without_certificate(self, contracts: Sequence[int]) -> int:
        """Return how many of the contracts have no certificate at all."""

    def contracts(self, insurer: int, search: str, *, after: int = 0, most: int = 50) -> Sequence[ContractRow]:
        """Return contracts whose number contains the text, the newest first; `after` is the number of the last one shown."""

    def counts(self, insurer: int, register: str, today: date, within: Collection[int]) -> Counts:
        """Return how much there is on the day."""

    def add_upload(self, insurer: int, account: int, name: str, data: bytes, now: datetime) -> int:
        """Keep a file that was sent until it is put on record, sealed; return its number. Files a day old are forgotten."""

    def upload(self, insurer: int, number: int) -> AbstractContextManager[UploadTurn]:
        """Work on an upload alone. Raises PolisbridgeError when the insurer has none of that number."""

    def uploads(self, insurer: int, most: int) -> Sequence[UploadRow]:
        """Return the insurer's uploads that were put on record, the newest first."""
