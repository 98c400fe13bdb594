"""Where a passphrase or PIN comes from: a prompt, a file, or a descriptor; never the command line.

An argument would stand in the process list and the shell's history. Passphrases never appear in errors.
"""

import os
import unicodedata
from getpass import getpass
from pathlib import Path

from polisbridge.adapters.private_file import read_private
from polisbridge.core.errors import ErrorCode, PolisbridgeError

SHORTEST = 12
_LONGEST_BYTES = 1024


def prompted(question: str, again: str = "") -> bytes:
    """Return what a person types, unseen; typed twice alike when `again` asks for it."""
    typed = getpass(f"{question}: ")
    if again and getpass(f"{again}: ") != typed:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "the two passphrases differ", hint="type it again")
    return _clean(typed.encode())


def from_file(path: Path) -> bytes:
    """Return the first line of a file that only its owner can read."""
    return _clean(read_private(path, _LONGEST_BYTES))


def from_descriptor(descriptor: int) -> bytes:
    """Return the first line that can be read from an open descriptor, then close it."""
    try:
        with os.fdopen(descriptor, "rb") as file:
            return _clean(file.read(_LONGEST_BYTES))
    except OSError as exc:
        detail = f"descriptor {descriptor}: {exc.strerror}"
        raise PolisbridgeError(ErrorCode.NOT_READABLE, detail, hint="open it before the command starts") from exc


def long_enough(passphrase: bytes) -> bytes:
    """Return the passphrase of a new key. Raises PolisbridgeError when it is too short to protect one."""
    if len(passphrase.decode()) < SHORTEST:
        detail = f"a passphrase of fewer than {SHORTEST} characters"
        raise PolisbridgeError(ErrorCode.KEY_UNSAFE, detail, hint="four or five random words are good")
    return passphrase


def _clean(data: bytes) -> bytes:
    """Return the first line, written one way whatever keyboard it came from (NFC). Never empty."""
    try:
        line = unicodedata.normalize("NFC", data.decode()).split("\n", 1)[0].removesuffix("\r").encode()
    except UnicodeDecodeError:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "a passphrase that is not UTF-8", hint="save it as UTF-8") from None
    if not line:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, "an empty passphrase", hint="give one")
    return line
