"""What a node's pages and API need: the law, official rates, and what the registry holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from polisbridge.core.law import LawBook
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.verify import Kit

if TYPE_CHECKING:  # slow to load, and wanted only when a picture comes
    from polisbridge.formats.pictures import Reading


@dataclass(frozen=True, slots=True)
class Product:
    """A product on sale: what a contract of it says before it has a number and persons."""

    id: int
    insurer: str
    home_state: str
    title: dict[str, str]


class Node(Protocol):
    """One state's node, or one for trying out."""

    @property
    def laws(self) -> AppliedLaws:
        """The law in use with the official rates at hand."""

    @property
    def book(self) -> LawBook:
        """The law in use."""

    @property
    def demo(self) -> bool:
        """Whether what the registry holds is made up, for trying out; said on every page."""

    def today(self) -> date:
        """Return today's date."""

    def now(self) -> datetime:
        """Return this instant, with its time zone."""

    def law_files(self) -> Mapping[str, bytes]:
        """Return the files of the law in use by name, cases included."""

    def kit(self, state: str = "") -> Kit:
        """Return the node's synchronised kit with the law of the state of stay (see `services.kit.open_kit`).

        A node that was never synchronised has a kit that holds nothing: `Kit(None, None, None)`.
        """

    def read_codes(self, data: bytes) -> "Reading":
        """Return the certificate texts of a picture or PDF file, or why there are none, within limits."""

    def print_answer(self, told: Mapping[str, Any]) -> bytes:
        """Return an answer in words, as plain values (`web.paper.as_plain`), as a PDF file."""

    def products(self) -> Sequence[Product]:
        """Return the products on sale today, by insurer and title."""

    def product_terms(self, product: int) -> Mapping[str, object]:
        """Return the terms of a product: a contract file without number, period and persons.

        Raises PolisbridgeError when there is none of that number on sale today.
        """

    def healthy(self) -> bool:
        """Say whether the database answers."""
