"""A cache of parsed law files, so that a cold start need not parse hundreds of them again.

What is kept is the plain tree of each file, never code, under the hash of all files: other files, another
entry. A cache that cannot be read or written is no fault; the files are parsed then.
"""

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from polisbridge.core.law import LawBook
from polisbridge.formats.lawfile import is_law, law_book, law_hash, read_law
from polisbridge.formats.tree import Document, Tree, read_tree

_VERSION = 1


def cached_law(files: Mapping[str, bytes]) -> LawBook:
    """Return the LawBook of the files, their trees taken from the cache when it has them."""
    content_hash = law_hash(files)
    path = _folder() / f"law-{_VERSION}-{content_hash}.msgpack"
    trees = _read(path)
    if trees is not None:
        return law_book(content_hash, {name: Document(name, tree, {}) for name, tree in trees.items()})
    book = read_law(files)
    _write(path, {name: read_tree(files[name], name).tree for name in filter(is_law, files)})
    return book


def _folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "polisbridge"


def _read(path: Path) -> dict[str, Tree] | None:
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=dict[str, Tree])
    except (OSError, msgspec.DecodeError):
        return None


def _write(path: Path, trees: dict[str, Tree]) -> None:
    """Write whole or not at all: beside the place first, then moved there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(f".{os.getpid()}.part")
        beside.write_bytes(msgspec.msgpack.encode(trees))
        beside.replace(path)
    except OSError:
        return
