"""A provider of OpenID Connect (`services.people.elsewhere.IdentityProvider`): authorization code flow with PKCE.

Authlib speaks to the provider, joserfc checks the ID token. What is checked, and by which rule:
OpenID Connect Core 1.0 §3.1.3.7 (issuer, audience, authorised party, signature, times, nonce), RFC 7636 (PKCE, S256),
RFC 9207 (issuer of the answer, where it is sent), RFC 8414 §3.3 (issuer of the discovery document).
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from polisbridge.core.elsewhere import ProviderTerms
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.people.elsewhere import AskedElsewhere, Vouched

BACK = "/sign-in/back"  # where the provider sends people to, at the site's own address
_ALGORITHMS = ["RS256", "ES256", "PS256", "EdDSA"]  # public keys only: a shared secret could be the client's own
_LEEWAY = 60  # seconds that clocks may differ
_WAIT = 10  # seconds for an answer
_RANDOM = 48  # bytes
_LARGEST = 1_000_000  # bytes of a document of the provider


class OpenIdProvider:
    """One provider. Its endpoints and keys are read when first needed, its keys again when it signs with a new one."""

    def __init__(self, terms: ProviderTerms, secret: str) -> None:
        self.terms, self._secret = terms, secret
        self._known: Mapping[str, Any] | None = None
        self._keys: KeySet | None = None

    def asked(self) -> AskedElsewhere:
        """Return new random values for one sign-in."""
        return AskedElsewhere(*(secrets.token_urlsafe(_RANDOM) for _ in range(3)))

    def begin(self, asked: AskedElsewhere) -> str:
        """Return the address of the provider to go to."""
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=asked.state,
                nonce=asked.nonce,
                code_verifier=asked.verifier,
            )
        return str(address)

    def finish(self, asked: AskedElsewhere, answer: Mapping[str, str], now: datetime) -> Vouched | None:
        """Return whom the provider vouches for by what the browser brought back; None when anything is wrong with it."""
        if answer.get("error") or not answer.get("code") or answer.get("iss", self.terms.issuer) != self.terms.issuer:
            return None
        if not secrets.compare_digest(answer.get("state", "").encode(), asked.state.encode()):
            return None
        claims = self._checked(self._token(answer["code"], asked.verifier), asked.nonce, now)
        return Vouched(self.terms.issuer, str(claims["sub"]), claims) if claims else None

    def _token(self, code: str, verifier: str) -> str:
        """Return the ID token for a code; empty when the provider gives none."""
        try:
            with self._client() as client:
                found = client.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=verifier, timeout=_WAIT
                )
        except AuthlibBaseError:
            return ""
        except (requests.RequestException, ValueError) as exc:
            raise self._silent() from exc
        return str(found.get("id_token", ""))

    def _checked(self, token: str, nonce: str, now: datetime) -> dict[str, Any] | None:
        """Return the claims of an ID token; None when it is not for us, not for this sign-in, or not genuine."""
        wanted = jwt.JWTClaimsRegistry(
            int(now.timestamp()),
            _LEEWAY,
            iss={"essential": True, "value": self.terms.issuer},
            aud={"essential": True, "value": self.terms.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims: dict[str, Any] = self._decoded(token).claims
            wanted.validate(claims)
        except (JoseError, ValueError):
            return None
        others = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        party = claims.get("azp", None if others else self.terms.client_id)
        return claims if party == self.terms.client_id and claims["sub"] else None

    def _decoded(self, token: str) -> jwt.Token:
        """Return an ID token with its signature checked; keys that are not known yet are looked for once."""
        try:
            return jwt.decode(token, self._keys or self._fetched_keys(), algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            return jwt.decode(token, self._fetched_keys(), algorithms=_ALGORITHMS)

    def _fetched_keys(self) -> KeySet:
        try:
            self._keys = KeySet.import_key_set(self._document(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
        except (JoseError, TypeError, KeyError) as exc:
            raise self._silent() from exc
        return self._keys

    def _endpoint(self, name: str) -> str:
        if self._known is None:
            found = self._document(self.terms.issuer.rstrip("/") + "/.well-known/openid-configuration")
            if found.get("issuer") != self.terms.issuer:
                raise self._silent()
            self._known = found
        if not isinstance(self._known.get(name), str):
            raise self._silent()
        return str(self._known[name])

    def _document(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=_WAIT, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json() if len(answer.content) <= _LARGEST else None
        except (requests.RequestException, ValueError) as exc:
            raise self._silent() from exc
        if not isinstance(found, dict):
            raise self._silent()
        return found

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self.terms.client_id,
            self._secret,
            scope=" ".join(self.terms.scopes),
            redirect_uri=self.terms.address + BACK,
            code_challenge_method="S256",
        )

    def _silent(self) -> PolisbridgeError:
        hint = "try again soon, or sign in here"
        return PolisbridgeError(ErrorCode.NO_DATABASE, "the provider does not answer as it should", hint=hint)
