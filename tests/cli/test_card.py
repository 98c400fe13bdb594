"""`polisbridge card print`: from a text, a text file, a picture or a PDF to a PDF file that reads back the same."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from builder import LAW_FOLDER
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from typer.testing import CliRunner, Result

from polisbridge.adapters.folder import read_file, read_folder, write_file
from polisbridge.adapters.keys import SoftwareSigner
from polisbridge.adapters.paper import print_pages
from polisbridge.cli.main import cli
from polisbridge.core.certificate import Certificate, Holder, StatusReference
from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.law import LawBook
from polisbridge.formats.certificate import encode
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.pictures import Reading, read_codes
from polisbridge.formats.qr import png, symbol_of
from polisbridge.services.print_card import Printer

USAGE, ERROR = 2, 4
CERTIFICATE = Certificate(
    issuer_state="UZ",
    key_id=bytes(8),
    issued=datetime(2026, 6, 1, tzinfo=UTC),
    expires=datetime(2027, 6, 1, tzinfo=UTC),
    status=StatusReference(1, 2),
    holder=Holder("SAMPLE PERSON", "", "4567"),
    contract=Contract("P-1", Period(date(2026, 6, 1), date(2027, 5, 31)), (Insured("worker", Role.WORKER),)),
    person="worker",
    assistance_phone="+998 71 000 00 00",
)
TEXT, _ = encode(CERTIFICATE, SoftwareSigner(derive_private_key(7, SECP256R1())))


class PrintWorld:
    """Files of this machine, the test law, and the real printer."""

    print_pages: Printer = staticmethod(print_pages)

    def read_codes(self, data: bytes) -> Reading:
        return read_codes(data)

    def law(self, folder: Path | None) -> LawBook:
        return read_law(read_folder(folder or LAW_FOLDER))

    def read(self, path: Path, limit: int) -> bytes:
        return read_file(path, limit)

    def write(self, path: Path, data: bytes) -> None:
        write_file(path, data)


def card(*arguments: str | Path) -> Result:
    given = ["--lang", "en", "card", "print", *map(str, arguments)]
    result = CliRunner(env={"COLUMNS": "200"}).invoke(cli, given, obj=PrintWorld())
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.mark.parametrize("kind", ["card", "sheet"])
def test_a_text_is_printed_and_reads_back_the_same(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "out.pdf"
    result = card(TEXT, "--kind", kind, "--lang", "ru", "--host-lang", "en", "--out", out)
    assert (result.exit_code, read_codes(out.read_bytes()).texts) == (0, (TEXT,))
    assert [path.name for path in tmp_path.iterdir()] == ["out.pdf"]


@pytest.mark.parametrize("form", ["text", "picture", "pdf"])
def test_a_file_with_the_certificate_is_printed_the_same(tmp_path: Path, form: str) -> None:
    card(TEXT, "--out", tmp_path / "first.pdf")
    first = (tmp_path / "first.pdf").read_bytes()
    data = {"text": TEXT.encode() + b"\n", "picture": png(symbol_of(TEXT)), "pdf": first}[form]
    (tmp_path / "given").write_bytes(data)
    card(tmp_path / "given", "--out", tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == first


def test_the_person_stands_on_the_card(tmp_path: Path) -> None:
    card(TEXT, "--kind", "card", "--out", tmp_path / "out.pdf")
    front = pdfium.PdfDocument(tmp_path / "out.pdf")[0].get_textpage().get_text_range()
    assert "SAMPLE PERSON" in front
    assert "31.05.2027" in front


@pytest.mark.parametrize(
    ("data", "reason"), [(b"nothing", "unknown_format"), (b"\xff\xd8\xff", "damaged"), (b"PB1:X", "not_base45")]
)
def test_a_file_without_a_certificate_ends_in_a_reason(tmp_path: Path, data: bytes, reason: str) -> None:
    (tmp_path / "given").write_bytes(data)
    result = card(tmp_path / "given", "--out", tmp_path / "out.pdf")
    assert (result.exit_code, reason in result.stderr) == (ERROR, True)
    assert not (tmp_path / "out.pdf").exists()


def test_a_file_with_two_certificates_is_refused_with_what_to_do(tmp_path: Path) -> None:
    from PIL import Image  # noqa: PLC0415 - only for this picture

    other, _ = encode(
        replace(CERTIFICATE, person="worker", insurer_name="X"), SoftwareSigner(derive_private_key(8, SECP256R1()))
    )
    page = Image.new("L", (1600, 800), 255)
    for number, text in enumerate((TEXT, other)):
        (tmp_path / "one.png").write_bytes(png(symbol_of(text)))
        page.paste(Image.open(tmp_path / "one.png").convert("L"), (20 + 800 * number, 20))
    page.save(tmp_path / "both.png")
    result = card(tmp_path / "both.png", "--out", tmp_path / "out.pdf")
    assert (result.exit_code, "2" in result.stderr) == (ERROR, True)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    assert card(tmp_path / "none.png").exit_code == ERROR


def test_a_language_without_a_catalogue_is_a_usage_error(tmp_path: Path) -> None:
    assert card(TEXT, "--host-lang", "xx", "--out", tmp_path / "out.pdf").exit_code == USAGE


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left_behind(tmp_path: Path) -> None:
    assert card(TEXT, "--out", tmp_path / "no" / "out.pdf").exit_code == ERROR
    assert list(tmp_path.iterdir()) == []
