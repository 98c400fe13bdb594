"""`polisbridge portfolio`: decide a whole portfolio, and look into what was decided."""

from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from polisbridge.cli import options, portfolio_explain, portfolio_impact, portfolio_make
from polisbridge.cli.desk import Desk
from polisbridge.cli.progress import bar
from polisbridge.core.codes import Verdict
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio import Assessed
from polisbridge.words import Words

commands = typer.Typer(help="Make and decide portfolios: many insured persons at once.", no_args_is_help=True)
portfolio_make.register(commands)
portfolio_impact.register(commands)
portfolio_explain.register(commands)

Folder = Annotated[Path, typer.Argument(help="A portfolio: a folder of Parquet files (docs/spec/portfolio.md).")]
Into = Annotated[Path, typer.Option("--into", help="Folder for the result; it must not exist yet.")]

Master = Annotated[
    str,
    typer.Option(help="Decide on Spark: local[2], spark://host:port … (docs/scaling.md); else on this machine."),
]


@commands.command()
def assess(
    context: typer.Context, portfolio: Folder, into: Into, rates: options.RatesFiles = None, master: Master = ""
) -> None:
    """Decide every insured person of a portfolio: verdict and all finding codes, row by row.

    Rows that cannot be decided are set aside with their faults in rejects.ndjson. Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    with desk.errors():
        laws = AppliedLaws(desk.book(), desk.rates(rates or []))
        with bar(desk.words("portfolio.deciding")) as progress:
            found = desk.world.portfolios(master).assess(portfolio, laws, into, progress)
    _print(desk.out, desk.words, found)


def _print(out: Console, words: Words, found: Assessed) -> None:
    if found.synthetic:
        out.print(words("portfolio.synthetic"), style="bold yellow")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(words("portfolio.verdict"))
    table.add_column(words("portfolio.persons"), justify="right")
    table.add_column("%", justify="right")
    for verdict in Verdict:
        count = found.verdicts.get(verdict, 0)
        share = 100 * count / found.decided if found.decided else 0
        table.add_row(words(f"verdict.{verdict.value}"), words.number(count), words.number(share, digits=1))
    out.print(table)
    told = {"rows": found.rows, "decided": found.decided, "rejected": found.rejected, "checked": found.checked_by_core}
    out.print(words("portfolio.totals", **{name: words.number(value) for name, value in told.items()}))
