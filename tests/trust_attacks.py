"""What attack stories share: copies of the public tree, what an attacker with some keys can write, and the refusal."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from trust_builder import HOUR, NOW, World, insurers, key_entry, new_spki
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Targets, Timestamp

from polisbridge.core.errors import PolisbridgeError
from polisbridge.services.trust.repository import stamp, to_bytes

LATER = NOW + HOUR


def copied(world: World, name: str) -> Path:
    """Return a copy of the public tree as it stands now."""
    return Path(shutil.copytree(world.public, world.folder / name))


def refused(world: World, source: Path, now: Any = LATER) -> PolisbridgeError:
    before = world.view()
    with pytest.raises(PolisbridgeError) as caught:
        world.sync(now, source=source)
    assert before == world.view()
    return caught.value


def replace(world: World, state: str) -> None:
    """Publish another insurers file of the state."""
    world.insurer_keys[state].append(new_spki())
    one, two, three = world.insurer_keys[state]
    new = insurers(state, {"first": [key_entry(one)], "second": [key_entry(two), key_entry(three)]})
    world.put(state, {"insurers.json": new}, LATER)
    assert world.publish(LATER).faults == []


def write(tree: Path, name: str, data: bytes) -> None:
    (tree / "metadata" / name).write_bytes(data)


def republished(world: World, tree: Path, change: dict[str, bytes], version: int = 9) -> None:
    """Let whoever holds the snapshot and timestamp keys publish these roles in a tree."""
    newest = max((tree / "metadata").glob("*.snapshot.json"), key=lambda path: int(path.name.split(".")[0]))
    meta = dict(Metadata[Snapshot].from_bytes(newest.read_bytes()).signed.meta)
    for role, data in change.items():
        own = Metadata[Targets].from_bytes(data).signed.version
        write(tree, f"{own}.{role}.json", data)
        meta[f"{role}.json"] = MetaFile.from_data(own, data, ["sha256"])
    snapshot = Metadata(Snapshot(version=version, meta=meta))
    stamp(snapshot.signed, "snapshot", LATER)
    snapshot.sign(world.snapshot)
    data = to_bytes(snapshot)
    write(tree, f"{version}.snapshot.json", data)
    timestamp = Metadata(Timestamp(version=version, snapshot_meta=MetaFile.from_data(version, data, ["sha256"])))
    stamp(timestamp.signed, "timestamp", LATER)
    timestamp.sign(world.timestamp)
    write(tree, "timestamp.json", to_bytes(timestamp))


def republished_hash(world: World, tree: Path, role: str, version: int) -> None:
    """Let the snapshot name the bytes that lie there, which are not readable as metadata."""
    data = (tree / "metadata" / f"{version}.{role}.json").read_bytes()
    snapshot = Metadata[Snapshot].from_bytes((tree / "metadata" / "9.snapshot.json").read_bytes())
    snapshot.signed.meta[f"{role}.json"] = MetaFile.from_data(version, data, ["sha256"])
    snapshot.sign(world.snapshot)
    write(tree, "9.snapshot.json", to_bytes(snapshot))
    timestamp = Metadata(Timestamp(version=9, snapshot_meta=MetaFile.from_data(9, to_bytes(snapshot), ["sha256"])))
    stamp(timestamp.signed, "timestamp", LATER)
    timestamp.sign(world.timestamp)
    write(tree, "timestamp.json", to_bytes(timestamp))
