"""Law as one file: canonical JSON of version, content hash and files, compressed with zlib.

The same files and version give the same bytes everywhere, except that another zlib may compress otherwise;
the content hash is over the files themselves. Texts of law are UTF-8.
"""

import hashlib
import json
import zlib
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.trust import LawFiles
from polisbridge.formats.tree import read_tree

FORMAT = "polisbridge.law/1"
SHARED = "common"
MAX_VERSION = 2**32 - 1
MAX_UNPACKED = 8_000_000  # bytes; all law of 2026 together is 0.9 MB

FileName = Annotated[str, Meta(pattern=r"^[a-z0-9_]+(/[a-z0-9_]+){0,7}(\.cases)?\.yaml$")]


class ArchiveFile(Struct, frozen=True, forbid_unknown_fields=True):
    """What an unpacked archive holds."""

    format: str
    version: Annotated[int, Meta(ge=1, le=MAX_VERSION)]
    hash: str
    files: dict[FileName, str]


def content_hash(files: Mapping[str, bytes]) -> str:
    """Return the SHA-256 over names, lengths and bytes of all files, cases included, in order of name."""
    total = hashlib.sha256()
    for name in sorted(files):
        total.update(f"{name}\0{len(files[name])}\0".encode())
        total.update(files[name])
    return total.hexdigest()


def write_archive(files: Mapping[str, bytes], version: int) -> bytes:
    """Return the archive of the files."""
    value = {
        "format": FORMAT,
        "version": version,
        "hash": content_hash(files),
        "files": {name: files[name].decode() for name in files},
    }
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return zlib.compress(text.encode(), 9)


def read_archive(data: bytes, file: str, owner: str) -> LawFiles:
    """Return the law of an archive. Raises InputFaults when it is not one, or its hash is another.

    `owner` is a state or `common`. A state's files lie in `xx/` or `xx_…/` and are law of that state only;
    the shared ones are the vocabulary and treaties. So no state can bring law for another.
    """
    unpacking = zlib.decompressobj()
    try:
        text = unpacking.decompress(data, MAX_UNPACKED)
    except zlib.error as exc:
        raise _fault(file, FaultCode.SYNTAX, "not compressed with zlib", "an archive of law") from exc
    if not unpacking.eof or unpacking.unused_data:
        raise _fault(
            file, FaultCode.TOO_LARGE, "cut off, followed by more, or too large", f"at most {MAX_UNPACKED} bytes"
        )
    try:
        raw = msgspec.json.decode(text, type=ArchiveFile)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        raise _fault(file, FaultCode.SYNTAX, str(exc), "an archive of law") from exc
    files = {name: words.encode() for name, words in raw.files.items()}
    if raw.format != FORMAT:
        raise _fault(file, FaultCode.WRONG_VALUE, raw.format, FORMAT)
    if content_hash(files) != raw.hash:
        raise _fault(file, FaultCode.WRONG_VALUE, raw.hash, f"{content_hash(files)}, the hash of the files")
    if faults := [*_of_others(file, owner, files), *_not_its_own(owner, files)]:
        raise InputFaults(faults)
    return LawFiles(raw.version, raw.hash, files)


def _of_others(file: str, owner: str, files: Mapping[str, bytes]) -> list[Fault]:
    """Return a fault for each file that lies where another's law lies."""
    own = owner.lower()
    places = ("vocabulary.yaml", "treaties/") if owner == SHARED else (f"{own}/", f"{own}_")
    expected = f"below {' or '.join(places)}"
    return [
        Fault(file, 1, name, FaultCode.WRONG_PLACE, name, expected) for name in files if not name.startswith(places)
    ]


def _not_its_own(owner: str, files: Mapping[str, bytes]) -> list[Fault]:
    """Return a fault for each jurisdiction that is not the owner's: another state, its region, or a treaty."""
    faults = []
    for name, data in files.items():
        if name.endswith("/jurisdiction.yaml"):
            document = read_tree(data, name)
            tree = document.tree if isinstance(document.tree, dict) else {}
            state, region = tree.get("state", ""), tree.get("region", "")
            if state != ("" if owner == SHARED else owner):
                faults.append(document.fault(FaultCode.WRONG_PLACE, ("state",), state, f"of {owner}"))
            elif region and not str(region).startswith(f"{owner}-"):
                faults.append(document.fault(FaultCode.WRONG_PLACE, ("region",), region, f"a region of {owner}"))
    return faults


def _fault(file: str, code: FaultCode, found: str, expected: str) -> InputFaults:
    return InputFaults([Fault(file, 1, "(whole file)", code, found, expected)])
