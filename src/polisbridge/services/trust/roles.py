"""Who may sign: a new repository, states' roles, and keys of roles coming and going. All of it makes drafts.

Keys are named by the hash of the key itself, so that one key under two names cannot count twice.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from securesystemslib.signer import Key, SSlibKey
from tuf.api.metadata import DelegatedRole, Delegations, Metadata, Role, Root, Snapshot, Targets, Timestamp

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.codelists import states
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import (
    TOP_ROLES,
    Repository,
    stamp,
    state_of,
    state_role,
)

SCHEME = "ecdsa-sha2-nistp256"  # ES256, the only one enabled


@dataclass(frozen=True, slots=True)
class RoleKeys:
    """The keys of a role and how many of them must sign."""

    keys: tuple[SSlibKey, ...]
    threshold: int


def new_repository(files: FileTree, roles: Mapping[str, RoleKeys], now: datetime) -> None:
    """Draft version 1 of root and targets; the keys named in `roles` then sign them.

    Raises PolisbridgeError when a repository is there already, or a role's keys do not do.
    """
    repository = Repository(files)
    if repository.drafts() or repository.published_version(Root.type):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "a repository is there already", hint="name an empty folder")
    root = Root(roles={role: Role([], 1) for role in TOP_ROLES})
    for role in TOP_ROLES:
        _check_role(role, roles[role])
        for key in roles[role].keys:
            root.add_key(key, role)
        root.roles[role].threshold = roles[role].threshold
    if set(root.roles[Snapshot.type].keyids + root.roles[Timestamp.type].keyids) & set(root.roles[Root.type].keyids):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "an online key among the keys of root", hint="take another key")
    stamp(root, Root.type, now)
    targets = Targets(delegations=Delegations({}, {}))
    stamp(targets, Targets.type, now)
    repository.stage(Root.type, Metadata(root))
    repository.stage(Targets.type, Metadata(targets))


def add_state(files: FileTree, state: str, keys: RoleKeys, now: datetime) -> None:
    """Draft the admission of a state: its role `state-XX` with its own keys, for paths `XX/*` and nothing else."""
    if state not in states():
        raise PolisbridgeError(ErrorCode.UNKNOWN_STATE, state, hint="a state by ISO 3166-1, such as UZ")
    repository, role = Repository(files), state_role(state)
    _check_role(role, keys)
    metadata = repository.draft(Targets.type, Targets)
    delegations = metadata.signed.delegations or Delegations({}, {})
    metadata.signed.delegations = delegations
    roles = dict(delegations.roles or {})
    if role in roles:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{role} is there already", hint="`trust key` changes its keys")
    roles[role] = DelegatedRole(role, [], keys.threshold, terminating=True, paths=[f"{state}/*"])
    delegations.roles = roles
    for key in keys.keys:
        metadata.signed.add_key(key, role)
    if faults := key_faults(metadata.signed):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, faults[0], hint="every state has its own keys")
    stamp(metadata.signed, Targets.type, now)
    repository.stage(Targets.type, metadata)


def remove_state(files: FileTree, state: str, now: datetime) -> None:
    """Draft the end of a state's role: nothing that it signed counts any longer."""
    repository, role = Repository(files), state_role(state)
    metadata = repository.draft(Targets.type, Targets)
    delegations, chosen = metadata.signed.delegations, _role(metadata.signed, role)
    for key_id in list(chosen.keyids):
        metadata.signed.revoke_key(key_id, role)
    if delegations is not None:
        delegations.roles = {name: one for name, one in (delegations.roles or {}).items() if name != role}
    stamp(metadata.signed, Targets.type, now)
    repository.stage(Targets.type, metadata)
    repository.unstage(role)


def add_key(files: FileTree, role: str, key: SSlibKey, now: datetime) -> None:
    """Draft a role with one more key."""
    change_keys(files, role, (key,), (), now)


def remove_key(files: FileTree, role: str, key_id: str, now: datetime) -> None:
    """Draft a role without a key. Raises PolisbridgeError when too few would remain."""
    change_keys(files, role, (), (key_id,), now)


