"""A removed key of an insurer never verifies again, and no other key is touched."""

from pathlib import Path

import pytest
from trust_attacks import LATER, copied, republished
from trust_builder import World, insurers, key_entry, ready
from tuf.api.metadata import Metadata, TargetFile, Targets

from polisbridge.core.signing import key_id_of
from polisbridge.services.trust.repository import to_bytes


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def removed_key(world: World) -> bytes:
    """Publish the removal of the first insurer's key, sync, and return its id."""
    one, two = world.insurer_keys["NO"]
    new = insurers("NO", {"first": [key_entry(one, status="removed")], "second": [key_entry(two)]})
    world.put("NO", {"insurers.json": new}, LATER)
    assert world.publish(LATER).faults == []
    return key_id_of(one)


def test_a_removed_key_is_removed_and_the_others_are_not(world: World) -> None:
    world.sync()
    gone = removed_key(world)

    found = world.sync(LATER)

    assert found.newly_removed == {"NO": (gone.hex(),)}
    assert [key.accepted(LATER) for key in found.view.states["NO"].keys.values()] == [False, True]


def test_a_removed_key_stays_removed_when_the_state_lists_it_again(world: World) -> None:
    """Whatever is signed later, by whomever: the client remembers."""
    world.sync()
    gone = removed_key(world)
    world.sync(LATER)
    one, two = world.insurer_keys["NO"]
    tree = copied(world, "tree")
    again = insurers("NO", {"first": [key_entry(one)], "second": [key_entry(two)]})
    info = TargetFile.from_data("NO/insurers.json", again, ["sha256"])
    (tree / "targets" / "NO" / f"{info.hashes['sha256']}.insurers.json").write_bytes(again)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "2.state-NO.json").read_bytes())
    state.signed.version = 3
    state.signed.targets["NO/insurers.json"] = info
    state.signatures.clear()
    for signer in world.states["NO"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-NO": to_bytes(state)})

    world.sync(LATER, source=tree)

    key = world.view().insurer_key("NO", gone)
    assert key is not None
    assert key.removed


def test_another_state_cannot_have_a_key_removed(world: World) -> None:
    """A state that lists its neighbour's key as removed harms only its own list."""
    one = world.insurer_keys["NO"][0]
    mine, other = world.insurer_keys["SE"]
    evil = insurers("SE", {"x": [key_entry(one, status="removed"), key_entry(mine)], "second": [key_entry(other)]})
    tree = copied(world, "tree")
    info = TargetFile.from_data("SE/insurers.json", evil, ["sha256"])
    (tree / "targets" / "SE" / f"{info.hashes['sha256']}.insurers.json").write_bytes(evil)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-SE.json").read_bytes())
    state.signed.version = 2
    state.signed.targets["SE/insurers.json"] = info
    state.signatures.clear()
    for signer in world.states["SE"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-SE": to_bytes(state)})

    key = world.sync(LATER, source=tree).view.insurer_key("NO", key_id_of(one))

    assert key is not None
    assert not key.removed


def test_a_key_that_vanishes_from_the_list_is_remembered_as_removed(world: World) -> None:
    world.sync()
    one, two = world.insurer_keys["NO"]
    tree = copied(world, "tree")
    short = insurers("NO", {"second": [key_entry(two)]})
    info = TargetFile.from_data("NO/insurers.json", short, ["sha256"])
    (tree / "targets" / "NO" / f"{info.hashes['sha256']}.insurers.json").write_bytes(short)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.signed.targets["NO/insurers.json"] = info
    state.signatures.clear()
    for signer in world.states["NO"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-NO": to_bytes(state)})

    assert world.sync(LATER, source=tree).newly_removed == {"NO": (key_id_of(one).hex(),)}
