"""`polisbridge card`: certificates on paper."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.cli.sources import HELP, one_text_of, opened
from polisbridge.services.print_card import PaperKind, print_card
from polisbridge.words import languages, matched

commands = typer.Typer(help="Put certificates on paper.", no_args_is_help=True)

Source = Annotated[str, typer.Argument(metavar="FILE|TEXT", help=HELP)]
Kind = Annotated[PaperKind, typer.Option(help="A card in bank card size with two sides, or an A4 sheet.")]
Lang = Annotated[str, typer.Option("--lang", help="Language of the person; else the language of the answers.")]
HostLang = Annotated[str, typer.Option("--host-lang", help="Language of the state of stay; else English.")]
Out = Annotated[Path, typer.Option("--out", help="PDF file to write; an existing one is replaced.")]


@commands.command("print")
def print_(
    context: typer.Context,
    source: Source,
    kind: Kind = PaperKind.SHEET,
    lang: Lang = "",
    host_lang: HostLang = "en",
    out: Out = Path("certificate.pdf"),
) -> None:
    """Write a certificate as a PDF file with its QR code, in the languages of the person and of the state of stay.

    The certificate is printed as it stands; whether it is genuine is for `polisbridge certificate verify`.
    """
    desk: Desk = context.obj
    spoken = (_spoken(lang or desk.words.language, "--lang"), _spoken(host_lang, "--host-lang"))
    with desk.errors():
        text = one_text_of(desk, source)
        pages, symbol = print_card(desk.world.print_pages, opened(text), text, desk.book(), kind, spoken)
        desk.world.write(out, pages)
    print(desk.words("card.written", file=out, version=symbol.version, level=symbol.level))


def _spoken(language: str, option: str) -> str:
    found = matched(language)
    if found is None:
        raise typer.BadParameter(f"{language}: one of {', '.join(languages())}", param_hint=option)
    return found
