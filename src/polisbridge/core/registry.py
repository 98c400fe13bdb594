"""What a national node keeps on record, as values. Each says what held of one thing over a span of days.

A thing (an insurer, a contract, a person) has a number for ever; what is said of it changes. Personal data stand only in
`sealed`, encrypted; what they are looked up by is a keyed hash. The storage is `adapters.database`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeAlias, TypeVar

from polisbridge.core.codes import Role
from polisbridge.core.contract import Period
from polisbridge.core.law import Text
from polisbridge.core.statusbook import Note

Tree: TypeAlias = Mapping[str, object]  # a file as plain data


@dataclass(frozen=True, slots=True)
class Authority:
    """An authority of a state that asks for insurance."""

    state: str
    title: Text


@dataclass(frozen=True, slots=True)
class Insurer:
    """An insurer and the state under whose law it was created. `phone` is its assistance line, empty if not told."""

    state: str
    title: Text
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Licence:
    """An insurer's licence in a state, for lines of insurance."""

    insurer: int
    state: str
    number: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """An insurer's signing key (DER SubjectPublicKeyInfo)."""

    insurer: int
    spki: bytes


@dataclass(frozen=True, slots=True)
class Employer:
    """An employer."""

    state: str
    title: Text


@dataclass(frozen=True, slots=True)
class MedicalOrganisation:
    """A clinic or hospital, and its region (ISO 3166-2) if told."""

    state: str
    title: Text
    region: str | None = None


@dataclass(frozen=True, slots=True)
class RegisteredProduct:
    """A product of an insurer or clinic: a contract file without number, period and persons."""

    seller: int
    title: Text
    terms: Tree


@dataclass(frozen=True, slots=True)
class RegisteredContract:
    """A contract of an insurer or clinic: the contract file without period and persons."""

    seller: int
    terms: Tree
    product: int | None = None
    employer: int | None = None


@dataclass(frozen=True, slots=True)
class RegisteredPerson:
    """A person; `sealed` is the Identity, and empty once it was erased."""

    sealed: bytes


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person insured by a contract. `sealed` is what the contract says of the person; empty once erased.

    `birth_hash` finds the person among those of the contract.
    """

    contract: int
    person: int
    role: Role
    sealed: bytes
    birth_hash: bytes | None = None


@dataclass(frozen=True, slots=True)
class Kinship:
    """A person belongs to the family of a worker."""

    worker: int
    person: int
    role: Role


@dataclass(frozen=True, slots=True)
class RegisteredCertificate:
    """A certificate that was issued: `sealed` is its text. Its status stands in the status register under `key`."""

    contract: int
    person: int
    key: str
    list: int
    index: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class Visit:
    """A patient insured by a contract came to a hospital; while it lasts, the hospital sees what is paid for.

    `sealed` says what for, and is empty once it was erased: that somebody was ill is nobody else's business.
    """

    clinic: int
    person: int
    contract: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class EmployerConsent:
    """A person lets an employer see that they are insured; ended when they take it back."""

    employer: int
    person: int


Record: TypeAlias = (
    Authority
    | Insurer
    | Licence
    | RegisteredKey
    | Employer
    | MedicalOrganisation
    | RegisteredProduct
    | RegisteredContract
    | RegisteredPerson
    | Enrolment
    | Kinship
    | RegisteredCertificate
    | Visit
    | EmployerConsent
)
R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Held(Generic[R]):
    """What held of a thing on the days of `valid`, known from `note.at` until `known_to` (None: still), by whom and why.

    `version` is the number of this entry; `code` the thing's name among those of its kind and owner.
    """

    thing: int
    code: str
    version: int
    value: R
    valid: Period
    note: Note
    known_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class IdentityDocument:
    """An identity document: the state that issued it and its number."""

    state: str
    number: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a person is. `name` is as in the passport (Latin), `original_name` in its own script."""

    name: str
    original_name: str = ""
    born: date | None = None
    citizenship: frozenset[str] = frozenset()
    document: IdentityDocument | None = None


@dataclass(frozen=True, slots=True)
class Access:
    """Somebody looked at a person's data: when, who in which role, at what, and for what purpose."""

    at: datetime
    who: str
    role: str
    what: str
    purpose: str


@dataclass(frozen=True, slots=True)
class KeptDecision:
    """A decision that was made for somebody; its document, with the facts of the person, lies sealed."""

    asked_at: datetime
    asked_by: str
    state: str
    gate: str
    as_of: date
    verdict: str
    law: str


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """How long data of persons are kept after the last day of cover, and on what basis."""

    days_after_cover: int
    basis: str
