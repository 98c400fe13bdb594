"""Keys in files: who can read them, what opens them, and that nothing of them gets out."""

import copy
import io
import os
import pickle
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path
from shutil import which

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from polisbridge.adapters import passphrase
from polisbridge.adapters.key_seal import sealed
from polisbridge.adapters.keys import (
    SoftwareSigner,
    create_key,
    create_key_that_anybody_with_the_file_can_use,
    is_encrypted,
    open_key,
    open_key_that_anybody_with_the_file_can_use,
    public_text,
)
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.formats.cose import open1, sign1, verified

PHRASE = "верные слова для ключа".encode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SoftwareSigner]:
    path = tmp_path_factory.mktemp("keys") / "own" / "insurer.pem"
    return path, create_key(path, PHRASE)


def refused(code: ErrorCode) -> "pytest.RaisesExc[PolisbridgeError]":
    return pytest.RaisesExc(PolisbridgeError, check=lambda exc: exc.code is code)


def pem(key: object) -> bytes:
    assert isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def private(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    path.chmod(0o600)
    return path


def test_a_new_key_opens_with_its_passphrase_and_is_the_same(made: tuple[Path, SoftwareSigner]) -> None:
    path, signer = made

    assert open_key(path, PHRASE).public_key == signer.public_key


def test_what_a_key_signs_its_public_key_verifies(made: tuple[Path, SoftwareSigner]) -> None:
    _, signer = made
    envelope = open1(sign1(b"a message", signer), 1000)

    assert verified(envelope, signer.public_key)
    assert envelope.key_id == signer.key_id == key_id_of(signer.public_key)


def test_signing_twice_gives_the_same_bytes(made: tuple[Path, SoftwareSigner]) -> None:
    _, signer = made

    assert signer.sign(b"a message") == signer.sign(b"a message")
    assert len(signer.sign(b"a message")) == 64


def test_a_key_file_and_its_folder_are_closed_to_others(made: tuple[Path, SoftwareSigner]) -> None:
    path, _ = made

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [path] == list(path.parent.iterdir())


def test_permissions_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_key(tmp_path / "own" / "k.pem", PHRASE)
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "own" / "k.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "own").stat().st_mode) == 0o700


def openssl(*arguments: str | Path, typed: bytes = b"") -> str:
    done = subprocess.run(["openssl", *arguments], input=typed, capture_output=True, check=True)  # noqa: S603, S607
    return (done.stdout + done.stderr).decode()


@pytest.mark.skipif(which("openssl") is None, reason="no openssl here")
def test_the_file_is_one_that_openssl_reads_and_that_costs_scrypt_to_guess(made: tuple[Path, SoftwareSigner]) -> None:
    path, _ = made
    shown = openssl("asn1parse", "-in", path)
    checked = openssl("pkey", "-in", path, "-passin", "stdin", "-noout", "-check", typed=PHRASE + b"\n")

    assert ":PBES2" in shown
    assert ":scrypt" in shown
    assert ":aes-256-cbc" in shown
    assert "Key is valid" in checked


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_not_opened(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "own" / "k.pem"
    create_key(path, PHRASE)
    path.chmod(mode)

    with refused(ErrorCode.KEY_UNSAFE):
        open_key(path, PHRASE)


def test_no_key_is_made_in_a_folder_that_others_can_enter(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)

    with refused(ErrorCode.KEY_UNSAFE):
        create_key(tmp_path / "open" / "k.pem", PHRASE)
    assert not list((tmp_path / "open").iterdir())


def test_a_key_is_never_overwritten(made: tuple[Path, SoftwareSigner]) -> None:
    path, _ = made
    before = path.read_bytes()

    with refused(ErrorCode.KEY_EXISTS):
        create_key(path, PHRASE)
    assert before == path.read_bytes()


def test_a_wrong_passphrase_is_refused_without_a_word_about_either(made: tuple[Path, SoftwareSigner]) -> None:
    path, _ = made
    with pytest.raises(PolisbridgeError) as caught:
        open_key(path, b"something else entirely")

    assert caught.value.code is ErrorCode.WRONG_PASSPHRASE
    assert "something else" not in f"{caught.value!r} {caught.value.hint}"
    assert caught.value.__cause__ is None


def test_a_short_passphrase_makes_no_key(tmp_path: Path) -> None:
    with refused(ErrorCode.KEY_UNSAFE):
        create_key(tmp_path / "own" / "k.pem", b"too short")
    assert not (tmp_path / "own").exists()


def test_a_key_without_passphrase_is_made_and_opened_only_by_a_name_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "own" / "k.pem"
    signer = create_key_that_anybody_with_the_file_can_use(path)

    assert not is_encrypted(path)
    assert open_key_that_anybody_with_the_file_can_use(path).key_id == signer.key_id
    with refused(ErrorCode.KEY_UNSAFE):
        open_key(path, PHRASE)


def test_an_encrypted_key_does_not_open_without_its_passphrase(made: tuple[Path, SoftwareSigner]) -> None:
    path, _ = made

    assert is_encrypted(path)
    with refused(ErrorCode.WRONG_PASSPHRASE):
        open_key_that_anybody_with_the_file_can_use(path)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pem(ec.generate_private_key(ec.SECP384R1())), id="P-384"),
        pytest.param(pem(ed25519.Ed25519PrivateKey.generate()), id="Ed25519"),
    ],
)
def test_only_p256_keys_are_taken(tmp_path: Path, data: bytes) -> None:
    with refused(ErrorCode.KEY_UNSAFE):
        open_key_that_anybody_with_the_file_can_use(private(tmp_path / "k.pem", data))


