"""`polisbridge decision`: saved decisions made again."""

import json as json_text
from pathlib import Path
from typing import Annotated, Any

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, Exit
from polisbridge.core.codes import Verdict
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.decisionfile import read_decision, to_text
from polisbridge.formats.tree import MAX_BYTES, Document
from polisbridge.services.replay import Replay, replay_decision

commands = typer.Typer(help="Replay saved decisions.", no_args_is_help=True)

Saved = Annotated[Path, typer.Argument(help="What `contract assess --json` printed.")]


@commands.callback()
def _group() -> None:
    """Keep `replay` a command of its own."""


@commands.command()
def replay(context: typer.Context, file: Saved, json: options.Json = False) -> None:
    """Decide a saved decision again and compare it byte for byte. Exit 0 identical, 1 different."""
    desk: Desk = context.obj
    with desk.errors():
        book, document = desk.book(), desk.document(file)
        found = [replay_decision(book, read_decision(part, book), one) for part, one in _saved(desk, file, document)]
    if json:
        print(to_text({"replays": [_json(one, book.hash) for one in found]}), end="")
    else:
        for one in found:
            _say(desk, one, book.hash)
    raise typer.Exit(Exit.YES if all(one.identical for one in found) else Exit.NO)


def _saved(desk: Desk, file: Path, document: Document) -> list[tuple[Document, dict[str, Any]]]:
    """Return every decision of the file, as a document and as plain JSON values."""
    wrong = document.fault(FaultCode.WRONG_VALUE, (), "no decisions", "what `contract assess --json` printed")
    try:
        written = json_text.loads(desk.world.read(file, MAX_BYTES))
    except ValueError as exc:
        raise InputFaults([wrong]) from exc
    if not isinstance(written, dict):
        raise InputFaults([wrong])
    saved = written.get("decisions", [written])
    if not isinstance(saved, list) or not saved or not all(isinstance(one, dict) and one for one in saved):
        raise InputFaults([wrong])
    return [(document.part("decisions", i) if "decisions" in written else document, one) for i, one in enumerate(saved)]


def _json(one: Replay, here: str) -> dict[str, object]:
    return {
        "identical": one.identical,
        "law_changed": one.law_changed,
        "saved_hash": one.saved_hash,
        "hash": here,
        "before": one.before,
        "after": one.after,
    }


def _say(desk: Desk, one: Replay, here: str) -> None:
    words = desk.words
    if one.identical:
        desk.out.print(words("replay.same"), style="green")
        return
    if one.law_changed:
        desk.out.print(words("replay.law_changed", saved=one.saved_hash[:16], here=here[:16]), style="yellow")
    named = {verdict.value: words(f"verdict.{verdict.value}").lower() for verdict in Verdict}
    before, after = named.get(one.before, one.before), named[one.after]
    desk.out.print(words("replay.differs", before=before, after=after), style="red")
