"""Pictures (PNG, JPEG) and PDF files into the certificate texts of the QR codes in them.

Any bytes end in a `Reading`: texts, or the reason why there are none; never in an exception. Before anything is
decoded, the size that a file says it has is held against the limits below, so that a small file cannot ask for much
memory. Only texts that begin with the prefix of our certificates are taken; what they say is for others to judge.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from io import BytesIO

import pypdfium2 as pdfium
import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from polisbridge.formats.certificate import PREFIX

MAX_BYTES = 20_000_000
MAX_PIXELS = 40_000_000
MAX_PAGES = 20
MAX_TEXTS = 50
PAGE_PIXELS = 12_000_000  # A4 at 300 dpi has 8.7 million; a larger page is drawn coarser
MAX_SIDE = 20_000  # pixels along one side of a drawn page, however long and thin it is
_DPI = 300
_POINTS_PER_INCH = 72
MAX_OBJECTS = 20_000  # pictures, pieces of text and pieces of outline in a PDF file, all pages together
_PER_OBJECT = 10  # points of an outline that count as one object
_NESTING = 8  # forms within forms in a PDF page that are looked into
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PDFIUM = threading.Lock()  # PDFium is not made for several threads


class ReadFault(StrEnum):
    """Why a file gave no certificate text."""

    UNKNOWN_FORMAT = "unknown_format"
    TOO_LARGE = "too_large"
    TOO_MANY_PAGES = "too_many_pages"
    LOCKED = "locked"
    DAMAGED = "damaged"
    NO_CODE = "no_code"
    NOT_OURS = "not_ours"


@dataclass(frozen=True, slots=True)
class Reading:
    """The texts found, each once, in order of pages; or else why there are none."""

    texts: tuple[str, ...] = ()
    fault: ReadFault | None = None


class _Refused(Exception):
    """The file is not read further."""

    def __init__(self, fault: ReadFault) -> None:
        self.fault = fault


def read_codes(data: bytes, prefix: str = PREFIX) -> Reading:
    """Return the certificate texts of a picture or PDF, or why there are none. Never raises for hostile bytes."""
    try:
        return _reading(_found(data), prefix)
    except _Refused as exc:
        return Reading(fault=exc.fault)
    except Image.DecompressionBombError:
        return Reading(fault=ReadFault.TOO_LARGE)
    except Exception:  # noqa: BLE001 - decoders fail on hostile bytes in ways nobody lists; all of them mean this
        return Reading(fault=ReadFault.DAMAGED)


def _found(data: bytes) -> Iterator[str]:
    """Yield the text of every QR code, whoever it is from."""
    if len(data) > MAX_BYTES:
        raise _Refused(ReadFault.TOO_LARGE)
    if b"%PDF-" in data[:1024]:
        yield from _in_pdf(data)
    elif data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        yield from _in_picture(_opened(data))
    else:
        raise _Refused(ReadFault.UNKNOWN_FORMAT)


def _reading(found: Iterator[str], prefix: str) -> Reading:
    texts: dict[str, None] = {}
    others = False
    for text in found:
        if text.startswith(prefix) and text.isascii():
            texts[text] = None
        else:
            others = True
        if len(texts) == MAX_TEXTS:
            break
    if texts:
        return Reading(tuple(texts))
    return Reading(fault=ReadFault.NOT_OURS if others else ReadFault.NO_CODE)


def _opened(data: bytes) -> Image.Image:
    """Return the picture in shades of grey, upright, what is transparent in it as white paper."""
    picture = Image.open(BytesIO(data), formats=("PNG", "JPEG"))
    if picture.width * picture.height > MAX_PIXELS:
        raise _Refused(ReadFault.TOO_LARGE)
    picture.draft("L", picture.size)
    if picture.mode.startswith("I"):
        return picture.convert("I").point(lambda shade: shade / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("L")
    sheet = Image.new("LA", picture.size, (255, 255))
    sheet.alpha_composite(picture.convert("LA"))
    return sheet.convert("L")


def _in_picture(picture: Image.Image) -> Iterator[str]:
    """Yield the texts of the first way of looking that finds any."""
    for seen in _ways(picture):
        codes = zxingcpp.read_barcodes(seen, formats=_QR, text_mode=zxingcpp.TextMode.Plain)
        if codes:
            yield from (code.text for code in codes)
            return


def _ways(picture: Image.Image) -> Iterator[Image.Image]:
    """Yield the picture as it is, then evened out, then softened: for shadows, folds and grain."""
    yield picture
    yield ImageOps.autocontrast(picture, cutoff=2)
    yield picture.filter(ImageFilter.GaussianBlur(1.5))
    if picture.width * picture.height * 4 <= PAGE_PIXELS:
        yield picture.resize((picture.width * 2, picture.height * 2), Image.Resampling.BICUBIC)


def _in_pdf(data: bytes) -> Iterator[str]:
    """Yield the texts on all pages. One page is drawn at a time, and never larger than `PAGE_PIXELS`."""
    with _PDFIUM:
        document = _pdf(data)
        try:
            if len(document) > MAX_PAGES:
                raise _Refused(ReadFault.TOO_MANY_PAGES)
            objects = 0
            for number in range(len(document)):
                page = document[number]
                try:
                    objects += _weighed(page, MAX_OBJECTS - objects)
                    drawn = _drawn(page)
                finally:
                    page.close()
                yield from _in_picture(drawn)
        finally:
            document.close()


def _pdf(data: bytes) -> pdfium.PdfDocument:
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as exc:
        locked = exc.err_code == pdfium.raw.FPDF_ERR_PASSWORD
        raise _Refused(ReadFault.LOCKED if locked else ReadFault.DAMAGED) from exc


def _weighed(page: pdfium.PdfPage, most: int) -> int:
    """Return how much there is to draw on the page. Refuses more than `most`, and any picture of too many pixels.

    What it cannot bound is the reading of the page itself, which PDFium does in one go: a server that takes files
    from strangers should read them in a process with limits of its own.
    """
    count = 0
    for item in page.get_objects(max_depth=_NESTING):
        count += 1
        if item.type == pdfium.raw.FPDF_PAGEOBJ_PATH:
            count += max(pdfium.raw.FPDFPath_CountSegments(item.raw), 0) // _PER_OBJECT
        if count > most:
            raise _Refused(ReadFault.TOO_LARGE)
        if isinstance(item, pdfium.PdfImage):
            width, height = item.get_px_size()
            if width * height > MAX_PIXELS:
                raise _Refused(ReadFault.TOO_LARGE)
    return count


def _drawn(page: pdfium.PdfPage) -> Image.Image:
    """Return a page as a picture in shades of grey of at most `PAGE_PIXELS`."""
    width, height = page.get_size()
    inches = max(width * height, 1) / _POINTS_PER_INCH**2
    dpi = min(_DPI, (PAGE_PIXELS / inches) ** 0.5, MAX_SIDE * _POINTS_PER_INCH / max(width, height, 1))
    drawn: Image.Image = page.render(scale=dpi / _POINTS_PER_INCH, grayscale=True).to_pil()
    return drawn.convert("L")
