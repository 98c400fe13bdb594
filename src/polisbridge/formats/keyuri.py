"""Addresses of keys in hardware: the PKCS#11 URI of RFC 7512, as far as it names one key and nothing else.

    pkcs11:token=insurer;object=2027?module-path=/usr/lib/softhsm/libsofthsm2.so

`token` and `object` must be there. What this program does not compare (serial numbers, slots, ids) is refused, so that
no other key is taken than the one that was meant. So are `pin-value` and `pin-source`: a PIN never stands in an argument.
"""

import re
from urllib.parse import unquote

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import TokenKey

SCHEME = "pkcs11:"
_PIN = {"pin-value", "pin-source"}
_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


def is_key_uri(text: str) -> bool:
    """Say whether the text is meant as such an address, and not as the name of a file."""
    return text.lower().startswith(SCHEME)


def read_key_uri(text: str) -> TokenKey:
    """Return the key that the address names. Raises PolisbridgeError, which does not repeat the address.

    >>> read_key_uri("pkcs11:token=insurer;object=2027%20a")
    TokenKey(token='insurer', label='2027 a', module='')
    """
    path, _, query = text[len(SCHEME) :].partition("?")
    found = _attributes(path, ";", {"token", "object", "type"}) | _attributes(query, "&", {"module-path"})
    if not found.get("token") or not found.get("object"):
        raise _refused("a PKCS#11 address without token or object")
    if found.get("type", "private") != "private":
        raise _refused("a PKCS#11 address of something that is not a private key")
    return TokenKey(found["token"], found["object"], found.get("module-path", ""))


def _attributes(text: str, separator: str, allowed: set[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in text.split(separator) if text else ():
        name, equals, value = part.partition("=")
        if name in _PIN:
            raise _refused("a PIN in a PKCS#11 address", "leave it out: it is asked for, or read from a file")
        if not equals or name not in allowed:
            raise _refused("a PKCS#11 address with a part that this program does not compare")
        if name in found:
            raise _refused(f"a PKCS#11 address with {name} twice")
        found[name] = _decoded(value)
    return found


def _decoded(value: str) -> str:
    try:
        if _ESCAPE.search(value):
            raise _refused("a PKCS#11 address with a broken escape")
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise _refused("a PKCS#11 address that is not UTF-8") from None


def _refused(detail: str, hint: str = "write pkcs11:token=…;object=…") -> PolisbridgeError:
    return PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint=hint)
