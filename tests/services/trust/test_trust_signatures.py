"""Too few signatures, one key counted twice, one key for two states: none of them counts."""

from pathlib import Path

import pytest
from securesystemslib.signer import CryptoSigner, Key
from trust_attacks import LATER, copied, refused, republished, republished_hash
from trust_builder import NOW, World, edit, new_key, ready, role_keys
from tuf.api.metadata import Metadata, Root, Targets

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.trust import TrustReason
from polisbridge.services.trust.repository import to_bytes
from polisbridge.services.trust.roles import add_state


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def test_too_few_signatures_on_root_do_not_start_a_kit(world: World) -> None:
    root = Metadata[Root].from_bytes(world.anchor)
    del root.signatures[world.root[0].public_key.keyid]
    (world.public / "metadata" / "1.root.json").write_bytes(to_bytes(root))

    with pytest.raises(PolisbridgeError) as caught:
        world.sync()
    assert caught.value.code is ErrorCode.TRUST_REFUSED


def test_too_few_signatures_on_targets_are_refused(world: World) -> None:
    world.sync()
    tree = copied(world, "tree")
    targets = Metadata[Targets].from_bytes((tree / "metadata" / "1.targets.json").read_bytes())
    targets.signed.version = 2
    targets.sign(world.targets[0])
    republished(world, tree, {"targets": to_bytes(targets)})

    assert "signed by 1/2" in refused(world, tree).detail


def test_a_state_with_too_few_signatures_is_left_out(world: World) -> None:
    tree = copied(world, "tree")
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.sign(world.states["NO"][0])
    republished(world, tree, {"state-NO": to_bytes(state)})

    assert world.sync(LATER, source=tree).view.faults == {"NO": TrustReason.STATE_NOT_SIGNED}


def test_a_signature_written_twice_does_not_count_twice(world: World) -> None:
    tree = copied(world, "tree")
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.sign(world.states["NO"][0])
    republished(world, tree, {"state-NO": to_bytes(state)})
    edit(tree / "metadata" / "2.state-NO.json", lambda value: value["signatures"].append(value["signatures"][0]))
    republished_hash(world, tree, "state-NO", 2)

    assert world.sync(LATER, source=tree).view.faults == {"NO": TrustReason.STATE_NOT_SIGNED}


def under_another_name(signer: CryptoSigner, name: str) -> tuple[CryptoSigner, Key]:
    public = signer.public_key
    key = Key.from_dict(name, public.to_dict())
    return CryptoSigner(signer._private_key, key), key  # type: ignore[arg-type]


def test_one_key_under_two_names_does_not_count_twice(world: World) -> None:
    """The threshold of two is met by two names of one key; the client counts keys, not names."""
    world.sync()
    tree = copied(world, "tree")
    holder, twin = world.states["NO"][0], under_another_name(world.states["NO"][0], "ab" * 32)
    targets = Metadata[Targets].from_bytes((tree / "metadata" / "1.targets.json").read_bytes())
    targets.signed.version = 2
    targets.signed.add_key(twin[1], "state-NO")
    targets.signatures.clear()
    for signer in world.targets[:2]:
        targets.sign(signer, append=True)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.sign(holder)
    state.sign(twin[0], append=True)
    republished(world, tree, {"targets": to_bytes(targets), "state-NO": to_bytes(state)})

    assert "its name is not its hash" in refused(world, tree).detail


def test_a_role_with_the_same_key_twice_is_not_drafted(world: World) -> None:
    key = new_key()

    with pytest.raises(PolisbridgeError, match="the same key twice"):
        add_state(world.files, "FI", role_keys([key, key], 2), NOW)


def test_one_states_key_is_not_admitted_for_another(world: World) -> None:
    with pytest.raises(PolisbridgeError, match="signs for state-NO and state-FI"):
        add_state(world.files, "FI", role_keys([world.states["NO"][0], new_key()], 2), NOW)


def test_a_repository_that_lets_one_key_sign_for_two_states_is_refused(world: World) -> None:
    world.sync()
    tree = copied(world, "tree")
    targets = Metadata[Targets].from_bytes((tree / "metadata" / "1.targets.json").read_bytes())
    targets.signed.version = 2
    targets.signed.add_key(world.states["SE"][0].public_key, "state-NO")
    targets.signatures.clear()
    for signer in world.targets[:2]:
        targets.sign(signer, append=True)
    republished(world, tree, {"targets": to_bytes(targets)})

    assert "signs for state-NO and state-SE" in refused(world, tree).detail
