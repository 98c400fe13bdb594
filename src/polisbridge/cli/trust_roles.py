"""`polisbridge trust role` and `trust key`: who may sign."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)
from securesystemslib.signer import SSlibKey

from polisbridge.cli import options
from polisbridge.cli.desk import Desk
from polisbridge.cli.trust_options import (
    Folder,
    PassphraseFd,
    PassphraseFile,
    PublicKey,
    Role,
    Secrets,
    Unencrypted,
    place_of,
    tree_of,
    world_of,
)
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.formats.decisionfile import to_text
from polisbridge.services.trust.insurer_keys import (
    Days,
    add_insurer_key,
    longest,
    remove_insurer_key,
    rotate_insurer_key,
)
from polisbridge.services.trust.ports import FileTree
from polisbridge.services.trust.repository import TOP_ROLES, Repository, state_role
from polisbridge.services.trust.roles import RoleKeys, add_state, change_keys, delegator_of, keys_of, remove_state
from polisbridge.services.trust.sign import signatures

role_commands = typer.Typer(help="Roles: who may sign what.", no_args_is_help=True, rich_markup_mode=None)
key_commands = typer.Typer(help="Keys of roles and of insurers.", no_args_is_help=True, rich_markup_mode=None)

KeyId = Annotated[str, typer.Argument(help="A key id, or its beginning.")]
FirstDay = Annotated[
    datetime | None, typer.Option("--from", formats=["%Y-%m-%d"], help="First day of an insurer's key; else today.")
]


@role_commands.command("add")
def role_add(
    context: typer.Context,
    folder: Folder,
    state: Annotated[str, typer.Argument(help="ISO 3166-1, such as UZ.")],
    key: Annotated[list[Path], typer.Option(help="A public key file of the state; repeat for each.")],
    threshold: Annotated[int, typer.Option(help="How many of them must sign.")] = 2,
) -> None:
    """Draft the admission of a state with its own keys."""
    desk: Desk = context.obj
    with desk.errors():
        world = world_of(context)
        keys = RoleKeys(tuple(world.public_key(path) for path in key), threshold)
        add_state(tree_of(context, folder), state, keys, world.now())
    desk.out.print(desk.words("trust.drafted", role="targets"))


@role_commands.command("remove")
def role_remove(
    context: typer.Context, folder: Folder, state: Annotated[str, typer.Argument(help="ISO 3166-1, such as UZ.")]
) -> None:
    """Draft the end of a state's role: nothing that it signed counts any longer."""
    desk: Desk = context.obj
    with desk.errors():
        remove_state(tree_of(context, folder), state, world_of(context).now())
    desk.out.print(desk.words("trust.drafted", role="targets"))


@role_commands.command("show")
def role_show(context: typer.Context, folder: Folder, json: options.Json = False) -> None:
    """Show every role: keys, threshold, version, expiry, and how far its draft is signed."""
    desk: Desk = context.obj
    with desk.errors():
        repository = Repository(tree_of(context, folder))
        rows = [_row(repository, role) for role in (*TOP_ROLES, *map(state_role, repository.states()))]
    if json:
        print(to_text({"roles": rows}), end="")
        return
    for row in rows:
        desk.out.print(desk.words("trust.role", **{key: row[key] for key in ("role", "version", "threshold", "keys")}))
        if "draft" in row:
            desk.out.print("    " + desk.words("trust.role.draft", **row["draft"]))
        for key_id in row["key_ids"]:
            desk.out.print(f"    {key_id}", style="dim", markup=False)


def _row(repository: Repository, role: str) -> dict[str, Any]:
    delegator = delegator_of(repository, role)
    key_ids = sorted(keys_of(delegator, role))
    row: dict[str, Any] = {
        "role": role,
        "version": repository.published_version(role),
        "threshold": delegator.get_delegated_role(role).threshold,
        "keys": len(key_ids),
        "key_ids": key_ids,
    }
    if role in repository.drafts():
        by = signatures(repository, role)
        row["draft"] = {"have": by.have, "need": by.need}
    return row


