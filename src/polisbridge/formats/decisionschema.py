"""The shape of what `decisionfile`, `provisionjson` and `verificationfile` write, as types: for the API's description.

They are written by hand beside the writers; tests hold every real answer against the schemas made of them.
"""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.core.certificate import Omission
from polisbridge.core.codes import Bearing, Evidence, Gate, Outcome, ProvisionKind, Role, Verdict
from polisbridge.core.remedy import Action, Lever
from polisbridge.core.verification import Answer, Reason

Text = dict[str, str]  # by language
Counts = Literal["yes", "no", "unknown"]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]


class CitationTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a point of law stands, how surely we know it, and when somebody last looked."""

    act: Text
    provision: Text
    url: str
    also: list[str]
    evidence: Evidence
    checked: date


class AskTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What is asked of a field, and what the contract has there, if known."""

    field: str
    relation: str
    value: Any = UNSET
    benefit: str | UnsetType = UNSET
    actual: Any = UNSET


class ChangeTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A change that would help, and who can make it."""

    field: str
    action: Action
    lever: Lever
    value: Any = UNSET
    benefit: str | UnsetType = UNSET


class FindingTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The outcome of one provision; `counts` is the outcome as far as its evidence lets it count."""

    provision: str
    title: Text
    outcome: Outcome
    counts: Counts
    evidence: Evidence
    citation: CitationTold
    asked: list[AskTold]
    remedy: list[ChangeTold]
    needs: list[str]


class RouteTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A way to satisfy the duty, with the outcome of all that it asks."""

    id: str
    outcome: Outcome
    counts: Counts
    entry: FindingTold
    findings: list[FindingTold]
    questions: list[str]


class QuestionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What nobody has confirmed, and what hangs on it."""

    id: str
    title: Text
    effect: Bearing
    concerns: Literal["yes", "unknown"]
    bears_on: list[str]
    would_change: Text


class TopUpTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The changes of the nearest route together; `complete` when they are enough."""

    complete: bool
    changes: list[ChangeTold]


class RateTold(Struct, frozen=True, forbid_unknown_fields=True):
    """An official rate of a day."""

    day: date
    currency: str
    units: int
    price: str


class RatesTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The official rates that limits were converted with."""

    source: str
    state: str
    base: str
    url: str
    per_base: bool
    rates: list[RateTold]


class LawTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The law that was decided by."""

    hash: Hash
    known: bool
    supposed: list[str]


class DecisionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """One decision with its reasons; `facts` are all that was known, by field."""

    format: Literal["polisbridge.decision/1"]
    law: LawTold
    person: str
    state: str
    gate: Gate
    as_of: date
    verdict: Verdict
    if_confirmed: Verdict
    if_refuted: Verdict
    basis: list[str]
    needs: list[str]
    assumed: dict[str, str]
    duties: list[FindingTold]
    exemptions: list[FindingTold]
    routes: list[RouteTold]
    questions: list[QuestionTold]
    rates: list[RatesTold]
    facts: dict[str, Any]
    region: str | UnsetType = UNSET
    route: str | UnsetType = UNSET
    top_up: TopUpTold | UnsetType = UNSET


class DaysTold(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """First and last day; what is open is left out."""

    first: date | UnsetType = UNSET
    last: date | UnsetType = UNSET


class ProvisionSummaryTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A point of law in a list."""

    id: str
    kind: ProvisionKind
    jurisdiction: str
    title: Text
    gates: list[Gate] = []
    in_force: DaysTold | UnsetType = UNSET


class LawHashTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The law in use."""

    hash: Hash


class ProvisionTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A point of law as data; what there is none of is left out."""

    id: str
    kind: ProvisionKind
    jurisdiction: str
    title: Text
    citation: CitationTold
    law: LawHashTold
    gates: list[Gate] = []
    in_force: DaysTold | UnsetType = UNSET
    facts: list[str] = []
    reading: Text | UnsetType = UNSET
    routes: list[str] = []
    check: str | UnsetType = UNSET
    asks: list[AskTold] = []
    how: Text | UnsetType = UNSET
    accepts_kinds: list[str] = []
    effect: Bearing | UnsetType = UNSET
    bears_on: list[str] = []
    would_change: Text | UnsetType = UNSET


class PlaceTold(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a status list."""

    list: int
    index: int


class HolderTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a certificate is of."""

    name: str
    original_name: str
    document_tail: str


class PeriodTold(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """First and last day, null where open."""

    first: date | None
    last: date | None


class CertificateTold(Struct, frozen=True, forbid_unknown_fields=True):
    """What of a certificate the sender's role is shown."""

    issuer_state: str | UnsetType = UNSET
    key_id: str | UnsetType = UNSET
    issued: datetime | UnsetType = UNSET
    expires: datetime | UnsetType = UNSET
    status: PlaceTold | UnsetType = UNSET
    holder: HolderTold | UnsetType = UNSET
    number: str | UnsetType = UNSET
    person: str | UnsetType = UNSET
    role: Role | UnsetType = UNSET
    born: date | UnsetType | None = UNSET
    period: PeriodTold | UnsetType = UNSET
    insurer: str | UnsetType = UNSET
    assistance_phone: str | UnsetType = UNSET
    omitted: list[Omission] | UnsetType = UNSET


class AdmittedTold(Struct, frozen=True, forbid_unknown_fields=True):
    """The insurer as its state admitted it."""

    id: str
    name: str
    state: str


class VerificationTold(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a certificate is good, why, and how old the data behind the answer are (seconds)."""

    answer: Answer
    reasons: list[Reason]
    trust_reasons: list[str]
    trust_age: int | None
    status_age: int | None
    detail: str | UnsetType = UNSET
    status: Literal["valid", "suspended", "revoked"] | UnsetType = UNSET
    insurer: AdmittedTold | UnsetType = UNSET
    certificate: CertificateTold | UnsetType = UNSET
    decision: DecisionTold | UnsetType = UNSET
