"""Status lists in a verifier's kit: fetched whole, read before they are kept, never replaced by older ones.

`status/XX-n.cwt` is a state's list n as it was fetched; `status/newest.json` the newest moment of issue seen of each, so
that an old list put back into the folder is known for what it is.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

import msgspec

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.status import ListName, StatusList, Unreadable
from polisbridge.core.trust import CLOCK_TOLERANCE, TrustView
from polisbridge.formats.statuslist import read_status_list
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.sync import note_signed_time

_NEWEST = "status/newest.json"

Fetch: TypeAlias = Callable[[str], bytes | None]  # the bytes at a location, None when they cannot be had


class ListSync(StrEnum):
    """What became of a list at a sync. Only `fetched` changes the kit."""

    FETCHED = "fetched"
    SAME = "same"
    NOT_FETCHED = "not_fetched"
    UNREADABLE = "unreadable"
    OLDER = "older"
    FROM_THE_FUTURE = "from_the_future"


class StatusKit:
    """The status lists of a kit, as far as its trust data names them."""

    def __init__(self, kit: FileTree, trust: TrustView) -> None:
        self._kit, self._trust = kit, trust
        self._read: dict[ListName, StatusList | Unreadable | None] = {}

    def sync(self, fetch: Fetch, now: datetime) -> dict[ListName, ListSync]:
        """Fetch every list that the trust data names, and return what became of each."""
        found = {}
        for state, known in sorted(self._trust.states.items()):
            for number, source in sorted(known.status.items()):
                name = ListName(state, number)
                found[name] = self._take(name, fetch(source.location), now)
        self._read.clear()
        return found

    def held(self, name: ListName) -> StatusList | Unreadable | None:
        """Return the list in the kit; None when there is none, or nobody is known to sign it."""
        if name not in self._read:
            data = self._kit.read(_path(name))
            self._read[name] = None if data is None else self._opened(name, data)
        return self._read[name]

    def newest(self, name: ListName) -> datetime | None:
        """Return the newest moment of issue ever seen of the list."""
        return self._memory().get(name.uri)

    def _take(self, name: ListName, data: bytes | None, now: datetime) -> ListSync:
        if data is None:
            return ListSync.NOT_FETCHED
        new = self._opened(name, data)
        if not isinstance(new, StatusList):
            return ListSync.UNREADABLE
        if new.issued > now + CLOCK_TOLERANCE:
            return ListSync.FROM_THE_FUTURE
        newest = self.newest(name)
        if newest is not None and new.issued < newest:
            return ListSync.OLDER
        if self._kit.read(_path(name)) == data:
            return ListSync.SAME
        self._kit.write(_path(name), data)
        self._kit.write(_NEWEST, msgspec.json.encode({**self._memory(), name.uri: new.issued}))
        note_signed_time(self._kit, new.issued)
        return ListSync.FETCHED

    def _opened(self, name: ListName, data: bytes) -> StatusList | Unreadable | None:
        source = self._trust.status_source(name.state, name.number)
        return None if source is None else read_status_list(data, name, [source.spki])

    def _memory(self) -> Mapping[str, datetime]:
        data = self._kit.read(_NEWEST)
        try:
            return {} if data is None else msgspec.json.decode(data, type=dict[str, datetime])
        except msgspec.DecodeError as exc:
            raise PolisbridgeError(ErrorCode.NO_TRUST, "the kit's memory is damaged", hint="make a new kit") from exc


def _path(name: ListName) -> str:
    return f"status/{name.state}-{name.number}.cwt"
