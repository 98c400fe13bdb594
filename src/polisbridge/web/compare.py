"""*Compare*: what the states ask at one gate, side by side, every cell with its provisions and open questions."""

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.services.compare.matrix import ROWS, STATEMENT_ROWS, Cell, CellState, Matrix, build_matrix
from polisbridge.services.compare.places import places_of
from polisbridge.web.check_form import Option, near_states
from polisbridge.web.forms import FormReader
from polisbridge.web.language import words_for
from polisbridge.web.law_page import Line, line_of
from polisbridge.web.pages import PageRequest
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

_FIRST_SHOWN = Gate.WORK_PERMIT


@dataclass(frozen=True, slots=True)
class Shown:
    """One cell: what it says in a word, its provisions, and the open questions on them."""

    state: CellState
    word: str
    held: bool
    lines: tuple[Line, ...]
    questions: tuple[Line, ...]


@get("/", sync_to_thread=True)
def matrix(request: PageRequest) -> Template:
    """Show the matrix of the states chosen, else of those that are not there only to compare with."""
    node, words = node_of(request), words_for(request)
    chosen = [one for one in request.query_params.getall("state", []) if one in node.book.states()] or near_states(
        node.book
    )
    reader = FormReader(dict(request.query_params.items()), words)
    gate = Gate(reader.choice("gate", set(Gate)) or _FIRST_SHOWN)
    day = reader.day("day") or node.today()
    found = build_matrix(node.book, places_of(node.book, chosen, [gate]), day)
    return page(
        request,
        "compare.html",
        status=422 if reader.faults else 200,
        values={"gate": gate.value, "day": day.isoformat(), **reader.values},
        faults=reader.faults,
        chosen=chosen,
        states=[Option(one, words.state(one)) for one in sorted(node.book.states(), key=words.state)],
        gates=[Option(one.value, words(f"gate.{one.value}")) for one in Gate],
        gate=words(f"gate.{gate.value}"),
        day=words.day(day),
        names=[words.state(one) for one in found.states],
        rows=_rows(found, words),
        has_map=request.app.state.committee is not None and request.app.state.people is not None,
    )


def _rows(found: Matrix, words: Words) -> list[tuple[str, list[Shown]]]:
    """Return the rows in which any place says something, by name, with their cells."""
    return [
        (words(f"compare.row.{name}" if name in STATEMENT_ROWS else f"kind.{name}"), _cells(found, name, words))
        for name in ROWS
        if found.told(name)
    ]


def _cells(found: Matrix, name: str, words: Words) -> list[Shown]:
    return [_shown(cell, found, words) for cell in found.row(name)]


def _shown(cell: Cell, found: Matrix, words: Words) -> Shown:
    lines = tuple(line_of(one.provision, words, found.as_of) for one in cell.entries)
    questions = tuple(line_of(one, words, found.as_of) for one in cell.questions)
    stated = cell.state is CellState.ASKED and cell.row in STATEMENT_ROWS
    return Shown(cell.state, "stated" if stated else cell.state.value, cell.held, lines, questions)
