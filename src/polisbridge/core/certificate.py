"""A certificate: the signed proof of one insured person's contract, as values. Bytes are `formats.certificate`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from polisbridge.core.contract import Contract


class Omission(StrEnum):
    """What a certificate left out to stay small, in the order in which it is left out. Never silently."""

    ORIGINAL_NAME = "original_name"
    OTHER_PERSONS = "other_persons"
    INSURER_NAME = "insurer_name"


@dataclass(frozen=True, slots=True)
class Holder:
    """Who the certificate is about, so that a verifier who sees the identity document can bind it.

    `name` is as in the passport's machine-readable zone (Latin); `document_tail` the last characters of the
    document's number.
    """

    name: str
    original_name: str = ""
    document_tail: str = ""


@dataclass(frozen=True, slots=True)
class StatusReference:
    """Where the certificate's status stands: entry `index` of list `number` of the issuing state."""

    number: int
    index: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a certificate says. `contract` insures the person first; others only as families need them.

    `issued` and `expires` are instants (UTC). `omitted` lists what was left out to stay small.
    """

    issuer_state: str
    key_id: bytes
    issued: datetime
    expires: datetime
    status: StatusReference
    holder: Holder
    contract: Contract
    person: str
    insurer_name: str = ""
    assistance_phone: str = ""
    omitted: tuple[Omission, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class IssueOrder:
    """What an insurer adds to a contract to certify it: the state that admitted the insurer, names and phone.

    `holders` goes by the ids of the insured persons.
    """

    state: str
    insurer_name: str
    assistance_phone: str
    holders: Mapping[str, Holder]
