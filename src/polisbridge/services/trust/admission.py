"""May a role be signed and published? Every fault of its files, by themselves and against what went before.

1. every path is one of the state's own, and state of file = state of role = path
2. keys: P-256, named by their hash, days sane; none is in another state's list; none disappears, none that
   was removed returns, no day of a key moves out
3. law: its version rises with every change; it loads, and its cases pass; a stricter law gives 48 h notice
4. rates are the state's own; status lists and assistance are complete
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tuf.api.metadata import Targets

from polisbridge.core.checks import Setting
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.core.trust import InsurerKey, LawFiles
from polisbridge.formats.lawarchive import SHARED, read_archive
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.formats.trustfile import read_assistance, read_insurers, read_status
from polisbridge.services.check_law import check_law
from polisbridge.services.trust.notice import first_day_allowed, of_state, too_soon
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import Repository, state_of, state_role
from polisbridge.services.trust.roles import key_faults
from polisbridge.services.trust.stage import ASSISTANCE, INSURERS, LAW, RATES, SHARED_FILES, STATE_FILES, STATUS


def admission_faults(files: FileTree, role: str, now: datetime) -> tuple[Fault, ...]:
    """Return every fault that keeps a role's draft from being signed; none when it may be."""
    repository = Repository(files)
    if role == Targets.type:
        return tuple(sorted(_Shared(repository, now).faults()))
    if state := state_of(role):
        return tuple(sorted(_State(repository, state, now).faults()))
    return ()


def admit(files: FileTree, role: str, now: datetime) -> None:
    """Raise InputFaults with every fault of the role's draft."""
    if faults := admission_faults(files, role, now):
        raise InputFaults(list(faults))


@dataclass(frozen=True, slots=True)
class _Files:
    """The files that a draft names, and the faults of finding them."""

    data: Mapping[str, bytes]
    faults: tuple[Fault, ...]


def _files(repository: Repository, role: str, allowed: tuple[str, ...]) -> _Files:
    data, faults = {}, []
    for path, info in sorted(repository.current(role, Targets).signed.targets.items()):
        found = repository.target(info)
        if path not in allowed:
            faults.append(_fault(path, FaultCode.WRONG_PLACE, path, f"one of {', '.join(allowed)}"))
        elif found is None:
            faults.append(
                _fault(path, FaultCode.MISSING_KEY, "no file with this hash", "the file that the draft names")
            )
        else:
            data[path] = found
    return _Files(data, tuple(faults))


class _State:
    """One state's draft."""

    def __init__(self, repository: Repository, state: str, now: datetime) -> None:
        self.repository, self.state, self.now = repository, state, now
        self.before = repository.published_targets(state_role(state))

    def faults(self) -> list[Fault]:
        """Return all faults of the draft."""
        found = _files(self.repository, state_role(self.state), tuple(f"{self.state}/{one}" for one in STATE_FILES))
        checks: dict[str, Callable[[bytes, str], list[Fault]]] = {
            INSURERS: self._insurers,
            LAW: self._law,
            RATES: self._rates,
            STATUS: self._status,
            ASSISTANCE: self._assistance,
        }
        faults = list(found.faults)
        for path, data in found.data.items():
            try:
                faults += checks[path.partition("/")[2]](data, path)
            except InputFaults as exc:
                faults += exc.faults
        return faults

    def _insurers(self, data: bytes, path: str) -> list[Fault]:
        keys = read_insurers(data, path, self.state)
        faults = []
        for state in self.repository.states():
            if state != self.state:
                others = self.repository.published_targets(state_role(state)).get(f"{state}/{INSURERS}")
                shared = set(keys) & set(_keys(others, state))
                faults += [
                    _fault(path, FaultCode.TWICE, one.hex(), f"a key that {state} does not list") for one in shared
                ]
        for key_id, old in _keys(self.before.get(path), self.state).items():
            faults += _key_moves(path, old, keys.get(key_id), self.now)
        return faults

    def _status(self, data: bytes, path: str) -> list[Fault]:
        read_status(data, path, self.state)
        return []

    def _assistance(self, data: bytes, path: str) -> list[Fault]:
        read_assistance(data, path, self.state)
        return []

    def _rates(self, data: bytes, path: str) -> list[Fault]:
        tables = read_rates(read_tree(data, path))
        strange = sorted({table.state for table in tables} - {self.state})
        return [_fault(path, FaultCode.WRONG_PLACE, one, f"{self.state}, as the role says") for one in strange]

    def _law(self, data: bytes, path: str) -> list[Fault]:
        law = read_archive(data, path, self.state)
        old = _archive(self.before.get(path), path, self.state)
        shared = _shared_law(self.repository)
        if shared is None:
            return [_fault(path, FaultCode.MISSING_KEY, "no shared law", "`trust stage common` first")]
        book = read_law({**shared.files, **law.files})
        faults = _version(path, old, law)
        own = of_state(book, self.state)
        faults += check_law(own, law.files).faults
        if old is not None and old.hash != law.hash:
            before = of_state(read_law({**shared.files, **old.files}), self.state)
            faults += _notice(path, before, own, self._setting(own), self.now)
        return faults

    def _setting(self, book: LawBook) -> Setting:
        data = self.before.get(f"{self.state}/{RATES}")
        tables = read_rates(read_tree(data, RATES)) if data else ()
        return Setting(self.state, self.now.date(), None, Rates(tables), book.wider_benefits())


