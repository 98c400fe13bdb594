"""Machines: keys that programs show in place of signing in."""

from datetime import datetime

from polisbridge.core.accounts import ClientKey
from polisbridge.core.roles import Actor
from polisbridge.services.people.ports import People

_PREFIX = "pbk_"  # so that a key that leaked is recognised


def new_key(people: People, key: ClientKey, certificate: bytes = b"") -> str:
    """Keep a machine's key; return it, to be shown once. Raises PolisbridgeError when name or certificate are taken.

    With the SHA-256 of a client's TLS certificate, whoever shows that needs no key.
    """
    shown = _PREFIX + people.token()
    with people.accounts.change() as book:
        book.add_key(key, _hash(people, shown), certificate)
    return shown


def actor_of_certificate(people: People, fingerprint: bytes, now: datetime) -> Actor | None:
    """Return as whom a machine acts that shows a certificate (SHA-256); None when it is none's, has ended or was closed."""
    with people.accounts.change() as book:
        return _actor(book.key_of_certificate(fingerprint, now))


def actor_of_key(people: People, shown: str, now: datetime) -> Actor | None:
    """Return as whom a machine acts that shows a key; None when it is none, has ended or was closed.

    A machine is no person: what is a person's own is never a machine's.
    """
    if not shown.startswith(_PREFIX):
        return None
    with people.accounts.change() as book:
        return _actor(book.key(_hash(people, shown), now))


def _actor(key: ClientKey | None) -> Actor | None:
    if key is None:
        return None
    return Actor(key.role, f"key {key.name}", state=key.state, organisation=key.thing, key=key.id)


def _hash(people: People, shown: str) -> bytes:
    return people.sealer.hashed(shown, "client key")