@pytest.mark.parametrize("data", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_a_file_that_holds_no_key_is_refused(tmp_path: Path, data: bytes) -> None:
    with refused(ErrorCode.BAD_INPUT):
        open_key_that_anybody_with_the_file_can_use(private(tmp_path / "k.pem", data))


def test_a_missing_a_large_and_a_special_file_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)

    with refused(ErrorCode.NOT_FOUND):
        open_key(tmp_path / "none.pem", PHRASE)
    with refused(ErrorCode.TOO_LARGE):
        open_key(private(tmp_path / "large.pem", bytes(20_000)), PHRASE)
    with refused(ErrorCode.NOT_READABLE):
        open_key(tmp_path / "pipe", PHRASE)


@pytest.mark.parametrize("get_out", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_key_cannot_be_copied_out(made: tuple[Path, SoftwareSigner], get_out: Callable[[object], object]) -> None:
    with pytest.raises(TypeError, match="not to be"):
        get_out(made[1])


def test_a_key_shows_its_id_and_nothing_else(made: tuple[Path, SoftwareSigner]) -> None:
    signer = made[1]

    assert f"SoftwareSigner({signer.key_id.hex()})" == repr(signer) == str(signer)
    assert not hasattr(signer, "__dict__")


def test_the_public_key_can_be_handed_on_as_text(made: tuple[Path, SoftwareSigner]) -> None:
    assert public_text(made[1].public_key).startswith(b"-----BEGIN PUBLIC KEY-----")


def test_two_seals_of_one_key_differ() -> None:
    assert sealed(b"a key", PHRASE) != sealed(b"a key", PHRASE)


def test_a_passphrase_comes_from_the_first_line_of_a_private_file(tmp_path: Path) -> None:
    path = private(tmp_path / "phrase", b"first line\r\nsecond\n")

    assert passphrase.from_file(path) == b"first line"
    path.chmod(0o644)
    with refused(ErrorCode.KEY_UNSAFE):
        passphrase.from_file(path)


def test_a_passphrase_comes_from_a_descriptor_which_is_then_closed() -> None:
    reading, writing = os.pipe()
    os.write(writing, b"first line\n")
    os.close(writing)

    assert passphrase.from_descriptor(reading) == b"first line"
    with refused(ErrorCode.NOT_READABLE):
        passphrase.from_descriptor(reading)


def test_a_passphrase_is_asked_for_twice_and_must_be_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = io.StringIO("one phrase\none phrase\none phrase\nanother\n")
    monkeypatch.setattr(passphrase, "getpass", lambda _question: answers.readline().rstrip("\n"))

    assert passphrase.prompted("Passphrase", "Again") == b"one phrase"
    with refused(ErrorCode.BAD_INPUT):
        passphrase.prompted("Passphrase", "Again")


def test_a_passphrase_is_the_same_however_its_letters_were_typed(tmp_path: Path) -> None:
    composed, combined = "й", "и\u0306"

    assert passphrase.from_file(private(tmp_path / "a", composed.encode())) == passphrase.from_file(
        private(tmp_path / "b", combined.encode())
    )


@pytest.mark.parametrize("data", [b"", b"\n", b"\xff\xfe"])
def test_an_empty_or_unreadable_passphrase_is_refused(tmp_path: Path, data: bytes) -> None:
    with refused(ErrorCode.BAD_INPUT):
        passphrase.from_file(private(tmp_path / "phrase", data))
