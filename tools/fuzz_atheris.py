"""Fuzz the certificate decoder and its CBOR with atheris, guided by coverage: changes that reach new code are kept.

    python tools/fuzz_atheris.py [CORPUS] [-max_total_time=600] [other options of libFuzzer]

The first byte of an input chooses the layer in which the rest stands. Honest certificates are put into the corpus first, at
every layer, so that changes to them are tried as well. Needs the package `atheris`, which is no
dependency of this project; an input with an undocumented outcome is saved by libFuzzer as `crash-…`.
"""

import sys
import zlib
from pathlib import Path

import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

with atheris.instrument_imports(include=["polisbridge.formats"]):
    from polisbridge.formats.certificate import PREFIX, CertificateError, NewerFormat, decode

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "fuzz"))
from hostile import TEXTS, as_text, enveloped, size_fault, zipped

from polisbridge.formats import base45

LAYERS = (lambda data: data.decode("utf-8", "surrogateescape"), as_text, zipped, enveloped)


def one_input(data: bytes) -> None:
    """Decode one input; anything but a certificate or CertificateError ends the run."""
    if not data:
        return
    try:
        opened = decode(LAYERS[data[0] % len(LAYERS)](data[1:]))
    except NewerFormat as exc:
        opened = exc.opened
    except CertificateError:
        return
    if fault := size_fault(opened):
        raise AssertionError(f"{fault} larger than the input can hold")


def seed(corpus: Path) -> None:
    """Write the samples into the folder, one file for each layer, beside what earlier runs found."""
    corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(TEXTS):
        body = base45.decode(text.removeprefix(PREFIX))
        layers = (text.encode(), body, zlib.decompress(body), decode(text).envelope.payload)
        for layer, data in enumerate(layers):
            (corpus / f"sample-{number}-{layer}").write_bytes(bytes([layer]) + data)


if __name__ == "__main__":
    if len(sys.argv) > 1 and not sys.argv[1].startswith("-"):
        seed(Path(sys.argv[1]))
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
