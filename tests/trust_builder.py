"""A small trust repository in a folder, with real keys in memory and the real client, for tests."""

import base64
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from builder import LAW_FOLDER
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner

from polisbridge.adapters.folder import read_folder
from polisbridge.adapters.trust_store import DiskClient, FolderTree
from polisbridge.core.signing import key_id_of
from polisbridge.core.trust import TrustView
from polisbridge.formats.lawarchive import SHARED, write_archive
from polisbridge.services.trust.publish import Published, publish
from polisbridge.services.trust.repository import Repository, state_role
from polisbridge.services.trust.roles import RoleKeys, add_state, new_repository
from polisbridge.services.trust.sign import sign_draft
from polisbridge.services.trust.stage import law_of, stage_shared, stage_state
from polisbridge.services.trust.sync import Synced, load_view, sync

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
JURISDICTIONS = {"no": "NO", "no_oslo": "NO", "se": "SE"}


def new_key() -> CryptoSigner:
    return CryptoSigner.generate_ecdsa()


def new_spki() -> bytes:
    return generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def role_keys(signers: Iterable[CryptoSigner], threshold: int) -> RoleKeys:
    return RoleKeys(tuple(one.public_key for one in signers), threshold)


def key_entry(der: bytes, /, first: date = date(2026, 11, 1), **changes: str) -> dict[str, str]:
    return {
        "id": key_id_of(der).hex(),
        "spki": base64.b64encode(der).decode(),
        "valid_from": first.isoformat(),
        "use_until": (first + timedelta(days=180)).isoformat(),
        "valid_to": (first + timedelta(days=700)).isoformat(),
        "status": "active",
        **changes,
    }


def insurers(state: str, keys: Mapping[str, list[dict[str, str]]]) -> bytes:
    listed = [
        {"id": one, "name": f"Insurer {one}", "licence": "L-1", "lines": ["health"], "keys": entries}
        for one, entries in keys.items()
    ]
    return json.dumps({"state": state, "insurers": listed}).encode()


def status(state: str, spki: bytes) -> bytes:
    key = {"id": key_id_of(spki).hex(), "spki": base64.b64encode(spki).decode()}
    return json.dumps({"state": state, "lists": [{"number": 1, "location": f"status/{state}/1", "key": key}]}).encode()


def assistance(state: str) -> bytes:
    contact = {"name": "Hotline", "phones": ["+47 22 00 00 00"], "address": "Oslo", "languages": ["en", "no"]}
    return json.dumps({"state": state, "contacts": [contact]}).encode()


def law_files(state: str) -> dict[str, bytes]:
    return law_of(state, read_folder(LAW_FOLDER), JURISDICTIONS)


@dataclass
class World:
    """A repository with a coordinator, two states, and one client; every key in memory."""

    folder: Path
    root: list[CryptoSigner] = field(default_factory=lambda: [new_key() for _ in range(5)])
    targets: list[CryptoSigner] = field(default_factory=lambda: [new_key() for _ in range(3)])
    snapshot: CryptoSigner = field(default_factory=new_key)
    timestamp: CryptoSigner = field(default_factory=new_key)
    states: dict[str, list[CryptoSigner]] = field(default_factory=dict)
    insurer_keys: dict[str, list[bytes]] = field(default_factory=dict)

    @property
    def files(self) -> FolderTree:
        return FolderTree(self.folder / "repo")

    @property
    def repository(self) -> Repository:
        return Repository(self.files)

    @property
    def public(self) -> Path:
        return self.folder / "repo" / "public"

    @property
    def anchor(self) -> bytes:
        return (self.public / "metadata" / "1.root.json").read_bytes()

    def begin(self, now: datetime = NOW) -> "World":
        roles = {
            "root": role_keys(self.root, 3),
            "targets": role_keys(self.targets, 2),
            "snapshot": role_keys([self.snapshot], 1),
            "timestamp": role_keys([self.timestamp], 1),
        }
        new_repository(self.files, roles, now)
        self.sign("root", self.root[:3])
        for state in ("NO", "SE"):
            self.states[state] = [new_key() for _ in range(3)]
            self.insurer_keys[state] = [new_spki(), new_spki()]
            add_state(self.files, state, role_keys(self.states[state], 2), now)
        stage_shared(self.files, write_archive(law_files(SHARED), 1), now)
        self.sign("targets", self.targets[:2])
        return self

    def fill(self, state: str, now: datetime = NOW, **changes: bytes) -> None:
        one, two = self.insurer_keys[state]
        new = {
            "insurers.json": insurers(state, {"first": [key_entry(one)], "second": [key_entry(two)]}),
            "law.json.z": write_archive(law_files(state), 1),
            "status.json": status(state, new_spki()),
            "assistance.json": assistance(state),
            **{name.replace("__", "."): data for name, data in changes.items()},
        }
        self.put(state, new, now)

    def put(self, state: str, new: Mapping[str, bytes], now: datetime = NOW, signers: int = 2) -> None:
        stage_state(self.files, state, new, now)
        self.sign(state_role(state), self.states[state][:signers])

    def sign(self, role: str, signers: Iterable[CryptoSigner]) -> None:
        for signer in signers:
            sign_draft(self.repository, role, signer)

    def publish(self, now: datetime = NOW) -> Published:
        return publish(self.files, now, self.timestamp, self.snapshot)

    def sync(self, now: datetime = NOW, kit: str = "kit", source: Path | None = None) -> Synced:
        folder = self.folder / kit
        return sync(FolderTree(folder), DiskClient(folder), str(source or self.public), now, self.anchor)

    def view(self, kit: str = "kit") -> TrustView:
        return load_view(FolderTree(self.folder / kit))


def ready(folder: Path, now: datetime = NOW) -> World:
    """Return a repository with two states published."""
    world = World(folder).begin(now)
    world.fill("NO", now)
    world.fill("SE", now)
    report = world.publish(now)
    assert report.faults == [], report.faults
    assert report.waiting == {}
    return world


def edit(path: Path, change: Any) -> None:
    """Change a JSON file in place, its signatures kept."""
    value = json.loads(path.read_bytes())
    change(value)
    path.write_text(json.dumps(value))
