"""P-256 keys in hardware, by PKCS#11: the key never leaves the token, which signs what it is given.

Needs the extra `pkcs11` (python-pkcs11) and the vendor's module, such as libsofthsm2.so: named with the key, else by
the environment (`MODULE`). Signing is CKM_ECDSA over SHA-256 made here, for not every token offers CKM_ECDSA_SHA256.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Algorithm, TokenKey, key_id_of

if TYPE_CHECKING:
    import pkcs11

MODULE = "POLISBRIDGE_PKCS11_MODULE"
_CURVE = "secp256r1"
_SIGNATURE_BYTES = 64


class TokenSigner:
    """A key in a token, in an open session. Use it as a context, or close it."""

    def __init__(self, session: "pkcs11.Session", label: str) -> None:
        self._session = session
        self._key: Any = _the_one(session, label, private=True)
        self._public_key = _public_key(_the_one(session, label, private=False))
        self._key_id = key_id_of(self._public_key)

    @property
    def algorithm(self) -> Algorithm:
        """ES256."""
        return Algorithm.ES256

    @property
    def key_id(self) -> bytes:
        """The key's short name."""
        return self._key_id

    @property
    def public_key(self) -> bytes:
        """The DER SubjectPublicKeyInfo."""
        return self._public_key

    def sign(self, data: bytes) -> bytes:
        """Return the signature of the data: r and s, 32 bytes each. Raises PolisbridgeError when the token fails."""
        from pkcs11 import Mechanism  # noqa: PLC0415 - an optional extra

        with _token_errors():
            signature = bytes(self._key.sign(sha256(data).digest(), mechanism=Mechanism.ECDSA))
        if len(signature) != _SIGNATURE_BYTES:
            raise PolisbridgeError(ErrorCode.NOT_READABLE, "the token gave no P-256 signature")
        return signature

    def close(self) -> None:
        """End the session; the token forgets the PIN."""
        self._session.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"TokenSigner({self._key_id.hex()})"


def open_token_key(key: TokenKey, pin: bytes) -> TokenSigner:
    """Return the key of a token. Raises PolisbridgeError when module, token, PIN or key is not right."""
    with _token_errors():
        session = _session(key, pin, write=False)
        try:
            return TokenSigner(session, key.label)
        except BaseException:
            session.close()
            raise


def create_token_key(key: TokenKey, pin: bytes) -> TokenSigner:
    """Return a new key, made in the token, which will not give it out. Raises when the label is taken."""
    with _token_errors():
        session = _session(key, pin, write=True)
        try:
            _create(session, key.label)
            return TokenSigner(session, key.label)
        except BaseException:
            session.close()
            raise


def _create(session: Any, label: str) -> None:
    from pkcs11 import Attribute, KeyType  # noqa: PLC0415 - an optional extra
    from pkcs11.util.ec import encode_named_curve_parameters  # noqa: PLC0415

    if list(session.get_objects({Attribute.LABEL: label})):
        raise PolisbridgeError(ErrorCode.KEY_EXISTS, f"key {label} in the token", hint="choose another label")
    curve = {Attribute.EC_PARAMS: encode_named_curve_parameters(_CURVE)}
    kept_in = {Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False, Attribute.SIGN: True}
    session.create_domain_parameters(KeyType.EC, curve, local=True).generate_keypair(
        store=True, label=label, private_template=kept_in
    )


def _session(key: TokenKey, pin: bytes, *, write: bool) -> Any:
    """Return a session in which the user is logged in; one login counts for all sessions of this program."""
    try:
        import pkcs11  # noqa: PLC0415 - an optional extra
    except ImportError as exc:
        detail = "keys in hardware need the extra pkcs11"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint="pip install polisbridge[pkcs11]") from exc
    token = pkcs11.lib(_module(key)).get_token(token_label=key.token)
    try:
        return token.open(rw=write, user_pin=pin.decode())
    except pkcs11.exceptions.UserAlreadyLoggedIn:
        return token.open(rw=write)


def _module(key: TokenKey) -> str:
    found = key.module or os.environ.get(MODULE, "")
    if not found:
        raise PolisbridgeError(
            ErrorCode.NOT_FOUND, "no PKCS#11 module is named", hint=f"add ?module-path=… to the key, or set {MODULE}"
        )
    return found


def _the_one(session: Any, label: str, *, private: bool) -> Any:
    from pkcs11 import KeyType, ObjectClass  # noqa: PLC0415 - an optional extra

    kind = ObjectClass.PRIVATE_KEY if private else ObjectClass.PUBLIC_KEY
    return session.get_key(object_class=kind, key_type=KeyType.EC, label=label)


def _public_key(key: Any) -> bytes:
    """Return the DER SubjectPublicKeyInfo. Raises PolisbridgeError when the key is not on P-256."""
    from pkcs11 import Attribute  # noqa: PLC0415 - an optional extra
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters  # noqa: PLC0415

    if bytes(key[Attribute.EC_PARAMS]) != encode_named_curve_parameters(_CURVE):
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, "a key on another curve", hint="only P-256 is enabled")
    return bytes(encode_ec_public_key(key))


@contextmanager
def _token_errors() -> Iterator[None]:
    """Turn what the token says into an error without its arguments, among which was the PIN."""
    try:
        from pkcs11.exceptions import NoSuchKey, PinIncorrect, PinLocked, PKCS11Error  # noqa: PLC0415
    except ImportError:
        yield
        return
    try:
        yield
    except (PinIncorrect, PinLocked):
        raise PolisbridgeError(
            ErrorCode.WRONG_PASSPHRASE, "the token refuses the PIN", hint="a few more tries lock it"
        ) from None
    except NoSuchKey:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such key in the token", hint="check its label") from None
    except (PKCS11Error, RuntimeError, OSError) as exc:
        raise PolisbridgeError(
            ErrorCode.NOT_READABLE, f"the token says {type(exc).__name__}", hint="check module and token label"
        ) from None
