"""A private key sealed with a passphrase: PKCS#8 EncryptedPrivateKeyInfo, PBES2 with scrypt and AES-256-CBC.

`cryptography` reads this form but writes PBES2 with 2048 rounds of PBKDF2 only, which a stolen file would not
withstand; so the frame (RFC 8018, RFC 7914 section 7) is made here of its parts. OpenSSL reads it too.
The cost of one guess: 2^14 * 8 * 5, about 0.1 s and 16 MB.
"""

import base64
import os
from textwrap import wrap

from cryptography.hazmat import asn1
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.x509 import ObjectIdentifier

_PBES2 = ObjectIdentifier("1.2.840.113549.1.5.13")
_SCRYPT = ObjectIdentifier("1.3.6.1.4.1.11591.4.11")
_AES_256_CBC = ObjectIdentifier("2.16.840.1.101.3.4.1.42")
_COST, _BLOCK, _PARALLEL = 1 << 14, 8, 5
_KEY_BYTES = 32


@asn1.sequence
class _ScryptParameters:
    salt: bytes
    cost: int
    block_size: int
    parallelization: int


@asn1.sequence
class _Derivation:
    algorithm: ObjectIdentifier
    parameters: _ScryptParameters


@asn1.sequence
class _Encryption:
    algorithm: ObjectIdentifier
    initial: bytes


@asn1.sequence
class _Scheme:
    derivation: _Derivation
    encryption: _Encryption


@asn1.sequence
class _Algorithm:
    algorithm: ObjectIdentifier
    parameters: _Scheme


@asn1.sequence
class _EncryptedKey:
    algorithm: _Algorithm
    data: bytes


def sealed(private_key: bytes, passphrase: bytes) -> bytes:
    """Return the PEM text of a private key (DER PKCS#8) that opens with the passphrase only."""
    salt, initial = os.urandom(16), os.urandom(16)
    key = Scrypt(salt=salt, length=_KEY_BYTES, n=_COST, r=_BLOCK, p=_PARALLEL).derive(passphrase)
    padder, encryptor = PKCS7(AES.block_size).padder(), Cipher(AES(key), CBC(initial)).encryptor()
    padded = padder.update(private_key) + padder.finalize()
    data = encryptor.update(padded) + encryptor.finalize()
    derivation = _Derivation(
        algorithm=_SCRYPT,
        parameters=_ScryptParameters(salt=salt, cost=_COST, block_size=_BLOCK, parallelization=_PARALLEL),
    )
    scheme = _Scheme(derivation=derivation, encryption=_Encryption(algorithm=_AES_256_CBC, initial=initial))
    frame = _EncryptedKey(algorithm=_Algorithm(algorithm=_PBES2, parameters=scheme), data=data)
    body = wrap(base64.b64encode(asn1.encode_der(frame)).decode(), 64)
    label = "ENCRYPTED PRIVATE KEY"
    return "\n".join([f"-----BEGIN {label}-----", *body, f"-----END {label}-----", ""]).encode()
