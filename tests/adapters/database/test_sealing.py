"""Seals: what is sealed opens with the node's keys only, in its own place only, and after a new key as well."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.adapters.database.sealing import KeyRing, add_key, key_files, make_keys, read_keys
from polisbridge.core.errors import ErrorCode, PolisbridgeError

RING = KeyRing({"seal-1.key": bytes(32)}, bytes(range(32)))


@given(st.binary(max_size=200), st.text(max_size=20))
def test_what_was_sealed_opens(plain: bytes, use: str) -> None:
    sealed = RING.seal(plain, use)

    assert RING.open(sealed, use) == plain
    assert len(plain) < 8 or plain not in sealed


@given(st.binary(min_size=1, max_size=40), st.data())
def test_no_bit_can_be_changed(plain: bytes, data: st.DataObject) -> None:
    sealed = bytearray(RING.seal(plain, "person.1"))
    place = data.draw(st.integers(0, len(sealed) - 1))
    sealed[place] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(PolisbridgeError) as caught:
        RING.open(bytes(sealed), "person.1")
    assert caught.value.code is ErrorCode.NOT_READABLE


def test_bytes_moved_to_another_person_do_not_open() -> None:
    with pytest.raises(PolisbridgeError, match=r"person\.2"):
        RING.open(RING.seal(b"KARIMOV", "person.1"), "person.2")


def test_the_same_text_is_never_sealed_alike_and_always_hashed_alike() -> None:
    assert RING.seal(b"KARIMOV", "person.1") != RING.seal(b"KARIMOV", "person.1")
    assert RING.hashed("AA1234567", "document") == RING.hashed("AA1234567", "document")
    assert RING.hashed("AA1234567", "document") != RING.hashed("AA1234567", "born")
    assert RING.hashed("AA1234567", "document") != KeyRing({"s": bytes(32)}, bytes(32)).hashed("AA1234567", "document")


def test_a_new_key_seals_and_the_old_one_still_opens(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    old = read_keys(tmp_path / "keys")
    sealed = old.seal(b"KARIMOV", "person.1")

    for number in range(2, 12):
        assert add_key(tmp_path / "keys") == f"seal-{number}.key"
    new = read_keys(tmp_path / "keys")

    assert new.open(sealed, "person.1") == b"KARIMOV"
    assert not new.is_newest(sealed)
    assert new.is_newest(new.seal(b"KARIMOV", "person.1"))
    assert new.secret("web") == old.secret("web")
    with pytest.raises(PolisbridgeError, match="which is not here"):
        old.open(new.seal(b"KARIMOV", "person.1"), "person.1")


def test_keys_are_for_their_owner_alone_and_never_overwritten(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in key_files(tmp_path / "keys")}

    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    with pytest.raises(PolisbridgeError) as caught:
        make_keys(tmp_path / "keys")
    assert caught.value.code is ErrorCode.KEY_EXISTS


def test_keys_that_a_crash_left_half_made_are_completed(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    first = (tmp_path / "keys" / "hash.key").read_bytes()
    (tmp_path / "keys" / "seal-1.key").unlink()

    make_keys(tmp_path / "keys")

    assert (tmp_path / "keys" / "hash.key").read_bytes() == first
    assert read_keys(tmp_path / "keys").names.keys() == {"seal-1.key"}


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    (tmp_path / "keys" / "hash.key").chmod(0o644)

    with pytest.raises(PolisbridgeError) as caught:
        read_keys(tmp_path / "keys")
    assert caught.value.code is ErrorCode.KEY_UNSAFE


def test_a_key_cut_short_is_refused(tmp_path: Path) -> None:
    make_keys(tmp_path / "keys")
    (tmp_path / "keys" / "seal-1.key").write_bytes(bytes(31))

    with pytest.raises(PolisbridgeError, match="no key of a node"):
        read_keys(tmp_path / "keys")
