"""The verifier's copy: fetched through the TUF client, checked once more, remembered.

A kit is a folder: `root.json` the anchor it was given, `tuf/` the client's memory, `sets/<n>` the last complete
set of verified metadata and files, `memory.json` which set counts, removed keys, the newest signed time seen.
The memory is written last, so that a kit is never half of two sets. Old sets are deleted after that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import msgspec
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.trust import CLOCK_TOLERANCE, StateTrust, TrustView
from polisbridge.services.trust.ports import Fetched, FileTree, TufClient
from polisbridge.services.trust.repository import is_target, parse, parse_any, signed_at, state_of, state_role
from polisbridge.services.trust.roles import key_faults
from polisbridge.services.trust.sign import signatures_by
from polisbridge.services.trust.stage import SHARED_FILES
from polisbridge.services.trust.view import view_of

ANCHOR, MEMORY = "root.json", "memory.json"


class Memory(msgspec.Struct, frozen=True):
    """What a kit remembers. `removed` and `listed` hold key ids in hex by state; `listed` with their last day."""

    set: int = 0
    timestamp: int = 0
    synced: datetime | None = None
    newest_signed: datetime | None = None
    removed: dict[str, list[str]] = {}
    listed: dict[str, dict[str, date]] = {}


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync brought: the view, and how many keys were newly found removed."""

    view: TrustView
    newly_removed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def sync(kit: FileTree, client: TufClient, source: str, now: datetime, anchor: bytes | None = None) -> Synced:
    """Bring the kit up to date and return what it holds now.

    The first sync needs the anchor, a root file received by a way that is trusted. Raises PolisbridgeError
    when the clock is behind what was signed, or the repository cannot be verified; the kit then stays as it was,
    except that the client remembers what it has seen.
    """
    memory = read_memory(kit)
    _check_clock(memory.newest_signed, now)
    fetched = client.fetch(source, _anchor(kit, anchor), now)
    _check(fetched, memory, now)
    view = view_of(fetched, now, {state: set(keys) for state, keys in memory.removed.items()})
    removed = _removed(memory, view, now)
    view = view_of(fetched, now, removed)
    newest = max(filter(None, (memory.newest_signed, view.newest_signed)))
    _store(kit, fetched, memory.set + 1)
    new = Memory(
        memory.set + 1,
        parse(fetched.metadata[Timestamp.type], Timestamp).signed.version,
        now,
        newest,
        {state: sorted(keys) for state, keys in removed.items()},
        _listed(memory, view),
    )
    kit.write(MEMORY, msgspec.json.encode(new))
    _tidy(kit, new.set)
    fresh = {state: tuple(sorted(keys - set(memory.removed.get(state, ())))) for state, keys in removed.items()}
    return Synced(replace(view, newest_signed=newest), {state: keys for state, keys in fresh.items() if keys})


def load_view(kit: FileTree) -> TrustView:
    """Return what the kit holds, its signatures and hashes checked again; works with no network.

    Expiry is not an error here: `TrustView.freshness` tells how old the data is. Raises PolisbridgeError when
    the kit is empty or damaged.
    """
    memory = read_memory(kit)
    if memory.synced is None:
        raise PolisbridgeError(ErrorCode.NO_TRUST, "the kit is empty", hint="run `polisbridge trust sync`")
    fetched = _stored(kit, memory.set)
    _check_chain(fetched)
    view = view_of(fetched, memory.synced, {state: set(keys) for state, keys in memory.removed.items()})
    return replace(view, newest_signed=max(view.newest_signed, memory.newest_signed or view.newest_signed))


def note_signed_time(kit: FileTree, instant: datetime) -> None:
    """Remember a signed moment seen elsewhere, such as a status list's; it only ever goes forward."""
    memory = read_memory(kit)
    if memory.newest_signed is None or instant > memory.newest_signed:
        kit.write(MEMORY, msgspec.json.encode(msgspec.structs.replace(memory, newest_signed=instant)))


def read_memory(kit: FileTree) -> Memory:
    """Return what the kit remembers; nothing when it is new. Raises PolisbridgeError when it is damaged."""
    data = kit.read(MEMORY)
    if data is None:
        return Memory()
    try:
        return msgspec.json.decode(data, type=Memory)
    except msgspec.DecodeError as exc:
        raise PolisbridgeError(ErrorCode.NO_TRUST, "the kit's memory is damaged", hint="make a new kit") from exc


def _anchor(kit: FileTree, given: bytes | None) -> bytes:
    known = kit.read(ANCHOR)
    if known is not None:
        return known
    if given is None:
        raise PolisbridgeError(ErrorCode.NO_TRUST, "no root yet", hint="name the first root file with --root")
    parse(given, Root)
    kit.write(ANCHOR, given)
    return given


def _check_clock(newest: datetime | None, now: datetime) -> None:
    if newest is not None and now + CLOCK_TOLERANCE < newest:
        detail = f"the clock says {now:%Y-%m-%d %H:%M}, data was signed {newest:%Y-%m-%d %H:%M} UTC"
        raise PolisbridgeError(ErrorCode.CLOCK_BEHIND, detail, hint="set the clock")


