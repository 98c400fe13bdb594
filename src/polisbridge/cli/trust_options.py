"""What the trust commands share: options, the working copy, and passphrases that never stand in a command line."""

from pathlib import Path
from typing import Annotated

import typer
from securesystemslib.signer import Signer

from polisbridge.cli.desk import Desk
from polisbridge.services.trust.ports import FileTree, PassphraseSource, TrustWorld

Folder = Annotated[Path, typer.Argument(help="The working copy of the trust repository.")]
KitFolder = Annotated[Path, typer.Argument(help="The verifier's kit.")]
Role = Annotated[str, typer.Argument(help="root, targets, snapshot, timestamp, state-UZ; or UZ/insurer.")]
PublicKey = Annotated[Path, typer.Argument(help="A public key file (.pub, PEM).")]
PassphraseFile = Annotated[Path | None, typer.Option(help="File whose first line is the passphrase; else a prompt.")]
PassphraseFd = Annotated[int | None, typer.Option(help="Open file descriptor to read the passphrase from.")]
Unencrypted = Annotated[
    bool, typer.Option("--key-that-anybody-with-the-file-can-use", help="The key file is not encrypted. For trials.")
]


def world_of(context: typer.Context) -> TrustWorld:
    """Return the trust world of the command."""
    desk: Desk = context.obj
    return desk.world.trust()


def tree_of(context: typer.Context, folder: Path) -> FileTree:
    """Return the files of a folder."""
    return world_of(context).tree(folder)


class Secrets:
    """The passphrase of a command: read once from a file or descriptor, asked for each key otherwise."""

    def __init__(self, world: TrustWorld, file: Path | None, descriptor: int | None, *, none: bool) -> None:
        self.world, self.source = world, PassphraseSource(file, descriptor, none)
        self._known: list[bytes | None] = []

    def get(self, path: Path, *, new: bool = False) -> bytes | None:
        """Return the passphrase for a key file."""
        if self._known:
            return self._known[0]
        prompt = self.source.file is None and self.source.descriptor is None and not self.source.none
        if prompt:
            typer.echo(path.name, err=True)
        found = self.world.passphrase(self.source, new=new)
        if not prompt:
            self._known.append(found)
        return found

    def signer(self, path: Path) -> Signer:
        """Return the signer of a key file."""
        return self.world.load_signer(path, self.get(path))
