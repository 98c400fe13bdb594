"""Keys of the trust repository: any signer of `core.signing`, in a file or in hardware, as TUF wants it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import load_der_public_key, load_pem_public_key
from securesystemslib.signer import Signature, Signer, SSlibKey

from polisbridge.adapters import keys, passphrase
from polisbridge.adapters.folder import read_file
from polisbridge.adapters.pkcs11 import create_token_key, open_token_key
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Signer as CoreSigner
from polisbridge.core.signing import TokenKey
from polisbridge.services.trust.ports import KeyPlace, PassphraseSource

_MAX_KEY = 16_384


class TufSigner(Signer):
    """A key that signs TUF metadata: ecdsa-sha2-nistp256, signatures in DER."""

    def __init__(self, signer: CoreSigner) -> None:
        self._signer = signer
        self._public = SSlibKey.from_crypto(load_der_public_key(signer.public_key))

    @property
    def public_key(self) -> SSlibKey:
        """The public key, named by its hash."""
        return self._public

    def sign(self, payload: bytes) -> Signature:
        """Return the signature of the bytes."""
        raw = self._signer.sign(payload)
        half = len(raw) // 2
        der = encode_dss_signature(int.from_bytes(raw[:half], "big"), int.from_bytes(raw[half:], "big"))
        return Signature(self._public.keyid, der.hex())

    @classmethod
    def from_priv_key_uri(cls, *_: object, **__: object) -> "TufSigner":
        """Refuse: keys are opened by `opened_for_tuf`, never by the library's own addresses. Raises ValueError."""
        raise ValueError("keys are not opened by the library's addresses")


def make_key(place: KeyPlace, secret: bytes | None) -> SSlibKey:
    """Make a P-256 key: the private file, and beside it the public one (`.pub`); or in a token, and no file.

    Returns the public key. Without a passphrase the file is not encrypted. Raises PolisbridgeError when it is there
    already.
    """
    if isinstance(place, TokenKey):
        with create_token_key(place, _pin(secret)) as held:
            return TufSigner(held).public_key
    make = keys.create_key_that_anybody_with_the_file_can_use
    made = make(place) if secret is None else keys.create_key(place, secret)
    place.with_name(f"{place.name}.pub").write_bytes(keys.public_text(made.public_key))
    return TufSigner(made).public_key


@contextmanager
def opened(place: KeyPlace, secret: bytes | None) -> Iterator[CoreSigner]:
    """Open a key in a file, encrypted or not, or in a token until the end of the context.

    Raises PolisbridgeError when it does not open.
    """
    if isinstance(place, TokenKey):
        with open_token_key(place, _pin(secret)) as held:
            yield held
    elif secret is None:
        yield keys.open_key_that_anybody_with_the_file_can_use(place)
    else:
        yield keys.open_key(place, secret)


@contextmanager
def opened_for_tuf(place: KeyPlace, secret: bytes | None) -> Iterator[TufSigner]:
    """Open a key as `opened` does, to sign as TUF wants it."""
    with opened(place, secret) as signer:
        yield TufSigner(signer)


def _pin(secret: bytes | None) -> bytes:
    if secret is None:
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, "a token opens with its PIN only", hint="give its PIN")
    return secret


def public_key(path: Path) -> SSlibKey:
    """Return the key of a public key file (PEM). Raises PolisbridgeError when it is not a P-256 key."""
    try:
        public = load_pem_public_key(read_file(path, _MAX_KEY))
    except (ValueError, UnsupportedAlgorithm):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{path} is not a public key", hint="name the .pub file") from None
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, f"{path} is not a P-256 key", hint="only ES256 is enabled")
    return SSlibKey.from_crypto(public)


def passphrase_from(source: PassphraseSource, *, new: bool = False) -> bytes | None:
    """Return the passphrase from a file, a descriptor or a prompt; None when the key has none."""
    if source.none:
        return None
    if source.file is not None:
        return passphrase.from_file(source.file)
    if source.descriptor is not None:
        return passphrase.from_descriptor(source.descriptor)
    return passphrase.prompted("PIN" if source.pin else "Passphrase", "Once more" if new else "")
