"""Which certificate a client showed: in this process's own TLS, or to a proxy in front that passes it on (RFC 9440).

uvicorn checks a client's certificate against the CA, and keeps it to itself; its protocol for HTTP is extended here to
hand it on. What applications find is the SHA-256 of the certificate, in the state of the request.

It also sends what it has at once. asyncio sees to that (TCP_NODELAY), but not on sockets that uvicorn opens for several
processes; there every answer on a connection that stays open waited 40 ms for the client's acknowledgement.
"""

import asyncio
import socket
import ssl
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from typing import Any, TypeAlias

from uvicorn.protocols.http.h11_impl import H11Protocol

App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
SHOWN = "client_certificate"  # in the state of a request: the fingerprint, hexadecimal; empty for one that is none
_HEADER = b"client-cert"


class NodeProtocol(H11Protocol):
    """HTTP/1.1 without delay, that tells each request of a connection which certificate its client showed."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take a connection; its TLS handshake is done."""
        super().connection_made(transport)
        opened = transport.get_extra_info("socket")
        if opened is not None and opened.family in (socket.AF_INET, socket.AF_INET6):
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        secured = transport.get_extra_info("ssl_object")
        shown = secured.getpeercert(binary_form=True) if isinstance(secured, ssl.SSLObject) else None
        if shown:
            self.app = _telling(self.app, sha256(shown).hexdigest())


def _telling(app: Any, fingerprint: str) -> Any:
    async def told(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        scope.setdefault("state", {})[SHOWN] = fingerprint
        await app(scope, receive, send)

    return told


def from_proxy(app: App) -> App:
    """Return the application with certificates taken from the header Client-Cert, which only a proxy may set."""

    async def told(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            sent = [value for name, value in scope["headers"] if name == _HEADER]
            if sent:
                scope.setdefault("state", {})[SHOWN] = _fingerprint(sent[0]) if len(sent) == 1 else ""
        await app(scope, receive, send)

    return told


def _fingerprint(value: bytes) -> str:
    """Return the fingerprint of a certificate in a header: DER as a byte sequence (RFC 8941), `:base64:`; else empty."""
    inside = value.strip()
    if len(inside) < 3 or inside[:1] != b":" or inside[-1:] != b":":  # noqa: PLR2004 - two colons and something
        return ""
    try:
        return sha256(b64decode(inside[1:-1], validate=True)).hexdigest()
    except (NotBase64, ValueError):
        return ""
