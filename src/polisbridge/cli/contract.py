"""`polisbridge contract`: is this contract recognised there, for that occasion, on that day."""

from datetime import date, datetime

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table

from polisbridge.cli import options
from polisbridge.cli.desk import Desk, exit_for
from polisbridge.cli.show import Shower
from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.law import LawBook
from polisbridge.formats.codelists import is_region
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.decisionfile import to_text, write_decision
from polisbridge.formats.stayfile import read_stays
from polisbridge.services.assess import assess_contract, assess_matrix
from polisbridge.services.suppose import suppose_treaties

commands = typer.Typer(help="Decide contracts.", no_args_is_help=True)

_ORDER = (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED, Verdict.RECOGNISED, Verdict.NOT_REQUIRED)


@commands.command()
def assess(
    context: typer.Context,
    file: options.File,
    state: options.State = "",
    gate: options.AGate | None = None,
    region: options.Region = None,
    first: options.From = None,
    last: options.To = None,
    as_of: options.AsOf = None,
    person: options.Person = None,
    rates: options.RatesFiles = None,
    stays: options.StaysPath = None,
    purpose: options.Purpose = None,
    status: options.Status = None,
    care_form: options.CareForm = None,
    suppose: options.Suppose = None,
    json: options.Json = False,
) -> None:
    """Decide for every insured person whether the contract is recognised, with every reason and the remedy.

    Exit 0 yes (recognised or not required), 1 no, 2 usage, 3 undetermined, 4 error.
    """
    desk: Desk = context.obj
    if stays is None and (not state or gate is None):
        raise typer.BadParameter("name --state and --gate, or a file with --stays")
    with desk.errors():
        book, supposed = suppose_treaties(desk.book(), tuple(suppose or ()))
        contract = read_contract(desk.document(file), book.vocabulary)
        said = {"purpose": purpose, "residence_status": status, "care_form": care_form}
        if stays is not None:
            occasions = tuple(stay for stay, _ in read_stays(desk.document(stays), book.vocabulary))
        else:
            assert gate is not None  # noqa: S101 - checked above, for the type checker
            occasions = (
                stay_of(book, state, gate, region, first, last, as_of.date() if as_of else desk.today(), said),
            )
        table = desk.rates(rates or [])
        found = [
            one for stay in occasions for one in assess_contract(book, contract, stay, table, person or (), supposed)
        ]
    _print(desk, book, found, json=json)
    raise typer.Exit(exit_for([one.decision.verdict for one in found]))


def stay_of(
    book: LawBook,
    state: str,
    gate: Gate,
    region: str | None,
    first: datetime | None,
    last: datetime | None,
    as_of: date,
    said: dict[str, str | None],
) -> Stay:
    """Return the stay that the options describe. Raises InputFaults for what cannot be."""
    faults = []
    if region and not (is_region(region) and region.startswith(f"{state}-")):
        faults.append(
            Fault("--region", 1, "region", FaultCode.UNKNOWN_CODE, region, f"a region of {state} by ISO 3166-2")
        )
    if first and last and last < first:
        faults.append(
            Fault("--to", 1, "to", FaultCode.WRONG_ORDER, str(last.date()), f"a day not before {first.date()}")
        )
    groups = {"purpose": "purposes", "residence_status": "residence_statuses", "care_form": "care_forms"}
    for field, code in said.items():
        if code is not None and code not in book.vocabulary[groups[field]]:
            wanted = ", ".join(sorted(book.vocabulary[groups[field]]))
            faults.append(Fault(f"--{field}", 1, field, FaultCode.UNKNOWN_CODE, code, f"one of {wanted}"))
    if faults:
        raise InputFaults(faults)
    period = Period(first.date() if first else None, last.date() if last else None)
    return Stay(state, gate, as_of, region, period, {field: code for field, code in said.items() if code is not None})


def _print(desk: Desk, book: LawBook, found: list[Assessment], *, json: bool) -> None:
    if json:
        print(to_text({"decisions": [write_decision(book.hash, one) for one in found]}), end="")
        return
    shower = Shower(desk.out, desk.words, book)
    for one in found:
        shower.assessment(one)
    desk.out.print(desk.words("answer.law", hash=book.hash[:16]), style="dim")


@commands.command()
def matrix(
    context: typer.Context,
    file: options.File,
    state: options.State = "",
    region: options.Region = None,
    first: options.From = None,
    last: options.To = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    json: options.Json = False,
) -> None:
    """Show all states and occasions at a glance: per cell the worst verdict among the insured persons."""
    desk: Desk = context.obj
    with desk.errors():
        book = desk.book()
        contract = read_contract(desk.document(file), book.vocabulary)
        day = as_of.date() if as_of else desk.today()
        period = Period(first.date() if first else None, last.date() if last else None)
        stay = Stay(state or "", Gate.ENTRY, day, region, period)
        cells = list(assess_matrix(book, contract, stay, desk.rates(rates or []), (state,) if state else ()))
    if json:
        rows = [
            {"state": at, "gate": gate.value, "verdicts": {one.person: one.decision.verdict.value for one in found}}
            for at, gate, found in cells
        ]
        print(to_text({"law": {"hash": book.hash}, "as_of": day.isoformat(), "cells": rows}), end="")
        return
    _print_matrix(desk, book, contract, day, {(at, gate): found for at, gate, found in cells})


_STYLES = {
    Verdict.RECOGNISED: "green",
    Verdict.NOT_RECOGNISED: "red",
    Verdict.NOT_REQUIRED: "cyan",
    Verdict.UNDETERMINED: "yellow",
}


def _print_matrix(
    desk: Desk, book: LawBook, contract: Contract, day: date, cells: dict[tuple[str, Gate], tuple[Assessment, ...]]
) -> None:
    words = desk.words
    title = words("matrix.title", number=contract.number, day=words.day(day))
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(words("matrix.state"))
    for gate in Gate:
        table.add_column(words(f"matrix.gate.{gate.value}"), justify="center")
    comparators = {one.state for one in book.jurisdictions.values() if one.comparator}
    states = sorted({at for at, _ in cells}, key=lambda one: (one in comparators, one))
    for at in states:
        row = []
        for gate in Gate:
            found = cells.get((at, gate))
            if found is None:
                row.append("·")
                continue
            worst = min((one.decision.verdict for one in found), key=_ORDER.index)
            row.append(f"[{_STYLES[worst]}]{words(f'matrix.{worst.value}')}[/]")
        table.add_row(f"{at} {words.state(at)}{'*' if at in comparators else ''}", *row)
    desk.out.print(table)
    desk.out.print(words("matrix.legend"), style="dim")
