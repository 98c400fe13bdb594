"""What the commands on a node share: where it is."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.services.nodes import NodePlace, Nodes

Data = Annotated[Path, typer.Option("--data", help="The node's folder.")]
DatabaseUrl = Annotated[
    str,
    typer.Option(
        envvar="DATABASE_URL", help="A PostgreSQL server, postgresql://…; else one of its own in the node's folder."
    ),
]


TlsCert = Annotated[Path | None, typer.Option("--tls-cert", help="TLS without a proxy: the chain (PEM).")]
TlsKey = Annotated[Path | None, typer.Option("--tls-key", help="And its key (PEM).")]
ClientCa = Annotated[Path | None, typer.Option("--client-ca", help="Machines may show a certificate of this CA (PEM).")]
ClientCertHeader = Annotated[
    bool,
    typer.Option(
        "--client-cert-header",
        help="A proxy passes machines' certificates on in Client-Cert (RFC 9440), and sets it always.",
    ),
]


def refuse_half_tls(cert: Path | None, key: Path | None, client_ca: Path | None) -> None:
    """Raise PolisbridgeError when a certificate comes without its key, a CA of clients without TLS, or a file is not there."""
    missing = [str(one) for one in (cert, key, client_ca) if one is not None and not one.is_file()]
    if missing:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no file {', '.join(missing)}", hint="check the names")
    if (cert is None) != (key is None) or (client_ca is not None and cert is None):
        hint = "--tls-cert and --tls-key together, and with them --client-ca"
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "TLS is told by half", hint=hint)


def nodes_of(desk: Desk) -> Nodes:
    """Return what can be done with nodes, by the law of the command."""
    return desk.world.nodes(desk.law_folder)


def place_of(data: Path, database: str) -> NodePlace:
    """Return where the node is."""
    return NodePlace(data, database)
