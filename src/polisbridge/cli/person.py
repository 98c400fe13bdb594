"""`polisbridge person`: what a node holds about a person, exported or erased. The document's number is asked for.

It does not stand in the command line, where other users of the machine could read it.
"""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.cli.node_options import Data, DatabaseUrl, nodes_of, place_of
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import IdentityDocument
from polisbridge.core.statusbook import Note
from polisbridge.formats.decisionfile import to_text
from polisbridge.services.registry import looking, persons
from polisbridge.services.registry.ports import Registry

commands = typer.Typer(help="What a node holds about a person: export, erase.", no_args_is_help=True)

State = Annotated[str, typer.Option(help="The state that issued the identity document, ISO 3166-1.")]
Document = Annotated[str, typer.Option(help="Number of the identity document; asked for when left out.")]
Why = Annotated[str, typer.Option(help="The reason, for the record; no names of persons.")]


@commands.command()
def export(
    context: typer.Context,
    state: State,
    why: Why,
    document: Document = "",
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Print all that is held about a person as JSON, and record that it was read."""
    desk: Desk = context.obj
    with desk.errors():
        nodes, document = nodes_of(desk), document or _asked(desk)
        with nodes.registry(place_of(data, database)) as registries, registries.change() as registry:
            person = _person(registry, state, document)
            told = looking.export(registry, person, "operator", Note(getpass.getuser(), nodes.now(), why))
        sys.stdout.write(to_text(told))


@commands.command()
def erase(
    context: typer.Context,
    state: State,
    why: Why,
    document: Document = "",
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Erase everything personal about a person, for ever. Backups made before still hold it, sealed."""
    desk: Desk = context.obj
    with desk.errors():
        nodes, document = nodes_of(desk), document or _asked(desk)
        with nodes.registry(place_of(data, database)) as registries, registries.change() as registry:
            person = _person(registry, state, document)
            count = persons.erase(registry, person, Note(getpass.getuser(), nodes.now(), why))
        desk.out.print(desk.words("person.erased", count=desk.words.number(count)))


@commands.command()
def due(
    context: typer.Context,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
    erase: Annotated[bool, typer.Option("--erase", help="Erase them, for ever.")] = False,
) -> None:
    """Count the persons whose data are kept longer than the node's rule (retention.yaml) says, or erase them."""
    desk: Desk = context.obj
    with desk.errors():
        nodes, place = nodes_of(desk), place_of(data, database)
        rule = nodes.retention(place)
        if rule is None:
            hint = "write retention.yaml into the node's folder: days_after_cover, basis"
            raise PolisbridgeError(ErrorCode.NOT_FOUND, "the node has no rule of retention", hint=hint)
        with nodes.registry(place) as registries, registries.change() as registry:
            found = persons.due(registry, rule, on=desk.today(), at=nodes.now())
            for person in found if erase else ():
                persons.erase(registry, person, Note(getpass.getuser(), nodes.now(), rule.basis))
        key = "person.due_erased" if erase else "person.due"
        count = desk.words.number(len(found))
        desk.out.print(desk.words(key, count=count, days=rule.days_after_cover, basis=rule.basis))


def _asked(desk: Desk) -> str:
    answer: str = typer.prompt(desk.words("person.document"), hide_input=True, err=True)
    return answer


def _person(registry: Registry, state: str, document: str) -> int:
    person = persons.find(registry, IdentityDocument(state, document))
    if person is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "nobody with that document", hint="check its state and number")
    return person
