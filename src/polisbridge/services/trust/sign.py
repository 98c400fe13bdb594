"""Signing drafts: one file, one key, one signature more; and what the signer is shown before."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, Root, Signed, Targets

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.trust.repository import Repository, parse_any, to_bytes
from polisbridge.services.trust.roles import delegator_of, keys_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What is being signed: `paths` are target files with the start of their hash; `roles` who may sign what."""

    kind: str
    version: int
    expires: datetime
    signatures: int
    paths: tuple[tuple[str, str], ...]
    roles: tuple[tuple[str, int, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """How far a role's metadata is signed by keys that count; each key once."""

    have: int
    need: int
    missing: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Say whether enough have signed."""
        return self.have >= self.need


def describe(data: bytes) -> Draft:
    """Return what the bytes of a draft say, for a person to read before signing."""
    metadata = parse_any(data)
    signed = metadata.signed
    paths = signed.targets.items() if isinstance(signed, Targets) else ()
    return Draft(
        signed.type,
        signed.version,
        signed.expires,
        len(metadata.signatures),
        tuple((path, info.hashes["sha256"][:16]) for path, info in sorted(paths)),
        tuple(_roles(signed)),
    )


def _roles(signed: Signed) -> list[tuple[str, int, tuple[str, ...]]]:
    if isinstance(signed, Root):
        return [(name, role.threshold, tuple(role.keyids)) for name, role in signed.roles.items()]
    if isinstance(signed, Targets) and signed.delegations and signed.delegations.roles:
        return [(name, role.threshold, tuple(role.keyids)) for name, role in signed.delegations.roles.items()]
    return []


def sign_bytes(data: bytes, signer: Signer) -> bytes:
    """Return the draft with the signer's signature added; signing again replaces one's own."""
    metadata = parse_any(data)
    metadata.sign(signer, append=True)
    return to_bytes(metadata)


def sign_draft(repository: Repository, role: str, signer: Signer) -> Signatures:
    """Add a signature to the role's draft in a working copy. Raises PolisbridgeError when the key may not sign it."""
    data = repository.draft_bytes(role)
    if data is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no draft of {role}", hint="`trust role show` lists drafts")
    allowed = set(keys_of(delegator_of(repository, role), role))
    published = repository.published(Root.type, Root) if role == Root.type else None
    allowed |= set(keys_of(published.signed, role)) if published else set()
    if signer.public_key.keyid not in allowed:
        detail = f"key {signer.public_key.keyid[:16]} may not sign {role}"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="`trust role show` lists who may")
    signed = sign_bytes(data, signer)
    repository.files.write(f"staged/metadata/{role}.json", signed)
    return signatures(repository, role)


def collect(one: bytes, other: bytes) -> bytes:
    """Return a draft with the signatures of two copies. Raises PolisbridgeError when they are not the same draft."""
    first, second = parse_any(one), parse_any(other)
    if first.signed_bytes != second.signed_bytes:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "not copies of one draft", hint="all sign the same version")
    first.signatures.update(
        {key_id: found for key_id, found in second.signatures.items() if key_id not in first.signatures}
    )
    return to_bytes(first)


def signatures(repository: Repository, role: str) -> Signatures:
    """Return how far the role's draft is signed, by the newest keys; root also by those before."""
    data = repository.draft_bytes(role)
    if data is None:
        return Signatures(0, 0, ())
    metadata = parse_any(data)
    found = signatures_by(delegator_of(repository, role), role, metadata)
    before = repository.published(Root.type, Root) if role == Root.type else None
    if before:
        old = signatures_by(before.signed, role, metadata)
        if not old.complete:
            return old
    return found


def signatures_by(delegator: Root | Targets, role: str, metadata: Metadata[Any]) -> Signatures:
    """Return how many keys that the delegator names for the role have validly signed."""
    result = delegator.get_verification_result(role, metadata.signed_bytes, metadata.signatures)
    return Signatures(len(result.signed), result.threshold, tuple(sorted(result.unsigned)))
