"""Old data shown as new, in whole or in part, and clocks that are wrong: each is refused, and the kit keeps what it had."""

import shutil
from pathlib import Path

import pytest
from trust_attacks import LATER, copied, refused, replace, republished, write
from trust_builder import DAY, NOW, World, ready
from tuf.api.metadata import Metadata, MetaFile, Timestamp

from polisbridge.core.errors import ErrorCode
from polisbridge.core.signing import key_id_of
from polisbridge.core.trust import TrustReason, TrustState
from polisbridge.services.trust.repository import stamp, to_bytes


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


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
