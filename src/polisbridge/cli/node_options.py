"""What the commands on a node share: where it is."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.services.nodes import NodePlace, Nodes

Data = Annotated[Path, typer.Option("--data", help="The node's folder.")]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="DATABASE_URL", help="A PostgreSQL server, postgresql://…; else one of its own in the node's folder."
    ),
]


def nodes_of(desk: Desk) -> Nodes:
    """Return what can be done with nodes, by the law of the command."""
    return desk.world.nodes(desk.law_folder)


def place_of(data: Path, database: str) -> NodePlace:
    """Return where the node is."""
    return NodePlace(data, database)
