"""One state speaking for another, and files that are not what was signed: nobody else is harmed."""

import shutil
from pathlib import Path

import pytest
from trust_attacks import LATER, copied, refused, republished
from trust_builder import NOW, World, insurers, key_entry, new_spki, ready
from tuf.api.metadata import DelegatedRole, Metadata, TargetFile, Targets

from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.trust import TrustReason, TrustState
from polisbridge.services.trust.repository import to_bytes


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def test_one_state_cannot_speak_for_another_by_path(world: World) -> None:
    tree = copied(world, "tree")
    evil = insurers("NO", {"evil": [key_entry(new_spki())]})
    info = TargetFile.from_data("NO/insurers.json", evil, ["sha256"])
    (tree / "targets" / "NO" / f"{info.hashes['sha256']}.insurers.json").write_bytes(evil)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-SE.json").read_bytes())
    state.signed.version = 2
    state.signed.targets["NO/insurers.json"] = info
    state.signatures.clear()
    for signer in world.states["SE"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-SE": to_bytes(state)})

    view = world.sync(LATER, source=tree).view

    assert {key.insurer for key in view.states["NO"].keys.values()} == {"first", "second"}


def test_one_state_cannot_sign_anothers_role_with_its_keys(world: World) -> None:
    tree = copied(world, "tree")
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.signatures.clear()
    for signer in world.states["SE"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-NO": to_bytes(state)})

    assert world.sync(LATER, source=tree).view.faults == {"NO": TrustReason.STATE_NOT_SIGNED}


@pytest.mark.parametrize("paths", [["NO/*", "SE/*"], ["*/*"], ["NO/*", "common/*"]])
def test_a_states_role_that_reaches_beyond_its_own_paths_is_refused(world: World, paths: list[str]) -> None:
    world.sync()
    tree = copied(world, "tree")
    targets = Metadata[Targets].from_bytes((tree / "metadata" / "1.targets.json").read_bytes())
    targets.signed.version = 2
    delegations = targets.signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    old = delegations.roles["state-NO"]
    delegations.roles["state-NO"] = DelegatedRole("state-NO", old.keyids, 2, terminating=True, paths=paths)
    targets.signatures.clear()
    for signer in world.targets[:2]:
        targets.sign(signer, append=True)
    republished(world, tree, {"targets": to_bytes(targets)})

    assert refused(world, tree).code is ErrorCode.TRUST_REFUSED


def test_the_targets_role_cannot_speak_for_a_state(world: World) -> None:
    world.sync()
    tree = copied(world, "tree")
    evil = insurers("NO", {"evil": [key_entry(new_spki())]})
    info = TargetFile.from_data("NO/insurers.json", evil, ["sha256"])
    (tree / "targets" / "NO" / f"{info.hashes['sha256']}.insurers.json").write_bytes(evil)
    targets = Metadata[Targets].from_bytes((tree / "metadata" / "1.targets.json").read_bytes())
    targets.signed.version = 2
    targets.signed.targets["NO/insurers.json"] = info
    targets.signatures.clear()
    for signer in world.targets[:2]:
        targets.sign(signer, append=True)
    republished(world, tree, {"targets": to_bytes(targets)})

    assert "speaks for a state" in refused(world, tree).detail


def test_a_file_that_names_another_state_leaves_its_state_out(world: World) -> None:
    tree = copied(world, "tree")
    wrong = insurers("SE", {"first": [key_entry(new_spki())]})
    info = TargetFile.from_data("NO/insurers.json", wrong, ["sha256"])
    (tree / "targets" / "NO" / f"{info.hashes['sha256']}.insurers.json").write_bytes(wrong)
    state = Metadata[Targets].from_bytes((tree / "metadata" / "1.state-NO.json").read_bytes())
    state.signed.version = 2
    state.signed.targets["NO/insurers.json"] = info
    state.signatures.clear()
    for signer in world.states["NO"][:2]:
        state.sign(signer, append=True)
    republished(world, tree, {"state-NO": to_bytes(state)})

    assert world.sync(LATER, source=tree).view.faults == {"NO": TrustReason.STATE_FILE_FAULTY}


def test_a_tampered_file_leaves_its_state_out_and_no_other(world: World) -> None:
    tree = copied(world, "tree")
    for path in (tree / "targets" / "NO").glob("*.insurers.json"):
        path.write_bytes(path.read_bytes().replace(b"first", b"fir5t"))

    view = world.sync(source=tree).view

    assert view.faults == {"NO": TrustReason.STATE_FILE_TAMPERED}
    assert view.freshness(NOW, "NO").state is TrustState.UNUSABLE
    assert view.freshness(NOW, "SE").state is TrustState.FRESH


def test_a_withheld_file_leaves_its_state_out(world: World) -> None:
    tree = copied(world, "tree")
    shutil.rmtree(tree / "targets" / "NO")

    assert world.sync(source=tree).view.faults == {"NO": TrustReason.STATE_NOT_FETCHED}


def test_a_kit_changed_on_disk_is_refused(world: World) -> None:
    world.sync()
    path = next((world.folder / "kit" / "sets").iterdir())
    path.write_bytes(path.read_bytes().replace(b"first", b"fir5t"))

    with pytest.raises(PolisbridgeError) as caught:
        world.view()
    assert caught.value.code is ErrorCode.TRUST_REFUSED


def test_a_path_that_leads_out_of_the_folder_is_not_read(world: World) -> None:
    with pytest.raises(PolisbridgeError, match="out of the folder"):
        FolderTree(world.folder / "kit").read("../repo/public/metadata/timestamp.json")
