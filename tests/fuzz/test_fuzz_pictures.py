"""Any bytes given to the reader of pictures and PDF files end in texts or in a fault, and nothing huge is drawn."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from hostile import PICTURES, changed_bytes, hostile_picture
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image

from polisbridge.adapters import pictures
from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.pictures import MAX_BYTES, MAX_PAGES, MAX_TEXTS, ReadFault, read_codes

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LITTLE = 5_000_000  # bytes: every file here is small, whatever it says of itself
MOST_TEXT = 7_089  # characters that the largest QR symbol holds


def outcome(data: bytes) -> ReadFault | None:
    """Return the fault, or None for texts; whatever else comes out fails the test."""
    found = read_codes(data)
    assert bool(found.texts) is (found.fault is None)
    assert len(found.texts) <= MAX_TEXTS
    assert all(text.startswith(PREFIX) and len(text) <= MOST_TEXT for text in found.texts)
    return found.fault


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, depth: int = 8, colour: int = 0) -> bytes:
    """Return a PNG file that says it has this size, with these chunks after its head."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return SIGNATURE + head + b"".join(chunks) + chunk(b"IEND", b"")


def pixels(data: bytes) -> bytes:
    return chunk(b"IDAT", zlib.compress(data, 9))


def jpeg(width: int, height: int) -> bytes:
    """Return a JPEG file whose head says another size than its content has."""
    at = PICTURES[1].index(b"\xff\xc0") + 5
    return PICTURES[1][:at] + struct.pack(">HH", height, width) + PICTURES[1][at + 4 :]


def pdf(*parts: bytes, root: int = 1) -> bytes:
    """Return a PDF file of these objects, numbered from 1."""
    file, places = b"%PDF-1.7\n", b"0000000000 65535 f \n"
    for number, part in enumerate(parts, 1):
        places += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj%sendobj\n" % (number, part)
    end = b"trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(parts) + 1, root, len(file))
    return file + b"xref\n0 %d\n" % (len(parts) + 1) + places + end


def stream(content: bytes, head: bytes = b"", times: int = 1) -> bytes:
    """Return a compressed stream, packed as often as asked."""
    for _ in range(times):
        content = zlib.compress(content, 9)
    filters = b"/FlateDecode" * times
    return b"<<%s/Length %d/Filter[%s]>>stream\n%s\nendstream" % (head, len(content), filters, content)


CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def paged(content: bytes, box: bytes = b"0 0 595 842", more: bytes = b"", *others: bytes) -> bytes:
    """Return a PDF file of one page with this content stream; `others` are objects from 5 on."""
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R%s>>" % (box, more)
    return pdf(CATALOG, pages, page, content, *others)


