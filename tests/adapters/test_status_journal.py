import os
import stat
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from secrets import randbelow

import pytest

from polisbridge.adapters.status_journal import FileJournal
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.statusbook import Note
from polisbridge.services.status import StatusRegister

NOTE = Note("clerk 4", datetime(2026, 11, 22, tzinfo=UTC), "issued")


def test_what_was_added_is_read_by_another_program(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "register", new=True).hold() as held:
        held.append(b"one\n")
        held.append(b"two\n")

    with FileJournal(tmp_path / "register", new=True).hold() as held:
        assert held.read(0) == b"one\ntwo\n"
        assert held.read(4) == b"two\n"


def test_a_register_that_should_be_there_and_is_not_is_not_made(tmp_path: Path) -> None:
    with (
        pytest.raises(PolisbridgeError, match="no register") as caught,
        FileJournal(tmp_path / "register", new=False).hold(),
    ):
        pass

    assert caught.value.code is ErrorCode.NOT_FOUND
    assert list(tmp_path.iterdir()) == []


def test_others_cannot_read_the_register(tmp_path: Path) -> None:
    with FileJournal(tmp_path / "register", new=True).hold() as held:
        held.append(b"one\n")

    assert stat.S_IMODE((tmp_path / "register").stat().st_mode) == 0o600


def test_a_line_that_a_crash_cut_short_is_not_read_and_gives_way_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "register"
    path.write_bytes(b"one\n" + b"x" * 200_000)

    with FileJournal(path, new=True).hold() as held:
        assert held.read(0) == b"one\n"
        held.append(b"two\n")

    assert path.read_bytes() == b"one\ntwo\n"


def test_a_line_that_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "register"
    with FileJournal(path, new=True).hold() as held:
        held.append(b"one\n")
        write = os.pwrite

        def half(descriptor: int, data: bytes, at: int) -> int:
            if len(data) < 4:
                raise OSError(28, "No space left on device")
            return write(descriptor, data[:2], at)

        monkeypatch.setattr(os, "pwrite", half)
        with pytest.raises(PolisbridgeError, match="No space left"):
            held.append(b"two\n")

    assert path.read_bytes() == b"one\n"


def test_a_file_that_lost_lines_is_damaged(tmp_path: Path) -> None:
    with (
        FileJournal(tmp_path / "register", new=True).hold() as held,
        pytest.raises(PolisbridgeError, match="register_damaged"),
    ):
        held.read(10)


def test_a_folder_that_is_not_there_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with (
        pytest.raises(PolisbridgeError, match="not_readable"),
        FileJournal(tmp_path / "no" / "register", new=True).hold(),
    ):
        pass


def allocate(path: Path, office: int) -> None:
    register = StatusRegister(FileJournal(path, new=True), "UZ", randbelow)
    for number in range(25):
        register.allocate([f"{office}-{number}"], NOTE)


def test_programs_that_issue_at_the_same_time_never_share_an_entry(tmp_path: Path) -> None:
    path = tmp_path / "register"
    StatusRegister(FileJournal(path, new=True), "UZ", randbelow).open_list(1, NOTE)
    offices = [get_context("spawn").Process(target=allocate, args=(path, office)) for office in range(3)]
    for one in offices:
        one.start()
    for one in offices:
        one.join()
    register = StatusRegister(FileJournal(path, new=True), "UZ", randbelow)

    places = {register.entry(f"{office}-{number}").reference for office in range(3) for number in range(25)}

    assert len(places) == 75
