"""`polisbridge portfolio generate` and `import`: portfolios that do not exist yet."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.cli.progress import bar
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.services.portfolio_make import ImportOrder, SyntheticOrder

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
Files = Annotated[
    list[Path],
    typer.Argument(
        help="One .csv or .ndjson file, or contract files (.yaml, .json), or a folder of NAME.contract.yaml."
    ),
]
StaysOf = Annotated[
    Path | None, typer.Option("--stays", help="Stays for all contracts; else each has NAME.stays.yaml beside it.")
]
BenefitsFile = Annotated[
    Path | None, typer.Option("--benefits", help="File of benefit tables by name, for a CSV file that names them.")
]
Separator = Annotated[str, typer.Option(help="What stands between the cells of a CSV file; a tab is written tab.")]
AsWritten = Annotated[
    bool, typer.Option("--as-written", help="Add nothing that follows from other columns, such as ages.")
]


def register(commands: typer.Typer) -> None:
    """Add the commands that make portfolios to a noun."""
    commands.command()(generate)
    commands.command("import")(import_files)


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


def import_files(
    context: typer.Context,
    files: Files,
    into: Into,
    stays: StaysOf = None,
    benefits: BenefitsFile = None,
    separator: Separator = ",",
    as_written: AsWritten = False,
) -> None:
    """Make a portfolio of what files hold. What is wrong is set aside with all its faults in rejects.ndjson.

    Exit 0, or 4 on an error.
    """
    desk: Desk = context.obj
    if (separator := {"tab": "\t"}.get(separator, separator)) not in (",", ";", "\t", "|"):
        raise typer.BadParameter("a comma, a semicolon, a bar or tab", param_hint="--separator")
    with desk.errors():
        named = desk.document(benefits) if benefits else None
        order = ImportOrder(tuple(_all_files(files)), named, stays, separator, as_written)
        with bar(desk.words("portfolio.importing")) as progress:
            found = desk.world.portfolio_makers().import_files(order, desk.book().vocabulary, into, progress)
    told = {"read": found.read, "written": found.written, "rejected": found.rejected}
    desk.out.print(desk.words("portfolio.imported", **{name: desk.words.number(count) for name, count in told.items()}))
    if found.rejected:
        desk.out.print(desk.words("portfolio.rejects", file=into / "rejects.ndjson"))


def _all_files(paths: list[Path]) -> Iterator[Path]:
    """Yield the files, those of folders in order of name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.contract.*"))
        else:
            yield path
