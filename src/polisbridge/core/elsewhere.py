"""A provider of OpenID Connect as an operator sets it: whom it vouches for, and in which role they act here."""

from collections.abc import Sequence
from dataclasses import dataclass

from polisbridge.core.law import Text
from polisbridge.core.roles import ActorRole


@dataclass(frozen=True, slots=True)
class ClaimRule:
    """Whoever has this value in this claim acts in a role, for a state and an organisation by its name on record."""

    claim: str
    value: str
    role: ActorRole
    state: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class ProviderTerms:
    """A provider as the operator set it. `address` is the site's own, where the provider sends people back to.

    `second_factor` are the values of `amr` (RFC 8176) that count as one; rules are tried in their order.
    """

    title: Text
    issuer: str
    client_id: str
    secret_file: str
    address: str
    scopes: Sequence[str]
    second_factor: frozenset[str]
    rules: Sequence[ClaimRule]
