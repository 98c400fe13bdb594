"""`polisbridge compare`: how national approaches differ, from the law data alone."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from polisbridge.cli import options
from polisbridge.cli.compare_cheapest import cheapest
from polisbridge.cli.compare_json import asked_json, conflicts_json, gaps_json, matrix_json
from polisbridge.cli.compare_show import Comparer
from polisbridge.cli.desk import Desk
from polisbridge.core.codes import Gate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.formats.decisionfile import to_text
from polisbridge.services.compare.common import common_set, find_gaps, strictest_union
from polisbridge.services.compare.conflicts import find_conflicts
from polisbridge.services.compare.matrix import ROWS, Matrix, build_matrix
from polisbridge.services.compare.places import Place, places_of
from polisbridge.services.suppose import suppose_treaties

commands = typer.Typer(
    help="Compare what states ask: matrix, conflicts, gaps, minimum, cheapest.", no_args_is_help=True
)
commands.command()(cheapest)

States = Annotated[
    list[str] | None,
    typer.Option("--state", help="A state, such as RU, or with its occasions, RU:work_permit,entry; repeat it."),
]
Gates = Annotated[list[Gate] | None, typer.Option("--gate", help="A legal occasion; repeat it. All when left out.")]
CellName = Annotated[str, typer.Option("--cell", help="Open one cell, such as BY:entry:sum_insured_at_least.")]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a command compares."""

    book: LawBook
    places: tuple[Place, ...]
    as_of: date
    rates: Rates


def _asked(
    desk: Desk,
    states: list[str] | None,
    gates: list[Gate] | None,
    as_of: datetime | None,
    rates: list[Path] | None,
    suppose: list[str] | None,
) -> _Asked:
    book, _ = suppose_treaties(desk.book(), tuple(suppose or ()))
    comparators = {one.state for one in book.jurisdictions.values() if one.comparator}
    chosen = states or [state for state in book.states() if state not in comparators]
    day = as_of.date() if as_of else desk.today()
    return _Asked(book, places_of(book, chosen, gates or ()), day, desk.rates(rates or []))


@commands.command()
def matrix(
    context: typer.Context,
    states: States = None,
    gates: Gates = None,
    as_of: options.AsOf = None,
    suppose: options.Suppose = None,
    cell: CellName = "",
    json: options.Json = False,
) -> None:
    """Show what every state asks by kind of requirement and occasion; open law is shown as open."""
    desk: Desk = context.obj
    with desk.errors():
        asked = _asked(desk, [cell.partition(":")[0]] if cell else states, gates, as_of, None, suppose)
        places = [_place_of(cell)] if cell else asked.places
        found = build_matrix(asked.book, places, asked.as_of)
        chosen = [found.cells[_place_of(cell), _row_of(cell)]] if cell else None
    if json:
        print(to_text(matrix_json(found, chosen)), end="")
        return
    comparer = Comparer(desk.out, desk.words, asked.book)
    if chosen is None:
        comparer.matrix(found)
    else:
        comparer.cell(chosen[0])


def _place_of(cell: str) -> Place:
    state, _, rest = cell.partition(":")
    gate, _, _ = rest.partition(":")
    if gate not in list(Gate):
        raise PolisbridgeError(ErrorCode.BAD_INPUT, cell, hint=f"STATE:OCCASION:ROW; occasions are {', '.join(Gate)}")
    return Place(state, Gate(gate))


def _row_of(cell: str) -> str:
    row = cell.rpartition(":")[2]
    if row not in ROWS:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, cell, hint=f"rows are {', '.join(ROWS)}")
    return row


@commands.command()
def conflicts(
    context: typer.Context,
    states: States = None,
    gates: Gates = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    suppose: options.Suppose = None,
    json: options.Json = False,
) -> None:
    """Show which routes of two states no contract can take together, and which combine. Proven, never guessed."""
    desk: Desk = context.obj
    with desk.errors():
        asked = _asked(desk, states, gates, as_of, rates, suppose)
        found = find_conflicts(asked.book, asked.places, asked.as_of, asked.rates)
    if json:
        print(to_text(conflicts_json(found)), end="")
    else:
        Comparer(desk.out, desk.words, asked.book).conflicts(found)


@commands.command()
def gaps(
    context: typer.Context,
    states: States = None,
    gates: Gates = None,
    as_of: options.AsOf = None,
    suppose: options.Suppose = None,
    json: options.Json = False,
) -> None:
    """Show on what some states speak while others are silent, or their law is open."""
    desk: Desk = context.obj
    with desk.errors():
        asked = _asked(desk, states, gates, as_of, None, suppose)
        table: Matrix = build_matrix(asked.book, asked.places, asked.as_of)
        found = find_gaps(table)
    if json:
        print(to_text(gaps_json(table, found)), end="")
    else:
        Comparer(desk.out, desk.words, asked.book).gaps(found)


@commands.command()
def common(
    context: typer.Context,
    states: States = None,
    gates: Gates = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    suppose: options.Suppose = None,
    json: options.Json = False,
) -> None:
    """Show what every chosen state asks at least; states whose law is open are left out by name."""
    desk: Desk = context.obj
    with desk.errors():
        asked = _asked(desk, states, gates, as_of, rates, suppose)
        found = common_set(asked.book, asked.places, asked.as_of, asked.rates)
    if json:
        print(to_text(asked_json(found)), end="")
    else:
        Comparer(desk.out, desk.words, asked.book).asked_set(found, "common")


@commands.command()
def union(
    context: typer.Context,
    states: States = None,
    gates: Gates = None,
    as_of: options.AsOf = None,
    rates: options.RatesFiles = None,
    suppose: options.Suppose = None,
    json: options.Json = False,
) -> None:
    """Show the strictest of what any chosen state asks, kind by kind."""
    desk: Desk = context.obj
    with desk.errors():
        asked = _asked(desk, states, gates, as_of, rates, suppose)
        found = strictest_union(asked.book, asked.places, asked.as_of, asked.rates)
    if json:
        print(to_text(asked_json(found)), end="")
    else:
        Comparer(desk.out, desk.words, asked.book).asked_set(found, "union")
