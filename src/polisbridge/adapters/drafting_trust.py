"""The trust repository that a node works in (`services.drafting.ports.StateSigner`): `trust/` of its folder.

A state's role key is used when it lies in `trust-keys/state-XX.pem`; so do those of snapshot and timestamp. What has no
key here is staged only, and a person signs it on a machine of their own (docs/operating-trust.md).
"""

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from tuf.api.metadata import Snapshot, Targets, Timestamp

from polisbridge.adapters import trust_keys
from polisbridge.adapters.kit_lock import held_alone
from polisbridge.adapters.trust_store import FolderTree
from polisbridge.core.errors import InputFaults, PolisbridgeError
from polisbridge.services.drafting.ports import Signed
from polisbridge.services.trust.admission import admission_faults
from polisbridge.services.trust.publish import publish
from polisbridge.services.trust.repository import Repository, state_role
from polisbridge.services.trust.sign import sign_draft
from polisbridge.services.trust.stage import stage_state

WORKING, KEYS = "trust", "trust-keys"


class NodeTrust:
    """The repository in a node's folder; `folder` is the node's."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._files = folder / WORKING, FolderTree(folder / WORKING)
        self._keys = folder / KEYS

    def put(self, state: str, files: Mapping[str, bytes], now: datetime) -> Signed | None:
        """Stage a state's files, sign and publish as far as keys are at the node."""
        if not self._known(state):
            return None
        role = state_role(state)
        self._folder.mkdir(exist_ok=True)
        with held_alone(self._folder, lambda: None):
            try:
                stage_state(self._files, state, files, now)
                faults = admission_faults(self._files, role, now)
            except InputFaults as exc:
                faults = tuple(exc.faults)
            if faults:
                return Signed(
                    role, signed=False, public=False, faults=tuple(f"{one.found}: {one.expected}" for one in faults)
                )
            return self._signed(role, now)

    def current(self, state: str, name: str) -> bytes | None:
        """Return a state's file as it stands there, staged or public; None when there is none."""
        if not self._known(state):
            return None
        repository, role = Repository(self._files), state_role(state)
        try:
            info = repository.current(role, Targets).signed.targets.get(f"{state}/{name}")
        except PolisbridgeError:
            return None
        return repository.target(info) if info else None

    def public(self, state: str, name: str) -> bytes | None:
        """Return a state's file that verifiers fetch; None when there is none."""
        if not self._known(state):
            return None
        return Repository(self._files).published_targets(state_role(state)).get(f"{state}/{name}")

    def _known(self, state: str) -> bool:
        try:
            return state in Repository(self._files).states()
        except PolisbridgeError:
            return False

    def _signed(self, role: str, now: datetime) -> Signed:
        key, repository = self._keys / f"{role}.pem", Repository(self._files)
        if not key.is_file():
            return Signed(role, signed=False, public=False)
        with trust_keys.opened_for_tuf(key, None) as signer:
            complete = sign_draft(repository, role, signer).complete
        online = [self._keys / f"{name}.pem" for name in (Timestamp.type, Snapshot.type)]
        if not complete or not all(one.is_file() for one in online):
            return Signed(role, signed=True, public=False)
        with ExitStack() as opened:
            timestamp, snapshot = (opened.enter_context(trust_keys.opened_for_tuf(one, None)) for one in online)
            report = publish(self._files, now, timestamp, snapshot)
        return Signed(role, signed=True, public=role in report.roles)
