"""`polisbridge node account` and `polisbridge node key`: who may sign in to a node, and which machines may ask it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from polisbridge.cli.desk import Desk
from polisbridge.cli.node_options import Data, DatabaseUrl, nodes_of, place_of
from polisbridge.core.accounts import ClientKey, NewAccount
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import IdentityDocument
from polisbridge.core.roles import ActorRole
from polisbridge.formats.tlscert import read_certificate
from polisbridge.services.people import accounts as service
from polisbridge.services.people.accounts import TotpSecret
from polisbridge.services.people.acting import (
    organisation_of,
    person_of,
    refuse_no_state,
    refuse_nobody,
    refuse_persons,
)
from polisbridge.services.people.machines import new_key
from polisbridge.services.people.ports import People

accounts = typer.Typer(help="Who may sign in to a node.", no_args_is_help=True)
keys = typer.Typer(help="Keys of machines that ask a node.", no_args_is_help=True)

_LARGEST_CERTIFICATE = 100_000  # bytes

Login = Annotated[str, typer.Argument(help="The login: 3 to 64 of a-z, 0-9, . _ @ -")]
Name = Annotated[str, typer.Argument(help="What the key is called, such as the machine's name.")]
RoleOption = Annotated[ActorRole, typer.Option("--role", help="In which role; docs/access.md says what it may do.")]
State = Annotated[str, typer.Option(help="Of which state, ISO 3166-1; else the node's.")]
FactorLater = Annotated[
    bool,
    typer.Option("--factor-later", help="The holder sets up the second factor after signing in for the first time."),
]
Of = Annotated[str, typer.Option("--of", help="Name on record of the insurer, employer, clinic or authority.")]


@accounts.command("add")
def add_account(
    context: typer.Context,
    login: Login,
    role: RoleOption,
    state: State = "",
    of: Of = "",
    factor_later: FactorLater = False,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Open an account; asks for its password, and for a worker's identity document."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people:
        refuse_nobody(role)
        refuse_no_state(role, state or people.state)
        thing = _worker(desk, people) if role is ActorRole.WORKER else _organisation(people, role, of)
        new = NewAccount(login, role, state or people.state, thing)
        _, factor = service.open_account(people, new, _password(desk), factor=not factor_later)
        desk.out.print(desk.words("account.opened", login=escape(login)))
        _show(desk, factor)


@accounts.command("list")
def list_accounts(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """List accounts with role and state."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people, people.accounts.change() as book:
        now = nodes_of(desk).now()
        for one in book.accounts():
            waits = one.locked_until is not None and one.locked_until > now
            mark = "closed" if one.closed else "waits" if waits else "open"
            role = people.matrix.roles[one.role].title
            desk.out.print(
                f"{escape(one.login)}  {desk.words.text(role)}  {one.state}  {desk.words(f'account.{mark}')}"
            )


@accounts.command("close")
def close_account(context: typer.Context, login: Login, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Close an account for ever, and end its sessions."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people:
        service.close(people, login)
        desk.out.print(desk.words("account.is_closed", login=escape(login)))


@accounts.command("reset")
def reset_account(
    context: typer.Context,
    login: Login,
    factor_later: FactorLater = False,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Give an account a new password and second factor, and end its sessions."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people:
        _show(desk, service.reset(people, login, _password(desk), factor=not factor_later))
        desk.out.print(desk.words("account.is_reset", login=escape(login)))


@keys.command("add")
def add_key(
    context: typer.Context,
    name: Name,
    role: RoleOption,
    state: State = "",
    of: Of = "",
    days: Annotated[int, typer.Option(min=1, max=3660, help="Days until it ends.")] = 365,
    certificate: Annotated[
        Path | None, typer.Option(help="The client's TLS certificate (PEM): whoever shows it needs no key.")
    ] = None,
    data: Data = Path("node"),
    database: DatabaseUrl = "",
) -> None:
    """Make a machine's key and print it, once; or let a machine act by its TLS certificate."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people:
        refuse_persons(role)
        refuse_no_state(role, state or people.state)
        now, thing = nodes_of(desk).now(), _organisation(people, role, of)
        shown_by, ends = (b"", now + timedelta(days=days)) if certificate is None else _certificate(desk, certificate)
        key = ClientKey(0, name, role, state or people.state, thing, now, min(ends, now + timedelta(days=days)))
        shown = new_key(people, key, shown_by)
        made = "key.certificate" if shown_by else "key.made"
        desk.out.print(desk.words(made, name=escape(name), day=desk.words.day(key.ends.date())))
        if not shown_by:
            desk.out.print(shown, soft_wrap=True)


@keys.command("list")
def list_keys(context: typer.Context, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """List machines' keys with role, state and last day."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people, people.accounts.change() as book:
        now = nodes_of(desk).now()
        for one in book.client_keys():
            mark = desk.words("account.closed" if one.closed or one.ends <= now else "account.open")
            role, day = people.matrix.roles[one.role].title, desk.words.day(one.ends.date())
            desk.out.print(f"{escape(one.name)}  {desk.words.text(role)}  {one.state}  {day}  {mark}")


@keys.command("close")
def close_key(context: typer.Context, name: Name, data: Data = Path("node"), database: DatabaseUrl = "") -> None:
    """Close a machine's key."""
    desk: Desk = context.obj
    with desk.errors(), nodes_of(desk).people(place_of(data, database)) as people:
        with people.accounts.change() as book:
            if not book.close_key(name):
                raise PolisbridgeError(ErrorCode.NOT_FOUND, "no key of that name", hint="polisbridge node key list")
        desk.out.print(desk.words("key.closed", name=escape(name)))


def _certificate(desk: Desk, path: Path) -> tuple[bytes, datetime]:
    return read_certificate(desk.world.read(path, _LARGEST_CERTIFICATE))


def _password(desk: Desk) -> str:
    answer: str = typer.prompt(desk.words("account.password"), hide_input=True, confirmation_prompt=True, err=True)
    return answer


def _worker(desk: Desk, people: People) -> int:
    state = typer.prompt(desk.words("account.document_state"), err=True)
    number = typer.prompt(desk.words("person.document"), hide_input=True, err=True)
    with people.registries.read() as registry:
        return person_of(registry, IdentityDocument(state, number))


def _organisation(people: People, role: ActorRole, code: str) -> int | None:
    with people.registries.read() as registry:
        return organisation_of(registry, role, code)


def _show(desk: Desk, factor: TotpSecret | None) -> None:
    """Print a second factor; it is never shown again."""
    if factor is None:
        return
    desk.out.print(desk.words("account.factor", secret=factor.secret), soft_wrap=True)
    desk.out.print(factor.address, soft_wrap=True)
    desk.out.print(desk.words("account.recovery"), soft_wrap=True)
    for code in factor.recovery:
        desk.out.print(f"  {code}")
