"""What the trust commands share: options, the working copy, and passphrases that never stand in a command line."""

from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from securesystemslib.signer import Signer

from polisbridge.cli.desk import Desk
from polisbridge.core.signing import Signer as CoreSigner
from polisbridge.core.signing import TokenKey
from polisbridge.formats.keyuri import is_key_uri, read_key_uri
from polisbridge.services.trust.ports import FileTree, KeyPlace, PassphraseSource, TrustWorld

Folder = Annotated[Path, typer.Argument(help="The working copy of the trust repository.")]
KitFolder = Annotated[Path, typer.Argument(help="The verifier's kit.")]
Role = Annotated[str, typer.Argument(help="root, targets, snapshot, timestamp, state-UZ; or UZ/insurer.")]
PublicKey = Annotated[Path, typer.Argument(help="A public key file (.pub, PEM).")]
KeyHere = Annotated[
    str,
    typer.Option(
        "--key", metavar="FILE|URI", help="The private key to sign with: a file, or in a token pkcs11:token=…;object=…."
    ),
]
PassphraseFile = Annotated[
    Path | None, typer.Option(help="File whose first line is the passphrase, or the token's PIN; else a prompt.")
]
PassphraseFd = Annotated[int | None, typer.Option(help="Open file descriptor to read the passphrase or PIN from.")]
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


def place_of(key: str) -> KeyPlace:
    """Return where a key is: in a file, or in the token that a PKCS#11 address names."""
    return read_key_uri(key) if is_key_uri(key) else Path(key)


class Secrets:
    """The passphrase or PIN of a command: read once from a file or descriptor, asked for each key otherwise."""

    def __init__(self, world: TrustWorld, file: Path | None, descriptor: int | None, *, none: bool) -> None:
        self.world, self.source = world, PassphraseSource(file, descriptor, none)
        self._known: list[bytes | None] = []

    def get(self, place: KeyPlace, *, new: bool = False) -> bytes | None:
        """Return the passphrase of a key file, for a new one typed twice; or the PIN of a token."""
        if self._known:
            return self._known[0]
        token = isinstance(place, TokenKey)
        prompt = self.source.file is None and self.source.descriptor is None and not self.source.none
        if prompt:
            typer.echo(f"{place.token}/{place.label}" if isinstance(place, TokenKey) else place.name, err=True)
        found = self.world.passphrase(replace(self.source, pin=token), new=new and not token)
        if not prompt:
            self._known.append(found)
        return found

    def signer(self, key: str) -> AbstractContextManager[CoreSigner]:
        """Open a key by its file or address, for certificates and status lists."""
        place = place_of(key)
        return self.world.signer(place, self.get(place))

    def tuf_signer(self, key: str) -> AbstractContextManager[Signer]:
        """Open a key by its file or address, for the trust repository."""
        place = place_of(key)
        return self.world.tuf_signer(place, self.get(place))
