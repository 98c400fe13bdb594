"""Certificates on paper: what is printed, in which letters, and that the code survives paper."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from fontTools.ttLib import TTFont
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from polisbridge.adapters.paper import font_folder, print_pages
from polisbridge.core.certificate import Certificate, Holder, Omission, StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, BenefitLine
from polisbridge.core.law import LawBook
from polisbridge.core.money import to_minor
from polisbridge.formats.certificate import PREFIX
from polisbridge.formats.pictures import read_codes
from polisbridge.formats.qr import SYMBOL_MM
from polisbridge.services.print_card import PaperKind, print_card
from polisbridge.words import Words, languages
from polisbridge.words.fields import CertificateWords, FieldNumber

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
TEXT = PREFIX + "".join(random.Random(3).choices(ALPHABET, k=516))  # noqa: S311 - not a secret
MM = 72 / 25.4

# Every letter of the alphabets in which people of the region write their names.
ALPHABETS = {
    "russian": "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ",
    "uzbek": "ЎҚҒҲ",
    "uzbek latin": "ABCDEFGHIJKLMNOPQRSTUVXYZʻʼ‘’",
    "tajik": "ҒӢҚӮҲҶ",
    "kazakh": "ӘҒҚҢӨҰҮҺІ",
    "kyrgyz": "ҢӨҮ",
    "belarusian": "ІЎ",
    "ukrainian": "ҐЄІЇ",
    "turkmen": "ÄÇŇÖŞÜÝŽ",
    "azerbaijani": "ƏĞİIıÖŞÜÇ",
    "romanian": "ĂÂÎȘȚ",
    "armenian": "".join(map(chr, range(0x531, 0x557))) + "և",
    "signs": "–…·≤×«»№€₽₸ \u200b",
}


def money(amount: str) -> int:
    return to_minor(Decimal(amount), "RUB")


PERSON = Insured("worker", Role.WORKER, "", date(1990, 2, 3), frozenset({"NO"}))
CONTRACT = Contract(
    "POLICY-77",
    Period(date(2026, 6, 1), date(2027, 5, 31)),
    (PERSON,),
    (
        BenefitLine(benefit="emergency_care", limit=money("300000"), limit_currency="RUB", limit_per="event", waiting_days=7),
        BenefitLine(benefit="outpatient", deductible=ABSENT, copay_percent=1250),
    ),
    {"territory": frozenset({"RU"}), "sum_insured": money("500000"), "sum_insured_currency": "RUB", "sum_insured_per": "person"},
)  # fmt: skip
CERTIFICATE = Certificate(
    issuer_state="UZ",
    key_id=bytes.fromhex("0011223344556677"),
    issued=datetime(2026, 6, 1, 8, tzinfo=UTC),
    expires=datetime(2027, 6, 30, tzinfo=UTC),
    status=StatusReference(4, 71),
    holder=Holder("SAMPLE PERSON", "Образец Человек", "4567"),
    contract=CONTRACT,
    person="worker",
    insurer_name="Sample Insurer",
    assistance_phone="+998 71 000 00 00",
)
NAMES = {
    "uz": "Раҳимов Баҳодир Улуғбек ўғли",
    "tg": "Ҷӯраев Ғайрат Ҳикматуллоевич",
    "kk": "Әбдіғаппарұлы Қуанышбек Өмірзақұлы",
    "hy": "Գրիգորյան Հովհաննես",
    "long": "Абдураҳмонжоновларнинг Муҳаммадсодиқжон Абдулазизхўжа ўғли " * 2,
    "one word": "А" * 90,
}


def printed(book: LawBook, kind: PaperKind, certificate: Certificate = CERTIFICATE, text: str = TEXT) -> bytes:
    return print_card(print_pages, certificate, text, book, kind, ("ru", "en"))[0]


def words_on(pdf: bytes) -> str:
    document = pdfium.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def squeezed(text: str) -> str:
    return "".join(text.replace("\u200b", "").split())


def scanned(pdf: bytes, page: int = 0, dpi: int = 300) -> Image.Image:
    picture: Image.Image = pdfium.PdfDocument(pdf)[page].render(scale=dpi / 72, grayscale=True).to_pil()
    return picture.convert("L")


def jpeg(picture: Image.Image, quality: int = 40) -> bytes:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


def folded(picture: Image.Image) -> Image.Image:
    """Return the page with a worn fold through the middle of the code: white where the ink has flaked, grey beside."""
    draw = ImageDraw.Draw(picture)
    across = picture.height * 18 // 100
    draw.rectangle((0, across, picture.width, across + 5), fill=235)
    draw.rectangle((0, across + 6, picture.width, across + 16), fill=None, outline=110)
    down = picture.width * 82 // 100
    draw.line((down, 0, down + 8, picture.height), fill=225, width=5)
    return picture


@pytest.fixture(scope="module")
def sheet(book: LawBook) -> bytes:
    return printed(book, PaperKind.SHEET)


def test_the_sheet_is_read_back_from_the_pdf_itself(sheet: bytes) -> None:
    assert read_codes(sheet).texts == (TEXT,)


def test_the_card_is_read_back_from_the_pdf_itself(book: LawBook) -> None:
    assert read_codes(printed(book, PaperKind.CARD)).texts == (TEXT,)


@pytest.mark.parametrize("degrees", [0, 3, 90, 183])
@pytest.mark.parametrize("text", [TEXT, TEXT + TEXT[4:200], TEXT + TEXT[4:384]], ids=["17-Q", "17-M", "19-M"])
def test_a_sheet_printed_at_300_dpi_folded_blurred_turned_dimmed_and_compressed_is_read_back(
    book: LawBook, degrees: int, text: str
) -> None:
    page = folded(scanned(printed(book, PaperKind.SHEET, text=text)))
    page = page.filter(ImageFilter.GaussianBlur(1.8)).rotate(
        degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255
    )
    page = ImageEnhance.Contrast(ImageEnhance.Brightness(page).enhance(0.7)).enhance(0.8)
    assert read_codes(jpeg(page)).texts == (text,)


@pytest.mark.parametrize("brightness", [0.35, 1.4])
def test_a_dark_or_glaring_picture_of_a_card_is_read_back(book: LawBook, brightness: float) -> None:
    back = scanned(printed(book, PaperKind.CARD), page=1).filter(ImageFilter.GaussianBlur(1.2))
    assert read_codes(jpeg(ImageEnhance.Brightness(back).enhance(brightness))).texts == (TEXT,)


def test_a_cheap_scan_at_150_dpi_is_read_back(sheet: bytes) -> None:
    assert read_codes(jpeg(scanned(sheet, dpi=150), quality=60)).texts == (TEXT,)


def test_a_card_has_two_sides_in_the_size_of_a_bank_card(book: LawBook) -> None:
    document = pdfium.PdfDocument(printed(book, PaperKind.CARD))
    sizes = [(round(width / MM, 1), round(height / MM, 1)) for width, height in (page.get_size() for page in document)]
    assert sizes == [(85.6, 54.0)] * 2


def test_a_sheet_is_one_a4_page(sheet: bytes) -> None:
    document = pdfium.PdfDocument(sheet)
    assert [tuple(round(side / MM) for side in page.get_size()) for page in document] == [(210, 297)]


@pytest.mark.parametrize(("kind", "page"), [(PaperKind.SHEET, 0), (PaperKind.CARD, 1)])
def test_the_code_is_40_mm_wide_with_four_white_modules_around(book: LawBook, kind: PaperKind, page: int) -> None:
    dpi = 600
    picture = scanned(printed(book, kind), page, dpi)
    left, top, right, bottom = _code_box(picture)
    module = (right - left) / 85
    assert (right - left) / dpi * 25.4 == pytest.approx(SYMBOL_MM, abs=0.2)
    frame = round(4 * module) - 2
    around = picture.crop((left - frame, top - frame, right + frame, bottom + frame))
    ImageDraw.Draw(around).rectangle(
        (frame - 2, frame - 2, around.width - frame + 1, around.height - frame + 1), fill=255
    )
    assert set(around.tobytes()) == {255}


def _code_box(picture: Image.Image) -> tuple[int, int, int, int]:
    import zxingcpp  # noqa: PLC0415 - only here, to learn where the code is

    place = zxingcpp.read_barcodes(picture)[0].position
    corners = (place.top_left, place.top_right, place.bottom_right, place.bottom_left)
    xs, ys = [corner.x for corner in corners], [corner.y for corner in corners]
    return min(xs), min(ys), max(xs), max(ys)


@pytest.mark.parametrize("kind", PaperKind)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_every_letter_of_a_name_is_printed_within_the_page(book: LawBook, kind: PaperKind, name: str) -> None:
    holder = replace(CERTIFICATE.holder, original_name=name)
    pdf = printed(book, kind, replace(CERTIFICATE, holder=holder))
    assert squeezed(name) in squeezed(words_on(pdf))
    for page in pdfium.PdfDocument(pdf):
        width, height = page.get_size()
        for item in page.get_objects(filter=(pdfium.raw.FPDF_PAGEOBJ_TEXT,)):
            left, bottom, right, top = item.get_bounds()
            assert left >= 1 * MM
            assert bottom >= 1 * MM
            assert right <= width - 1 * MM
            assert top <= height - 0.5 * MM


@pytest.mark.parametrize("alphabet", ALPHABETS)
@pytest.mark.parametrize("file", ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"])
def test_the_font_has_every_letter_of_the_region(file: str, alphabet: str) -> None:
    known = TTFont(font_folder() / file).getBestCmap()
    letters = ALPHABETS[alphabet]
    assert [letter for letter in letters + letters.lower() if len(letter) == 1 and ord(letter) not in known] == []


def test_the_sheet_says_every_field(sheet: bytes) -> None:
    said = squeezed(words_on(sheet))
    wanted = (
        "31.05.2027", "SAMPLE PERSON", "Образец Человек", "03.02.1990", "POLICY-77", "01.06.2026 – 31.05.2027",
        "500 000 RUB", "300 000 RUB", "12.5 %", "…4567", "+998 71 000 00 00", "UZ-0011223344556677", "4/71", "Sample Insurer",
    )  # fmt: skip
    assert [one for one in wanted if squeezed(one) not in said] == []


@pytest.mark.parametrize("kind", PaperKind)
def test_what_the_certificate_left_out_is_said_on_paper(book: LawBook, kind: PaperKind) -> None:
    said = CertificateWords(replace(CERTIFICATE, omitted=tuple(Omission)), book, Words("ru"), Words("en"))
    left_out = said.fields()[-1]
    pdf = printed(book, kind, replace(CERTIFICATE, omitted=tuple(Omission)))
    assert left_out.number is FieldNumber.LEFT_OUT
    assert left_out.value.count(";") == len(Omission) - 1
    assert squeezed(left_out.value) in squeezed(words_on(pdf))


def test_valid_until_is_the_earlier_of_contract_person_and_certificate(book: LawBook) -> None:
    def until(certificate: Certificate) -> date:
        return CertificateWords(certificate, book, Words("en"), Words("en")).valid_until()

    short = replace(PERSON, period=Period(None, date(2026, 12, 31)))
    assert until(CERTIFICATE) == date(2027, 5, 31)
    assert until(replace(CERTIFICATE, contract=replace(CONTRACT, insured=(short,)))) == date(2026, 12, 31)
    assert until(replace(CERTIFICATE, expires=datetime(2026, 9, 1, tzinfo=UTC))) == date(2026, 9, 1)


def test_a_certificate_whose_person_is_not_on_its_contract_is_refused(book: LawBook) -> None:
    with pytest.raises(PolisbridgeError) as refused:
        printed(book, PaperKind.CARD, replace(CERTIFICATE, person="stranger"))
    assert refused.value.code is ErrorCode.UNKNOWN_PERSON


def test_words_from_a_certificate_are_never_taken_for_layout(book: LawBook) -> None:
    hostile = '#panic("x") *bold* $x$ \\ "] #image("/etc/passwd") <a> @b // c'
    pdf = printed(book, PaperKind.SHEET, replace(CERTIFICATE, insurer_name=hostile))
    assert squeezed(hostile) in squeezed(words_on(pdf))


def test_a_certificate_that_states_nothing_is_printed_too(book: LawBook) -> None:
    bare = replace(
        CERTIFICATE, contract=Contract("N", Period(), (Insured("worker", Role.OTHER),)), holder=Holder("A"), assistance_phone="",
        insurer_name="",
    )  # fmt: skip
    for kind in PaperKind:
        assert read_codes(printed(book, kind, bare)).texts == (TEXT,)


def test_the_same_certificate_gives_the_same_bytes(book: LawBook, sheet: bytes) -> None:
    assert printed(book, PaperKind.SHEET) == sheet


def test_a_text_too_long_for_paper_is_refused(book: LawBook) -> None:
    with pytest.raises(PolisbridgeError) as refused:
        printed(book, PaperKind.CARD, text=TEXT * 2)
    assert refused.value.code is ErrorCode.TOO_LARGE


@pytest.mark.parametrize("language", languages())
def test_every_field_has_words_in_every_language(language: str) -> None:
    keys = [number.name.lower() for number in FieldNumber] + [f"omitted.{one.value}" for one in Omission]
    keys += ["title", "limit", "deductible", "copay", "waiting_days", "days", "except", "unlimited", "preauthorisation"]
    keys += ["more", "proof", "page", "written"]
    assert [key for key in keys if not Words(language).has(f"card.{key}")] == []