def change_keys(
    files: FileTree, role: str, add: Sequence[SSlibKey], remove: Sequence[str], now: datetime, threshold: int = 0
) -> None:
    """Draft a role with keys added and removed, in one version; and the role's own next version to sign again.

    The delegator (root for the top roles, targets for states) names the keys and is drafted; what the role
    itself has published is staged once more, because its old signatures may not count any longer.
    """
    repository, delegator = Repository(files), Targets.type if state_of(role) else Root.type
    kind: Any = Targets if delegator == Targets.type else Root
    metadata: Metadata[Any] = repository.draft(delegator, kind)
    chosen = _role(metadata.signed, role)
    for key in add:
        _check_key(key)
        metadata.signed.add_key(key, role)
    for key_id in remove:
        if key_id not in chosen.keyids:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"{role} has no key {key_id}", hint="`trust role show`")
        metadata.signed.revoke_key(key_id, role)
    chosen.threshold = threshold or chosen.threshold
    if not 1 <= chosen.threshold <= len(chosen.keyids):
        detail = f"{role} would have {len(chosen.keyids)} keys, {chosen.threshold} must sign"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="add a key in the same step: `trust key rotate`")
    stamp(metadata.signed, delegator, now)
    repository.stage(delegator, metadata)
    if (role == Targets.type or state_of(role)) and (
        repository.published_version(role) or repository.staged(role, Targets)
    ):
        own = repository.draft(role, Targets)
        stamp(own.signed, role, now)
        repository.stage(role, own)


def delegator_of(repository: Repository, role: str) -> Root | Targets:
    """Return who names the keys of the role: root for the top roles, targets for states; the newest."""
    if state_of(role):
        return repository.current(Targets.type, Targets).signed
    return repository.current(Root.type, Root).signed


def keys_of(delegator: Root | Targets, role: str) -> dict[str, Key]:
    """Return the keys of a role by key id."""
    return {key_id: delegator.get_key(key_id) for key_id in _role(delegator, role).keyids}


def key_faults(delegator: Root | Targets) -> list[str]:
    """Return what is wrong with the keys and roles that metadata names.

    A key under a name that is not its hash could count twice; another algorithm is not enabled; a state's
    role that reaches beyond its own paths could sign for another.
    """
    keys = (
        delegator.keys if isinstance(delegator, Root) else delegator.delegations.keys if delegator.delegations else {}
    )
    faults = [f"key {key_id[:16]}: {fault}" for key_id, key in keys.items() if (fault := _key_fault(key_id, key))]
    if isinstance(delegator, Targets) and delegator.delegations:
        faults += _delegation_faults(delegator.delegations)
    return faults


def _delegation_faults(delegations: Delegations) -> list[str]:
    """Return a fault for each role that is not one state's own, and each key that signs for two states."""
    faults = ["succinct roles are not used"] if delegations.succinct_roles is not None else []
    holders: dict[str, str] = {}
    for name, role in (delegations.roles or {}).items():
        state = state_of(name)
        if state not in states() or role.paths != [f"{state}/*"] or not role.terminating:
            faults.append(f"{name}: a role of one state, for its own paths, terminating")
        twice = [key_id for key_id in role.keyids if holders.setdefault(key_id, name) != name]
        faults += [f"key {key_id[:16]} signs for {holders[key_id]} and {name}" for key_id in twice]
    return faults


def _key_fault(key_id: str, key: Key) -> str:
    """Return what is wrong with a key; empty when nothing is."""
    if key.keytype != "ecdsa" or key.scheme != SCHEME:
        return f"{key.keytype} {key.scheme} is not enabled"
    try:
        public = load_pem_public_key(str(key.keyval["public"]).encode())
    except (ValueError, KeyError):
        return "not a public key"
    if not isinstance(public, EllipticCurvePublicKey) or not isinstance(public.curve, SECP256R1):
        return "not a P-256 key"
    return "" if SSlibKey.from_crypto(public).keyid == key_id else "its name is not its hash"


def _check_key(key: SSlibKey) -> None:
    if fault := _key_fault(key.keyid, key):
        raise PolisbridgeError(
            ErrorCode.BAD_INPUT, f"key {key.keyid[:16]}: {fault}", hint="make one with `trust key make`"
        )


def _check_role(role: str, chosen: RoleKeys) -> None:
    for key in chosen.keys:
        _check_key(key)
    distinct = {key.keyid for key in chosen.keys}
    if len(distinct) != len(chosen.keys):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{role}: the same key twice", hint="every key has its own holder")
    if not 1 <= chosen.threshold <= len(distinct):
        detail = f"{role}: {chosen.threshold} of {len(distinct)} keys cannot sign"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="a threshold between 1 and the number of keys")


def _role(delegator: Root | Targets, role: str) -> Role:
    try:
        return delegator.get_delegated_role(role)
    except ValueError as exc:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no role {role}", hint="`trust role show` names them") from exc