class _Shared:
    """The draft of the targets role: shared law, and who may sign for which state."""

    def __init__(self, repository: Repository, now: datetime) -> None:
        self.repository, self.now = repository, now

    def faults(self) -> list[Fault]:
        """Return all faults of the draft."""
        found = _files(self.repository, Targets.type, SHARED_FILES)
        signed = self.repository.current(Targets.type, Targets).signed
        faults = [
            *found.faults,
            *(_fault(Targets.type, FaultCode.WRONG_VALUE, one, "a key of its own") for one in key_faults(signed)),
        ]
        for path, data in found.data.items():
            try:
                faults += self._law(data, path)
            except InputFaults as exc:
                faults += exc.faults
        return faults

    def _law(self, data: bytes, path: str) -> list[Fault]:
        law = read_archive(data, path, SHARED)
        old = _archive(self.repository.published_targets(Targets.type).get(path), path, SHARED)
        faults = _version(path, old, law)
        others = self._states_law()
        book = read_law({**others, **law.files})
        treaties = {name for name, one in book.jurisdictions.items() if not one.state}
        own = replace(book, provisions=tuple(one for one in book.provisions if one.jurisdiction in treaties))
        faults += check_law(own, law.files).faults
        if old is not None and old.hash != law.hash:
            before = read_law({**others, **old.files})
            before = replace(before, provisions=tuple(one for one in before.provisions if one.jurisdiction in treaties))
            faults += _notice(
                path, before, own, Setting("", self.now.date(), None, Rates(), own.wider_benefits()), self.now
            )
        return faults

    def _states_law(self) -> dict[str, bytes]:
        """Return the published law of all states, which must still load with the new words."""
        found: dict[str, bytes] = {}
        for state in self.repository.states():
            data = self.repository.published_targets(state_role(state)).get(f"{state}/{LAW}")
            found |= read_archive(data, LAW, state).files if data else {}
        return found


def _shared_law(repository: Repository) -> LawFiles | None:
    info = repository.current(Targets.type, Targets).signed.targets.get(f"{SHARED}/{LAW}")
    return _archive(repository.target(info) if info else None, f"{SHARED}/{LAW}", SHARED)


def _archive(data: bytes | None, path: str, owner: str) -> LawFiles | None:
    return read_archive(data, path, owner) if data is not None else None


def _keys(data: bytes | None, state: str) -> Mapping[bytes, InsurerKey]:
    return read_insurers(data, INSURERS, state) if data is not None else {}


def _key_moves(path: str, old: InsurerKey, new: InsurerKey | None, now: datetime) -> list[Fault]:
    """Return what a key does that it may not: vanish, return, change hands, live longer."""
    name = old.key_id.hex()
    if new is None:
        gone = old.valid_to < now.date()
        expected = f"listed until {old.valid_to}; `trust key remove` marks it removed"
        return [] if gone else [_fault(path, FaultCode.MISSING_KEY, name, expected)]
    if old.removed and not new.removed:
        return [_fault(path, FaultCode.KEY_RETURNS, name, "a removed key stays removed")]
    if new.insurer != old.insurer:
        return [_fault(path, FaultCode.WRONG_VALUE, new.insurer, f"{old.insurer}, whose key {name} is")]
    longer = new.valid_from != old.valid_from or new.valid_to > old.valid_to or new.use_until > old.use_until
    return (
        [_fault(path, FaultCode.WRONG_VALUE, name, "the same days or shorter; a new key for longer")] if longer else []
    )


def _version(path: str, old: LawFiles | None, new: LawFiles) -> list[Fault]:
    least = old.version + (old.hash != new.hash) if old else 1
    return [] if new.version >= least else [_fault(path, FaultCode.NOT_HIGHER, str(new.version), f"at least {least}")]


def _notice(path: str, before: LawBook, after: LawBook, setting: Setting, now: datetime) -> list[Fault]:
    day = first_day_allowed(now)
    return [
        _fault(
            path,
            FaultCode.TOO_SOON,
            f"{one.id} from {one.in_force.first or 'no stated day'}",
            f"a first day from {day} on",
        )
        if after.get(one.id)
        else _fault(path, FaultCode.TOO_SOON, f"{one.id} is no more", f"a last day from {day} on")
        for one in too_soon(before, after, setting, now)
    ]


def _fault(path: str, code: FaultCode, found: str, expected: str) -> Fault:
    return Fault(path, 1, "(whole file)", code, found, expected)
