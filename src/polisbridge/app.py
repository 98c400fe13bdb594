"""The composition root: the only place that knows everyone."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from polisbridge.adapters.folder import read_file, read_folder, shipped_law
from polisbridge.adapters.law_cache import cached_law
from polisbridge.cli.main import run
from polisbridge.core.law import LawBook


class RealWorld:
    """Files of this machine, the law in a folder, and the machine's calendar."""

    def law(self, folder: Path | None) -> LawBook:
        """Return the LawBook of a folder, or the one that came with the program."""
        return cached_law(self.law_files(folder))

    def law_files(self, folder: Path | None) -> Mapping[str, bytes]:
        """Return the files of a law folder by name, cases included."""
        return read_folder(folder or shipped_law())

    def read(self, path: Path, limit: int) -> bytes:
        """Return the bytes of a file."""
        return read_file(path, limit)

    def today(self) -> date:
        """Return today's date."""
        return date.today()  # noqa: DTZ011, TID251 - the one place where the calendar is read


def main() -> None:
    """Run the command line."""
    run(RealWorld())
