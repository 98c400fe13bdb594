"""A certificate's text into a QR symbol, and the symbol as PNG or SVG (docs/spec/certificate.md, "On paper").

The symbol is printed `SYMBOL_MM` wide with a quiet zone of `QUIET_MODULES` on each side. Error correction is Q (a
quarter of the symbol may be lost) up to version 17, for longer texts M (a seventh) up to version 19; a text that needs
more is refused, because its modules would be under 0.43 mm, too small for printing, folding and a cheap camera.
Reading is `formats.pictures`.
"""

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Literal

import zxingcpp

from polisbridge.core.errors import ErrorCode, PolisbridgeError

MAX_VERSIONS: dict[Literal["Q", "M"], int] = {"Q": 17, "M": 19}  # the better protection is tried first
SYMBOL_MM = 40
QUIET_MODULES = 4
_DARK = bytes([1, *[0] * 255])  # a black pixel is a dark module


@dataclass(frozen=True, slots=True)
class Symbol:
    """One QR symbol: its text, error correction level, and rows of modules, 1 for dark, without quiet zone."""

    text: str
    level: Literal["Q", "M"]
    rows: tuple[bytes, ...]

    @property
    def modules(self) -> int:
        """Modules along one side."""
        return len(self.rows)

    @property
    def version(self) -> int:
        """QR version, 1 to 40 (ISO/IEC 18004: a side of 4 × version + 17 modules)."""
        return (self.modules - 17) // 4

    @property
    def width_mm(self) -> float:
        """Width on paper with the quiet zone on both sides, in millimetres."""
        return SYMBOL_MM * (self.modules + 2 * QUIET_MODULES) / self.modules


def symbol_of(text: str) -> Symbol:
    """Return the symbol of a text. Raises PolisbridgeError when it is empty or too long for paper."""
    if not text:
        raise PolisbridgeError(ErrorCode.NOT_READABLE, "no text for a QR symbol")
    for level, largest in MAX_VERSIONS.items():
        symbol = _built(text, level)
        if symbol is not None and symbol.version <= largest:
            return symbol
    detail = f"{len(text)} characters need a QR symbol larger than version {MAX_VERSIONS['M']}"
    hint = "shorten the contract: fewer benefit lines, exclusions or persons on one certificate"
    raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint=hint)


def _built(text: str, level: Literal["Q", "M"]) -> Symbol | None:
    """Return the symbol at this level; None when no QR symbol of any version can hold the text."""
    try:
        barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except ValueError:
        return None
    pixels = zxingcpp.write_barcode_to_image(barcode, add_quiet_zones=False)
    height, width = pixels.shape
    flat = memoryview(pixels).tobytes().translate(_DARK)  # type: ignore[arg-type]  # it is a buffer; its stub does not say so
    return Symbol(text, level, tuple(flat[y * width : (y + 1) * width] for y in range(height)))


def png(symbol: Symbol, module_pixels: int = 8) -> bytes:
    """Return the symbol with its quiet zone as a PNG picture in black and white, `module_pixels` per module."""
    from PIL import Image  # only wanted for pictures, and slow to load  # noqa: PLC0415

    side = symbol.modules + 2 * QUIET_MODULES
    code = Image.frombytes("L", (symbol.modules,) * 2, b"".join(symbol.rows)).point(lambda dark: 0 if dark else 255)
    picture = Image.new("1", (side, side), 1)
    picture.paste(code, (QUIET_MODULES, QUIET_MODULES))
    out = BytesIO()
    picture.resize((side * module_pixels,) * 2, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def svg(symbol: Symbol) -> str:
    """Return the symbol with its quiet zone as an SVG picture, one unit per module."""
    side = symbol.modules + 2 * QUIET_MODULES
    runs = "".join(
        f"M{first + QUIET_MODULES} {y + QUIET_MODULES}h{length}v1h-{length}z"
        for y, row in enumerate(symbol.rows)
        for first, length in _runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{runs}"/></svg>'
    )


def _runs(row: bytes) -> list[tuple[int, int]]:
    """Return the first module and the length of every run of dark modules in a row."""
    return [(run.start(), run.end() - run.start()) for run in re.finditer(b"\x01+", row)]
