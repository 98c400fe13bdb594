"""Keys in a token, tried with SoftHSM2 where it is installed (apt-get install softhsm2)."""

import os
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from shutil import which

import pytest

from polisbridge.adapters.pkcs11 import TokenKey, create_token_key, open_token_key
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import key_id_of
from polisbridge.formats.cose import open1, sign1, verified

_MODULES = [
    Path(folder) / "softhsm" / "libsofthsm2.so"
    for folder in (
        "/usr/lib",
        "/usr/lib64",
        "/usr/lib/x86_64-linux-gnu",
        "/usr/lib/aarch64-linux-gnu",
        "/usr/local/lib",
    )
]
MODULE = next((path for path in _MODULES if path.exists()), None)
PIN = b"1234567890"

pytestmark = [
    pytest.mark.skipif(MODULE is None or which("softhsm2-util") is None, reason="SoftHSM2 is not installed"),
    pytest.mark.skipif(find_spec("pkcs11") is None, reason="the extra pkcs11 is not installed"),
    pytest.mark.xdist_group("softhsm"),
]


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenKey]:
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(folder / "softhsm2.conf")
    command = [
        "softhsm2-util",
        "--init-token",
        "--free",
        "--label",
        "insurer",
        "--pin",
        PIN.decode(),
        "--so-pin",
        "12345678",
    ]
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    assert MODULE is not None
    yield TokenKey(MODULE, "insurer", "2026")
    if before is None:
        del os.environ["SOFTHSM2_CONF"]
    else:
        os.environ["SOFTHSM2_CONF"] = before


@pytest.fixture(scope="module")
def public_key(key: TokenKey) -> bytes:
    with create_token_key(key, PIN) as signer:
        return signer.public_key


def refused(code: ErrorCode) -> "pytest.RaisesExc[PolisbridgeError]":
    return pytest.RaisesExc(PolisbridgeError, check=lambda exc: exc.code is code)


def test_a_key_made_in_the_token_is_found_again_and_signs(key: TokenKey, public_key: bytes) -> None:
    with open_token_key(key, PIN) as signer:
        envelope = open1(sign1(b"a message", signer), 1000)

        assert signer.public_key == public_key
        assert envelope.key_id == key_id_of(public_key)
        assert verified(envelope, public_key)
        assert repr(signer) == f"TokenSigner({signer.key_id.hex()})"


def test_a_label_that_is_taken_is_not_used_twice(key: TokenKey, public_key: bytes) -> None:
    with refused(ErrorCode.KEY_EXISTS):
        create_token_key(key, PIN)
    with open_token_key(key, PIN) as signer:
        assert signer.public_key == public_key


@pytest.mark.usefixtures("public_key")
def test_a_wrong_pin_is_refused_and_not_repeated(key: TokenKey) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        open_token_key(key, b"9876")

    assert caught.value.code is ErrorCode.WRONG_PASSPHRASE
    assert "9876" not in f"{caught.value!r} {caught.value.hint}"


@pytest.mark.usefixtures("public_key")
def test_a_key_or_token_that_is_not_there_is_an_error(key: TokenKey) -> None:
    with refused(ErrorCode.NOT_FOUND):
        open_token_key(TokenKey(key.module, key.token, "2027"), PIN)
    with refused(ErrorCode.NOT_READABLE):
        open_token_key(TokenKey(key.module, "nobody", key.label), PIN)


@pytest.mark.usefixtures("public_key")
def test_the_private_key_does_not_leave_the_token(key: TokenKey) -> None:
    import pkcs11  # noqa: PLC0415 - an optional extra

    with open_token_key(key, PIN) as signer, pytest.raises(pkcs11.exceptions.AttributeSensitive):
        signer._key[pkcs11.Attribute.VALUE]


def test_a_module_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "none.so").write_bytes(b"no library")

    with refused(ErrorCode.NOT_READABLE):
        open_token_key(TokenKey(tmp_path / "none.so", "insurer", "2026"), PIN)
