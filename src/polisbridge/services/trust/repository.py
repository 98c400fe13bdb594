"""The working copy of a trust repository: what is published, and drafts that wait for signatures.

public/metadata/…   the static tree that any web server or USB stick carries (consistent snapshots)
public/targets/…
staged/metadata/<role>.json   the next version of a role, with the signatures it has so far
staged/targets/XX/…           the files that a draft names
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Snapshot, TargetFile, Targets, Timestamp
from tuf.api.serialization.json import JSONSerializer

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.trust.ports import FileTree

SIGNED_AT = "x-polisbridge-signed"  # an extra signed field: when this version was made, UTC
STATE_ROLE = "state-"
TOP_ROLES = (Root.type, Targets.type, Snapshot.type, Timestamp.type)

LIFETIME = {
    Root.type: timedelta(days=365),
    Targets.type: timedelta(days=365),
    Snapshot.type: timedelta(days=30),
    Timestamp.type: timedelta(days=7),
}
STATE_LIFETIME = timedelta(days=180)

T = TypeVar("T", Root, Timestamp, Snapshot, Targets)


def state_role(state: str) -> str:
    """Return the name of a state's role."""
    return f"{STATE_ROLE}{state}"


def state_of(role: str) -> str:
    """Return the state of a role's name; empty for roles of the repository itself."""
    return role.removeprefix(STATE_ROLE) if role.startswith(STATE_ROLE) else ""


def stamp(signed: Signed, role: str, now: datetime, lifetime: timedelta | None = None) -> None:
    """Set the moment of making and the expiry, both in whole seconds."""
    now = now.replace(microsecond=0)
    signed.expires = now + (lifetime or LIFETIME.get(role, STATE_LIFETIME))
    signed.unrecognized_fields[SIGNED_AT] = now.strftime("%Y-%m-%dT%H:%M:%SZ")


def signed_at(signed: Signed) -> datetime | None:
    """Return when this version was made, as it says itself under its signatures."""
    try:
        return datetime.fromisoformat(str(signed.unrecognized_fields[SIGNED_AT]))
    except (KeyError, ValueError):
        return None


def parse(data: bytes, kind: type[T]) -> Metadata[T]:
    """Return metadata of the kind. Raises PolisbridgeError when it is not."""
    found = parse_any(data)
    if not isinstance(found.signed, kind):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"metadata of {found.signed.type}, not of {kind.type}")
    return found


def parse_any(data: bytes) -> Metadata[Any]:
    """Return metadata of any kind. Raises PolisbridgeError when it is not TUF metadata."""
    try:
        return Metadata.from_bytes(data)
    except (RepositoryError, ValueError, RecursionError) as exc:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "not TUF metadata", hint="name a file of staged/metadata") from exc


def to_bytes(metadata: Metadata[Any]) -> bytes:
    """Return the bytes of metadata as they are written to files."""
    return metadata.to_bytes(JSONSerializer(compact=True))


@dataclass(frozen=True, slots=True)
class Repository:
    """Reads and writes the working copy."""

    files: FileTree

    def published_bytes(self, role: str) -> bytes | None:
        """Return the newest published metadata of the role."""
        if role == Timestamp.type:
            return self.files.read("public/metadata/timestamp.json")
        version = self.published_version(role)
        return self.files.read(f"public/metadata/{version}.{role}.json") if version else None

    def published_version(self, role: str) -> int:
        """Return the newest published version of a role, 0 when there is none."""
        ending = f".{role}.json"
        names = [name.removeprefix("public/metadata/") for name in self.files.names("public/metadata/")]
        found = [name.removesuffix(ending) for name in names if name.endswith(ending)]
        return max((int(number) for number in found if number.isdigit()), default=0)

    def published(self, role: str, kind: type[T]) -> Metadata[T] | None:
        """Return the newest published metadata of the role."""
        data = self.published_bytes(role)
        return parse(data, kind) if data is not None else None

    def staged(self, role: str, kind: type[T]) -> Metadata[T] | None:
        """Return the role's draft."""
        data = self.files.read(f"staged/metadata/{role}.json")
        return parse(data, kind) if data is not None else None

    def current(self, role: str, kind: type[T]) -> Metadata[T]:
        """Return the draft, else what is published. Raises PolisbridgeError when there is neither."""
        found = self.staged(role, kind) or self.published(role, kind)
        if found is None:
            raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no metadata of {role}", hint="`polisbridge trust init` first")
        return found

    def draft(self, role: str, kind: type[T]) -> Metadata[T]:
        """Return the next version of the role to change: without signatures, one above what is published."""
        metadata = self.current(role, kind)
        metadata.signed.version = self.published_version(role) + 1
        metadata.signatures.clear()
        return metadata

    def stage(self, role: str, metadata: Metadata[Any]) -> None:
        """Write the role's draft."""
        self.files.write(f"staged/metadata/{role}.json", to_bytes(metadata))

    def unstage(self, role: str) -> None:
        """Delete the role's draft."""
        self.files.delete(f"staged/metadata/{role}.json")

    def draft_bytes(self, role: str) -> bytes | None:
        """Return the role's draft as it is written."""
        return self.files.read(f"staged/metadata/{role}.json")

    def drafts(self) -> tuple[str, ...]:
        """Return the roles that have a draft: root first, then targets, then states."""
        prefix = "staged/metadata/"
        roles = [
            name.removeprefix(prefix).removesuffix(".json")
            for name in self.files.names(prefix)
            if name.endswith(".json")
        ]
        order = {Root.type: 0, Targets.type: 1}
        return tuple(sorted(roles, key=lambda role: (order.get(role, 2), role)))

    def states(self) -> tuple[str, ...]:
        """Return the states that have a role, published or in draft."""
        delegations = self.current(Targets.type, Targets).signed.delegations
        return tuple(sorted(state_of(role) for role in (delegations.roles or {}))) if delegations else ()

    def target(self, info: TargetFile) -> bytes | None:
        """Return a target file with the right length and hash, from the drafts or what is published."""
        folder, _, name = info.path.rpartition("/")
        for place in (f"staged/targets/{info.path}", f"public/targets/{folder}/{info.hashes['sha256']}.{name}"):
            data = self.files.read(place)
            if data is not None and is_target(info, data):
                return data
        return None

    def published_targets(self, role: str) -> dict[str, bytes]:
        """Return the published files of a role by path."""
        metadata = self.published(role, Targets)
        found = {path: self.target(info) for path, info in metadata.signed.targets.items()} if metadata else {}
        return {path: data for path, data in found.items() if data is not None}


def is_target(info: TargetFile, data: bytes) -> bool:
    """Say whether the bytes have the length and hash that the metadata names."""
    try:
        info.verify_length_and_hashes(data)
    except RepositoryError:
        return False
    return True
