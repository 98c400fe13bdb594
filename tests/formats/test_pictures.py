"""Pictures and PDF files: what survives printing and a cheap camera is read, all else ends in a reason."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as some
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.pictures import MAX_BYTES, MAX_PAGES, ReadFault, Reading, read_codes
from polisbridge.formats.qr import png, symbol_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def text_of(seed: int, length: int = 520) -> str:
    return PREFIX + "".join(random.Random(seed).choices(ALPHABET, k=length - len(PREFIX)))  # noqa: S311 - not a secret


TEXT = text_of(0)


def code(text: str = TEXT, pixels: int = 6) -> Image.Image:
    return Image.open(BytesIO(png(symbol_of(text), pixels))).convert("L")


def as_bytes(picture: Image.Image, kind: str = "PNG", quality: int = 75) -> bytes:
    out = BytesIO()
    picture.save(out, kind, quality=quality)
    return out.getvalue()


def pdf(*pages: Image.Image) -> bytes:
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return out.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of_size(width: int, height: int) -> bytes:
    """Return a small file that says it is a large picture."""
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("degrees", [0, 3, 45, 90, 180, 271])
def test_a_turned_picture_is_read(degrees: int) -> None:
    page = Image.new("L", (1200, 1200), 255)
    page.paste(code(), (300, 300))
    assert read_codes(as_bytes(page.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255))).texts == (TEXT,)


def test_a_picture_taken_at_an_angle_is_read() -> None:
    picture = code(pixels=8)
    side = picture.width
    slanted = picture.transform(
        (side, side), Image.Transform.QUAD, (-60, -30, 0, side + 40, side + 30, side, side, -90), Image.Resampling.BICUBIC, fillcolor=255
    )  # fmt: skip
    assert read_codes(as_bytes(slanted, "JPEG", quality=60)).texts == (TEXT,)


def test_light_on_dark_is_read() -> None:
    assert read_codes(as_bytes(code().point(lambda shade: 255 - shade))).texts == (TEXT,)


def test_a_code_on_transparent_ground_is_read_as_on_white_paper() -> None:
    ground = Image.new("RGBA", code().size, (0, 0, 0, 0))
    ground.paste((0, 0, 0, 255), mask=code().point(lambda shade: 255 - shade))
    assert read_codes(as_bytes(ground)).texts == (TEXT,)


def test_a_picture_of_sixteen_bits_is_read() -> None:
    assert read_codes(as_bytes(code().convert("I").point(lambda shade: shade * 256).convert("I;16"))).texts == (TEXT,)


def test_a_picture_in_the_colours_of_print_is_read() -> None:
    assert read_codes(as_bytes(code().convert("CMYK"), "JPEG", quality=80)).texts == (TEXT,)


def test_all_codes_of_a_picture_are_read_each_once() -> None:
    texts = [text_of(seed) for seed in range(3)]
    page = Image.new("L", (2000, 1400), 255)
    for number, text in enumerate([*texts, texts[0]]):
        page.paste(code(text), (40 + 640 * (number % 3), 40 + 640 * (number // 3)))
    assert sorted(read_codes(as_bytes(page)).texts) == sorted(texts)


def test_all_pages_of_a_pdf_are_read() -> None:
    texts = [text_of(seed) for seed in range(3)]
    assert read_codes(pdf(*map(code, texts))).texts == tuple(texts)


def test_a_code_of_somebody_else_is_not_ours() -> None:
    assert read_codes(as_bytes(code("HC1:NCFOXN"))) == Reading(fault=ReadFault.NOT_OURS)


def test_codes_of_somebody_else_beside_ours_are_left_out() -> None:
    page = Image.new("L", (1300, 700), 255)
    page.paste(code(), (20, 20))
    page.paste(code("HTTPS://EXAMPLE.ORG"), (800, 100))
    assert read_codes(as_bytes(page)).texts == (TEXT,)


def test_a_picture_without_a_code_has_none() -> None:
    assert read_codes(as_bytes(Image.new("L", (900, 600), 255))) == Reading(fault=ReadFault.NO_CODE)


@pytest.mark.parametrize("data", [b"", b"PB1:", b"GIF89a", b"\x00" * 100, b"<svg/>"])
def test_what_is_neither_png_nor_jpeg_nor_pdf_is_an_unknown_format(data: bytes) -> None:
    assert read_codes(data) == Reading(fault=ReadFault.UNKNOWN_FORMAT)


@pytest.mark.parametrize("size", [(7000, 6000), (40_001, 1000), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_small_file_that_says_it_is_a_huge_picture_is_refused_before_decoding(size: tuple[int, int]) -> None:
    data = png_of_size(*size)
    assert len(data) < 1000
    assert read_codes(data).fault in (ReadFault.TOO_LARGE, ReadFault.DAMAGED)


def test_a_picture_just_over_the_limit_is_too_large() -> None:
    assert read_codes(png_of_size(40_000, 1001)) == Reading(fault=ReadFault.TOO_LARGE)


def test_a_file_over_the_limit_is_too_large() -> None:
    assert read_codes(b"%PDF-1.7" + bytes(MAX_BYTES)) == Reading(fault=ReadFault.TOO_LARGE)


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    blank = Image.new("L", (10, 10), 255)
    assert read_codes(pdf(*[blank] * (MAX_PAGES + 1))) == Reading(fault=ReadFault.TOO_MANY_PAGES)


def test_a_pdf_with_an_oversized_picture_inside_is_refused() -> None:
    page = pdf(Image.new("1", (7000, 6000), 1))
    assert read_codes(page) == Reading(fault=ReadFault.TOO_LARGE)


@pytest.mark.parametrize(
    "drawing", [b"0 0 595 842 re f\n" * 50_000, b"0 0 m " + b"595 842 l 0 842 l\n" * 200_000 + b"S"]
)
def test_a_small_pdf_with_too_much_to_draw_is_refused(drawing: bytes) -> None:
    data = drawn(drawing)
    assert len(data) < 20_000
    assert read_codes(data) == Reading(fault=ReadFault.TOO_LARGE)


def drawn(content: bytes) -> bytes:
    """Return a PDF file of one page with this content, compressed."""
    packed = zlib.compress(content, 9)
    parts = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
    )
    file, places = b"%PDF-1.7\n", b""
    for number, part in enumerate(parts, 1):
        places += b"%010d 00000 n \n" % len(file)
        file += b"%d 0 obj%sendobj\n" % (number, part)
    table = b"xref\n0 5\n0000000000 65535 f \n" + places + b"trailer<</Size 5/Root 1 0 R>>\n"
    return file + table + b"startxref\n%d\n%%%%EOF" % len(file)


def test_a_pdf_page_of_any_shape_is_drawn_within_bounds() -> None:
    page = pdf(Image.new("L", (10, 10), 255))
    for box in (b"0 0 14400 14400", b"0 0 0.001 90000000", b"0 0 0 0", b"0 0 -5 1e38"):
        assert read_codes(_with_media_box(page, box)).fault in (ReadFault.NO_CODE, ReadFault.DAMAGED)


def _with_media_box(page: bytes, box: bytes) -> bytes:
    start = page.index(b"/MediaBox")
    end = page.index(b"]", start) + 1
    return page[:start] + b"/MediaBox [" + box + b"]" + page[end:]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_file_that_breaks_off_is_damaged_or_empty(share: float) -> None:
    for data in (as_bytes(code()), as_bytes(code(), "JPEG"), pdf(code())):
        found = read_codes(data[: int(len(data) * share)])
        assert found.texts in ((), (TEXT,))
        assert bool(found.texts) is (found.fault is None)


HEADS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-1.7\n", b"")


@given(some.sampled_from(HEADS), some.binary(max_size=400))
def test_any_bytes_end_in_a_reason(head: bytes, rest: bytes) -> None:
    assert read_codes(head + rest).fault is not None


SEEDS = (as_bytes(code(pixels=2)), as_bytes(code(pixels=2), "JPEG"), pdf(code(pixels=2)))


@given(some.sampled_from(SEEDS), some.lists(some.tuples(some.floats(0, 0.999), some.integers(0, 255)), max_size=12))
def test_a_file_with_any_bytes_changed_gives_the_text_or_a_reason(
    data: bytes, changes: list[tuple[float, int]]
) -> None:
    changed = bytearray(data)
    for where, value in changes:
        changed[int(where * len(data))] = value
    found = read_codes(bytes(changed))
    assert found.texts in ((), (TEXT,))


def test_grain_shadow_and_dirt_are_read_through() -> None:
    page = code(pixels=6)
    draw = ImageDraw.Draw(page)
    draw.line((0, page.height * 0.6, page.width, page.height * 0.57), fill=120, width=6)
    draw.ellipse((200, 330, 260, 380), fill=90)
    dim = ImageEnhance.Brightness(page).enhance(0.55).filter(ImageFilter.GaussianBlur(1.6))
    assert read_codes(as_bytes(dim, "JPEG", quality=40)).texts == (TEXT,)
