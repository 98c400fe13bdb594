"""A provider of OpenID Connect on a port of this machine, by real HTTP: says yes to everybody, and can be told to lie.

It is as strict as the specifications ask: client, redirect address, one-time code and PKCE are checked.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey

CLIENT, SECRET = "polisbridge", "a secret of the client"


@dataclass
class Provider:
    """What the provider answers: claims of the person, and lies by the name of what is wrong."""

    back: str
    now: datetime
    address: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    lies: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    keys: list[ECKey] = field(default_factory=lambda: [ECKey.generate_key("P-256", {"kid": "one"})])
    asked: list[str] = field(default_factory=list)

    def new_key(self) -> None:
        self.keys = [ECKey.generate_key("P-256", {"kid": "two"})]

    def document(self) -> dict[str, Any]:
        return {
            "issuer": self.lies.get("discovery", self.address),
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "id_token_signing_alg_values_supported": ["ES256"],
        }

    def public(self) -> dict[str, Any]:
        return dict(KeySet(list(self.keys)).as_dict(private=False))

    def authorized(self, asked: dict[str, str]) -> str:
        """Return where to send the browser back to."""
        fits = {"response_type": "code", "client_id": CLIENT, "redirect_uri": self.back}
        assert {name: asked[name] for name in fits} == fits
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked
        answer = {"code": code, "state": asked["state"], "iss": self.address, **self.lies.get("answer", {})}
        return f"{self.back}?{urlencode(answer)}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """Return status and body of an answer to a code."""
        asked = self.codes.pop(sent.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode()
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if authorization != f"Basic {known}":
            return 401, {"error": "invalid_client"}
        if asked is None or asked["code_challenge"] != challenge.rstrip("=") or sent["redirect_uri"] != self.back:
            return 400, {"error": "invalid_grant"}
        seconds = int(self.now.timestamp())
        times = {"iat": seconds, "exp": seconds + 300}
        named = {"iss": self.address, "aud": CLIENT, "sub": "person-1", "nonce": asked["nonce"], **times}
        claims = {**named, **self.claims, **self.lies.get("token", {})}
        claims = {name: value for name, value in claims.items() if value is not None}
        return 200, {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(claims)}

    def _signed(self, claims: dict[str, Any]) -> str:
        lie = self.lies.get("signature")
        if lie == "none":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."
            )
        if lie == "shared":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))
        key = ECKey.generate_key("P-256") if lie == "stranger" else self.keys[0]
        return jwt.encode({"alg": "ES256", "kid": self.keys[0].kid}, claims, key)


@contextmanager
def providing(back: str, now: datetime) -> Iterator[Provider]:
    """Give a provider that runs."""
    provider = Provider(back, now)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            provider.asked.append(parts.path)
            if parts.path == "/authorize":
                asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorized(asked))
                self.end_headers()
            else:
                found = {"/keys": provider.public, "/.well-known/openid-configuration": provider.document}
                self._json(200, found[parts.path]())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            sent = {name: values[0] for name, values in parse_qs(body).items()}
            self._json(*provider.token(sent, self.headers.get("Authorization", "")))

        def _json(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        Thread(target=server.serve_forever, daemon=True).start()
        yield provider
        server.shutdown()
