"""What services and entry points need of the world; `app` hands them the real thing."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

from polisbridge.core.law import LawBook


class World(Protocol):
    """Files, the law and the calendar."""

    def law(self, folder: Path | None) -> LawBook:
        """Return the LawBook of a folder, or the one that came with the program."""

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        """Return the files of a law folder by name, cases included."""

    def read(self, path: Path, limit: int) -> bytes:
        """Return the bytes of a file. Raises PolisbridgeError when it is missing or too large."""

    def today(self) -> date:
        """Return today's date."""
