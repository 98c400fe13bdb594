"""Certificates as commands take them: a text, or a file that holds texts or QR codes."""

from pathlib import Path

from polisbridge.cli.desk import Desk
from polisbridge.core.certificate import Certificate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.certificate import PREFIX, CertificateError, CertificateFault, decode

MAX_PICTURE = 20_000_000  # bytes
HELP = f"A certificate's text ({PREFIX}…), or a text, picture or PDF file."


def texts_of(desk: Desk, source: str) -> tuple[str, ...]:
    """Return the certificate texts that the argument is, or that the file named by it holds."""
    if source.startswith(PREFIX):
        return (source.strip(),)
    data = desk.world.read(Path(source), MAX_PICTURE)
    if data.startswith(PREFIX.encode()):
        return tuple(line for line in data.decode("ascii", errors="replace").splitlines() if line)
    reading = desk.world.read_codes(data)
    if reading.fault is not None:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, f"{source}: {reading.fault.value}")
    return reading.texts


def one_text_of(desk: Desk, source: str) -> str:
    """Return the only certificate text of the argument. Raises PolisbridgeError when there are several."""
    texts = texts_of(desk, source)
    if len(texts) > 1:
        detail = f"{source} holds {len(texts)} certificates"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint="name a file with one of them")
    return texts[0]


def opened(text: str) -> Certificate:
    """Return what a text says, unverified. Raises PolisbridgeError when it is no certificate."""
    try:
        return decode(text).certificate
    except CertificateError as exc:
        is_newer = exc.fault is CertificateFault.NEWER_FORMAT
        hint = "a newer version of this program reads it" if is_newer else "is the text complete?"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, exc.fault.value, hint=hint) from exc
