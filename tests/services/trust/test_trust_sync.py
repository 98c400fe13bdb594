"""From the key ceremony to a verifier that reads keys, status sources, law and freshness offline."""

import shutil
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from trust_builder import DAY, HOUR, NOW, World, law_files, ready

from polisbridge.adapters.trust_store import DiskClient, FolderTree
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.core.trust import TrustReason, TrustState
from polisbridge.formats.lawfile import read_law
from polisbridge.services.trust.publish import publish
from polisbridge.services.trust.sync import load_view, note_signed_time, sync


@pytest.fixture
def world(tmp_path: Path) -> World:
    return ready(tmp_path)


def test_a_synced_kit_knows_insurers_status_lists_assistance_and_law(world: World) -> None:
    world.sync()

    view = world.view()

    key = view.insurer_key("NO", key_id_of(world.insurer_keys["NO"][0]))
    assert key is not None
    assert (key.insurer, key.state, key.spki, key.removed) == ("first", "NO", world.insurer_keys["NO"][0], False)
    source = view.status_source("NO", 1)
    assert source is not None
    assert source.location == "status/NO/1"
    assert view.assistance("NO")[0].phones == ("+47 22 00 00 00",)
    assert read_law(view.law_files()).states() == ("NO", "SE")


def test_a_key_is_known_by_its_state_too(world: World) -> None:
    world.sync()

    assert world.view().insurer_key("SE", key_id_of(world.insurer_keys["NO"][0])) is None


def test_the_kit_reads_the_same_after_a_restart(world: World) -> None:
    found = world.sync().view

    assert found == world.view()


def test_a_new_kit_needs_a_root(tmp_path: Path) -> None:
    kit = tmp_path / "kit"
    with pytest.raises(PolisbridgeError) as caught:
        sync(FolderTree(kit), DiskClient(kit), str(tmp_path), NOW)
    assert caught.value.code is ErrorCode.NO_TRUST
    with pytest.raises(PolisbridgeError) as caught:
        load_view(FolderTree(kit))
    assert caught.value.code is ErrorCode.NO_TRUST


@pytest.mark.parametrize(
    ("later", "state", "reasons"),
    [
        (timedelta(0), TrustState.FRESH, ()),
        (DAY, TrustState.FRESH, ()),
        (DAY + HOUR, TrustState.WARN, (TrustReason.OLDER_THAN_A_DAY,)),
        (7 * DAY + HOUR, TrustState.WARN, (TrustReason.OLDER_THAN_A_DAY, TrustReason.EXPIRED)),
        (14 * DAY, TrustState.WARN, (TrustReason.OLDER_THAN_A_DAY, TrustReason.EXPIRED)),
        (14 * DAY + HOUR, TrustState.STALE, (TrustReason.OLDER_THAN_A_DAY, TrustReason.LONG_EXPIRED)),
        (-HOUR, TrustState.UNUSABLE, (TrustReason.CLOCK_BEHIND,)),
        (-timedelta(minutes=9), TrustState.FRESH, ()),
    ],
)
def test_data_ages_from_fresh_to_stale(
    world: World, later: timedelta, state: TrustState, reasons: tuple[TrustReason, ...]
) -> None:
    world.sync()

    found = world.view().freshness(NOW + later)

    assert (state, reasons) == (found.state, found.reasons)


def test_a_state_that_nobody_admitted_is_unusable_and_says_so(world: World) -> None:
    found = world.sync().view.freshness(NOW, "FI")

    assert (found.state, found.reasons) == (TrustState.UNUSABLE, (TrustReason.STATE_UNKNOWN,))


def test_law_files_travel_unchanged(world: World) -> None:
    view = world.sync().view

    assert view.law_files() == {**law_files("common"), **law_files("NO"), **law_files("SE")}


def test_the_timestamp_alone_is_renewed_without_the_snapshot_key(world: World) -> None:
    world.sync()
    report = publish(world.files, NOW + HOUR, world.timestamp)

    assert report.timestamp == 2
    assert world.sync(NOW + HOUR).view.signed == NOW + HOUR


def test_a_usb_stick_works_like_a_server(world: World, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    shutil.copytree(world.public, stick)

    assert world.sync(source=stick).view.states.keys() == {"NO", "SE"}


@pytest.mark.enable_socket
def test_a_web_server_of_static_files_is_enough(world: World) -> None:
    handler = partial(QuietHandler, directory=str(world.public))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            kit = world.folder / "kit"
            address = f"http://127.0.0.1:{server.server_port}"
            found = sync(FolderTree(kit), DiskClient(kit), address, NOW, world.anchor)
        finally:
            server.shutdown()
            thread.join()

    assert found.view.states.keys() == {"NO", "SE"}


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and logs nothing."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002, ARG002 - as the base class has it
        return


def test_law_of_one_state_comes_with_the_shared_law_only(world: World) -> None:
    view = world.sync().view

    assert view.law_files("SE") == {**law_files("common"), **law_files("SE")}


def test_a_signed_moment_seen_elsewhere_is_remembered(world: World) -> None:
    world.sync()
    kit = FolderTree(world.folder / "kit")

    note_signed_time(kit, NOW + 3 * HOUR)
    note_signed_time(kit, NOW - 3 * HOUR)

    assert load_view(kit).newest_signed == NOW + 3 * HOUR
    assert TrustReason.CLOCK_BEHIND in load_view(kit).freshness(NOW).reasons
