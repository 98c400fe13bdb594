"""A client's TLS certificate (PEM or DER): its fingerprint and its last moment."""

from datetime import datetime
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from polisbridge.core.errors import ErrorCode, PolisbridgeError


def read_certificate(data: bytes) -> tuple[bytes, datetime]:
    """Return the SHA-256 of a certificate (of its DER) and when it ends. Raises PolisbridgeError when it is none."""
    try:
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in data else x509.load_der_x509_certificate
        found = load(data)
        return sha256(found.public_bytes(Encoding.DER)).digest(), found.not_valid_after_utc
    except ValueError as exc:
        detail, hint = "this is no certificate", "PEM, as openssl writes it; of a chain the client's own first"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint=hint) from exc
