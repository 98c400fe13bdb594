"""`polisbridge status`: the issuer's status lists."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.cli.register import IssuerState, NewRegisterFile, RegisterFile, Who, note, register_of, told
from polisbridge.cli.trust_options import KeyHere, PassphraseFd, PassphraseFile, Secrets, Unencrypted
from polisbridge.formats.decisionfile import to_text

commands = typer.Typer(help="Lists that say which certificates ended.", no_args_is_help=True, rich_markup_mode=None)

Number = Annotated[int, typer.Option("--list", min=0, max=65535, help="Number of the list.")]


@commands.command("open")
def open_(context: typer.Context, register: NewRegisterFile, state: IssuerState, number: Number, who: Who = "") -> None:
    """Open the next list: certificates issued from now on get their entries in it."""
    desk: Desk = context.obj
    with desk.errors():
        register_of(desk, register, state, new=True).open_list(number, note(desk, who, "opened"))
    desk.out.print(f"{number}: {desk.words('status_action.list_opened')}")


@commands.command()
def publish(
    context: typer.Context,
    register: RegisterFile,
    state: IssuerState,
    key: KeyHere,
    out: Annotated[Path, typer.Option(help="File to write: where the state's status.json says that the list lies.")],
    number: Number = 1,
    hours: Annotated[int, typer.Option(min=1, max=744, help="Hours for which the list is good.")] = 24,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Sign a list as it is now, and write it as one file."""
    desk: Desk = context.obj
    with desk.errors():
        world = desk.world.trust()
        book, lifetime = register_of(desk, register, state), timedelta(hours=hours)
        with Secrets(world, passphrase_file, passphrase_fd, none=unencrypted).signer(key) as signer:
            data = book.publish(number, world.now(), signer, lifetime=lifetime)
        world.tree(out.parent).write(out.name, data)
    desk.out.print(desk.words("status.published", number=number, file=out, size=len(data)), markup=False)


@commands.command()
def show(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="NUMBER/PERSON", help="A certificate as the register names it.")],
    register: RegisterFile,
    state: IssuerState,
    json: options.Json = False,
) -> None:
    """Show a certificate's status in the register and everything that happened to it."""
    desk: Desk = context.obj
    with desk.errors():
        found = register_of(desk, register, state)
        entry, history = found.entry(key), found.history(key)
    if json:
        rows = [
            {"at": one.note.at.isoformat(), "who": one.note.who, "why": one.note.why, "action": one.step.action.value}
            for one in history
        ]
        print(to_text({"key": key, "status": entry.status.name.lower(), "history": rows}), end="")
        return
    desk.out.print(f"{key}: {desk.words(f'status.{entry.status.name.lower()}')}", markup=False)
    for one in history:
        at, action = _minute(one.note.at), told(desk, one.step)
        desk.out.print(f"    {at}  {action}  {one.note.who}: {one.note.why}", markup=False)


def _minute(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M %Z")
