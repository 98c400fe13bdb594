"""Signing in at a provider of OpenID Connect: who it vouches for, in which role they act here, and their account.

Roles come from the provider's claims by the operator's rules, anew at every sign-in: who lost a role there has lost it
here. Who must have a second factor is let in only when the provider says that one was used.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Protocol

from polisbridge.core.accounts import NewAccount, normal_login
from polisbridge.core.elsewhere import ClaimRule, ProviderTerms
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.acting import organisation_of
from polisbridge.services.people.ports import AccountBook, People
from polisbridge.services.people.sessions import begin

_SHORT = 12  # digits of a login that is made of issuer and subject


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom a provider vouches for: its number of the person, and the claims of the checked ID token."""

    issuer: str
    subject: str
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class AskedElsewhere:
    """What ties an answer to the browser that asked: kept with it, sealed, until it comes back."""

    state: str
    nonce: str
    verifier: str


class IdentityProvider(Protocol):
    """A provider of OpenID Connect: authorization code flow with PKCE."""

    @property
    def terms(self) -> ProviderTerms:
        """What the operator set."""

    def asked(self) -> AskedElsewhere:
        """Return new random values for one sign-in."""

    def begin(self, asked: AskedElsewhere) -> str:
        """Return the address of the provider to go to. Raises PolisbridgeError when it does not answer."""

    def finish(self, asked: AskedElsewhere, answer: Mapping[str, str], now: datetime) -> Vouched | None:
        """Return whom the provider vouches for by what the browser brought back; None when anything is wrong with it.

        Raises PolisbridgeError when the provider does not answer.
        """


def enter(people: People, terms: ProviderTerms, vouched: Vouched, now: datetime, before: str = "") -> str | None:
    """Return the token of a new session of whom the provider vouches for; None when they may not enter.

    `before` is the token that the browser had until now; that session ends. Raises PolisbridgeError when the
    organisation of their role is not on record.
    """
    rule = next((one for one in terms.rules if _has(vouched.claims, one)), None)
    if rule is None or not _strong_enough(people, terms, vouched, rule.role):
        return None
    with people.registries.read() as registry:
        thing = organisation_of(registry, rule.role, rule.of)
    with people.accounts.change() as book:
        number = _account(book, vouched, rule, thing)
        return begin(people, book, number, now, before) if number is not None else None


def _account(book: AccountBook, vouched: Vouched, rule: ClaimRule, thing: int | None) -> int | None:
    """Return the account of whom the provider vouches for, made or brought to their role of today; None if closed."""
    found = book.vouched(vouched.issuer, vouched.subject)
    if found is None:
        new = NewAccount(_login(book, vouched), rule.role, rule.state, thing)
        return book.vouch(vouched.issuer, vouched.subject, new)
    if found.closed:
        return None
    wanted = NewAccount(found.login, rule.role, rule.state, thing)
    if (found.role, found.state, found.thing) != (wanted.role, wanted.state, wanted.thing):
        book.end_all(found.id)
        book.set_role(found.id, wanted)
    return found.id


def _login(book: AccountBook, vouched: Vouched) -> str:
    """Return a free login: the provider's name of the person where it can be one, else one that stays the same."""
    told = normal_login(str(vouched.claims.get("preferred_username", "")))
    if told is not None and book.find(told) is None:
        return told
    return f"sso.{sha256(f'{vouched.issuer} {vouched.subject}'.encode()).hexdigest()[:_SHORT]}"


def _has(claims: Mapping[str, Any], rule: ClaimRule) -> bool:
    found = claims.get(rule.claim)
    return rule.value in found if isinstance(found, list) else found == rule.value


def _strong_enough(people: People, terms: ProviderTerms, vouched: Vouched, role: ActorRole) -> bool:
    if not people.matrix.roles[role].second_factor:
        return True
    methods = vouched.claims.get("amr")
    return isinstance(methods, list) and any(one in terms.second_factor for one in methods if isinstance(one, str))
