"""`polisbridge report`: documents for people who decide, in HTML or PDF."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.initiativefile import read_initiative
from polisbridge.formats.tree import read_tree
from polisbridge.services.report import PageKind, notes, statements
from polisbridge.services.round_table import round_table
from polisbridge.words import Words, languages
from polisbridge.words.report_approaches import approaches_report

commands = typer.Typer(help="Documents in HTML and PDF, every sentence of fact with its source.", no_args_is_help=True)

Lang = Annotated[str, typer.Option("--lang", help="Language of the document; else the language of the answers.")]
Model = Annotated[
    Path | None, typer.Option("--contract", help="Contract file to decide in every corridor; else the model contract.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="File to write: .html or .pdf; an existing one is replaced.")]


@commands.callback()
def _nothing() -> None:
    """Stand in for options of the noun, which has none."""


@commands.command()
def approaches(
    context: typer.Context,
    out: Out,
    lang: Lang = "",
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    contract: Model = None,
) -> None:
    """Write what the round table of 2024-02-01 asked for: seven national approaches, corridors, questions, proposals.

    Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    kind, words = kind_of(out), spoken(desk, lang)
    with desk.errors():
        book = desk.book()
        files = desk.world.report_files()
        own = None if contract is None else desk.document(contract)
        model = read_contract(own or read_tree(files["model_contract.yaml"], "model_contract.yaml"), book.vocabulary)
        facts = read_initiative(read_tree(files["initiative.yaml"], "initiative.yaml"))
        found = round_table(book, desk.rates(rates or []), model, facts, as_of.date() if as_of else desk.today())
        report = approaches_report(found, words)
        desk.world.write(out, desk.world.report_pages(report, kind))
    told = {"statements": sum(1 for _ in statements(report)), "notes": len(notes(report))}
    print(desk.words("report.approaches.written", file=out, **{name: desk.words.number(n) for name, n in told.items()}))


def kind_of(out: Path) -> PageKind:
    """Return the kind of file that the name asks for. Raises typer.BadParameter for another ending."""
    try:
        return PageKind(out.suffix.lower().removeprefix("."))
    except ValueError as exc:
        raise typer.BadParameter(f"{out}: a name that ends in .html or .pdf", param_hint="--out") from exc


def spoken(desk: Desk, lang: str) -> Words:
    """Return the words of the document's language. Raises typer.BadParameter when there is no catalogue."""
    if lang and lang not in languages():
        raise typer.BadParameter(f"{lang}: one of {', '.join(languages())}", param_hint="--lang")
    return Words(lang) if lang else desk.words