@key_commands.command("make")
def key_make(
    context: typer.Context,
    key: Annotated[
        str,
        typer.Argument(
            metavar="FILE|URI",
            help="Private key file to make, the public one gets .pub; or a key in a token, pkcs11:token=…;object=….",
        ),
    ],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Make a P-256 key pair: an encrypted file that its owner alone can read, or in a token that does not give it out."""
    desk: Desk = context.obj
    with desk.errors():
        world, place = world_of(context), place_of(key)
        secret = Secrets(world, passphrase_file, passphrase_fd, none=unencrypted).get(place, new=True)
        made = world.make_key(place, secret)
    desk.out.print(made.keyid, markup=False)


@key_commands.command("public")
def key_public(
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="FILE|URI", help="A private key file, or a key in a token.")],
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Print the public key of a private one (PEM), as a .pub file holds it."""
    desk: Desk = context.obj
    with (
        desk.errors(),
        Secrets(world_of(context), passphrase_file, passphrase_fd, none=unencrypted).signer(key) as signer,
    ):
        public = load_der_public_key(signer.public_key)
    print(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), end="")


@key_commands.command("add")
def key_add(context: typer.Context, folder: Folder, role: Role, key: PublicKey, first: FirstDay = None) -> None:
    """Draft a role, or an insurer's entry, with one more key."""
    desk: Desk = context.obj
    with desk.errors():
        world, files = world_of(context), tree_of(context, folder)
        public = world.public_key(key)
        if "/" in role:
            state, insurer = role.split("/", 1)
            add_insurer_key(files, state, insurer, _spki(public), _days(first, world.now()), world.now())
        else:
            change_keys(files, role, [public], [], world.now())
    _drafted(context, role)


@key_commands.command("remove")
def key_remove(context: typer.Context, folder: Folder, role: Role, key_id: KeyId) -> None:
    """Draft a role without a key, or an insurer's key marked removed: it never verifies again."""
    desk: Desk = context.obj
    with desk.errors():
        now, files = world_of(context).now(), tree_of(context, folder)
        if "/" in role:
            state, insurer = role.split("/", 1)
            remove_insurer_key(files, state, insurer, key_id, now)
        else:
            change_keys(files, role, [], [_whole(files, role, key_id)], now)
    _drafted(context, role)


@key_commands.command("rotate")
def key_rotate(
    context: typer.Context,
    folder: Folder,
    role: Role,
    key: PublicKey,
    out: Annotated[str, typer.Option(help="Key id that goes; an insurer's keys in use retire by themselves.")] = "",
    first: FirstDay = None,
) -> None:
    """Draft a new key in place of an old one, in one step."""
    desk: Desk = context.obj
    with desk.errors():
        world, files = world_of(context), tree_of(context, folder)
        public = world.public_key(key)
        if "/" in role:
            state, insurer = role.split("/", 1)
            rotate_insurer_key(files, state, insurer, _spki(public), _days(first, world.now()), world.now())
        elif out:
            change_keys(files, role, [public], [_whole(files, role, out)], world.now())
        else:
            raise PolisbridgeError(ErrorCode.BAD_INPUT, "which key goes?", hint="name it with --out")
    _drafted(context, role)


def _drafted(context: typer.Context, role: str) -> None:
    desk: Desk = context.obj
    desk.out.print(desk.words("trust.drafted", role=role))


def _days(first: datetime | None, now: datetime) -> Days:
    return longest((first or now).date())


def _spki(key: SSlibKey) -> bytes:
    public = load_pem_public_key(str(key.keyval["public"]).encode())
    return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _whole(files: FileTree, role: str, beginning: str) -> str:
    """Return the whole key id. Raises PolisbridgeError when the role has none, or several, that begin so."""
    found = [key_id for key_id in keys_of(delegator_of(Repository(files), role), role) if key_id.startswith(beginning)]
    if len(found) != 1:
        detail = f"{len(found)} keys of {role} begin with {beginning}"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, detail, hint="`trust role show` lists them")
    return found[0]
