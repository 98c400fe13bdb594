"""What becomes of issued certificates: revoked, suspended, resumed, cancelled, endorsed; each a line of the register."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Annotated, TypeAlias

import typer

from polisbridge.cli.desk import Desk
from polisbridge.cli.register import IssuerState, Keys, RegisterFile, Who, Why, note, register_of, told
from polisbridge.core.statusbook import Action, Note, Step
from polisbridge.services.status import StatusRegister

commands = typer.Typer(rich_markup_mode=None)

Change: TypeAlias = Callable[[StatusRegister, Iterable[str], Note], None]
Key = Annotated[str, typer.Argument(metavar="NUMBER/PERSON", help="The certificate as the register names it.")]
NewKey = Annotated[
    str,
    typer.Argument(metavar="NEW-NUMBER/PERSON", help="The certificate that takes its place; issued before or after."),
]


def _command(name: str, action: Action, change: Change, about: str) -> None:
    """Add a command that changes certificates in one way: all that are named or, on an error, none."""

    @commands.command(name, help=about)
    def run(
        context: typer.Context, keys: Keys, register: RegisterFile, state: IssuerState, why: Why, who: Who = ""
    ) -> None:
        desk: Desk = context.obj
        with desk.errors():
            change(register_of(desk, register, state), keys, note(desk, who, why))
        _tell(desk, [Step(action, key) for key in keys])


_command(
    "revoke",
    Action.REVOKED,
    StatusRegister.revoke,
    "End certificates at once and for ever, from the next published list on.",
)
_command("suspend", Action.SUSPENDED, StatusRegister.suspend, "Suspend certificates until they are resumed.")
_command("resume", Action.RESUMED, StatusRegister.resume, "End the suspension of certificates.")


@commands.command()
def cancel(
    context: typer.Context,
    keys: Keys,
    register: RegisterFile,
    state: IssuerState,
    why: Why,
    day: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day without cover.")],
    who: Who = "",
) -> None:
    """Cancel certificates from a day on: lists published on that day or later say revoked."""
    desk: Desk = context.obj
    with desk.errors():
        register_of(desk, register, state).cancel(keys, day.date(), note(desk, who, why))
    _tell(desk, [Step(Action.CANCELLED, key, day=day.date()) for key in keys])


@commands.command()
def endorse(
    context: typer.Context,
    key: Key,
    by: NewKey,
    register: RegisterFile,
    state: IssuerState,
    why: Why,
    day: Annotated[
        datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of the new one; else at once.")
    ] = None,
    who: Who = "",
) -> None:
    """Put another certificate in the place of one whose contract changed, from a day on or at once."""
    desk: Desk = context.obj
    first = day.date() if day else None
    with desk.errors():
        register_of(desk, register, state).endorse(key, by, note(desk, who, why), first)
    _tell(desk, [Step(Action.REPLACED, key, by=by, day=first)])


def _tell(desk: Desk, steps: list[Step]) -> None:
    for step in steps:
        desk.out.print(f"{step.key}: {told(desk, step)}", markup=False)
    desk.out.print(desk.words("status.publish_next"), style="dim")
