"""P-256 keys in files: encrypted with a passphrase, readable by their owner only, never shown.

    signer = create_key(Path("keys/insurer.pem"), passphrase)
    signer = open_key(Path("keys/insurer.pem"), passphrase)

Keys in hardware are `adapters.pkcs11`, behind the same Protocol.
"""

from pathlib import Path
from typing import NoReturn

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from polisbridge.adapters.key_seal import sealed
from polisbridge.adapters.passphrase import long_enough
from polisbridge.adapters.private_file import read_private, write_private
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.signing import Algorithm, key_id_of

_MAX_BYTES = 16_384
_ES256 = ECDSA(SHA256(), deterministic_signing=True)  # RFC 6979: no nonce to leak, and vectors can be made again


class SoftwareSigner:
    """A P-256 key in the memory of this program. Shows its key id only and cannot be copied out."""

    __slots__ = ("_key", "_key_id", "_public_key")

    def __init__(self, key: EllipticCurvePrivateKey) -> None:
        if not isinstance(key.curve, SECP256R1):
            raise PolisbridgeError(ErrorCode.KEY_UNSAFE, f"a key on {key.curve.name}", hint="only P-256 is enabled")
        self._key = key
        self._public_key = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
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
        """Return the signature of the data: r and s, 32 bytes each; the same every time."""
        r, s = decode_dss_signature(self._key.sign(data, _ES256))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def __repr__(self) -> str:
        return f"SoftwareSigner({self._key_id.hex()})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not to be pickled or copied")


def create_key(path: Path, passphrase: bytes) -> SoftwareSigner:
    """Return a new key, written to a file that opens with the passphrase only; never over another file."""
    key = generate_private_key(SECP256R1())
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    write_private(path, sealed(plain, long_enough(passphrase)))
    return SoftwareSigner(key)


def create_key_that_anybody_with_the_file_can_use(path: Path) -> SoftwareSigner:
    """Return a new key, written without encryption; for trials, and machines whose disk protects it."""
    key = generate_private_key(SECP256R1())
    write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return SoftwareSigner(key)


def open_key(path: Path, passphrase: bytes) -> SoftwareSigner:
    """Return the key of a file. Raises PolisbridgeError when others can read it, or it does not open."""
    return SoftwareSigner(_loaded(path, passphrase))


def open_key_that_anybody_with_the_file_can_use(path: Path) -> SoftwareSigner:
    """Return the key of a file that is not encrypted."""
    return SoftwareSigner(_loaded(path, None))


def is_encrypted(path: Path) -> bool:
    """Say whether the key of the file needs a passphrase, so that nobody is asked for one in vain."""
    return b"-----BEGIN ENCRYPTED PRIVATE KEY-----" in read_private(path, _MAX_BYTES)


def public_text(public_key: bytes) -> bytes:
    """Return a public key (DER SubjectPublicKeyInfo) as PEM, to be handed to the state that admits it."""
    return load_der_public_key(public_key).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _loaded(path: Path, passphrase: bytes | None) -> EllipticCurvePrivateKey:
    """Return the key. What the library says of its bytes is not passed on."""
    data = read_private(path, _MAX_BYTES)
    try:
        key = load_pem_private_key(data, passphrase)
    except TypeError:
        raise _other_way(path, encrypted=passphrase is None) from None
    except (ValueError, UnsupportedAlgorithm):
        code = ErrorCode.BAD_INPUT if passphrase is None else ErrorCode.WRONG_PASSPHRASE
        raise PolisbridgeError(code, f"{path} does not open", hint="check the passphrase and the file") from None
    if not isinstance(key, EllipticCurvePrivateKey):
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, f"{path} holds no P-256 key", hint="make one with `trust key`")
    return key


def _other_way(path: Path, *, encrypted: bool) -> PolisbridgeError:
    if encrypted:
        return PolisbridgeError(ErrorCode.WRONG_PASSPHRASE, f"{path} is encrypted", hint="give its passphrase")
    detail = f"{path} is not encrypted: whoever has the file can sign"
    return PolisbridgeError(ErrorCode.KEY_UNSAFE, detail, hint="make a key with a passphrase, or say that you mean it")
