"""Fuzz the certificate decoder and its CBOR with atheris, guided by coverage: changes that reach new code are kept.

    python tools/fuzz_atheris.py [CORPUS] [-max_total_time=600] [other options of libFuzzer]

The first byte of an input chooses the layer in which the rest stands. Needs the package `atheris`, which is no
dependency of this project; an input with an undocumented outcome is saved by libFuzzer as `crash-…`.
"""

import sys
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["polisbridge.formats"]):
    from polisbridge.formats.certificate import CertificateError, decode

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fuzz"))
from hostile import as_text, enveloped, size_fault, zipped

LAYERS = (lambda data: data.decode("utf-8", "surrogateescape"), as_text, zipped, enveloped)


def one_input(data: bytes) -> None:
    """Decode one input; anything but a certificate or CertificateError ends the run."""
    if not data:
        return
    try:
        opened = decode(LAYERS[data[0] % len(LAYERS)](data[1:]))
    except CertificateError:
        return
    if fault := size_fault(opened):
        raise AssertionError(f"{fault} larger than the input can hold")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
