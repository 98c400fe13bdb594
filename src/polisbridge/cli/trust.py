"""`polisbridge trust`: the repository that states share, and the verifier's copy of it."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer
from tuf.api.metadata import Root, Snapshot, Targets, Timestamp

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, Exit
from polisbridge.cli.trust_options import (
    Folder,
    KeyHere,
    KitFolder,
    PassphraseFd,
    PassphraseFile,
    Secrets,
    Unencrypted,
    tree_of,
    world_of,
)
from polisbridge.cli.trust_roles import key_commands, role_commands
from polisbridge.cli.trust_show import TrustShower, view_json
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.formats.decisionfile import to_text
from polisbridge.formats.lawarchive import SHARED
from polisbridge.formats.statuslist import MAX_BYTES as MAX_LIST_BYTES
from polisbridge.formats.tree import MAX_BYTES
from polisbridge.services.statuskit import ListSync, StatusKit
from polisbridge.services.trust.admission import admit
from polisbridge.services.trust.ports import TrustWorld
from polisbridge.services.trust.publish import publish as publish_drafts
from polisbridge.services.trust.repository import TOP_ROLES, Repository, state_role
from polisbridge.services.trust.roles import RoleKeys, new_repository
from polisbridge.services.trust.sign import collect as collect_signatures
from polisbridge.services.trust.sign import describe, sign_bytes, sign_draft
from polisbridge.services.trust.stage import LAW, STATE_FILES, law_archive, law_of, stage_shared, stage_state
from polisbridge.services.trust.sync import load_view
from polisbridge.services.trust.sync import sync as sync_kit

commands = typer.Typer(
    help="Trust between states: keys, law, rates, status lists.", no_args_is_help=True, rich_markup_mode=None
)
commands.add_typer(role_commands, name="role")
commands.add_typer(key_commands, name="key")

Publics = Annotated[list[Path] | None, typer.Option(help="A public key file; repeat for each key.")]
Count = Annotated[int, typer.Option(min=1, max=15)]


@commands.command()
def init(
    context: typer.Context,
    folder: Folder,
    make: Annotated[Path | None, typer.Option(help="Folder in which to make all key files.")] = None,
    root_key: Publics = None,
    targets_key: Publics = None,
    snapshot_key: Publics = None,
    timestamp_key: Publics = None,
    root_keys: Count = 5,
    root_threshold: Count = 3,
    targets_keys: Count = 3,
    targets_threshold: Count = 2,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Begin a repository: with keys made here, or with public keys that their holders brought."""
    desk: Desk = context.obj
    with desk.errors():
        world, files = world_of(context), tree_of(context, folder)
        secrets = Secrets(world, passphrase_file, passphrase_fd, none=unencrypted)
        counts = {Root.type: root_keys, Targets.type: targets_keys, Snapshot.type: 1, Timestamp.type: 1}
        paths = dict(zip(TOP_ROLES, (root_key, targets_key, snapshot_key, timestamp_key), strict=True))
        thresholds = {Root.type: root_threshold, Targets.type: targets_threshold}
        if make is None:
            given = {role: tuple(world.public_key(path) for path in found or ()) for role, found in paths.items()}
            roles = {role: RoleKeys(keys, thresholds.get(role, 1)) for role, keys in given.items()}
            new_repository(files, roles, world.now())
        else:
            _made(world, Repository(files), make, counts, thresholds, secrets)
    desk.out.print(desk.words("trust.begun", folder=folder))


def _made(
    world: TrustWorld,
    repository: Repository,
    make: Path,
    counts: dict[str, int],
    thresholds: dict[str, int],
    secrets: Secrets,
) -> None:
    """Make the keys of all top roles, and sign root and targets with theirs."""
    names = {role: [make / f"{role}-{number}.pem" for number in range(1, count + 1)] for role, count in counts.items()}
    found = {path: secrets.get(path, new=True) for paths in names.values() for path in paths}
    keys = {role: tuple(world.make_key(path, found[path]) for path in paths) for role, paths in names.items()}
    roles = {role: RoleKeys(made, thresholds.get(role, 1)) for role, made in keys.items()}
    new_repository(repository.files, roles, world.now())
    for role in (Root.type, Targets.type):
        for path in names[role]:
            with world.tuf_signer(path, found[path]) as signer:
                sign_draft(repository, role, signer)


@commands.command()
def stage(
    context: typer.Context,
    folder: Folder,
    state: Annotated[str, typer.Argument(help="A state such as UZ, or common for vocabulary and treaties.")],
    files: Annotated[Path | None, typer.Option(help="Folder with insurers.json, rates.yaml, status.json …")] = None,
    law: Annotated[bool, typer.Option("--law", help="Take the state's law from the law folder too.")] = False,
) -> None:
    """Draft what a state says next, and check whether it may be signed."""
    desk: Desk = context.obj
    with desk.errors():
        tree, now = tree_of(context, folder), world_of(context).now()
        archive = _law(desk, Repository(tree), state) if law or state == SHARED else None
        if state == SHARED and archive is not None:
            stage_shared(tree, archive, now)
        else:
            new = _files(desk, files) | ({LAW: archive} if archive is not None else {})
            stage_state(tree, state, new, now)
        role = Targets.type if state == SHARED else state_role(state)
        admit(tree, role, now)
    desk.out.print(desk.words("trust.drafted", role=role))


def _law(desk: Desk, repository: Repository, state: str) -> bytes:
    book = desk.book()
    folders = {one.id.replace(".", "/"): one.state for one in book.jurisdictions.values()}
    found = law_of(state, desk.world.law_files(desk.law_folder), folders)
    if not found:
        raise PolisbridgeError(ErrorCode.UNKNOWN_STATE, state, hint=f"the law knows {', '.join(book.states())}")
    return law_archive(repository, state, found)