def _check(fetched: Fetched, memory: Memory, now: datetime) -> None:
    """Check what the TUF client does not: signing times, key names, who may speak for which path."""
    timestamp = parse(fetched.metadata[Timestamp.type], Timestamp).signed
    if timestamp.version < memory.timestamp:
        raise _refused(f"timestamp {timestamp.version} is older than {memory.timestamp}, seen before")
    for data in fetched.metadata.values():
        _check_clock(signed_at(parse_any(data).signed), now)
    _check_chain(fetched)


def _check_chain(fetched: Fetched) -> None:
    """Check signatures, versions and hashes from root down; expiry and time apart."""
    try:
        root = parse(fetched.metadata[Root.type], Root)
        timestamp = parse(fetched.metadata[Timestamp.type], Timestamp)
        snapshot = parse(fetched.metadata[Snapshot.type], Snapshot)
        targets = parse(fetched.metadata[Targets.type], Targets)
        timestamp.signed.snapshot_meta.verify_length_and_hashes(fetched.metadata[Snapshot.type])
        for role, data in fetched.metadata.items():
            if role in (Targets.type, *map(state_role, _states(fetched))):
                snapshot.signed.meta[f"{role}.json"].verify_length_and_hashes(data)
    except (KeyError, RepositoryError, ValueError) as exc:
        raise _refused(f"parts that do not belong together: {type(exc).__name__}") from exc
    if faults := key_faults(root.signed) + key_faults(targets.signed):
        raise _refused(faults[0])
    for role in (Root.type, Timestamp.type, Snapshot.type, Targets.type):
        if not signatures_by(root.signed, role, parse(fetched.metadata[role], _KINDS[role])).complete:
            raise _refused(f"too few signatures on {role}")
    _check_paths(fetched, targets.signed)


def _check_paths(fetched: Fetched, targets: Targets) -> None:
    """Check that each file is signed by the one role that may: shared law by targets, `XX/…` by `state-XX`."""
    allowed = {path: targets.targets[path] for path in SHARED_FILES if path in targets.targets}
    if set(targets.targets) - set(SHARED_FILES):
        raise _refused("the targets role speaks for a state")
    for state in _states(fetched):
        metadata = parse(fetched.metadata[state_role(state)], Targets)
        if not signatures_by(targets, state_role(state), metadata).complete:
            raise _refused(f"too few signatures on {state_role(state)}")
        own = metadata.signed.targets
        allowed |= {path: info for path, info in own.items() if path.startswith(f"{state}/")}
    for path, data in fetched.targets.items():
        if path not in allowed or not is_target(allowed[path], data):
            raise _refused(f"{path} is not what was signed")


_KINDS: Mapping[str, Any] = {
    Root.type: Root,
    Timestamp.type: Timestamp,
    Snapshot.type: Snapshot,
    Targets.type: Targets,
}


def _states(fetched: Fetched) -> list[str]:
    return sorted(state_of(role) for role in fetched.metadata if state_of(role))


def _removed(memory: Memory, view: TrustView, now: datetime) -> dict[str, set[str]]:
    """Return all keys that must never verify again: removed ones, and listed ones that vanished before their day."""
    removed = {state: set(keys) for state, keys in memory.removed.items()}
    for state, trust in view.states.items():
        own = removed.setdefault(state, set())
        own |= {key.key_id.hex() for key in trust.keys.values() if key.removed}
        known = memory.listed.get(state, {})
        own |= {key for key, last in known.items() if bytes.fromhex(key) not in trust.keys and last >= now.date()}
    return {state: keys for state, keys in removed.items() if keys}


def _listed(memory: Memory, view: TrustView) -> dict[str, dict[str, date]]:
    """Return the keys that states list now; those of a state that could not be verified stay as they were."""
    now = {state: _days(trust) for state, trust in view.states.items()}
    return {**memory.listed, **now}


def _days(trust: StateTrust) -> dict[str, date]:
    return {key.key_id.hex(): key.valid_to for key in trust.keys.values()}


def _store(kit: FileTree, fetched: Fetched, number: int) -> None:
    """Write the set as one file, so that it is there whole or not at all."""
    kit.write(_name(number), msgspec.msgpack.encode(fetched))


def _stored(kit: FileTree, number: int) -> Fetched:
    try:
        return msgspec.msgpack.decode(kit.read(_name(number)) or b"", type=Fetched)
    except msgspec.DecodeError as exc:
        raise _refused("the kit is damaged") from exc


def _tidy(kit: FileTree, number: int) -> None:
    for name in kit.names("sets/"):
        if name != _name(number):
            kit.delete(name)


def _name(number: int) -> str:
    return f"sets/{number}.msgpack"


def _refused(detail: str) -> PolisbridgeError:
    return PolisbridgeError(ErrorCode.TRUST_REFUSED, detail, hint="ask whoever runs the repository")
