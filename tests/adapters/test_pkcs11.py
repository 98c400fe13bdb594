"""Keys in a token, tried with SoftHSM2 where it is installed (apt-get install softhsm2)."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from softhsm import PIN, TOKEN

from polisbridge.adapters.pkcs11 import MODULE, create_token_key, open_token_key
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import TokenKey, key_id_of
from polisbridge.formats.cose import open1, sign1, verified

pytestmark = pytest.mark.skipif(find_spec("pkcs11") is None, reason="the extra pkcs11 is not installed")


@pytest.fixture(scope="module")
def key(softhsm: Path) -> TokenKey:
    return TokenKey(TOKEN, "2026", str(softhsm))


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
        open_token_key(TokenKey(key.token, "2027", key.module), PIN)
    with refused(ErrorCode.NOT_READABLE):
        open_token_key(TokenKey("nobody", key.label, key.module), PIN)


def test_two_keys_of_one_token_sign_side_by_side(key: TokenKey, public_key: bytes) -> None:
    other = TokenKey(key.token, "beside", key.module)
    with create_token_key(other, PIN) as made:
        second = made.public_key

    with open_token_key(key, PIN) as one, open_token_key(other, PIN) as two:
        envelopes = [open1(sign1(b"a message", signer), 1000) for signer in (one, two, one)]

    assert [verified(*pair) for pair in zip(envelopes, (public_key, second, public_key), strict=True)] == [True] * 3


def test_a_module_is_named_with_the_key_or_by_the_environment(
    key: TokenKey, public_key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    unnamed = TokenKey(key.token, key.label)
    monkeypatch.delenv(MODULE, raising=False)
    with pytest.raises(PolisbridgeError, match="no PKCS#11 module"):
        open_token_key(unnamed, PIN)

    monkeypatch.setenv(MODULE, key.module)
    with open_token_key(unnamed, PIN) as signer:
        assert signer.public_key == public_key


@pytest.mark.usefixtures("public_key")
def test_the_private_key_does_not_leave_the_token(key: TokenKey) -> None:
    import pkcs11  # noqa: PLC0415 - an optional extra

    with open_token_key(key, PIN) as signer, pytest.raises(pkcs11.exceptions.AttributeSensitive):
        signer._key[pkcs11.Attribute.VALUE]


def test_a_module_that_is_none_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "none.so").write_bytes(b"no library")

    with refused(ErrorCode.NOT_READABLE):
        open_token_key(TokenKey("insurer", "2026", str(tmp_path / "none.so")), PIN)
