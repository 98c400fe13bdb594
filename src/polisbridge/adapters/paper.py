"""Certificates as PDF pages with typst: the card and the sheet, the same on every machine.

The templates in `typst/` hold the layout and no words. The font is DejaVu Sans as the package matplotlib ships it
(Latin, Cyrillic with the letters of all languages of the region, Armenian); matplotlib itself is never imported.
Fonts of the machine are not used, and the only time in the file is the certificate's time of issue, so the same
certificate gives the same bytes.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import typst

from polisbridge.core.certificate import Certificate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.formats.qr import Symbol, svg
from polisbridge.services.print_card import PaperKind
from polisbridge.words import Words
from polisbridge.words.fields import CertificateWords

FONT = "DejaVu Sans"
_TEMPLATES = Path(__file__).parent / "typst"


def print_pages(
    certificate: Certificate, symbol: Symbol, book: LawBook, kind: PaperKind, languages: tuple[str, str]
) -> bytes:
    """Return the certificate as a PDF file, in the catalogue languages named: the person's, the state of stay's."""
    words, host = (Words(language) for language in languages)
    return render(certificate, symbol, book, kind, words, host)


def render(
    certificate: Certificate, symbol: Symbol, book: LawBook, kind: PaperKind, words: Words, host: Words
) -> bytes:
    """Return the certificate as a PDF file, in the words given."""
    data = page_data(certificate, symbol, CertificateWords(certificate, book, words, host))
    pages = typst.compile(
        _TEMPLATES / f"{kind.value}.typ",
        root=_TEMPLATES,
        font_paths=paper_fonts(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        timestamp=int(certificate.issued.timestamp()),
    )
    assert isinstance(pages, bytes)  # noqa: S101 - for the type checker; a PDF file is one piece
    return pages


def page_data(certificate: Certificate, symbol: Symbol, said: CertificateWords) -> dict[str, Any]:
    """Return everything that the templates print, as plain data."""
    fields = said.fields()
    return {
        "title": said.say("card.title", apart="\n"),
        "state": certificate.issuer_state,
        "fields": {str(field.number.value): {"label": field.label, "value": field.value} for field in fields},
        "benefits": [asdict(row) for row in said.benefits()],
        "columns": {name: said.say(f"card.{name}") for name in ("limit", "deductible", "copay", "waiting_days")},
        "territory": said.territory_in_short(),
        "more": said.say("card.more", count=len(certificate.contract.benefits or ())),
        "dash": said.say("value.unknown"),
        "proof": said.say("card.proof", apart="\n"),
        "page": said.say("card.page"),
        "qr": {
            "svg": svg(symbol),
            "width_mm": symbol.width_mm,
            "caption": f"QR {symbol.version}-{symbol.level}",
        },
    }


@cache
def paper_fonts() -> typst.Fonts:
    """Return the fonts of the pages: DejaVu, and none of the machine."""
    folder = font_folder()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder)])


def font_folder() -> Path:
    """Return the folder of the package's font files. Raises PolisbridgeError when the package is not there."""
    spec = find_spec("matplotlib")
    places = list(spec.submodule_search_locations or ()) if spec else []
    for place in places:
        folder = Path(place) / "mpl-data" / "fonts" / "ttf"
        if (folder / "DejaVuSans.ttf").is_file():
            return folder
    hint = "pip install matplotlib"
    raise PolisbridgeError(ErrorCode.NOT_FOUND, f"the font {FONT} (package matplotlib) is not installed", hint=hint)
