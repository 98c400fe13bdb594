"""Issuing keys of a node: what opens them comes from where it should, and from nowhere else; each insurer has its own list."""

import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from registry_builder import START, note, registries, seller
from sqlalchemy import Engine

from polisbridge.adapters import keys
from polisbridge.adapters.issuing import ASKED, NodeKeys, add_issuing_key, asked_for, credential_of, list_of
from polisbridge.adapters.keys import create_key
from polisbridge.adapters.private_file import write_private
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.nodes import NewIssuingKey

SECRET, TODAY = b"nine words nobody would guess here", START.date()
FIRST, SECOND = "first insurer", "second insurer"


class Place:
    """A node's folder, a folder of keys elsewhere, and a database with two insurers."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.node, self.keys = engine, folder / "node", folder / "keys"
        self.passphrase = self.keys / "passphrase"
        write_private(self.passphrase, SECRET)
        with registries(engine).change() as registry:
            for name in (FIRST, SECOND):
                seller(registry, name)

    def add(self, name: str, insurer: str, first: date = TODAY, passphrase: Path | None = None, state: str = "") -> str:
        path = self.keys / f"{name}.pem"
        create_key(path, SECRET)
        last = None if state else first + timedelta(days=30)
        new = NewIssuingKey(str(path), insurer, state, passphrase or self.passphrase, first, last)
        return add_issuing_key(self.node, self.engine, registries(self.engine), new, note())

    def kept(self) -> NodeKeys:
        return NodeKeys(self.node, self.engine)


@pytest.fixture
def place(engine: Engine, tmp_path: Path) -> Place:
    return Place(engine, tmp_path)


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.delenv(ASKED, raising=False)


def code_of(caught: pytest.ExceptionInfo[PolisbridgeError]) -> ErrorCode:
    return caught.value.code


def without_file(place: Place) -> str:
    """Forget where the passphrase of the only key lies; return the name of its credential."""
    (one,) = place.kept().kept()
    path = place.node / "issuing" / "keys.json"
    path.write_text(path.read_text().replace(one.passphrase_file, ""))
    return str(credential_of(one))


def test_an_insurer_signs_with_the_newest_of_its_keys_that_is_in_use(place: Place) -> None:
    place.add("a", FIRST, TODAY - timedelta(days=10))
    newer = place.add("b", FIRST, TODAY - timedelta(days=5))
    place.add("c", FIRST, TODAY + timedelta(days=5))
    with place.kept().place(FIRST, TODAY) as found:
        assert found.signer.key_id.hex() == newer


def test_a_key_whose_days_are_over_signs_nothing(place: Place) -> None:
    place.add("old", SECOND, TODAY - timedelta(days=400))
    with pytest.raises(PolisbridgeError) as caught, place.kept().place(SECOND, TODAY):
        pass
    assert code_of(caught) is ErrorCode.NO_ISSUING_KEY


def test_every_insurer_of_a_state_has_a_list_of_its_own_and_keeps_it(place: Place) -> None:
    place.add("one", FIRST)
    place.add("two", SECOND)
    first, second = (list_of(place.engine, one) for one in (FIRST, SECOND))
    place.add("three", FIRST, TODAY - timedelta(days=1))

    assert first != second
    assert list_of(place.engine, FIRST) == first


def test_what_is_kept_of_a_key_opens_nothing(place: Place) -> None:
    place.add("one", FIRST)
    path = place.node / "issuing" / "keys.json"
    written = path.read_bytes()

    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert SECRET not in written
    assert b"PRIVATE KEY" not in written


def test_a_passphrase_file_that_others_can_read_is_refused(place: Place) -> None:
    place.add("one", FIRST)
    place.passphrase.chmod(0o644)
    with pytest.raises(PolisbridgeError) as caught, place.kept().place(FIRST, TODAY):
        pass
    assert code_of(caught) is ErrorCode.KEY_UNSAFE


def test_a_key_that_is_not_encrypted_is_not_set_up(place: Place) -> None:
    path = place.keys / "open.pem"
    keys.create_key_that_anybody_with_the_file_can_use(path)
    new = NewIssuingKey(str(path), FIRST, "", place.passphrase)
    with pytest.raises(PolisbridgeError) as caught:
        add_issuing_key(place.node, place.engine, registries(place.engine), new, note())
    assert code_of(caught) is ErrorCode.KEY_UNSAFE


def test_another_key_in_the_place_of_the_one_set_up_is_noticed(place: Place) -> None:
    place.add("one", FIRST)
    path = place.keys / "one.pem"
    path.unlink()
    create_key(path, SECRET)
    with pytest.raises(PolisbridgeError) as caught, place.kept().place(FIRST, TODAY):
        pass
    assert code_of(caught) is ErrorCode.KEY_UNSAFE


def test_a_wrong_passphrase_sets_nothing_up(place: Place) -> None:
    wrong = place.keys / "wrong"
    write_private(wrong, b"other words than those")
    with pytest.raises(PolisbridgeError) as caught:
        place.add("one", FIRST, passphrase=wrong)

    assert code_of(caught) is ErrorCode.WRONG_PASSPHRASE
    assert place.kept().kept() == []


def test_an_insurer_that_is_not_on_record_gets_no_key(place: Place) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        place.add("one", "nobody")
    assert (code_of(caught), place.kept().kept()) == (ErrorCode.NOT_FOUND, [])


def test_the_service_manager_s_credential_opens_a_key(
    place: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place.add("one", FIRST)
    name = without_file(place)
    with pytest.raises(PolisbridgeError), place.kept().place(FIRST, TODAY):
        pass
    write_private(tmp_path / "credentials" / name, SECRET)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))

    with place.kept().place(FIRST, TODAY) as found:
        assert len(found.signer.sign(b"certificate")) == 64


def test_what_was_typed_serves_the_processes_and_is_gone_when_they_end(place: Place) -> None:
    place.add("one", FIRST)
    without_file(place)
    with asked_for(place.node, place.engine, lambda _: SECRET):
        memory = Path(os.environ[ASKED])
        assert memory.stat().st_mode & 0o777 == 0o700
        with place.kept().place(FIRST, TODAY) as found:
            assert len(found.signer.sign(b"certificate")) == 64

    assert ASKED not in os.environ
    assert not memory.exists()


def test_nobody_is_asked_where_everything_opens_by_itself(place: Place) -> None:
    place.add("one", FIRST)
    place.add("lists", "", state="UZ")

    def ask(_: str) -> bytes:
        raise AssertionError("nobody should be asked")

    with asked_for(place.node, place.engine, ask):
        assert ASKED not in os.environ
    with place.kept().list_signer("UZ") as signer:
        assert len(signer.sign(b"list")) == 64
