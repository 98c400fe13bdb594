"""`oidc.yaml` in a node's folder: the provider of OpenID Connect that people may sign in at, and who acts in which role."""

from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from polisbridge.core.elsewhere import ClaimRule, ProviderTerms
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.roles import ActorRole
from polisbridge.formats.codelists import states
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

_HERE = ("127.0.0.1", "::1", "localhost")  # where HTTP without TLS harms nobody
_NOT_ELSEWHERE = (ActorRole.VISITOR, ActorRole.WORKER)  # a worker is known by the document that the operator saw
_STATELESS = (ActorRole.EXECUTIVE_COMMITTEE, ActorRole.HELPER)
_OF = (ActorRole.INSURER_CLERK, ActorRole.EMPLOYER, ActorRole.HOSPITAL_DESK)
Short = Annotated[str, Meta(min_length=1, max_length=200)]
Address = Annotated[str, Meta(min_length=8, max_length=500, pattern="^https?://")]


class RuleFile(Struct, frozen=True, forbid_unknown_fields=True):
    """Whoever has this value in this claim acts in this role."""

    claim: Short
    value: Short
    role: ActorRole
    state: str = ""
    of: Annotated[str, Meta(max_length=300)] = ""


class OidcFile(Struct, frozen=True, forbid_unknown_fields=True):
    """The provider: its name for people, issuer, our client there, and the roles by claims."""

    title: Annotated[dict[str, Short], Meta(min_length=1)]
    issuer: Address
    client_id: Short
    address: Address
    roles: Annotated[list[RuleFile], Meta(min_length=1)]
    client_secret_file: Short = "oidc.secret"  # noqa: S105 - the name of a file
    scopes: tuple[Short, ...] = ("openid", "profile")
    second_factor: tuple[Short, ...] = ("mfa", "otp", "hwk")


def read_oidc(document: Document) -> ProviderTerms:
    """Return the provider. Raises InputFaults with every fault."""
    return convert(document, OidcFile, lambda raw: _terms(document, raw))


def _terms(document: Document, raw: OidcFile) -> ProviderTerms:
    faults = [*_addresses(document, raw), *_rules(document, raw)]
    if "openid" not in raw.scopes:
        faults.append(document.fault(FaultCode.WRONG_VALUE, ("scopes",), raw.scopes, "openid among them"))
    if faults:
        raise InputFaults(faults)
    return ProviderTerms(
        title=raw.title,
        issuer=raw.issuer,
        client_id=raw.client_id,
        secret_file=raw.client_secret_file,
        address=raw.address.rstrip("/"),
        scopes=tuple(raw.scopes),
        second_factor=frozenset(raw.second_factor),
        rules=tuple(ClaimRule(one.claim, one.value, one.role, one.state, one.of) for one in raw.roles),
    )


def _addresses(document: Document, raw: OidcFile) -> Iterator[Fault]:
    for name in ("issuer", "address"):
        parts = urlsplit(getattr(raw, name))
        if parts.scheme != "https" and parts.hostname not in _HERE:
            yield document.fault(FaultCode.WRONG_VALUE, (name,), getattr(raw, name), "https://…")
        if parts.query or parts.fragment or not parts.hostname:
            yield document.fault(FaultCode.WRONG_VALUE, (name,), getattr(raw, name), "an address without ? and #")


def _rules(document: Document, raw: OidcFile) -> Iterator[Fault]:
    for number, one in enumerate(raw.roles):
        place: tuple[str | int, ...] = ("roles", number)
        if one.role in _NOT_ELSEWHERE:
            expected = "a role of an office, or helper; a worker is known by the document that was seen"
            yield document.fault(FaultCode.WRONG_VALUE, (*place, "role"), one.role.value, expected)
        if one.role not in _STATELESS and one.state not in states():
            yield document.fault(FaultCode.UNKNOWN_CODE, (*place, "state"), one.state, "a state, ISO 3166-1")
        if (one.role in _OF) is not bool(one.of) and one.role is not ActorRole.AUTHORITY:
            expected = (
                "the name on record of the organisation" if one.role in _OF else "nothing: it acts for no organisation"
            )
            yield document.fault(FaultCode.WRONG_VALUE, (*place, "of"), one.of, expected)
