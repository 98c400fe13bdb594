"""What the commands about a node need: where it is, and what can be done with it as a whole."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from polisbridge.core.law import LawBook
from polisbridge.core.registry import RetentionRule
from polisbridge.services.people.ports import People
from polisbridge.services.registry.ports import Registries

MOST_A_MINUTE = 3_000  # requests to the API of one key, or of one address without a key


@dataclass(frozen=True, slots=True)
class NodePlace:
    """Where a node is: its folder, and the URL of its database when that is not in the folder."""

    folder: Path
    url: str = ""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: when it was made, of which revision, how many rows, and whether the keys are with it."""

    made: datetime
    revision: str
    rows: int
    keys: bool


class Point(StrEnum):
    """What the doctor looks at."""

    KEYS = "keys"
    DATABASE = "database"
    TABLES = "tables"
    NODE = "node"
    CLOCK = "clock"
    DISK = "disk"
    LAW = "law"


@dataclass(frozen=True, slots=True)
class Checked:
    """One point that the doctor looked at: `good`, or what is wrong and what to do. `detail` is the figure or fact."""

    point: Point
    good: bool
    detail: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Serving:
    """How a site is served: by whom it is reached, and with which TLS if any.

    With `client_ca` machines may show a certificate of that CA; with `client_cert_header` a proxy in front passes it on.
    """

    host: str
    port: int
    workers: int
    https: bool = False
    most_a_minute: int = MOST_A_MINUTE
    jobs: int = 1  # worker processes for jobs
    tls_cert: Path | None = None
    tls_key: Path | None = None
    client_ca: Path | None = None
    client_cert_header: bool = False


@dataclass(frozen=True, slots=True)
class NewIssuingKey:
    """A key to set up: of an insurer by its name on record, or of the status lists of a state; and where it lies.

    `place` is a file or a PKCS#11 address. What opens it stands in `passphrase_file`, or is at hand while the node is
    served. `first` and `last` are the days of signing with it.
    """

    place: str
    insurer: str = ""
    state: str = ""
    passphrase_file: Path | None = None
    first: date | None = None
    last: date | None = None


class Nodes(Protocol):
    """Nodes on this machine."""

    def init(self, place: NodePlace, state: str, samples: Path | None) -> None:
        """Make a node: keys, database, tables, the states from the law; with `samples` also made-up data.

        Raises PolisbridgeError when there is a node already. What a crash left half done is finished by doing it again.
        """

    def serve(self, place: NodePlace, serving: Serving, law: Path | None) -> None:
        """Serve the site until the process is told to stop; requests under way are finished then."""

    def work(self, place: NodePlace, law: Path | None) -> None:
        """Do the node's jobs, one after the other, until the process is told to stop."""

    def migrate(self, place: NodePlace) -> tuple[str | None, str]:
        """Bring tables and states to what this program and its law have; return the revision before and after."""

    def backup(self, place: NodePlace, into: Path, *, keys: bool) -> Backup:
        """Write a backup to a new folder, whole or not at all, as the database is at one moment."""

    def restore(self, place: NodePlace, source: Path) -> Backup:
        """Fill an empty database from a backup, whole or not at all."""

    def doctor(self, place: NodePlace) -> tuple[Checked, ...]:
        """Look at everything that a node needs; never raises for what it finds."""

    def new_key(self, place: NodePlace, told: Callable[[int, int], None]) -> tuple[str, int]:
        """Make a new sealing key and seal everything anew with it; return its name and the number of fields."""

    def registry(self, place: NodePlace) -> AbstractContextManager[Registries]:
        """Open the node's registry."""

    def people(self, place: NodePlace) -> AbstractContextManager[People]:
        """Open who uses the node: accounts, sessions, machines' keys."""

    def add_issuing_key(self, place: NodePlace, new: NewIssuingKey) -> str:
        """Set up a key that certificates or status lists are signed with; return its id."""

    def publish(self, place: NodePlace) -> int:
        """Sign every status list that changed or has grown old; return how many."""

    def retention(self, place: NodePlace) -> RetentionRule | None:
        """Return the node's rule of retention, None when its operator has not set one."""

    def law(self) -> LawBook:
        """Return the law in use."""

    def now(self) -> datetime:
        """Return this instant, UTC."""
