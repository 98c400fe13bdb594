"""How many requests a sender may send in a minute, counted over all processes of a node.

A process counts by itself and shares what it counted each time that a 64th of the limit has come together: of small
limits every request, of large ones few. So each process lets at most that much more pass than the limit says. While
the database is away a process goes by its own count.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from math import ceil
from threading import Lock
from typing import Protocol

from polisbridge.core.errors import PolisbridgeError

WINDOW = timedelta(minutes=1)
_SHARES = 64
_MOST_SENDERS = 100_000  # counted at once by one process; when there are more, the count begins anew
_HOME = 64  # bits of an IPv6 address that are one household's or office's


class RateBook(Protocol):
    """Where counts of all processes come together."""

    def add(self, sender: str, window: datetime, number: int) -> int:
        """Add requests of a sender in the minute that began then; return how many of all processes there are."""


@dataclass(slots=True)
class _Count:
    shared: int = 0
    own: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """Where a sender stands after a request: `left` of the limit (below zero: refused), `seconds` until it begins anew."""

    left: int
    seconds: int
    due: int = 0


class Limits:
    """The limits as one process keeps them. Without a book each process counts by itself."""

    def __init__(self, book: RateBook | None = None) -> None:
        self._book, self._lock = book, Lock()
        self._window: datetime | None = None
        self._counts = dict[str, _Count]()

    def __deepcopy__(self, _: object) -> "Limits":
        """Return the same: routes that are copied count together."""
        return self

    def take(self, sender: str, limit: int, now: datetime) -> Taken:
        """Count a request; `due` is how many are to be shared with the other processes now. Does no I/O."""
        window = _began(now)
        seconds = ceil((window + WINDOW - now).total_seconds())
        with self._lock:
            if window != self._window or len(self._counts) > _MOST_SENDERS:
                self._window, self._counts = window, {}
            count = self._counts.setdefault(sender, _Count())
            if count.shared > limit:
                return Taken(-1, seconds)
            count.own += 1
            due = count.own if self._is_due(count, limit) else 0
            count.own, count.shared = count.own - due, count.shared + due
            return Taken(limit - count.shared - count.own, seconds, due)

    def share(self, sender: str, limit: int, due: int, now: datetime) -> Taken:
        """Share what is due with the other processes; return where the sender stands then."""
        window = _began(now)
        try:
            total = self._book.add(sender, window, due) if self._book else None
        except PolisbridgeError:
            total = None
        with self._lock:
            count = self._counts.setdefault(sender, _Count())
            count.shared = max(count.shared, total or 0)
            left = limit - count.shared - count.own
        return Taken(left, ceil((window + WINDOW - now).total_seconds()))

    def _is_due(self, count: _Count, limit: int) -> bool:
        near = count.shared + count.own >= limit
        return near or count.own >= max(1, limit // _SHARES)


def sender_at(host: str) -> str:
    """Return how a visitor is counted: by the address, in IPv6 by the network of its first 64 bits.

    >>> sender_at("2001:db8::1:2"), sender_at("192.0.2.7"), sender_at("")
    ('address 2001:db8::/64', 'address 192.0.2.7', 'address ')
    """
    try:
        found = ip_address(host)
    except ValueError:
        return f"address {host}"
    return f"address {ip_network((found, _HOME), strict=False) if isinstance(found, IPv6Address) else found}"


def _began(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
