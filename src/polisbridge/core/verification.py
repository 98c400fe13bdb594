"""What a verification answers: accept, refuse or undetermined, each with reason codes and the age of the data."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from polisbridge.core.assessment import Assessment
from polisbridge.core.certificate import Certificate
from polisbridge.core.status import Status
from polisbridge.core.trust import InsurerKey, TrustReason


class Answer(StrEnum):
    """Whether to take the certificate: for the occasion or, when none is asked about, as genuine and in force today."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    UNDETERMINED = "undetermined"


class Reason(StrEnum):
    """Why. Those about the certificate itself refuse; those about what the verifier knows never do."""

    NOT_A_CERTIFICATE = "not_a_certificate"
    SIGNATURE_WRONG = "signature_wrong"
    KEY_REMOVED = "key_removed"
    KEY_NOT_IN_USE = "key_not_in_use"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUSPENDED = "suspended"
    COVER_NOT_BEGUN = "cover_not_begun"
    NOT_RECOGNISED = "not_recognised"
    NO_TRUST_DATA = "no_trust_data"
    TRUST_STALE = "trust_stale"
    TRUST_OLD = "trust_old"
    CLOCK_BEHIND = "clock_behind"
    UNKNOWN_KEY = "unknown_key"
    STATUS_NOT_FETCHED = "status_not_fetched"
    STATUS_UNREADABLE = "status_unreadable"
    STATUS_STALE = "status_stale"
    STATUS_OLD = "status_old"
    NEWER_FORMAT = "newer_format"
    NOT_DECIDED = "not_decided"
    RECOGNISED = "recognised"
    NOT_REQUIRED = "not_required"
    IN_FORCE = "in_force"


REFUSING = frozenset(
    {
        Reason.NOT_A_CERTIFICATE,
        Reason.SIGNATURE_WRONG,
        Reason.KEY_REMOVED,
        Reason.KEY_NOT_IN_USE,
        Reason.EXPIRED,
        Reason.REVOKED,
        Reason.SUSPENDED,
        Reason.COVER_NOT_BEGUN,
        Reason.NOT_RECOGNISED,
    }
)
ACCEPTING = frozenset({Reason.RECOGNISED, Reason.NOT_REQUIRED, Reason.IN_FORCE})
MILD = frozenset({Reason.TRUST_OLD, Reason.STATUS_OLD})
UNKNOWING = frozenset(
    {Reason.NO_TRUST_DATA, Reason.TRUST_STALE, Reason.CLOCK_BEHIND, Reason.UNKNOWN_KEY, Reason.SIGNATURE_WRONG}
)
"""With one of these nothing is said of the status: it would rest on trust data that does not count."""


@dataclass(frozen=True, slots=True)
class Verification:
    """The answer for one certificate, occasion and instant, and how far each step came.

    `trust_age` and `status_age` are since the data was signed as current. `trust_reasons` say why trust
    data is not simply fresh.
    """

    reasons: tuple[Reason, ...]
    detail: str = ""
    certificate: Certificate | None = None
    insurer: InsurerKey | None = None
    status: Status | None = None
    trust_age: timedelta | None = None
    trust_reasons: tuple[TrustReason, ...] = ()
    status_age: timedelta | None = None
    assessment: Assessment | None = None

    @property
    def answer(self) -> Answer:
        """Refuse when anything refuses; accept only when something accepts and nothing else stands against it."""
        found = set(self.reasons)
        if found & REFUSING:
            return Answer.REFUSE
        return Answer.ACCEPT if found & ACCEPTING and not found - ACCEPTING - MILD else Answer.UNDETERMINED
