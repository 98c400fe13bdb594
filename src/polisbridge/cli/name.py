"""`polisbridge name`: names across scripts, to try out."""

from datetime import date, datetime
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, Exit
from polisbridge.core.names.match import Grade, Match, Person, match
from polisbridge.core.names.spelling import Spelling, mrz, spellings
from polisbridge.core.names.tables import BY_ID
from polisbridge.formats.decisionfile import to_text

commands = typer.Typer(help="Names of persons across scripts.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A name in Cyrillic, Armenian or Latin letters.")]
Other = Annotated[str, typer.Argument(help="The name on the other record.")]
Born = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date on the first record.")]
OtherBorn = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Birth date on the other record.")]
Document = Annotated[str, typer.Option(help="Document number on the first record.")]
OtherDocument = Annotated[str, typer.Option(help="Document number on the other record.")]
ATable = Annotated[str, typer.Option("--table", help="Id of the table for the machine-readable form.")]

EXITS = {Grade.SAME: Exit.YES, Grade.DIFFERENT: Exit.NO, Grade.CONTRADICTION: Exit.NO}


@commands.command("match")
def match_(
    context: typer.Context,
    name: Name,
    other: Other,
    born: Born = None,
    other_born: OtherBorn = None,
    document: Document = "",
    other_document: OtherDocument = "",
    json: options.Json = False,
) -> None:
    """Grade whether two records mean one person. Exit 0 for the same, 1 for another, 3 where a person has to look."""
    desk: Desk = context.obj
    found = match(
        Person(name, born=_day(born), document=document), Person(other, born=_day(other_born), document=other_document)
    )
    if json:
        reasons = [one.value for one in found.reasons]
        print(to_text({"grade": found.grade.value, "settled": found.settled, "reasons": reasons}), end="")
    else:
        _print_match(desk, found)
    raise typer.Exit(EXITS.get(found.grade, Exit.UNDETERMINED))


@commands.command("spellings")
def spellings_(context: typer.Context, name: Name, table: ATable = "", json: options.Json = False) -> None:
    """Show how a name may be spelt in Latin letters, by table, and its form for a machine-readable zone."""
    desk: Desk = context.obj
    if table and table not in BY_ID:
        raise typer.BadParameter(f"{table}: one of {', '.join(BY_ID)}", param_hint="--table")
    with desk.errors():
        zone, found = mrz(name, table), spellings(name)
    if json:
        print(to_text({"mrz": zone, "spellings": [_spelling(one) for one in found]}), end="")
        return
    desk.out.print(f"{desk.words('name.mrz')}: {zone}", markup=False)
    for one in found:
        evidence = desk.words(f"evidence.{one.table.evidence.value}")
        desk.out.print(f"    {one.text}  {one.table.id}  {evidence}", markup=False)
    if not found:
        desk.out.print(desk.words("name.no_spellings"), markup=False)


def _print_match(desk: Desk, found: Match) -> None:
    desk.out.print(desk.words(f"name_grade.{found.grade.value}"), markup=False)
    for reason in found.reasons:
        desk.out.print(f"    {desk.words(f'name_reason.{reason.value}')}", markup=False)


def _spelling(one: Spelling) -> dict[str, object]:
    return {"text": one.text, "table": one.table.id, "evidence": one.table.evidence.value}


def _day(told: datetime | None) -> date | None:
    return told.date() if told else None
