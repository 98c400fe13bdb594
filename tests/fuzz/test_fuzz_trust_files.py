"""Any bytes given to the readers of trust files and law archives end in a value or in `InputFaults`."""

import base64
import json
import random
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from hostile import SIGNER, changed_bytes, changed_words
from hypothesis import given, settings
from hypothesis import strategies as some

from polisbridge.core.errors import InputFaults
from polisbridge.core.trust import LawFiles
from polisbridge.formats.lawarchive import FORMAT, MAX_UNPACKED, content_hash, read_archive, write_archive
from polisbridge.formats.trustfile import public_key_fault, read_assistance, read_insurers, read_status

SPKI = base64.b64encode(SIGNER.public_key).decode()
KEY: dict[str, Any] = {"id": SIGNER.key_id.hex(), "spki": SPKI}
DAYS: dict[str, Any] = {"valid_from": "2026-11-01", "use_until": "2027-04-01", "valid_to": "2028-10-01"}
INSURER: dict[str, Any] = {"id": "first", "name": "First", "licence": "L-1", "lines": ["health"], "keys": [KEY | DAYS]}
STATUS: dict[str, Any] = {"number": 1, "location": "status/NO/1", "key": KEY}
CONTACT: dict[str, Any] = {"name": "Hotline", "phones": ["+47 22 00 00 00"], "address": "Oslo", "languages": ["en"]}
FILES: dict[str, tuple[Callable[[bytes, str, str], object], dict[str, Any]]] = {
    "insurers": (read_insurers, {"state": "NO", "insurers": [INSURER]}),
    "status": (read_status, {"state": "NO", "lists": [STATUS]}),
    "assistance": (read_assistance, {"state": "NO", "contacts": [CONTACT]}),
}
LAW = {"no/jurisdiction.yaml": b"state: NO\nname: {en: Norway}\n", "no/act/one.yaml": "id: å\n".encode()}
ARCHIVE = write_archive(LAW, 3)
UNPACKED = zlib.decompress(ARCHIVE)
MOST_FAULTS = 10_000

kinds = some.sampled_from(sorted(FILES))
draws = some.randoms(use_true_random=False)
trees = some.recursive(
    some.text(max_size=8) | some.integers() | some.booleans() | some.none(),
    lambda inner: (
        some.lists(inner, max_size=4)
        | some.dictionaries(some.sampled_from(["state", "keys", "id", "insurers", "lists", "x"]), inner)
    ),
    max_leaves=12,
)


def read(kind: str, data: bytes) -> object | None:
    """Return what was read, or None for faults; whatever else comes out fails the test."""
    try:
        return FILES[kind][0](data, f"NO/{kind}.json", "NO")
    except InputFaults as exc:
        faults = exc.faults
    assert 0 < len(faults) <= MOST_FAULTS
    assert all(len(fault.found) <= 80 for fault in faults)
    return None


def unpacked(data: bytes, owner: str = "NO") -> LawFiles | None:
    """Return the law of an archive, or None for faults; whatever else comes out fails the test."""
    try:
        found = read_archive(data, "NO/law.json.z", owner)
    except InputFaults:
        return None
    assert sum(map(len, found.files.values())) <= MAX_UNPACKED
    return found


def packed(value: Any) -> bytes:
    return zlib.compress(json.dumps(value).encode(), 1)


def archive_of(files: dict[str, str], **changes: Any) -> bytes:
    """Return an archive whose hash is right, whatever the files are."""
    total = content_hash({name: text.encode() for name, text in files.items()})
    return packed({"format": FORMAT, "version": 1, "hash": total, "files": files} | changes)


@pytest.mark.parametrize("kind", FILES)
def test_the_samples_are_read(kind: str) -> None:
    assert read(kind, json.dumps(FILES[kind][1]).encode())


def test_the_sample_archive_is_read() -> None:
    assert unpacked(ARCHIVE) == LawFiles(3, content_hash(LAW), LAW)


@settings(max_examples=300)
@given(kinds, some.binary() | some.text().map(str.encode))
def test_any_bytes_are_no_trust_file(kind: str, data: bytes) -> None:
    assert read(kind, data) is None


@settings(max_examples=300)
@given(kinds, trees)
def test_any_tree_ends_in_a_value_or_faults(kind: str, tree: Any) -> None:
    read(kind, json.dumps(tree).encode())


