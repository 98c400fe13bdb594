"""Publishing: drafts that are fully signed and without fault become the static tree, with snapshot and timestamp.

What is not ready stays a draft and does not hold up the rest, nor the hourly timestamp. The tree that results
is checked as a client would before a byte of it is written; the timestamp is written last.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from securesystemslib.signer import Signer
from tuf.api.metadata import Metadata, MetaFile, Root, Snapshot, Targets, Timestamp

from polisbridge.core.errors import ErrorCode, Fault, FaultCode, PolisbridgeError
from polisbridge.services.trust.admission import admission_faults
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import LIFETIME, Repository, parse_any, stamp, state_role, to_bytes
from polisbridge.services.trust.roles import key_faults
from polisbridge.services.trust.sign import Signatures, signatures_by

ENDING = timedelta(days=30)


@dataclass(slots=True)
class Published:
    """What became public, what waits for signatures, and what was refused with why.

    `ending` names public roles that expire within 30 days, or have: clients refuse what is past its day.
    """

    roles: list[str] = field(default_factory=list)
    waiting: dict[str, Signatures] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    timestamp: int = 0
    expires: datetime | None = None
    ending: dict[str, datetime] = field(default_factory=dict)


def publish(files: FileTree, now: datetime, timestamp: Signer, snapshot: Signer | None = None) -> Published:
    """Publish what is ready; without a snapshot key only the timestamp is renewed.

    Raises PolisbridgeError when a key may not sign, or there is no complete root.
    """
    repository, report = Repository(files), Published()
    root = _root(repository, report)
    if root is None:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "root is not signed by enough keys", hint="`trust role show`")
    if snapshot is None:
        _renew(repository, root, timestamp, now, report)
        return report
    targets = _targets(repository, root, report, now)
    states = _states(repository, targets, report, now)
    _write(repository, report, {Root.type: root, Targets.type: targets, **states})
    _snapshot(repository, root, snapshot, now)
    _timestamp(repository, root, timestamp, now, report)
    return report


def _root(repository: Repository, report: Published) -> Metadata[Root] | None:
    """Return the root to publish: the draft when the keys before and its own have signed it, else the last."""
    before, draft = repository.published(Root.type, Root), repository.staged(Root.type, Root)
    if draft is None:
        return before
    bad = [_refused(Root.type, one) for one in key_faults(draft.signed)]
    by = [signatures_by(one.signed, Root.type, draft) for one in (before, draft) if one]
    if bad or not all(one.complete for one in by):
        report.faults += bad
        report.waiting |= {Root.type: next(one for one in by if not one.complete)} if not bad else {}
        return before
    report.roles.append(Root.type)
    return draft


def _targets(repository: Repository, root: Metadata[Root], report: Published, now: datetime) -> Metadata[Targets]:
    """Return the targets to publish. A draft waits while a published state would lose its signatures by it."""
    before, draft = repository.published(Targets.type, Targets), repository.staged(Targets.type, Targets)
    if draft is not None and _ready(root.signed, Targets.type, draft, repository, report, now):
        lost = [state for state in _published_states(repository) if not _state_holds(repository, draft, state)]
        if not lost:
            report.roles.append(Targets.type)
            return draft
        report.faults += [
            _refused(state_role(one), "too few of the new keys have signed what is public") for one in lost
        ]
    if before is None or not signatures_by(root.signed, Targets.type, before).complete:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "targets is not signed by enough keys", hint="`trust role show`")
    return before


def _state_holds(repository: Repository, targets: Metadata[Targets], state: str) -> bool:
    """Say whether what the state has published, or its draft, is signed by the keys that targets names."""
    role = state_role(state)
    both = (repository.staged(role, Targets), repository.published(role, Targets))
    known = role in ((targets.signed.delegations.roles or {}) if targets.signed.delegations else {})
    return not known or any(one and signatures_by(targets.signed, role, one).complete for one in both)


def _states(
    repository: Repository, targets: Metadata[Targets], report: Published, now: datetime
) -> dict[str, Metadata[Targets]]:
    roles = (targets.signed.delegations.roles or {}) if targets.signed.delegations else {}
    found = {}
    for role in sorted(roles):
        draft = repository.staged(role, Targets)
        if draft is not None and _ready(targets.signed, role, draft, repository, report, now):
            report.roles.append(role)
            found[role] = draft
    return found


def _ready(
    delegator: Root | Targets, role: str, draft: Metadata[Any], repository: Repository, report: Published, now: datetime
) -> bool:
    """Say whether a draft is signed by enough keys and passes admission."""
    by = signatures_by(delegator, role, draft)
    if not by.complete:
        report.waiting[role] = by
        return False
    faults = admission_faults(repository.files, role, now)
    report.faults += faults
    return not faults


def _write(repository: Repository, report: Published, roles: dict[str, Metadata[Any]]) -> None:
    """Write target files, then metadata, of the roles that are new; their drafts end."""
    for role in report.roles:
        metadata = roles[role]
        for path, info in (metadata.signed.targets if role != Root.type else {}).items():
            data = repository.target(info)
            folder, _, name = path.rpartition("/")
            if data is not None:
                repository.files.write(f"public/targets/{folder}/{info.hashes['sha256']}.{name}", data)
    for role in report.roles:
        repository.files.write(f"public/metadata/{roles[role].signed.version}.{role}.json", to_bytes(roles[role]))
        repository.unstage(role)


def _snapshot(repository: Repository, root: Metadata[Root], signer: Signer, now: datetime) -> None:
    """Write a snapshot when something changed, half its life is over, or its key is another."""
    before = repository.published(Snapshot.type, Snapshot)
    meta = dict(before.signed.meta) if before else {}
    for role in (Targets.type, *map(state_role, _published_states(repository))):
        data = repository.published_bytes(role)
        if data is not None:
            version = repository.published_version(role)
            meta[f"{role}.json"] = MetaFile.from_data(version, data, ["sha256"])
    young = before is not None and before.signed.expires - now > LIFETIME[Snapshot.type] / 2
    held = before is not None and signatures_by(root.signed, Snapshot.type, before).complete
    if before is not None and young and held and before.signed.meta == meta:
        return
    snapshot = Metadata(Snapshot(version=before.signed.version + 1 if before else 1, meta=meta))
    stamp(snapshot.signed, Snapshot.type, now)
    data = _signed(root, Snapshot.type, snapshot, signer)
    repository.files.write(f"public/metadata/{snapshot.signed.version}.snapshot.json", data)


def _renew(repository: Repository, root: Metadata[Root], signer: Signer, now: datetime, report: Published) -> None:
    if report.roles:
        report.roles.clear()
        report.faults.append(_refused(Root.type, "a new root is published together with a snapshot"))
    published = repository.published(Root.type, Root)
    _timestamp(repository, published or root, signer, now, report)


def _timestamp(repository: Repository, root: Metadata[Root], signer: Signer, now: datetime, report: Published) -> None:
    data = repository.published_bytes(Snapshot.type)
    if data is None:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "no snapshot yet", hint="give the snapshot key")
    before = repository.published(Timestamp.type, Timestamp)
    meta = MetaFile.from_data(repository.published_version(Snapshot.type), data, ["sha256"])
    timestamp = Metadata(Timestamp(version=before.signed.version + 1 if before else 1, snapshot_meta=meta))
    stamp(timestamp.signed, Timestamp.type, now)
    repository.files.write("public/metadata/timestamp.json", _signed(root, Timestamp.type, timestamp, signer))
    report.timestamp, report.expires = timestamp.signed.version, timestamp.signed.expires
    report.ending = _ending(repository, now)


def _signed(root: Metadata[Root], role: str, metadata: Metadata[Any], signer: Signer) -> bytes:
    metadata.sign(signer)
    if not signatures_by(root.signed, role, metadata).complete:
        detail = f"key {signer.public_key.keyid[:16]} may not sign {role} alone"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint="`trust role show` lists who may")
    return to_bytes(metadata)


def _ending(repository: Repository, now: datetime) -> dict[str, datetime]:
    """Return the roles signed by people that expire soon, with when."""
    found = {role: repository.published_bytes(role) for role in (Root.type, Targets.type)}
    found |= {state_role(one): repository.published_bytes(state_role(one)) for one in repository.states()}
    days = {role: parse_any(data).signed.expires for role, data in found.items() if data is not None}
    return {role: expires for role, expires in days.items() if expires - now < ENDING}


def _published_states(repository: Repository) -> list[str]:
    names = repository.files.names("public/metadata/")
    found = {name.removesuffix(".json").rpartition(".state-")[2] for name in names if ".state-" in name}
    return sorted(found)


def _refused(role: str, why: str) -> Fault:
    return Fault(role, 1, "(whole file)", FaultCode.TOO_FEW_SIGNATURES, why, "a repository that clients accept")
