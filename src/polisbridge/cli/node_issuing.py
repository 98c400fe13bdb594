"""`polisbridge node issuing-key` and `node publish`: the keys that certificates are signed with, and status lists."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.cli.node_options import Data, DatabaseUrl, nodes_of, place_of
from polisbridge.services.nodes import NewIssuingKey

commands = typer.Typer(help="Keys that the node's insurers issue certificates with.", no_args_is_help=True)


@commands.command("add")
def add(
    context: typer.Context,
    key: Annotated[str, typer.Option("--key", metavar="FILE|URI", help="An encrypted key file, or pkcs11:token=…")],
    insurer: Annotated[str, typer.Option(help="Whose key it is, by the name on record.")] = "",
    status_of: Annotated[str, typer.Option(help="Or the state whose status lists it signs, such as UZ.")] = "",
    passphrase_file: Annotated[
        Path | None, typer.Option(help="A file of yours alone whose first line opens the key; else it is asked for.")
    ] = None,
    first: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of signing; else today.")
    ] = None,
    last: Annotated[
        datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="Last day of signing; else half a year later.")
    ] = None,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Set up a key; the state that admits the insurer lists its public part (`polisbridge trust key`)."""
    desk: Desk = context.obj
    if bool(insurer) == bool(status_of):
        raise typer.BadParameter("--insurer NAME, or --status-of STATE")
    new = NewIssuingKey(
        key, insurer, status_of, passphrase_file, first.date() if first else None, last.date() if last else None
    )
    with desk.errors():
        name = nodes_of(desk).add_issuing_key(place_of(data, database), new)
    desk.out.print(desk.words("node.issuing_key", name=name, of=insurer or status_of))


def publish(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Sign every status list that changed or has grown old. A node that is served does it by itself."""
    desk: Desk = context.obj
    with desk.errors():
        count = nodes_of(desk).publish(place_of(data, database))
    desk.out.print(desk.words.plural("node.published", count))
