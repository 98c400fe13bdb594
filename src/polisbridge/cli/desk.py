"""What every command has at hand: the world, the words, and where answers and errors go."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path

import typer
from rich.console import Console

from polisbridge.core.codes import Verdict
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import MAX_BYTES, Document, read_tree
from polisbridge.services.ports import World
from polisbridge.words import Words

_MOST_TOLD = 200  # faults; whoever corrects these will see the rest


class Exit(IntEnum):
    """How a command ends: yes, no, usage, undetermined, error."""

    YES = 0
    NO = 1
    USAGE = 2
    UNDETERMINED = 3
    ERROR = 4


@dataclass(frozen=True, slots=True)
class Desk:
    """One command's surroundings."""

    world: World
    words: Words
    law_folder: Path | None
    out: Console

    def book(self) -> LawBook:
        """Return the law to decide by."""
        return self.world.law(self.law_folder)

    def document(self, path: Path) -> Document:
        """Return a file of the person's, read by the strict rules."""
        return read_tree(self.world.read(path, MAX_BYTES), str(path))

    def rates(self, paths: list[Path]) -> Rates:
        """Return the official rates of all files given."""
        return Rates(tuple(table for path in paths for table in read_rates(self.document(path))))

    def today(self) -> date:
        """Return the day to decide for when none is named."""
        return self.world.today()

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turn errors into words on stderr and exit 4."""
        try:
            yield
        except InputFaults as exc:
            self._faults(exc)
            raise typer.Exit(Exit.ERROR) from exc
        except PolisbridgeError as exc:
            key = "error.not_done" if exc.code is ErrorCode.BAD_INPUT else f"error.{exc.code.value}"
            self._say("answer.error", self.words(key, detail=exc.detail))
            if exc.hint:
                self._say("answer.hint", exc.hint)
            raise typer.Exit(Exit.ERROR) from exc

    def _faults(self, exc: InputFaults) -> None:
        for fault in exc.faults[:_MOST_TOLD]:
            line = self.words(
                "fault.line",
                file=fault.file,
                line=fault.line,
                path=fault.path,
                what=self.words(f"fault.{fault.code.value}"),
                found=fault.found,
                expected=fault.expected,
            )
            print(line, file=sys.stderr)
        if (more := len(exc.faults) - _MOST_TOLD) > 0:
            key = "fault.more" if exc.complete else "fault.more_at_least"
            print(self.words(key, number=more), file=sys.stderr)
        count = self.words.plural("count.faults", len(exc.faults))
        self._say("answer.error", f"{count}. {self.words('error.bad_input')}")

    def _say(self, key: str, text: str) -> None:
        print(f"{self.words(key)}: {text}", file=sys.stderr)


def exit_for(verdicts: list[Verdict]) -> Exit:
    """Return how to end for all verdicts together: a no before an undetermined before a yes."""
    if Verdict.NOT_RECOGNISED in verdicts:
        return Exit.NO
    return Exit.UNDETERMINED if Verdict.UNDETERMINED in verdicts else Exit.YES
