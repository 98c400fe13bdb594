"""`polisbridge node`: make, serve, migrate, back up, restore and examine a national node."""

from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import node_issuing, node_people
from polisbridge.cli.desk import Desk, Exit
from polisbridge.cli.node_options import (
    ClientCa,
    ClientCertHeader,
    Data,
    DatabaseUrl,
    TlsCert,
    TlsKey,
    nodes_of,
    place_of,
    refuse_half_tls,
)
from polisbridge.cli.progress import bar
from polisbridge.services.nodes import MOST_A_MINUTE, Backup, Serving

commands = typer.Typer(help="A national node: its database, registry and site.", no_args_is_help=True)
commands.add_typer(node_people.accounts, name="account")
commands.add_typer(node_people.keys, name="key")
commands.add_typer(node_issuing.commands, name="issuing-key")
commands.command("publish")(node_issuing.publish)

State = Annotated[str, typer.Option(help="The state whose node it is, ISO 3166-1, such as UZ; none for trying out.")]


@commands.command()
def init(
    context: typer.Context,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
    state: State = "",
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill it with the samples: made-up contracts and persons.")
    ] = False,
) -> None:
    """Make a node: keys, database, tables, the states from the law."""
    desk: Desk = context.obj
    with desk.errors():
        nodes_of(desk).init(place_of(data, database), state, desk.world.samples() if demo else None)
    desk.out.print(desk.words("node.made", folder=str(data)))
    if demo:
        desk.out.print(desk.words("node.synthetic"), style="bold yellow")
    desk.out.print(desk.words("node.keep_keys", folder=str(data / "keys")))


@commands.command()
def serve(
    context: typer.Context,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
    host: Annotated[str, typer.Option(help="Address to listen at; behind a proxy leave it.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = 8400,
    workers: Annotated[int, typer.Option(min=1, max=256, help="Processes, all on one database.")] = 1,
    https: Annotated[bool, typer.Option("--https", help="Browsers reach the site by HTTPS, through a proxy.")] = False,
    tls_cert: TlsCert = None,
    tls_key: TlsKey = None,
    client_ca: ClientCa = None,
    client_cert_header: ClientCertHeader = False,
    most_a_minute: Annotated[
        int, typer.Option(min=1, help="Requests to the API of one key, or of one address without a key.")
    ] = MOST_A_MINUTE,
    jobs: Annotated[int, typer.Option(min=0, max=64, help="Worker processes for jobs in the background.")] = 1,
) -> None:
    """Serve the site until told to stop (Ctrl-C, SIGTERM); requests under way are finished."""
    desk: Desk = context.obj
    with desk.errors():
        scheme = "https" if tls_cert else "http"
        desk.out.print(desk.words("node.serving", address=f"{scheme}://{host}:{port}/"))
        refuse_half_tls(tls_cert, tls_key, client_ca)
        serving = Serving(
            host, port, workers, https, most_a_minute, jobs, tls_cert, tls_key, client_ca, client_cert_header
        )
        nodes_of(desk).serve(place_of(data, database), serving, desk.law_folder)


@commands.command()
def work(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Do the node's jobs (portfolios, reports) until told to stop; on another machine than the site, say."""
    desk: Desk = context.obj
    with desk.errors():
        desk.out.print(desk.words("node.working"))
        nodes_of(desk).work(place_of(data, database), desk.law_folder)


@commands.command()
def migrate(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Bring the tables to what this program needs, and the states to what its law has. Back up first."""
    desk: Desk = context.obj
    with desk.errors():
        before, after = nodes_of(desk).migrate(place_of(data, database))
    key = "node.migrated" if before != after else "node.up_to_date"
    desk.out.print(desk.words(key, before=str(before), after=after))


@commands.command()
def backup(
    context: typer.Context,
    into: Annotated[Path, typer.Argument(help="A new folder for the backup.")],
    data: Data = Path("node"),
    database: DatabaseUrl = "",
    with_keys: Annotated[
        bool, typer.Option("--with-keys", help="Copy the keys too; whoever has it can read all.")
    ] = False,
) -> None:
    """Write a backup, whole or not at all, as the database is at one moment."""
    desk: Desk = context.obj
    with desk.errors():
        _print(desk, "node.backed_up", nodes_of(desk).backup(place_of(data, database), into, keys=with_keys))


@commands.command()
def restore(
    context: typer.Context,
    source: Annotated[Path, typer.Argument(help="The folder of a backup.")],
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Fill an empty database from a backup, whole or not at all."""
    desk: Desk = context.obj
    with desk.errors():
        _print(desk, "node.restored", nodes_of(desk).restore(place_of(data, database), source))


@commands.command("new-key")
def new_key(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Make a new key for sealing, and seal everything anew with it."""
    desk: Desk = context.obj
    with desk.errors():
        with bar(desk.words("node.sealing")) as progress:
            name, count = nodes_of(desk).new_key(place_of(data, database), progress)
        desk.out.print(desk.words("node.sealed_anew", name=name, count=desk.words.number(count)))


@commands.command()
def doctor(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Look at everything a node needs, and say what to do. Exit 0 when all is well, 1 when not."""
    desk: Desk = context.obj
    with desk.errors():
        checked = nodes_of(desk).doctor(place_of(data, database))
    for one in checked:
        mark = desk.words("node.good" if one.good else "node.bad")
        desk.out.print(f"{mark:<8} {desk.words(f'node.point.{one.point.value}')}: {one.detail}", soft_wrap=True)
        if one.advice:
            desk.out.print(f"{'':<8} {desk.words('answer.hint')}: {one.advice}", soft_wrap=True)
    raise typer.Exit(Exit.YES if all(one.good for one in checked) else Exit.NO)


def _print(desk: Desk, key: str, done: Backup) -> None:
    made = f"{done.made:%Y-%m-%d %H:%M:%S} UTC"
    desk.out.print(desk.words(key, made=made, rows=desk.words.number(done.rows), revision=done.revision))
    desk.out.print(desk.words("node.with_keys" if done.keys else "node.without_keys"))
