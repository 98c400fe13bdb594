"""How large the trust repository is, and how long a verifier takes to check it.

Twelve states with two insurers and two status lists each; the law that ships. Prints bytes of metadata, of the
whole published tree, and milliseconds of a full refresh, of a sync, and of loading the kit offline.
"""

import base64
import json
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.signer import CryptoSigner

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.adapters.trust_store import DiskClient, FolderTree
from polisbridge.core.signing import key_id_of
from polisbridge.formats.lawarchive import SHARED, write_archive
from polisbridge.formats.lawfile import read_law
from polisbridge.services.trust.publish import publish
from polisbridge.services.trust.repository import Repository, state_role
from polisbridge.services.trust.roles import RoleKeys, add_state, new_repository
from polisbridge.services.trust.sign import sign_draft
from polisbridge.services.trust.stage import law_of, stage_shared, stage_state
from polisbridge.services.trust.sync import load_view, sync

STATES = ("AM", "AZ", "BY", "GE", "KG", "KZ", "MD", "RU", "TJ", "TM", "UA", "UZ")
NOW = datetime.now(UTC)  # noqa: TID251 - a benchmark has no other day
ROUNDS = 30


def _spki() -> bytes:
    return generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _key(der: bytes) -> dict[str, str]:
    return {"id": key_id_of(der).hex(), "spki": base64.b64encode(der).decode()}


def files_of(state: str, list_keys: Sequence[bytes] = ()) -> dict[str, bytes]:
    """Return a state's files but law and rates; as many status lists as keys are given, else two."""
    days = {"valid_from": f"{NOW:%Y-%m-%d}", "use_until": f"{NOW + timedelta(180):%Y-%m-%d}"}
    entry = {**days, "valid_to": f"{NOW + timedelta(700):%Y-%m-%d}"}
    insurers = [
        {"id": one, "name": one, "licence": "1", "lines": ["health"], "keys": [{**_key(_spki()), **entry}]}
        for one in ("first", "second")
    ]
    lists = [
        {"number": number, "location": f"status/{state}/{number}", "key": _key(key)}
        for number, key in enumerate(list_keys or (_spki(), _spki()), 1)
    ]
    contacts = [{"name": "Hotline", "phones": ["+998 71 200 00 00"]}]
    parts: dict[str, dict[str, object]] = {
        "insurers": {"insurers": insurers},
        "status": {"lists": lists},
        "assistance": {"contacts": contacts},
    }
    return {f"{name}.json": json.dumps({"state": state, **part}).encode() for name, part in parts.items()}


def repository(files: FolderTree, of_state: Callable[[str], dict[str, bytes]]) -> None:
    """Build a repository of twelve states, all keys and roles their own, with the files of each state."""
    signers = {role: [CryptoSigner.generate_ecdsa() for _ in range(5)] for role in ("root", "targets", *STATES)}
    online = {role: [CryptoSigner.generate_ecdsa()] for role in ("snapshot", "timestamp")}
    counts = {"root": (5, 3), "targets": (3, 2), "snapshot": (1, 1), "timestamp": (1, 1)}
    everyone = {**signers, **online}

    def keys(role: str, number: int, threshold: int) -> RoleKeys:
        return RoleKeys(tuple(one.public_key for one in everyone[role][:number]), threshold)

    def sign(role: str, who: str, number: int) -> None:
        for signer in everyone[who][:number]:
            sign_draft(Repository(files), role, signer)

    new_repository(files, {role: keys(role, *count) for role, count in counts.items()}, NOW)
    sign("root", "root", 3)
    for state in STATES:
        add_state(files, state, keys(state, 3, 2), NOW)
    law = read_folder(shipped_law())
    folders = {one.id.replace(".", "/"): one.state for one in read_law(law).jurisdictions.values()}
    stage_shared(files, write_archive(law_of(SHARED, law, folders), 1), NOW)
    sign("targets", "targets", 2)
    for state in STATES:
        own = law_of(state, law, folders)
        stage_state(files, state, of_state(state) | ({"law.json.z": write_archive(own, 1)} if own else {}), NOW)
        sign(state_role(state), state, 2)
    report = publish(files, NOW, online["timestamp"][0], online["snapshot"][0])
    if report.faults or report.waiting:
        sys.exit(f"not published: {report.faults[:3]} {list(report.waiting)}")


def _timed(what: str, act: Callable[[], object]) -> None:
    times = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        act()
        times.append((time.perf_counter() - begun) * 1000)
    print(f"{what:<44}{median(times):8.1f} ms")


def main() -> None:
    """Build, measure, print."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        begun = time.perf_counter()
        repository(FolderTree(folder / "repo"), files_of)
        print(f"{'built, admission checks of all law included':<44}{(time.perf_counter() - begun) * 1000:8.0f} ms")
        public, kit = folder / "repo" / "public", folder / "kit"
        metadata = [path.read_bytes() for path in sorted((public / "metadata").iterdir())]
        targets = [path.read_bytes() for path in sorted((public / "targets").rglob("*")) if path.is_file()]
        print(f"{'metadata, 12 states':<44}{sum(map(len, metadata)):8} B")
        print(f"{'metadata, zlib':<44}{len(zlib.compress(b''.join(metadata), 9)):8} B")
        print(f"{'files: keys, law, status sources …':<44}{sum(map(len, targets)):8} B")
        anchor = (public / "metadata" / "1.root.json").read_bytes()

        def first() -> None:
            shutil.rmtree(kit, ignore_errors=True)
            sync(FolderTree(kit), DiskClient(kit), str(public), NOW, anchor)

        _timed("first sync, everything fetched", first)
        _timed("TUF client alone, nothing new", lambda: DiskClient(kit).fetch(str(public), anchor, NOW))
        _timed("sync, nothing new", lambda: sync(FolderTree(kit), DiskClient(kit), str(public), NOW))
        _timed("load the kit offline, all checked again", lambda: load_view(FolderTree(kit)))
        size = sum(path.stat().st_size for path in kit.rglob("*") if path.is_file())
        print(f"{'kit on disk, memory of the client included':<44}{size:8} B")


if __name__ == "__main__":
    main()
