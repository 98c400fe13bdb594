"""PKCS#11 addresses: the key that is meant or a refusal, and never a PIN."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.signing import TokenKey
from polisbridge.formats.keyuri import is_key_uri, read_key_uri


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pkcs11:token=insurer;object=2027", TokenKey("insurer", "2027")),
        ("pkcs11:object=2027;type=private;token=insurer", TokenKey("insurer", "2027")),
        ("PKCS11:token=a;object=b?module-path=/usr/lib/m.so", TokenKey("a", "b", "/usr/lib/m.so")),
        (
            "pkcs11:token=%D0%9A%D0%BB%D1%8E%D1%87;object=a%3Bb%3Fc?module-path=/a%26b",
            TokenKey("Ключ", "a;b?c", "/a&b"),
        ),
    ],
)
def test_an_address_names_a_key(text: str, expected: TokenKey) -> None:
    assert is_key_uri(text)
    assert read_key_uri(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "pkcs11:",
        "pkcs11:token=insurer",
        "pkcs11:object=2027",
        "pkcs11:token=;object=2027",
        "pkcs11:token=a;token=b;object=2027",
        "pkcs11:token=a;object=b;type=public",
        "pkcs11:token=a;object=b;serial=1",
        "pkcs11:token=a;object=b;id=%01",
        "pkcs11:token=a;object=b;",
        "pkcs11:token=a;object=b?module-name=softhsm2",
        "pkcs11:token=a;object=b;module-path=/m.so",
        "pkcs11:token=a;object=%zz",
        "pkcs11:token=a;object=%ff",
    ],
)
def test_an_address_that_could_mean_another_key_is_refused(text: str) -> None:
    with pytest.raises(PolisbridgeError):
        read_key_uri(text)


@pytest.mark.parametrize("part", ["?pin-value=4711", "?pin-source=file:/4711", ";pin-value=4711"])
def test_a_pin_in_an_address_is_refused_and_not_repeated(part: str) -> None:
    with pytest.raises(PolisbridgeError, match="a PIN in a PKCS#11 address") as caught:
        read_key_uri(f"pkcs11:token=a;object=b{part}")

    assert "4711" not in f"{caught.value} {caught.value.hint}"


@given(st.text())
def test_any_text_is_a_key_or_a_refusal(text: str) -> None:
    try:
        found = read_key_uri(f"pkcs11:{text}")
    except PolisbridgeError:
        return
    assert found.token
    assert found.label
