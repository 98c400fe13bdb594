"""`polisbridge report`: documents for people who decide, in HTML or PDF."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.money import Rates
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.initiativefile import read_initiative
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.tree import MAX_BYTES, read_tree
from polisbridge.services.impact import Impact, impact_of_json
from polisbridge.services.report import PageKind, notes, statements
from polisbridge.services.round_table import by_this_law, round_table
from polisbridge.services.scenario import supposed_law
from polisbridge.words import Words, languages, matched
from polisbridge.words.report_approaches import approaches_report
from polisbridge.words.report_impact import impact_report

IMPACT_FILE = "impact.json"

commands = typer.Typer(help="Documents in HTML and PDF, every sentence of fact with its source.", no_args_is_help=True)

Lang = Annotated[str, typer.Option("--lang", help="Language of the document; else the language of the answers.")]
Model = Annotated[
    Path | None, typer.Option("--contract", help="Contract file to decide in every corridor; else the model contract.")
]
Effects = Annotated[
    list[Path] | None,
    typer.Option("--portfolio", help="Result folder of `portfolio impact` to show the effect of; repeat it."),
]
Result = Annotated[Path, typer.Argument(help="Result folder of `polisbridge portfolio impact`.")]
Scenario = Annotated[Path | None, typer.Option(help="The scenario file, to name the provisions that it adds.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="File to write: .html or .pdf; an existing one is replaced.")]


@commands.command()
def approaches(
    context: typer.Context,
    out: Out,
    lang: Lang = "",
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    contract: Model = None,
    portfolio: Effects = None,
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
        day, effects = as_of.date() if as_of else desk.today(), tuple(_impact(desk, one) for one in portfolio or ())
        found = round_table(book, desk.rates(rates or []), model, facts, day, effects)
        report = approaches_report(found, words)
        desk.world.write(out, desk.world.report_pages(report, kind))
    told = {"statements": sum(1 for _ in statements(report)), "notes": len(notes(report))}
    print(desk.words("report.approaches.written", file=out, **{name: desk.words.number(n) for name, n in told.items()}))


@commands.command()
def impact(context: typer.Context, result: Result, out: Out, lang: Lang = "", scenario: Scenario = None) -> None:
    """Write what a scenario does to a portfolio, from the result of `polisbridge portfolio impact`.

    Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    kind, words = kind_of(out), spoken(desk, lang)
    with desk.errors():
        book, found = desk.book(), _impact(desk, result)
        by_this_law(book, (found,))
        supposed = None
        if scenario is not None:
            supposed = supposed_law(
                book, read_scenario(desk.document(scenario), book), Rates(()), found.as_of
            ).laws.book
        desk.world.write(out, desk.world.report_pages(impact_report(found, words, book, supposed), kind))
    print(desk.words("report.impact.written", file=out))


def _impact(desk: Desk, folder: Path) -> Impact:
    """Return the impact of a result folder. Raises PolisbridgeError when it holds none."""
    path = folder / IMPACT_FILE
    try:
        return impact_of_json(msgspec.json.decode(desk.world.read(path, MAX_BYTES)))
    except (msgspec.DecodeError, TypeError, AttributeError) as exc:
        hint = "name a folder that `polisbridge portfolio impact` wrote"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, f"{path}: {exc}", hint=hint) from exc


def kind_of(out: Path) -> PageKind:
    """Return the kind of file that the name asks for. Raises typer.BadParameter for another ending."""
    try:
        return PageKind(out.suffix.lower().removeprefix("."))
    except ValueError as exc:
        raise typer.BadParameter(f"{out}: a name that ends in .html or .pdf", param_hint="--out") from exc


def spoken(desk: Desk, lang: str) -> Words:
    """Return the words of the document's language. Raises typer.BadParameter when there is no catalogue."""
    found = matched(lang)
    if lang and found is None:
        raise typer.BadParameter(f"{lang}: one of {', '.join(languages())}", param_hint="--lang")
    return Words(found) if found else desk.words
