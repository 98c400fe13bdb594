"""Attack stories against the real client: each is refused, and the kit keeps what it had."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from securesystemslib.signer import CryptoSigner, Key
from trust_builder import DAY, HOUR, NOW, World, edit, insurers, key_entry, new_key, new_spki, ready, role_keys
from tuf.api.metadata import DelegatedRole, Metadata, MetaFile, Root, Snapshot, TargetFile, Targets, Timestamp

from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.core.trust import TrustReason, TrustState
from polisbridge.services.trust.repository import stamp, to_bytes
from polisbridge.services.trust.roles import add_state, change_keys
from polisbridge.services.trust.sign import sign_bytes

LATER = NOW + HOUR


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


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


def test_rollback_of_everything_is_refused(world: World) -> None:
    old = copied(world, "old")
    replace(world, "NO")
    world.sync(LATER)

    assert refused(world, old).code is ErrorCode.TRUST_REFUSED


def test_rollback_is_refused_when_the_clients_own_memory_of_versions_is_lost(world: World) -> None:
    old = copied(world, "old")
    replace(world, "NO")
    world.sync(LATER)
    shutil.rmtree(world.folder / "kit" / "tuf")

    assert "older" in refused(world, old).detail


def test_rollback_of_the_snapshot_under_a_new_timestamp_is_refused(world: World) -> None:
    old = copied(world, "old")
    replace(world, "NO")
    world.sync(LATER)
    snapshot = (old / "metadata" / "1.snapshot.json").read_bytes()
    timestamp = Metadata(Timestamp(version=9, snapshot_meta=MetaFile.from_data(1, snapshot, ["sha256"])))
    stamp(timestamp.signed, "timestamp", LATER)
    timestamp.sign(world.timestamp)
    write(old, "timestamp.json", to_bytes(timestamp))

    assert "snapshot" in refused(world, old).detail


def test_rollback_of_one_states_role_under_a_new_snapshot_is_refused(world: World) -> None:
    tree = copied(world, "tree")
    old = (tree / "metadata" / "1.state-NO.json").read_bytes()
    replace(world, "NO")
    world.sync(LATER)
    newest = copied(world, "newest")
    republished(world, newest, {"state-NO": old})

    assert "state-NO" in refused(world, newest).detail


def test_a_frozen_repository_is_refused_once_its_timestamp_has_expired(world: World) -> None:
    world.sync()
    late = NOW + 8 * DAY

    error = refused(world, world.public, late)

    assert error.code is ErrorCode.TRUST_REFUSED
    assert world.view().freshness(late).state is TrustState.WARN
    assert world.view().freshness(NOW + 15 * DAY).state is TrustState.STALE


def test_a_repository_frozen_before_expiry_is_seen_by_its_age(world: World) -> None:
    found = world.sync(NOW + 2 * DAY).view.freshness(NOW + 2 * DAY)

    assert (found.state, found.reasons) == (TrustState.WARN, (TrustReason.OLDER_THAN_A_DAY,))


def test_old_and_new_metadata_mixed_is_refused(world: World) -> None:
    world.sync()
    old = copied(world, "old")
    replace(world, "NO")
    mixed = copied(world, "mixed")
    shutil.copy(old / "metadata" / "1.snapshot.json", mixed / "metadata" / "2.snapshot.json")

    assert refused(world, mixed).code is ErrorCode.TRUST_REFUSED


def test_one_states_old_role_among_new_ones_leaves_that_state_out_and_no_other(world: World) -> None:
    old = copied(world, "old")
    replace(world, "NO")
    mixed = copied(world, "mixed")
    shutil.copy(old / "metadata" / "1.state-NO.json", mixed / "metadata" / "2.state-NO.json")

    view = world.sync(LATER, source=mixed).view

    assert view.states.keys() == {"SE"}
    assert view.faults == {"NO": TrustReason.STATE_FILE_TAMPERED}
    assert view.insurer_key("NO", key_id_of(world.insurer_keys["NO"][0])) is None


def test_metadata_of_another_repository_is_refused(world: World, tmp_path: Path) -> None:
    world.sync()
    other = ready(tmp_path / "other")

    assert refused(world, other.public).code is ErrorCode.TRUST_REFUSED


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


def test_a_clock_set_back_is_noticed_by_sync_and_by_the_view(world: World) -> None:
    world.sync()

    error = refused(world, world.public, NOW - DAY)

    assert error.code is ErrorCode.CLOCK_BEHIND
    assert world.view().freshness(NOW - DAY).reasons == (TrustReason.CLOCK_BEHIND,)


def test_a_repository_signed_in_the_future_does_not_lock_the_kit(world: World) -> None:
    world.sync()
    world.publish(NOW + 30 * DAY)

    assert refused(world, world.public, LATER).code is ErrorCode.CLOCK_BEHIND
    assert world.view().freshness(LATER).state is TrustState.FRESH


def test_a_path_that_leads_out_of_the_folder_is_not_read(world: World) -> None:
    with pytest.raises(PolisbridgeError, match="out of the folder"):
        FolderTree(world.folder / "kit").read("../repo/public/metadata/timestamp.json")


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
