"""What a state, or the shared part, will say next: its files put beside a draft of its role.

The shared law (vocabulary and treaties) stands under the targets role itself: it binds every state, so those
who admit states sign it, there is no further set of keys to keep, and no delegated role can shadow it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tuf.api.metadata import Metadata, TargetFile, Targets

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.lawarchive import SHARED, content_hash, read_archive, write_archive
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import Repository, stamp, state_role

LAW = "law.json.z"
INSURERS, RATES, STATUS, ASSISTANCE = "insurers.json", "rates.yaml", "status.json", "assistance.json"
STATE_FILES = (INSURERS, LAW, RATES, STATUS, ASSISTANCE)
SHARED_FILES = (f"{SHARED}/{LAW}",)


def stage_state(files: FileTree, state: str, new: Mapping[str, bytes], now: datetime) -> None:
    """Draft a state's role with these files; those not named stay as they are.

    Raises PolisbridgeError when the state is not admitted or a file has no place there.
    """
    repository = Repository(files)
    if state not in repository.states():
        raise PolisbridgeError(ErrorCode.UNKNOWN_STATE, state, hint="`trust role add` admits a state")
    if strange := sorted(set(new) - set(STATE_FILES)):
        detail = f"no place for {', '.join(strange)}"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, detail, hint=f"one of {', '.join(STATE_FILES)}")
    role = state_role(state)
    known = repository.published_version(role) or repository.staged(role, Targets)
    metadata = repository.draft(role, Targets) if known else Metadata(Targets())
    _put(repository, metadata, state, new)
    stamp(metadata.signed, role, now)
    repository.stage(role, metadata)


def stage_shared(files: FileTree, archive: bytes, now: datetime) -> None:
    """Draft the targets role with the shared law."""
    repository = Repository(files)
    metadata = repository.draft(Targets.type, Targets)
    _put(repository, metadata, SHARED, {LAW: archive})
    stamp(metadata.signed, Targets.type, now)
    repository.stage(Targets.type, metadata)


def renew(files: FileTree, state: str, now: datetime) -> None:
    """Draft the next version of a state's role with nothing changed but its expiry."""
    stage_state(files, state, {}, now)


def law_archive(repository: Repository, folder: str, files: Mapping[str, bytes]) -> bytes:
    """Return the archive of law files for a state (or the shared part), its version one up when they changed."""
    version, data = (
        1,
        repository.published_targets(state_role(folder) if folder != SHARED else Targets.type).get(f"{folder}/{LAW}"),
    )
    if data is not None:
        before = read_archive(data, f"{folder}/{LAW}", folder)
        version = before.version + (before.hash != content_hash(files))
    return write_archive(files, version)


def law_of(state: str, files: Mapping[str, bytes], jurisdictions: Mapping[str, str]) -> dict[str, bytes]:
    """Return the law files of one state, or the shared ones.

    `jurisdictions` names the state of each jurisdiction folder: `{"ae_du": "AE", "treaties/eaeu": ""}`.
    """
    folders = tuple(f"{name}/" for name, of in jurisdictions.items() if of == state)
    shared = ("treaties/", "vocabulary.yaml") if state == SHARED else folders
    return {name: data for name, data in files.items() if shared and name.startswith(shared)}


def _put(repository: Repository, metadata: Metadata[Any], folder: str, new: Mapping[str, bytes]) -> None:
    for name, data in sorted(new.items()):
        path = f"{folder}/{name}"
        repository.files.write(f"staged/targets/{path}", data)
        metadata.signed.targets[path] = TargetFile.from_data(path, data, ["sha256"])
