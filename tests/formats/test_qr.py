"""A text becomes a symbol of a stated level and size, or a clear refusal."""

import random
from io import BytesIO

import pytest
from PIL import Image

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.pictures import read_codes
from polisbridge.formats.qr import QUIET_MODULES, SYMBOL_MM, png, svg, symbol_of

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def text_of(length: int) -> str:
    return PREFIX + "".join(random.Random(length).choices(ALPHABET, k=length - len(PREFIX)))  # noqa: S311 - not a secret


@pytest.mark.parametrize(
    ("length", "level", "version"),
    [(400, "Q", 15), (520, "Q", 17), (531, "Q", 17), (532, "M", 15), (734, "M", 17), (900, "M", 19)],
)
def test_the_level_is_q_while_the_version_is_at_most_17_and_m_up_to_version_19(
    length: int, level: str, version: int
) -> None:
    symbol = symbol_of(text_of(length))
    assert (symbol.level, symbol.version) == (level, version)


@pytest.mark.parametrize("length", [910, 1200, 20_000])
def test_a_text_too_long_for_paper_is_refused_with_what_to_do(length: int) -> None:
    with pytest.raises(PolisbridgeError) as refused:
        symbol_of(text_of(length))
    assert refused.value.code is ErrorCode.TOO_LARGE
    assert refused.value.hint


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(PolisbridgeError):
        symbol_of("")


def test_no_refusal_repeats_the_text() -> None:
    with pytest.raises(PolisbridgeError) as refused:
        symbol_of(text_of(950))
    assert PREFIX not in str(refused.value)


def test_the_width_on_paper_holds_the_symbol_and_four_quiet_modules_on_each_side() -> None:
    symbol = symbol_of(text_of(520))
    assert symbol.modules == 85
    assert symbol.width_mm == pytest.approx(SYMBOL_MM + 8 * SYMBOL_MM / 85)


def test_the_png_has_a_white_frame_of_four_modules_and_is_read_back() -> None:
    text = text_of(520)
    data = png(symbol_of(text), module_pixels=3)
    picture = Image.open(BytesIO(data)).convert("L")
    frame = 3 * QUIET_MODULES
    assert picture.size == (3 * (85 + 8),) * 2
    for strip in ((0, 0, picture.width, frame), (0, 0, frame, picture.height)):
        assert set(picture.crop(strip).tobytes()) == {255}
    assert read_codes(data).texts == (text,)


def test_the_svg_draws_every_dark_module_once() -> None:
    symbol = symbol_of(text_of(400))
    runs = [int(part.split("v")[0]) for part in svg(symbol).split('d="M')[2].split("h")[1::2]]
    assert sum(runs) == sum(sum(row) for row in symbol.rows)
