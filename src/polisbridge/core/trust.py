"""What a verifier knows after a sync: whose keys count, where status lists are, rates, assistance, law, and how old it is.

Values only. Bytes of the state files are `formats.trustfile`; fetching and checking signatures is
`services.trust.sync`. Instants are UTC; days are whole UTC days, inclusive.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from polisbridge.core.money import Rates, RateTable

WARN_AFTER = timedelta(hours=24)
STALE_AFTER_EXPIRY = timedelta(days=7)
CLOCK_TOLERANCE = timedelta(minutes=10)


class TrustState(StrEnum):
    """May an answer rest on the data? `stale` and `unusable` make every answer undetermined."""

    FRESH = "fresh"
    WARN = "warn"
    STALE = "stale"
    UNUSABLE = "unusable"


class TrustReason(StrEnum):
    """Why trust data is not simply fresh, or a state's data is not there."""

    OLDER_THAN_A_DAY = "older_than_a_day"
    EXPIRED = "expired"
    LONG_EXPIRED = "long_expired"
    CLOCK_BEHIND = "clock_behind"
    STATE_UNKNOWN = "state_unknown"
    STATE_EXPIRED = "state_expired"
    STATE_NOT_PUBLISHED = "state_not_published"
    STATE_NOT_SIGNED = "state_not_signed"
    STATE_NOT_FETCHED = "state_not_fetched"
    STATE_FILE_TAMPERED = "state_file_tampered"
    STATE_FILE_FAULTY = "state_file_faulty"


@dataclass(frozen=True, slots=True)
class TrustAge:
    """How far the data may be relied on, why, and its age since it was last signed as current."""

    state: TrustState
    reasons: tuple[TrustReason, ...]
    age: timedelta

    @property
    def usable(self) -> bool:
        """Say whether a verdict other than undetermined may rest on it."""
        return self.state in (TrustState.FRESH, TrustState.WARN)


@dataclass(frozen=True, slots=True)
class InsurerKey:
    """A signing key of an insurer that the state admitted.

    It may have signed from `valid_from` to `use_until`; what it signed may be accepted until `valid_to`.
    A removed key is listed so that the reason can be told; it never verifies.
    """

    state: str
    insurer: str
    name: str
    licence: str
    lines: tuple[str, ...]
    key_id: bytes
    spki: bytes
    valid_from: date
    valid_to: date
    use_until: date
    removed: bool

    def may_have_signed(self, issued: datetime) -> bool:
        """Say whether the key was in signing use on the day of the instant."""
        return self.valid_from <= issued.astimezone(UTC).date() <= self.use_until

    def accepted(self, now: datetime) -> bool:
        """Say whether what the key signed may be accepted at the instant."""
        return not self.removed and self.valid_from <= now.astimezone(UTC).date() <= self.valid_to


@dataclass(frozen=True, slots=True)
class StatusSource:
    """Where status list `number` of a state lies, a path in the tree or an address, and the key that signs it."""

    state: str
    number: int
    location: str
    key_id: bytes
    spki: bytes


@dataclass(frozen=True, slots=True)
class Assistance:
    """Whom an insured person can call or visit."""

    state: str
    name: str
    phones: tuple[str, ...]
    address: str = ""
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LawFiles:
    """Law files by name with the version number that rises with every change, and the hash of the content."""

    version: int
    hash: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class StateTrust:
    """What one state has signed: version, expiry and moment of its role, and its files."""

    state: str
    version: int
    expires: datetime
    signed: datetime | None = None
    keys: Mapping[bytes, InsurerKey] = field(default_factory=dict)
    status: Mapping[int, StatusSource] = field(default_factory=dict)
    rates: tuple[RateTable, ...] = ()
    assistance: tuple[Assistance, ...] = ()
    law: LawFiles | None = None


@dataclass(frozen=True, slots=True)
class TrustView:
    """Everything a verifier reads after a sync.

    `signed` is when the repository last said that this is current, `expires` when that word ends,
    `newest_signed` the newest signed moment ever seen: a clock behind it is wrong. `faults` names states
    whose data could not be verified; nothing of theirs is in `states`.
    """

    states: Mapping[str, StateTrust]
    synced: datetime
    signed: datetime
    expires: datetime
    newest_signed: datetime
    common: LawFiles | None = None
    faults: Mapping[str, TrustReason] = field(default_factory=dict)

    def insurer_key(self, state: str, key_id: bytes) -> InsurerKey | None:
        """Return the key by its full name, state and key id; removed ones too. None when it is not known."""
        known = self.states.get(state)
        return known.keys.get(key_id) if known else None

    def status_source(self, state: str, number: int) -> StatusSource | None:
        """Return where the state's status list of that number lies, and its key."""
        known = self.states.get(state)
        return known.status.get(number) if known else None

    def assistance(self, state: str) -> tuple[Assistance, ...]:
        """Return whom to call in the state."""
        known = self.states.get(state)
        return known.assistance if known else ()

    def rates(self) -> Rates:
        """Return the official rates of all states."""
        return Rates(tuple(table for state in sorted(self.states) for table in self.states[state].rates))

    def law_files(self, *states: str) -> dict[str, bytes]:
        """Return the shared law and that of the states named, or of all, as `formats.lawfile.read_law` takes it.

        A verifier names the state of its gate, so that no other state's law can get in its way.
        """
        chosen = states or tuple(sorted(self.states))
        parts = [self.common, *(self.states[state].law for state in chosen if state in self.states)]
        return {name: data for part in parts if part for name, data in part.files.items()}

    def freshness(self, now: datetime, state: str = "") -> TrustAge:
        """Return how far the data may be relied on at the instant, for all states or for one.

        Warn from 24 h after it was signed as current; stale from 7 days past its expiry; unusable with a
        clock behind the newest signed time seen (10 minutes allowed), or when the state's data is missing.
        """
        age = now - self.signed
        reasons = [] if age <= WARN_AFTER else [TrustReason.OLDER_THAN_A_DAY]
        if now > self.expires:
            long_ago = now > self.expires + STALE_AFTER_EXPIRY
            reasons.append(TrustReason.LONG_EXPIRED if long_ago else TrustReason.EXPIRED)
        if now + CLOCK_TOLERANCE < self.newest_signed:
            reasons.append(TrustReason.CLOCK_BEHIND)
        if state:
            reasons += self._reasons_of(state, now)
        return TrustAge(_weigh(reasons), tuple(reasons), age)

    def _reasons_of(self, state: str, now: datetime) -> list[TrustReason]:
        known = self.states.get(state)
        if known is None:
            return [self.faults.get(state, TrustReason.STATE_UNKNOWN)]
        return [TrustReason.STATE_EXPIRED] if now > known.expires + STALE_AFTER_EXPIRY else []


_MILD = (TrustReason.OLDER_THAN_A_DAY, TrustReason.EXPIRED)
_OLD = (TrustReason.LONG_EXPIRED, TrustReason.STATE_EXPIRED)


def _weigh(reasons: list[TrustReason]) -> TrustState:
    if not reasons:
        return TrustState.FRESH
    if all(one in _MILD for one in reasons):
        return TrustState.WARN
    return TrustState.STALE if all(one in (*_MILD, *_OLD) for one in reasons) else TrustState.UNUSABLE
