"""Keys of root and timestamp that were lost or stolen: replaced, and clients follow."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from trust_attacks import LATER, copied, refused, write
from trust_builder import HOUR, World, new_key, ready
from tuf.api.metadata import Metadata, Timestamp

from polisbridge.core.errors import ErrorCode
from polisbridge.services.trust.repository import to_bytes
from polisbridge.services.trust.roles import change_keys
from polisbridge.services.trust.sign import sign_bytes


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def test_a_lost_root_key_is_replaced_and_old_clients_follow(world: World) -> None:
    world.sync()
    fresh = new_key()
    change_keys(world.files, "root", [fresh.public_key], [world.root[0].public_key.keyid], LATER)
    world.sign("root", [world.root[1], world.root[2], world.root[3]])
    assert world.publish(LATER).roles == ["root"]

    assert world.sync(LATER).view.states.keys() == {"NO", "SE"}
    assert json.loads((world.folder / "kit" / "tuf" / "root.json").read_bytes())["signed"]["version"] == 2


def test_the_key_taken_from_root_no_longer_counts(world: World) -> None:
    world.sync()
    fresh = new_key()
    change_keys(world.files, "root", [fresh.public_key], [world.root[0].public_key.keyid], LATER)
    draft = world.repository.draft_bytes("root")
    assert draft is not None
    for signer in world.root[:3]:
        draft = sign_bytes(draft, signer)
    world.files.write("staged/metadata/root.json", draft)

    report = world.publish(LATER)

    assert report.roles == []
    assert report.waiting["root"].have == 2


def test_a_new_timestamp_key_replaces_a_stolen_one(world: World) -> None:
    world.sync()
    stolen, world.timestamp = world.timestamp, new_key()
    change_keys(world.files, "timestamp", [world.timestamp.public_key], [stolen.public_key.keyid], LATER)
    world.sign("root", world.root[:3])
    world.publish(LATER)
    world.sync(LATER)
    tree = copied(world, "tree")
    forged = Metadata[Timestamp].from_bytes((tree / "metadata" / "timestamp.json").read_bytes())
    forged.signed.version += 1
    forged.signed.expires += timedelta(days=365)
    forged.sign(stolen)
    write(tree, "timestamp.json", to_bytes(forged))

    assert refused(world, tree, LATER + HOUR).code is ErrorCode.TRUST_REFUSED
