"""Read the QR codes of a picture or PDF file in a process of its own, with limits on time and memory.

PDFium and picture decoders can be made to work for very long by a very small file. What goes beyond the limits is
refused, and nothing of it stays in this program.
"""

import resource
import subprocess
import sys

import msgspec

from polisbridge.formats.pictures import MAX_BYTES, ReadFault, Reading, read_codes

SECONDS = 20
MEMORY = 1_500_000_000  # bytes of address space; a page of 12 million pixels takes a fraction of it


def read_codes_within_limits(data: bytes) -> Reading:
    """Return what `formats.pictures.read_codes` does, or `too_large` when it would take too long or too much."""
    if len(data) > MAX_BYTES:
        return Reading(fault=ReadFault.TOO_LARGE)
    command = [sys.executable, "-m", __name__]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=2 * SECONDS, check=True)  # noqa: S603 - our own module
    except subprocess.SubprocessError:  # it ran into a limit
        return Reading(fault=ReadFault.TOO_LARGE)
    return msgspec.json.decode(done.stdout, type=Reading)


def _work() -> None:
    """Read one file from the standard input and answer; runs in the process that the limits are for."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    sys.stdout.buffer.write(msgspec.json.encode(read_codes(sys.stdin.buffer.read())))


if __name__ == "__main__":
    _work()
