"""Hold the readers against hostile inputs, and print what came out and how many inputs a second were tried.

    python tools/fuzz.py [--inputs 1000000] [--seed 1] [--processes 1] [--save FOLDER]

`--inputs` are certificates; for every 20 of them one status list is read, for every 1000 one picture or PDF file.
The same seed and number of processes give the same inputs. Exit 1 when anything but a documented outcome came out: the input
then lies in the folder. Pictures are written there before they are read and removed afterwards, so that one which
ends the process itself is found as well.
"""

import argparse
import faulthandler
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path

from polisbridge.core.status import LIST_BYTES, StatusList
from polisbridge.formats.certificate import CertificateError, decode
from polisbridge.formats.pictures import MAX_TEXTS, read_codes
from polisbridge.formats.statuslist import read_status_list

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fuzz"))
from hostile import LIST_NAME, SIGNER, hostile_list, hostile_picture, hostile_text, size_fault

LISTS_EVERY, PICTURES_EVERY = 20, 1000


class Undocumented(Exception):
    """An answer that no document speaks of."""


def certificate(data: bytes) -> str:
    """Return the outcome of a certificate's text: `opened`, or the fault."""
    try:
        opened = decode(data.decode("utf-8", "surrogatepass"))
    except CertificateError as exc:
        return exc.fault.value
    if fault := size_fault(opened):
        raise Undocumented(f"{fault} larger than the input can hold")
    return "opened"


def status_list(data: bytes) -> str:
    """Return the outcome of a status list: `read`, or the fault."""
    found = read_status_list(data, LIST_NAME, [SIGNER.public_key])
    if not isinstance(found, StatusList):
        return found.fault.value
    if len(found.packed) != LIST_BYTES or found.name != LIST_NAME:
        raise Undocumented("a list of another size or name")
    return "read"


def picture(data: bytes) -> str:
    """Return the outcome of a picture or PDF file: `read`, or the fault."""
    found = read_codes(data)
    if bool(found.texts) is (found.fault is not None) or len(found.texts) > MAX_TEXTS:
        raise Undocumented("texts and a fault, or neither, or too many texts")
    return found.fault.value if found.fault else "read"


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader under test, and how an input for it is made."""

    name: str
    read: Callable[[bytes], str]
    make: Callable[[random.Random], bytes]
    every: int = 1
    may_crash: bool = False  # it is native code that reads files of others


READERS = (
    Reader("certificate", certificate, lambda draw: hostile_text(draw).encode("utf-8", "surrogatepass")),
    Reader("status list", status_list, hostile_list, LISTS_EVERY),
    Reader("picture", picture, hostile_picture, PICTURES_EVERY, may_crash=True),
)


def tried(folder: Path, inputs: int, seed: int) -> Counter[tuple[str, str]]:
    """Return how often each reader came to each outcome; an input with another outcome is saved."""
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    counts: Counter[tuple[str, str]] = Counter()
    for reader in READERS:
        for _ in range(max(inputs // reader.every, 1)):
            counts[reader.name, _outcome(reader, reader.make(draw), folder)] += 1
    return counts


def _outcome(reader: Reader, data: bytes, folder: Path) -> str:
    place = (
        folder / f"{reader.name.replace(' ', '-')}-{sha256(data).hexdigest()[:16]}.bin" if reader.may_crash else None
    )
    if place:
        _save(place, data)
    try:
        outcome = reader.read(data)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:  # noqa: BLE001 - native code may raise what is no Exception
        place = folder / f"{reader.name.replace(' ', '-')}-{sha256(data).hexdigest()[:16]}.bin"
        _save(place, data)
        return f"UNDOCUMENTED {type(exc).__name__}: {exc}"[:200]
    if place:
        place.unlink()
    return outcome


def _save(place: Path, data: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(data)


def main() -> int:
    """Try the inputs in as many processes as asked for; print the counts."""
    asked = argparse.ArgumentParser(description="Hold the readers against hostile inputs.")
    asked.add_argument("--inputs", type=int, default=1_000_000)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--processes", type=int, default=1)
    asked.add_argument("--save", type=Path, default=Path("fuzz-found"), metavar="FOLDER")
    told = asked.parse_args()
    faulthandler.enable()
    start = time.perf_counter()
    shares = [
        told.inputs // told.processes + (number < told.inputs % told.processes) for number in range(told.processes)
    ]
    seeds = range(told.seed * 1000, told.seed * 1000 + told.processes)
    if told.processes == 1:
        counts = tried(told.save, told.inputs, seeds[0])
    else:
        with ProcessPoolExecutor(told.processes) as pool:
            counts = sum(pool.map(partial(tried, told.save), shares, seeds), Counter())
    seconds = time.perf_counter() - start
    for (name, outcome), count in sorted(counts.items()):
        print(f"{name:<12} {outcome:<20} {count:>9}")
    print(f"{counts.total()} inputs in {seconds:.1f} s, {counts.total() / seconds:.0f} a second")
    if any(outcome.startswith("UNDOCUMENTED") for _, outcome in counts):
        print(f"undocumented outcomes; the inputs lie in {told.save}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
