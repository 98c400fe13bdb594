"""QR symbols: how large a text makes them, and how many pictures are built and read in a second.

Texts are random characters of the QR alphanumeric set behind the certificate's prefix, as a signed and compressed
certificate looks. The scanned page is A4 at 300 dpi, turned and softened.
"""

import argparse
import random
from collections.abc import Callable
from io import BytesIO
from time import perf_counter

from PIL import Image, ImageFilter

from polisbridge.core.errors import PolisbridgeError
from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.pictures import read_codes
from polisbridge.formats.qr import SYMBOL_MM, png, svg, symbol_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
LENGTHS = range(400, 901, 50)
USUAL = 520
A4_AT_300_DPI = (2480, 3508)


def text_of(length: int) -> str:
    """Return a text of this length that no compression has a hold on; the same every time."""
    return PREFIX + "".join(random.Random(length).choices(ALPHABET, k=length - len(PREFIX)))


def rate(work: Callable[[], object], seconds: float) -> float:
    """Return how often the work is done in a second."""
    work()
    begin, done = perf_counter(), 0
    while perf_counter() - begin < seconds:
        work()
        done += 1
    return done / (perf_counter() - begin)


def sizes() -> None:
    """Print version, level and module width by length of text."""
    print(f"{'characters':>10} {'symbol':>8} {'modules':>8} {'mm each':>8}")
    for length in (*LENGTHS, USUAL):
        try:
            symbol = symbol_of(text_of(length))
        except PolisbridgeError as refused:
            print(f"{length:>10} {refused.code.value}")
            continue
        print(f"{length:>10} {symbol.version:>6}-{symbol.level} {symbol.modules:>8} {SYMBOL_MM / symbol.modules:>8.2f}")


def scan(text: str) -> bytes:
    """Return an A4 page at 300 dpi with the code on it at 40 mm, turned by 3 degrees, softened, as JPEG."""
    page = Image.new("L", A4_AT_300_DPI, 255)
    symbol = symbol_of(text)
    wide = round(symbol.width_mm / 25.4 * 300)
    page.paste(Image.open(BytesIO(png(symbol))).convert("L").resize((wide, wide)), (1700, 400))
    page = page.rotate(3, Image.Resampling.BICUBIC, fillcolor=255).filter(ImageFilter.GaussianBlur(1))
    out = BytesIO()
    page.save(out, "JPEG", quality=60)
    return out.getvalue()


def main() -> None:
    """Print sizes and rates."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=2.0, help="per measurement")
    seconds = options.parse_args().seconds
    sizes()
    text = text_of(USUAL)
    symbol = symbol_of(text)
    picture, page = png(symbol), scan(text)
    for reading in (read_codes(picture), read_codes(page)):
        if reading.texts != (text,):
            raise SystemExit(f"not read back: {reading.fault}")
    print(f"\n{USUAL} characters, per second on one core:")
    for name, work in {
        "symbol built": lambda: symbol_of(text),
        "symbol built, PNG written": lambda: png(symbol_of(text)),
        "symbol built, SVG written": lambda: svg(symbol_of(text)),
        "PNG of the code read": lambda: read_codes(picture),
        "scanned A4 page read": lambda: read_codes(page),
    }.items():
        print(f"{rate(work, seconds):>10.1f}  {name}")


if __name__ == "__main__":
    main()
