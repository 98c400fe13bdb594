"""What each operation answers with, as types: for the description of the API. A test holds every real answer against it."""

from datetime import date, datetime
from typing import Any, Generic, Literal, TypeVar

from msgspec import UNSET, Struct, UnsetType

from polisbridge.api.records import RecordTold
from polisbridge.api.statistics import DraftTold, StatisticsTold
from polisbridge.core.certificate import Omission
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.jobs import JobKind, JobState
from polisbridge.formats.decisionschema import (
    DaysTold,
    DecisionTold,
    LawHashTold,
    ProvisionSummaryTold,
    ProvisionTold,
    Text,
    VerificationTold,
)

T = TypeVar("T")
StatusTold = Literal["not_issued", "valid", "suspended", "revoked"]


class Piece(Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    """One piece of a list; `next`, when it goes on, is what to send as `after`."""

    items: list[T]
    next: str | UnsetType = UNSET


class LawPiece(Struct, frozen=True, forbid_unknown_fields=True):
    """One piece of the law in use."""

    law: LawHashTold
    items: list[ProvisionSummaryTold]
    next: str | UnsetType = UNSET


class DecisionsTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Decisions, by stays and then persons."""

    decisions: list[DecisionTold]


class VerificationsTold(Struct, frozen=True, forbid_unknown_fields=True):
    """One verification for each certificate that was found; of a number, what the register says."""

    verifications: list[VerificationTold]
    record: RecordTold | UnsetType = UNSET


class ProductSummary(Struct, frozen=True, forbid_unknown_fields=True):
    """A product in a list."""

    id: int
    insurer: str
    home_state: str
    title: Text


class ProductTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A product; its terms are a contract file without number, period and persons."""

    id: int
    insurer: str
    home_state: str
    title: Text
    terms: dict[str, Any]


class ProductMade(Struct, frozen=True, forbid_unknown_fields=True):
    """A product that was put on sale."""

    id: int
    code: str
    href: str


class ContractSummary(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract in a list."""

    id: int
    number: str
    href: str


class LastChange(Struct, frozen=True, forbid_unknown_fields=True):
    """When what holds was recorded, by whom and why."""

    at: datetime
    by: str
    why: str


class ContractTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract as it is today; `persons` is how many it insures."""

    id: int
    number: str
    insurer: int
    period: DaysTold
    in_force: bool
    terms: dict[str, Any]
    persons: int
    changed: LastChange
    product: int | UnsetType = UNSET
    employer: int | UnsetType = UNSET


class InsuredTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What a contract says of a person, and on which days; `said` is gone when the person was erased."""

    enrolment: int
    person: int | UnsetType = UNSET
    days: list[DaysTold] = []
    erased: bool | UnsetType = UNSET
    said: dict[str, Any] | UnsetType = UNSET


class ContractMade(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract that was put on record."""

    id: int
    number: str
    persons: int
    href: str


class FaultTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A fault of a field; `found` is left out of a second answer."""

    where: str
    line: int
    code: str
    expected: str
    found: Any = UNSET


class ItemTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one contract of many."""

    item: int
    state: Literal["registered", "refused"]
    id: int | UnsetType = UNSET
    number: str | UnsetType = UNSET
    persons: int | UnsetType = UNSET
    href: str | UnsetType = UNSET
    status: int | UnsetType = UNSET
    code: str | UnsetType = UNSET
    detail: str | UnsetType = UNSET
    hint: str | UnsetType = UNSET
    faults: list[FaultTold] | UnsetType = UNSET
    complete: bool | UnsetType = UNSET


class ContractsMade(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of many contracts."""

    registered: int
    refused: int
    items: list[ItemTold]


class ContractChangedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract that says something else from a day on."""

    id: int
    changed_from: date
    href: str


class ContractEnded(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract that no longer holds from a day on."""

    id: int
    ended_from: date
    href: str


class KeptDecisionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A decision that was kept; `decision` is left out of a second answer."""

    id: int
    person: str
    state: str
    gate: Gate
    as_of: date
    verdict: Verdict
    decision: DecisionTold | UnsetType = UNSET


class KeptDecisionsTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Decisions that were kept."""

    decisions: list[KeptDecisionTold]


class FiledSummary(Struct, frozen=True, forbid_unknown_fields=True):
    """A decision on record in a list."""

    id: int
    asked_at: datetime
    asked_by: str
    state: str
    gate: Gate
    as_of: date
    verdict: Verdict
    law: str
    contract: int | UnsetType = UNSET


class FiledTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A decision on record with its document, unless the person was erased."""

    id: int
    asked_at: datetime
    asked_by: str
    state: str
    gate: Gate
    as_of: date
    verdict: Verdict
    law: str
    contract: int | UnsetType = UNSET
    document: DecisionTold | UnsetType = UNSET
    erased: bool | UnsetType = UNSET


class IssuedOne(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate that was issued."""

    id: int
    href: str


class KeptOne(Struct, frozen=True, forbid_unknown_fields=True):
    """A person who has a good certificate already."""

    person: str
    id: int


class IssuedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Certificates issued, and who had one already."""

    issued: list[IssuedOne]
    kept: list[KeptOne]


class CertificateSummary(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate in a list, with its status today."""

    id: int
    contract: int
    contract_number: str
    person: str
    issued: datetime
    expires: str
    status: StatusTold
    href: str
    revoked_from: date | UnsetType = UNSET


class StepTold(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """Something that happened to a certificate."""

    at: datetime
    by: str
    why: str
    what: str
    first: date | UnsetType = UNSET


class IssuedCertificateTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate with its status today and what happened to it."""

    id: int
    contract: int
    person: str
    state: str
    key: str
    issued: datetime
    expires: datetime
    status: StatusTold
    left_out: list[Omission]
    history: list[StepTold]
    text: str


class CertificateStatusTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The status of a certificate on a day, as known at an instant."""

    id: int
    on: date
    known: datetime
    status: StatusTold
    history: list[StepTold]


class StatusChanged(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate whose status was changed."""

    id: int
    status: StatusTold
    revoked_from: date | UnsetType = UNSET


class JobGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """A job that was given."""

    id: int
    kind: JobKind
    state: JobState
    href: str


class JobFileTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A file that a job made."""

    name: str
    media_type: str
    size: int
    sha256: str
    href: str


class JobFailureTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Why a job failed."""

    code: str
    detail: str = ""
    hint: str = ""
    faults: list[dict[str, Any]] = []


class JobTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A job: how far it is, why it failed, what it made."""

    id: int
    kind: JobKind
    state: JobState
    asked: dict[str, Any]
    created: datetime
    files: list[JobFileTold]
    percent: int | UnsetType = UNSET
    ended: datetime | UnsetType = UNSET
    expires: datetime | UnsetType = UNSET
    answer: dict[str, Any] | UnsetType = UNSET
    failure: JobFailureTold | UnsetType = UNSET


ANSWERS: dict[
    str, Any
] = {  # by operation, several where it answers in several ways; those that give a file are not here
    "listLaw": LawPiece,
    "readProvision": ProvisionTold,
    "assessContract": DecisionsTold,
    "verifyCertificates": VerificationsTold,
    "listProducts": Piece[ProductSummary],
    "readProduct": ProductTold,
    "addProduct": ProductMade,
    "listContracts": Piece[ContractSummary],
    "readContract": ContractTold,
    "listInsured": Piece[InsuredTold],
    "addContracts": (ContractMade, ContractsMade),
    "changeContract": ContractChangedTold,
    "endContract": ContractEnded,
    "assessOnRecord": KeptDecisionsTold,
    "listDecisions": Piece[FiledSummary],
    "readDecision": FiledTold,
    "issueCertificates": IssuedTold,
    "listCertificates": Piece[CertificateSummary],
    "readCertificate": IssuedCertificateTold,
    "readCertificateStatus": CertificateStatusTold,
    "suspendCertificate": StatusChanged,
    "resumeCertificate": StatusChanged,
    "revokeCertificate": StatusChanged,
    "addJob": JobGiven,
    "listJobs": Piece[JobTold],
    "readJob": JobTold,
    "cancelJob": JobTold,
    "readStatistics": StatisticsTold,
    "listDrafts": Piece[DraftTold],
}
