"""The matrix of national approaches: what is asked, by kind of requirement, state and gate, with its sources.

A cell without provisions is never "no requirement": either the gate's law is open, or the routes that are
known are silent on that kind (a gap), or the book holds no law of that place at all.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from polisbridge.core.checks import KINDS
from polisbridge.core.checks.base import Family
from polisbridge.core.codes import Gate
from polisbridge.core.law import Duty, Exemption, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.services.compare.places import GATE, Place, PlaceLaw, Standing, laws_at


class CellState(StrEnum):
    """What a cell says: `open` and `silent` are different things, and neither means "nothing is asked"."""

    ASKED = "asked"
    UNCONFIRMED = "unconfirmed"
    OPEN = "open"
    SILENT = "silent"
    NO_LAW = "no_law"


STATEMENT_ROWS: dict[str, type[Provision]] = {"duty": Duty, "exemption": Exemption, "route": Route}
KIND_ROWS: tuple[str, ...] = tuple(
    sorted(KINDS, key=lambda name: (list(Family).index(KINDS[name].family), list(KINDS).index(name)))
)
ROWS: tuple[str, ...] = (*STATEMENT_ROWS, *KIND_ROWS)


@dataclass(frozen=True, slots=True)
class Cell:
    """What one place says of one row: its provisions, the routes they belong to, and the open questions on them.

    Of an open cell the questions are those of the gate; of a cell with provisions, those that bear on these or
    on their routes.
    """

    place: Place
    row: str
    state: CellState
    entries: tuple[Standing, ...] = ()
    routes: tuple[str, ...] = ()
    questions: tuple[OpenQuestion, ...] = ()

    @property
    def held(self) -> bool:
        """Whether an open question may hold the provisions back."""
        return bool(self.entries) and any(one.effect == "blocks" for one in self.questions)


@dataclass(frozen=True, slots=True)
class Matrix:
    """All cells of the chosen places on a day, by place and row; `laws` in the order of the places."""

    as_of: date
    law_hash: str
    laws: tuple[PlaceLaw, ...]
    cells: Mapping[tuple[Place, str], Cell]

    @property
    def places(self) -> tuple[Place, ...]:
        """The places, in the order chosen."""
        return tuple(law.place for law in self.laws)

    @property
    def states(self) -> tuple[str, ...]:
        """The states, in the order chosen."""
        return tuple(dict.fromkeys(place.state for place in self.places))

    @property
    def gates(self) -> tuple[Gate, ...]:
        """The gates, in the order of Gate."""
        return tuple(gate for gate in Gate if any(place.gate is gate for place in self.places))

    def row(self, name: str) -> tuple[Cell, ...]:
        """Return the cells of one row in the order of the places."""
        return tuple(self.cells[place, name] for place in self.places)

    def told(self, name: str) -> bool:
        """Say whether any place has provisions in the row."""
        return any(cell.entries for cell in self.row(name))


def build_matrix(book: LawBook, places: Iterable[Place], as_of: date) -> Matrix:
    """Return the matrix of the places on the day. Raises PolisbridgeError for a state without law."""
    laws = laws_at(book, places, as_of)
    cells = {(law.place, row): _cell(law, row) for law in laws for row in ROWS}
    return Matrix(as_of, book.hash, laws, cells)


def _cell(law: PlaceLaw, row: str) -> Cell:
    entries = tuple(one for one in law.standing if row == _row_of(one.provision))
    if not entries:
        state = _without_entries(law, row)
        return Cell(law.place, row, state, questions=law.questions_on([GATE]) if state is CellState.OPEN else ())
    routes = tuple(
        sorted({route for one in entries if isinstance(one.provision, Requirement) for route in one.provision.routes})
    )
    state = CellState.ASKED if any(one.confirmed for one in entries) else CellState.UNCONFIRMED
    bearing = law.questions_on([*(one.provision.id for one in entries), *routes])
    return Cell(law.place, row, state, entries, routes, bearing)


def _row_of(provision: Provision) -> str:
    return provision.check.name if isinstance(provision, Requirement) else provision.kind.value


def _without_entries(law: PlaceLaw, row: str) -> CellState:
    """Return what a cell without provisions says.

    Where no duty is established nothing is known of exemptions and routes; where no route is known, nothing of
    requirements. Then the questions that stand there make the cell open, never empty.
    """
    if not law.standing:
        return CellState.NO_LAW
    known = any(one.confirmed for one in law.of(Duty)) if row in STATEMENT_ROWS else bool(law.of(Route))
    return CellState.SILENT if known or not law.questions else CellState.OPEN
