"""What commands on the issuer's register share: its file, who does what and why."""

import getpass
import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli.desk import Desk
from polisbridge.core.statusbook import Action, Note, Step
from polisbridge.services.status import StatusRegister

RegisterFile = Annotated[Path, typer.Option("--register", help="The issuer's register of statuses, a journal.")]
NewRegisterFile = Annotated[
    Path, typer.Option("--register", help="The issuer's register of statuses, a journal; made when it is not there.")
]
IssuerState = Annotated[str, typer.Option("--state", help="The state that admitted the insurer, such as UZ.")]
Why = Annotated[str, typer.Option(help="The reason, for the register's journal; no names of persons.")]
Who = Annotated[str, typer.Option(help="Who does it; else the user of the machine.")]
Keys = Annotated[list[str], typer.Argument(metavar="NUMBER/PERSON…", help="Certificates as the register names them.")]


def register_of(desk: Desk, file: Path, state: str, *, new: bool = False) -> StatusRegister:
    """Return the register that a file holds; only with `new` may the file be missing, and is made."""
    return StatusRegister(desk.world.trust().journal(file, new=new), state, secrets.randbelow)


def note(desk: Desk, who: str, why: str, at: datetime | None = None) -> Note:
    """Return who does it, when and why."""
    return Note(who or getpass.getuser(), at or desk.world.trust().now(), why)


def told(desk: Desk, step: Step) -> str:
    """Return what happened to a certificate or list, in words."""
    later = "_from" if step.action is Action.REPLACED and step.day else ""
    day = desk.words.day(step.day) if step.day else ""
    return desk.words(f"status_action.{step.action.value}{later}", day=day, by=step.by)
