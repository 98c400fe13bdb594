"""`polisbridge law`: read, cite, check and compare the law."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, Exit
from polisbridge.cli.law_certlogic import certlogic
from polisbridge.cli.show import Shower
from polisbridge.core.codes import Gate, ProvisionKind
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.law import LawBook, Provision
from polisbridge.formats.decisionfile import to_text
from polisbridge.formats.provisionjson import provision_json
from polisbridge.services.check_law import check_law
from polisbridge.services.coverage import coverage as covered_facts
from polisbridge.services.law_diff import law_diff

commands = typer.Typer(help="Read, cite, check and compare the law.", no_args_is_help=True)

Id = Annotated[str, typer.Argument(help="Id of a provision, or its beginning.")]
OnDay = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"])]


class Kind(StrEnum):
    """Kinds of provision to list."""

    DUTY = "duty"
    EXEMPTION = "exemption"
    ROUTE = "route"
    REQUIREMENT = "requirement"
    OPEN_QUESTION = "open_question"


@commands.command("list")
def list_(
    context: typer.Context,
    state: options.State = "",
    gate: options.AGate | None = None,
    kind: Annotated[Kind | None, typer.Option(help="Kind of provision.")] = None,
    as_of: options.AsOf = None,
    json: options.Json = False,
) -> None:
    """List provisions: all, or those of a state, gate, kind or day."""
    desk: Desk = context.obj
    with desk.errors():
        book = desk.book()
    chosen = [one for one in book.provisions if _wanted(book, one, state, gate, kind, as_of)]
    if json:
        print(to_text({"law": {"hash": book.hash}, "provisions": [provision_json(one) for one in chosen]}), end="")
        return
    for one in chosen:
        words = desk.words
        evidence = words(f"evidence.{one.citation.evidence.value}")
        desk.out.print(
            f"{one.id}  {words(f'provision_kind.{one.kind.value}')}  ({evidence})", style="bold", markup=False
        )
        desk.out.print(f"    {words.text(one.title)}", markup=False)


def _wanted(
    book: LawBook, one: Provision, state: str, gate: Gate | None, kind: Kind | None, as_of: datetime | None
) -> bool:
    jurisdiction = book.jurisdictions[one.jurisdiction]
    parties = {party.state for party in jurisdiction.treaty.parties} if jurisdiction.treaty else set()
    return (
        (not state or state == jurisdiction.state or state in parties)
        and (gate is None or gate in one.gates)
        and (kind is None or one.kind is ProvisionKind(kind.value))
        and (as_of is None or one.in_force.on(as_of.date()))
    )


def _found(book: LawBook, provision_id: str) -> list[Provision]:
    exact = book.get(provision_id)
    found = [exact] if exact else [one for one in book.provisions if one.id.startswith(f"{provision_id}.")]
    if not found:
        raise PolisbridgeError(ErrorCode.UNKNOWN_PROVISION, provision_id, hint="`polisbridge law list` names them all")
    return found


@commands.command()
def show(context: typer.Context, provision: Id, json: options.Json = False) -> None:
    """Show a provision, or all below a beginning: what it says, since when, and where the law says so."""
    desk: Desk = context.obj
    with desk.errors():
        book = desk.book()
        found = _found(book, provision)
    if json:
        print(to_text({"law": {"hash": book.hash}, "provisions": [provision_json(one) for one in found]}), end="")
        return
    shower = Shower(desk.out, desk.words, book)
    for one in found:
        shower.provision(one, iter(one.facts))
        desk.out.print()


@commands.command()
def cite(context: typer.Context, provision: Id, json: options.Json = False) -> None:
    """Print the citation of a provision: act, place, how well established, where to read it."""
    desk: Desk = context.obj
    with desk.errors():
        book = desk.book()
        found = _found(book, provision)
    if json:
        print(to_text({one.id: provision_json(one)["citation"] for one in found}), end="")
        return
    shower = Shower(desk.out, desk.words, book)
    for one in found:
        desk.out.print(f"{one.id}: {shower.cited(one.citation)}", markup=False)


@commands.command()
def check(context: typer.Context, json: options.Json = False) -> None:
    """Check every law file, its cases, and that the cases reach each boundary. Exit 4 with all faults."""
    desk: Desk = context.obj
    with desk.errors():
        book, files = desk.book(), desk.world.law_files(desk.law_folder)
        report = check_law(book, files)
        faults = list(report.faults)
        try:
            covered_facts(book, files)
        except InputFaults as exc:
            faults += exc.faults
        if faults:
            raise InputFaults(faults)
    if json:
        print(to_text({"law": {"hash": book.hash}, "provisions": report.provisions, "cases": report.cases}), end="")
    else:
        desk.out.print(desk.words("law.checked.good", provisions=report.provisions, cases=report.cases))


@commands.command()
def coverage(context: typer.Context, json: options.Json = False) -> None:
    """List which established fact went into which provision, and which were left out, with the reason."""
    desk: Desk = context.obj
    with desk.errors():
        facts = covered_facts(desk.book(), desk.world.law_files(desk.law_folder))
    if json:
        rows = [
            {
                "id": one.id,
                "jurisdiction": one.jurisdiction,
                "gist": one.gist,
                "evidence": one.evidence.value if one.evidence else "",
                "provisions": list(one.provisions),
                "left_out": one.left_out,
            }
            for one in facts
        ]
        print(to_text({"facts": rows}), end="")
        return
    for one in facts:
        desk.out.print(f"{one.id} {one.gist}", markup=False)
        desk.out.print(f"    → {', '.join(one.provisions) or one.left_out}", style="dim", markup=False)


@commands.command()
def diff(
    context: typer.Context, before: OnDay, after: OnDay, state: options.State = "", json: options.Json = False
) -> None:
    """Show what changes in the law between two days: provisions that begin, and those that end."""
    desk: Desk = context.obj
    with desk.errors():
        book = desk.book()
    changes = [
        one
        for one in law_diff(book, before.date(), after.date())
        if not state or book.jurisdictions[one.provision.jurisdiction].state == state
    ]
    if json:
        rows = [
            {"change": "new" if one.new else "gone", "on": one.on.isoformat(), "id": one.provision.id}
            for one in changes
        ]
        print(to_text({"law": {"hash": book.hash}, "changes": rows}), end="")
    else:
        words = desk.words
        for one in changes:
            mark, style, key = ("+", "green", "law.diff.new") if one.new else ("-", "red", "law.diff.gone")
            desk.out.print(f"{mark} {words.day(one.on)} {words(key)}: {one.provision.id}", style=style, markup=False)
            desk.out.print(f"    {words.text(one.provision.title)}", markup=False)
        if not changes:
            desk.out.print(words("law.diff.none"))
    raise typer.Exit(Exit.YES)


commands.command()(certlogic)