def many_pages(count: int, said: int) -> bytes:
    """Return a PDF file whose tree of pages names one page many times and says that there are so many."""
    pages = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b"3 0 R " * count, said)
    return pdf(CATALOG, pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")


def test_the_samples_are_read() -> None:
    assert [outcome(data) for data in PICTURES] == [None] * 3


@settings(max_examples=300)
@given(some.sampled_from([SIGNATURE, b"\xff\xd8\xff", b"%PDF-1.7\n", b""]), some.binary())
def test_any_bytes_end_in_a_fault(head: bytes, rest: bytes) -> None:
    assert outcome(head + rest) is not None


@pytest.mark.parametrize("seed", range(4))
def test_changed_files_end_in_texts_or_a_fault(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 - a fixed sequence, not a secret
    for _ in range(300):
        outcome(hostile_picture(draw))


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@settings(max_examples=200)
@given(
    some.integers(0, 1 << 31), some.integers(0, 1 << 31), some.sampled_from([1, 2, 4, 8, 16, 3]), some.integers(0, 7)
)
def test_a_picture_of_any_size_and_kind_it_says_ends_in_a_fault(width: int, height: int, depth: int, kind: int) -> None:
    assert outcome(png(width, height, pixels(bytes(100)), depth=depth, colour=kind)) is not None


@settings(max_examples=200)
@given(some.integers(1, 300), some.integers(1, 300), some.binary(max_size=300), some.sampled_from([0, 2, 4, 6]))
def test_a_small_picture_of_any_content_ends_in_a_fault(width: int, height: int, data: bytes, kind: int) -> None:
    assert outcome(png(width, height, pixels(data), colour=kind)) is not None


@settings(max_examples=200)
@given(some.randoms(use_true_random=False))
def test_a_page_with_any_content_ends_in_a_fault(draw: random.Random) -> None:
    content = b"q 100 0 0 100 0 0 cm BT /F 12 Tf (x) Tj ET 0 0 50 50 re f /X Do BI /W 9 /H 9 ID \x00\x01 EI Q\n"
    assert outcome(paged(stream(changed_bytes(content * 3, draw)), b"0 0 50 50")) is not None


@settings(max_examples=25)
@given(some.text("0123456789.- eE", max_size=30))
def test_a_page_of_any_size_ends_in_a_fault(box: str) -> None:
    assert outcome(paged(stream(b""), box.encode())) is not None


# Bombs -------------------------------------------------------------------------------------------

IMAGE = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray"
SHOWN = b"/Resources<</XObject<</X 5 0 R>>>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
BOMBS = {
    "PNG of 60000 x 60000": png(60_000, 60_000, pixels(bytes(1_000_000))),
    "PNG of 2^31 x 2^31": png((1 << 31) - 1, (1 << 31) - 1, pixels(bytes(1000))),
    "PNG of 2^31 x 1": png((1 << 31) - 1, 1, pixels(bytes(1000))),
    "PNG of nothing": png(0, 0, pixels(b"")),
    "PNG with 100 MB of pixels too many": png(10, 10, pixels(bytes(100_000_000))),
    "PNG with 100 MB of text": png(10, 10, chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(100_000_000), 9)), pixels(bytes(110))),
    "PNG with 100 MB of colours": png(10, 10, chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000_000), 9)), pixels(bytes(110))),
    "PNG with many chunks": png(10, 10, *[chunk(b"tEXt", b"a\0b")] * 50_000, pixels(bytes(110))),
    "PNG with a chunk of 2^31 bytes": png(10, 10, struct.pack(">I", (1 << 31) - 1) + b"IDAT"),
    "PNG of many pictures": png(10, 10, chunk(b"acTL", struct.pack(">II", (1 << 31) - 1, 0)), pixels(bytes(110))),
    "JPEG of 65535 x 65535": jpeg(65_535, 65_535),
    "JPEG of 65535 x 1": jpeg(65_535, 1),
    "JPEG of nothing": jpeg(0, 0),
    "PDF of more pages than are read": many_pages(MAX_PAGES + 1, MAX_PAGES + 1),
    "PDF of 2000 pages": many_pages(2_000, 2_000),
    "PDF that says it has 2^31 pages": many_pages(1, (1 << 31) - 1),
    "PDF that says it has fewer than no pages": many_pages(1, -1),
    "PDF of pages in a circle": pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>"),
    "PDF with a page of 10^38": paged(stream(b""), b"0 0 1e38 1e38"),
    "PDF with a page of 100000000 points": paged(stream(b"0 0 9 9 re f"), b"0 0 100000000 100000000"),
    "PDF with a page that is long and thin": paged(stream(b""), b"0 0 0.001 90000000"),
    "PDF with 100 MB of blanks to draw": paged(stream(b" " * 100_000_000)),
    "PDF with 100 MB of blanks, twice packed": paged(stream(b" " * 100_000_000, times=2)),
    "PDF with too much to draw": paged(stream(b"0 0 595 842 re f\n" * 50_000)),
    "PDF with states 100000 deep": paged(stream(b"q " * 100_000)),
    "PDF with lists 100000 deep": paged(stream(b"[" * 100_000)),
    "PDF with a picture of 60000 x 60000": paged(
        stream(b"/X Do"), b"0 0 9 9", SHOWN, stream(bytes(1_000_000), IMAGE % (60_000, 60_000))
    ),
    "PDF with a picture of 2^31 x 2^31": paged(
        stream(b"/X Do"), b"0 0 9 9", SHOWN, stream(bytes(1000), IMAGE % ((1 << 31) - 1, (1 << 31) - 1))
    ),
    "PDF with a form that draws itself": paged(stream(b"/X Do"), b"0 0 9 9", SHOWN, stream(b"/X Do", FORM)),
    "PDF that is its own table": b"%PDF-1.7\nxref\n0 0\ntrailer<</Size 1/Prev 9>>\nstartxref\n9\n%%EOF",
    "a file over the limit": SIGNATURE + bytes(MAX_BYTES),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_in_a_fault(name: str) -> None:
    assert len(BOMBS[name]) < LITTLE or name == "a file over the limit"
    assert outcome(BOMBS[name]) is not None


@pytest.mark.parametrize("name", [name for name in BOMBS if "60000 x 60000" in name or "2^31 x 2^31" in name])
def test_what_says_that_it_is_huge_is_refused_for_its_size(name: str) -> None:
    assert outcome(BOMBS[name]) in {ReadFault.TOO_LARGE, ReadFault.DAMAGED, ReadFault.NO_CODE}


def test_a_page_with_more_codes_than_are_read_ends_in_texts() -> None:
    code = Image.open(BytesIO(PICTURES[0])).convert("L")
    sheet = Image.new("L", (code.width * 10, code.height * 8), 255)
    for number in range(80):
        sheet.paste(code, (number % 10 * code.width, number // 10 * code.height))
    out = BytesIO()
    sheet.save(out, "PNG")
    assert outcome(out.getvalue()) is None


def test_a_pdf_file_that_would_be_drawn_for_ever_ends_at_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 1)
    bomb = paged(stream(b"/X Do"), b"0 0 9 9", SHOWN, stream(b"/X Do /X Do", FORM))

    assert pictures.read_codes_within_limits(bomb).fault is ReadFault.TOO_LARGE