def _files(desk: Desk, folder: Path | None) -> dict[str, bytes]:
    if folder is None:
        return {}
    return {name: desk.world.read(folder / name, MAX_BYTES) for name in STATE_FILES if (folder / name).is_file()}


@commands.command()
def sign(
    context: typer.Context,
    path: Annotated[Path, typer.Argument(help="A draft file, or the working copy together with --role.")],
    key: KeyHere,
    role: Annotated[str, typer.Option(help="In a working copy: the role whose draft is signed.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask after showing.")] = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Show a draft and add one signature with one key; needs no network.

    In a working copy the role's files pass admission first, and the key must be one that counts.
    """
    desk: Desk = context.obj
    with desk.errors():
        world = world_of(context)
        folder = path if role else path.parent
        name = f"staged/metadata/{role}.json" if role else path.name
        tree = world.tree(folder)
        data = tree.read(name)
        if data is None:
            raise PolisbridgeError(
                ErrorCode.NOT_FOUND, f"no draft {folder / name}", hint="`trust role show` lists drafts"
            )
        if role:
            admit(tree, role, world.now())
        TrustShower(desk).draft(name, describe(data))
        if not yes and not typer.confirm(desk.words("trust.sign.ask"), err=True):
            raise typer.Exit(Exit.NO)
        with Secrets(world, passphrase_file, passphrase_fd, none=unencrypted).tuf_signer(key) as signer:
            if role:
                by = sign_draft(Repository(tree), role, signer)
                desk.out.print(desk.words("trust.role.draft", have=by.have, need=by.need))
            else:
                tree.write(name, sign_bytes(data, signer))
                desk.out.print(desk.words("trust.signed", key_id=signer.public_key.keyid[:16]))


@commands.command()
def collect(
    context: typer.Context,
    draft: Annotated[Path, typer.Argument(help="The draft to add signatures to.")],
    copies: Annotated[list[Path], typer.Argument(help="Copies of it, signed elsewhere.")],
) -> None:
    """Put the signatures of several copies of one draft together."""
    desk: Desk = context.obj
    with desk.errors():
        data = desk.world.read(draft, MAX_BYTES)
        for copy in copies:
            data = collect_signatures(data, desk.world.read(copy, MAX_BYTES))
        tree_of(context, draft.parent).write(draft.name, data)
    desk.out.print(desk.words("trust.collected", number=describe(data).signatures))


@commands.command()
def publish(
    context: typer.Context,
    folder: Folder,
    timestamp_key: Annotated[str, typer.Option(metavar="FILE|URI", help="The timestamp role's private key.")],
    snapshot_key: Annotated[
        str, typer.Option(metavar="FILE|URI", help="The snapshot role's; without it only the timestamp is renewed.")
    ] = "",
    json: options.Json = False,
    passphrase_file: PassphraseFile = None,
    passphrase_fd: PassphraseFd = None,
    unencrypted: Unencrypted = False,
) -> None:
    """Publish every draft that is ready, with snapshot and timestamp. What is not ready waits and is named."""
    desk: Desk = context.obj
    with desk.errors():
        world = world_of(context)
        secrets = Secrets(world, passphrase_file, passphrase_fd, none=unencrypted)
        with ExitStack() as keys:
            snapshot = keys.enter_context(secrets.tuf_signer(snapshot_key)) if snapshot_key else None
            timestamp = keys.enter_context(secrets.tuf_signer(timestamp_key))
            report = publish_drafts(world.tree(folder), world.now(), timestamp, snapshot)
        TrustShower(desk).published(report, json=json)
        if report.faults:
            raise InputFaults(report.faults)


@commands.command()
def sync(
    context: typer.Context,
    kit: KitFolder,
    source: Annotated[str, typer.Argument(help="The published tree: a folder, a USB stick, or an http(s) address.")],
    root: Annotated[
        Path | None, typer.Option(help="The first root file, for a new kit; get it by a way you trust.")
    ] = None,
    json: options.Json = False,
) -> None:
    """Bring a verifier's kit up to date, checked from root down, and fetch every status list whole."""
    desk: Desk = context.obj
    with desk.errors():
        world = world_of(context)
        anchor = desk.world.read(root, MAX_BYTES) if root else None
        with world.alone(kit, lambda: typer.echo(desk.words("trust.sync.waiting", kit=kit), err=True)):
            tree = world.tree(kit)
            found = sync_kit(tree, world.client(kit), source, world.now(), anchor)
            lists = StatusKit(tree, found.view).sync(
                lambda location: world.fetch(source, location, MAX_LIST_BYTES), world.now()
            )
    shower = TrustShower(desk)
    if json:
        removed = {state: list(keys) for state, keys in found.newly_removed.items()}
        became = {name.uri: one.value for name, one in lists.items()}
        print(to_text({**view_json(found.view, world.now()), "newly_removed": removed, "status_lists": became}), end="")
    else:
        shower.view(found.view, world.now(), found.newly_removed)
        shower.status_lists(lists)
    whole = not found.view.faults and set(lists.values()) <= {ListSync.FETCHED, ListSync.SAME}
    raise typer.Exit(Exit.YES if whole else Exit.UNDETERMINED)


@commands.command()
def show(context: typer.Context, kit: KitFolder, json: options.Json = False) -> None:
    """Show what a kit holds and how old it is; needs no network."""
    desk: Desk = context.obj
    with desk.errors():
        world = world_of(context)
        view = load_view(world.tree(kit))
    if json:
        print(to_text(view_json(view, world.now())), end="")
    else:
        TrustShower(desk).view(view, world.now(), {})
    usable = view.freshness(world.now()).usable and not view.faults
    raise typer.Exit(Exit.YES if usable else Exit.UNDETERMINED)
