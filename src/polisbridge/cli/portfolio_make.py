"""`polisbridge portfolio generate`: portfolios that do not exist yet."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.cli.progress import bar
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.services.portfolio_make import SyntheticOrder

Into = Annotated[Path, typer.Option("--into", help="Folder for the portfolio; it must not exist yet.")]
Rows = Annotated[int, typer.Option("--rows", min=1, max=1_000_000_000, help="How many insured persons.")]
Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same rows.")]
LastAsOf = Annotated[
    datetime | None,
    typer.Option("--as-of-to", formats=["%Y-%m-%d"], help="Spread the days to decide for up to this day."),
]
FiguresFile = Annotated[
    Path | None, typer.Option("--figures", help="File of figures to draw from; else those that came with the program.")
]


def register(commands: typer.Typer) -> None:
    """Add the commands that make portfolios to a noun."""
    commands.command()(generate)


def generate(
    context: typer.Context,
    into: Into,
    rows: Rows = 10_000,
    seed: Seed = 1,
    as_of: options.AsOf = None,
    as_of_to: LastAsOf = None,
    figures: FiguresFile = None,
) -> None:
    """Make a portfolio of persons who do not exist, drawn from published figures and from assumptions.

    Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    with desk.errors():
        first = as_of.date() if as_of else desk.today()
        last = as_of_to.date() if as_of_to else first
        if last < first:
            raise InputFaults(
                [Fault("--as-of-to", 1, "", FaultCode.WRONG_ORDER, str(last), f"a day not before {first}")]
            )
        order = SyntheticOrder(rows, seed, first, last, desk.document(figures) if figures else None)
        with bar(desk.words("portfolio.generating")) as progress:
            desk.world.portfolio_makers().generate(order, desk.book().vocabulary, into, progress)
    desk.out.print(desk.words("portfolio.synthetic"), style="bold yellow")
    told = {"rows": desk.words.number(rows), "seed": seed, "folder": into}
    desk.out.print(desk.words("portfolio.generated", **told))
