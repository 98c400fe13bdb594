"""Put a certificate on paper: what an insurer, an office or the person does with the text they hold."""

from enum import StrEnum
from typing import Protocol

from polisbridge.core.certificate import Certificate
from polisbridge.core.law import LawBook
from polisbridge.formats.qr import Symbol, symbol_of


class PaperKind(StrEnum):
    """What is printed: a card in ID-1 size with two sides, or an A4 sheet."""

    CARD = "card"
    SHEET = "sheet"


class Printer(Protocol):
    """Makes pages. `languages` are the person's and that of the state of stay; words are the printer's to find."""

    def __call__(
        self, certificate: Certificate, symbol: Symbol, book: LawBook, kind: PaperKind, languages: tuple[str, str]
    ) -> bytes:
        """Return the pages as a PDF file."""


def print_card(
    printer: Printer, certificate: Certificate, text: str, book: LawBook, kind: PaperKind, languages: tuple[str, str]
) -> tuple[bytes, Symbol]:
    """Return the certificate as a PDF file with its text as a QR code, and the QR symbol that was used.

    Printing proves nothing and checks no signature: that is what the QR code is for. Raises PolisbridgeError when
    the text is too long for a QR code on paper.
    """
    symbol = symbol_of(text)
    return printer(certificate, symbol, book, kind, languages), symbol