@settings(max_examples=500)
@given(kinds, draws)
def test_a_trust_file_with_any_bytes_changed_ends_in_a_value_or_faults(kind: str, draw: random.Random) -> None:
    read(kind, changed_bytes(json.dumps(FILES[kind][1]).encode(), draw))


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("seed", range(3))
def test_a_trust_file_with_any_parts_changed_ends_in_a_value_or_faults(kind: str, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    for _ in range(300):
        read(kind, json.dumps(changed_words(FILES[kind][1], draw)).encode())


@settings(max_examples=500)
@given(some.binary(max_size=120) | draws.map(lambda draw: changed_bytes(SIGNER.public_key, draw)))
def test_any_bytes_as_a_key_are_told_or_are_the_key(spki: bytes) -> None:
    assert (public_key_fault(spki) == "") is (spki == SIGNER.public_key)


@settings(max_examples=300)
@given(some.binary())
def test_any_bytes_are_no_archive(data: bytes) -> None:
    assert unpacked(data) is None


@settings(max_examples=500)
@given(some.binary() | draws.map(lambda draw: changed_bytes(UNPACKED, draw)))
def test_any_bytes_in_zlib_end_in_law_or_faults(data: bytes) -> None:
    unpacked(zlib.compress(data, 1))


@settings(max_examples=500)
@given(draws)
def test_an_archive_with_any_bytes_changed_ends_in_law_or_faults(draw: random.Random) -> None:
    unpacked(changed_bytes(ARCHIVE, draw))


@pytest.mark.parametrize("seed", range(3))
def test_an_archive_with_any_parts_changed_ends_in_law_or_faults(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    for _ in range(300):
        unpacked(packed(changed_words(json.loads(UNPACKED), draw)))


@settings(max_examples=300)
@given(some.text() | trees.map(json.dumps), some.sampled_from(["NO", "common", "", "no"]))
def test_any_text_as_a_jurisdiction_ends_in_law_or_faults(text: str, owner: str) -> None:
    unpacked(archive_of({"no/jurisdiction.yaml": text, "treaties/a/jurisdiction.yaml": text}), owner)


# Bombs -------------------------------------------------------------------------------------------

WIDE = {"state": "NO", "insurers": [{}] * 1_000}
BOMBS = {
    "nested 10000 deep": b"[" * 10_000,
    "mappings 10000 deep": b'{"a":' * 10_000,
    "aliases of aliases": b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n",
    "a key twice": b'{"state": "NO", "state": "NO", "insurers": []}',
    "twenty documents": b"--- {}\n" * 20,
    "a tag": b"!!python/object/apply:os.system [x]",
    "bytes that are no UTF-8": b'{"state": "\xff"}',
    "UTF-16": '{"state": "NO"}'.encode("utf-16"),
    "a number of 5000 digits": b'{"state": "NO", "lists": [{"number": ' + b"9" * 5_000 + b"}]}",
    "a thousand insurers without anything": json.dumps(WIDE).encode(),
    "more than is read": b'{"state": "' + b"N" * 5_000_001 + b'"}',
}


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_no_trust_file(kind: str, name: str) -> None:
    assert read(kind, BOMBS[name]) is None


ARCHIVE_BOMBS = {
    "100 MB of zeros": zlib.compress(bytes(100_000_000), 9),
    "100 MB of blanks before the law": zlib.compress(b" " * 100_000_000 + UNPACKED, 9),
    "nothing after the end": ARCHIVE + b"\0",
    "cut short": ARCHIVE[:-1],
    "lists 100000 deep": zlib.compress(b"[" * 100_000),
    "mappings 100000 deep": zlib.compress(b'{"files":' * 100_000),
    "a name that leads out": archive_of({"no/../../etc.yaml": ""}),
    "law of another": archive_of({"se/act/one.yaml": ""}),
    "a version beyond 64 bits": archive_of({}, version=1 << 64),
    "half a character": zlib.compress(UNPACKED.replace("å".encode(), b"\\ud800")),
    "no UTF-8": zlib.compress(UNPACKED.replace("å".encode(), b"\xff")),
    "no UTF-8 in a name": zlib.compress(UNPACKED.replace(b"no/act", b"no/\xff")),
    "a jurisdiction 10000 deep": archive_of({"no/jurisdiction.yaml": "[" * 10_000}),
}


@pytest.mark.parametrize("name", ARCHIVE_BOMBS)
def test_a_bomb_is_no_archive_and_takes_little_memory(name: str) -> None:
    unpacked(ARCHIVE)  # what is loaded once does not count
    tracemalloc.start()
    found = unpacked(ARCHIVE_BOMBS[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found is None
    assert peak < 4 * MAX_UNPACKED
