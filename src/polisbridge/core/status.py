"""Status of certificates: what an entry of a status list can say, how entries are packed, how old is too old.

A list has `ENTRIES` entries of `BITS` bits (Token Status List, draft-ietf-oauth-status-list, section 4.1):
entry i stands in byte i // 4, counted from the least significant bits. The bytes of a signed list are
`formats.statuslist`.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from typing import TypeAlias

BITS = 2
ENTRIES = 1 << 20
LIST_BYTES = ENTRIES * BITS // 8
WARN_AFTER = timedelta(hours=24)
STALE_AFTER = timedelta(days=7)

_PER_BYTE = 8 // BITS
_MASK = (1 << BITS) - 1
_DRAWS = 64  # with half the list free a 65th draw is needed once in 2^64 times

Below: TypeAlias = Callable[[int], int]  # a random whole number from 0 up to, not including, the argument


class Status(IntEnum):
    """What an entry says, with its value in the list (draft, section 7.1). 3 is reserved and not readable."""

    VALID = 0
    REVOKED = 1
    SUSPENDED = 2


_STATUSES = {status.value: status for status in Status}


class StatusFault(StrEnum):
    """Why a status list, or one entry of it, says nothing."""

    TOO_LARGE = "too_large"
    NOT_A_STATUS_LIST = "not_a_status_list"
    UNKNOWN_KEY = "unknown_key"
    BAD_SIGNATURE = "bad_signature"
    OTHER_LIST = "other_list"
    WRONG_TIMES = "wrong_times"
    WRONG_BITS = "wrong_bits"
    WRONG_SIZE = "wrong_size"
    OUTSIDE = "outside"
    RESERVED = "reserved"


class Freshness(StrEnum):
    """How far a list can be relied on at an instant. `stale`, `not_yet` and `older` leave all undetermined.

    `aging`: issued more than 24 h ago. `expired`: past its expiry, by 7 days at most. `stale`: by more.
    `not_yet`: issued after now, so the clock is behind. `older`: a newer one has been seen already.
    """

    FRESH = "fresh"
    AGING = "aging"
    EXPIRED = "expired"
    STALE = "stale"
    NOT_YET = "not_yet"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class ListName:
    """Which list: number `number` of a state. `uri` is its subject (draft, section 5.2)."""

    state: str
    number: int

    @property
    def uri(self) -> str:
        """Return the name that stands in the signed list.

        >>> ListName("UZ", 3).uri
        'urn:polisbridge:status:UZ:3'
        """
        return f"urn:polisbridge:status:{self.state}:{self.number}"


@dataclass(frozen=True, slots=True)
class StatusList:
    """A list whose signature has been checked. Instants are UTC; `ttl` says when to fetch a newer one."""

    name: ListName
    issued: datetime
    expires: datetime
    ttl: timedelta
    packed: bytes
    key_id: bytes

    def __repr__(self) -> str:
        return f"StatusList({self.name.uri}, issued {self.issued.isoformat()})"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A status list that says nothing, and why."""

    fault: StatusFault
    detail: str = ""


@dataclass(frozen=True, slots=True)
class StatusReading:
    """What is known of one entry: a status and how old it is, or the fault that hides it; never both."""

    status: Status | None
    fault: StatusFault | None
    issued: datetime | None = None
    expires: datetime | None = None


def status_at(source: StatusList | Unreadable, index: int) -> StatusReading:
    """Return what the list says at the index. Does not weigh its age: see `freshness`."""
    if isinstance(source, Unreadable):
        return StatusReading(None, source.fault)
    value = value_at(source.packed, index)
    if value is None:
        return StatusReading(None, StatusFault.OUTSIDE, source.issued, source.expires)
    status = _STATUSES.get(value)
    fault = StatusFault.RESERVED if status is None else None
    return StatusReading(status, fault, source.issued, source.expires)


def freshness(source: StatusList, now: datetime, newest_seen: datetime | None = None) -> Freshness:
    """Return how far the list can be relied on; `newest_seen` is the newest issue instant seen of this list.

    Boundaries count for the list: at 24 h it is fresh, at its expiry not expired, at 7 days after not stale.
    """
    if newest_seen is not None and source.issued < newest_seen:
        return Freshness.OLDER
    if now < source.issued:
        return Freshness.NOT_YET
    if now > source.expires + STALE_AFTER:
        return Freshness.STALE
    if now > source.expires:
        return Freshness.EXPIRED
    return Freshness.AGING if now > source.issued + WARN_AFTER else Freshness.FRESH


def packed(statuses: Mapping[int, int], size: int = ENTRIES) -> bytes:
    """Return `size` entries, those in the mapping with their values and all others valid.

    Raises ValueError for an index outside or a value of more than 2 bits.
    """
    found = bytearray((size + _PER_BYTE - 1) // _PER_BYTE)
    for index, value in statuses.items():
        if not (0 <= index < size and 0 <= value <= _MASK):
            raise ValueError(f"no entry {index} with value {value} in a list of {size}")
        at, shift = divmod(index, _PER_BYTE)
        shift *= BITS
        found[at] = found[at] & ~(_MASK << shift) | value << shift
    return bytes(found)


def value_at(entries: bytes, index: int) -> int | None:
    """Return the raw value of an entry, or None outside the list."""
    at, shift = divmod(index, _PER_BYTE)
    if not 0 <= at < len(entries):
        return None
    return entries[at] >> (shift * BITS) & _MASK


def free_index(below: Below, used: Collection[int], size: int = ENTRIES) -> int | None:
    """Return an index that is not in use, each free one as likely as another; None when the list is full.

    An index in order of issue would tell when a certificate was issued, and beside whose.
    """
    if len(used) >= size:
        return None
    for _ in range(_DRAWS):
        index = below(size)
        if index not in used:
            return index
    free = [index for index in range(size) if index not in used]
    return free[below(len(free))]
