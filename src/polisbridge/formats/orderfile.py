"""Orders to issue certificates: who the holders are in their passports (`polisbridge schema order`).

They stand apart from the contract, because they name persons.
"""

from typing import Annotated

from msgspec import Meta, Struct

from polisbridge.core.certificate import Holder, IssueOrder
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.codelists import states
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

_TAIL = 4  # characters of the document's number that a certificate tells

Name = Annotated[
    str,
    Meta(
        pattern=r"^[A-Z][A-Z ',.-]{0,79}$",
        examples=["KARIMOV ALISHER"],
        description="as in the passport, Latin capitals",
    ),
]
Number = Annotated[
    str, Meta(pattern=r"^[A-Z0-9]{4,20}$", examples=["AA1234567"], description="number of the identity document")
]
Phone = Annotated[
    str, Meta(pattern=r"^\+[0-9][0-9 ()-]{4,24}$", examples=["+998 71 200 00 00"], description="international, with +")
]


class HolderFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One person as in their identity document. The certificate tells the last four characters of its number."""

    name: Name
    document: Number
    original_name: Annotated[str, Meta(max_length=80)] = ""


class OrderFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What an insurer adds to a contract to certify it."""

    state: str
    insurer: Annotated[str, Meta(min_length=1, max_length=80)]
    assistance_phone: Phone
    holders: Annotated[dict[str, HolderFile], Meta(min_length=1)]


def read_order(document: Document) -> IssueOrder:
    """Return the order. Raises InputFaults with every fault."""
    return convert(document, OrderFile, lambda raw: _order(document, raw))


def _order(document: Document, raw: OrderFile) -> IssueOrder:
    if raw.state not in states():
        raise InputFaults([document.fault(FaultCode.UNKNOWN_CODE, ("state",), raw.state, "a state by ISO 3166-1")])
    holders = {
        person: Holder(one.name, one.original_name, one.document[-_TAIL:]) for person, one in raw.holders.items()
    }
    return IssueOrder(raw.state, raw.insurer, raw.assistance_phone, holders)
