"""`polisbridge law sql`: the law of one state, gate and day as SQL over a portfolio, for analysts."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.services.applied_laws import AppliedLaws


class Engine(StrEnum):
    """The engines that SQL is printed for."""

    DUCKDB = "duckdb"
    SPARK = "spark"


Dialect = Annotated[Engine, typer.Option("--dialect", help="The engine that is to run it.")]
Folder = Annotated[
    Path, typer.Option("--portfolio", help="The portfolio that it is to read; else the folder it runs in.")
]
Home = Annotated[str, typer.Option("--home", help="State of the contracts, where its bank's rates change the limits.")]
Concluded = Annotated[
    datetime | None,
    typer.Option("--concluded", formats=["%Y-%m-%d"], help="Day of the contracts, where its rates change the limits."),
]
Out = Annotated[Path | None, typer.Option("--out", "-o", help="File to write; else standard output.")]


def sql(
    context: typer.Context,
    state: options.State = "",
    gate: options.AGate | None = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    home: Home = "",
    concluded: Concluded = None,
    dialect: Dialect = Engine.DUCKDB,
    portfolio: Folder = Path(),
    out: Out = None,
) -> None:
    """Print the law of a state, gate and day as SQL that runs as it is over a portfolio (docs/spec/portfolio.md)."""
    from polisbridge.formats.sql_dialect import DialectName  # only wanted here  # noqa: PLC0415
    from polisbridge.services.export_sql import AskedLaw, export_sql  # the same  # noqa: PLC0415

    desk: Desk = context.obj
    if not state or gate is None:
        raise typer.BadParameter("name --state and --gate")
    with desk.errors():
        day = as_of.date() if as_of else desk.today()
        laws = AppliedLaws(desk.book(), desk.rates(rates or []))
        asked = AskedLaw(state, gate, day, home or None, concluded.date() if concluded else None)
        text = export_sql(laws, asked, DialectName(dialect.value), portfolio.as_posix(), desk.words.text)
        if out is None:
            print(text, end="")
            return
        desk.world.write(out, text.encode())
    desk.out.print(desk.words("law.sql.written", file=out), markup=False)
