"""The authorisation matrix that ships with the program."""

from functools import cache
from pathlib import Path

from polisbridge.core.roles import AccessMatrix
from polisbridge.formats.accessfile import read_access
from polisbridge.formats.tree import read_tree

FILE = Path(__file__).parent / "access.yaml"


@cache
def shipped_access() -> AccessMatrix:
    """Return the matrix. Raises InputFaults when the file is wrong."""
    return read_access(read_tree(FILE.read_bytes(), FILE.name))
