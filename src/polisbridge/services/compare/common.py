"""What all chosen states ask at least, the strictest of what any asks, and on what some are silent.

A state whose law is open is no witness for anything: it is named and left out, never counted as agreeing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from polisbridge.core.checks import Check, Setting
from polisbridge.core.law import LawBook, OpenQuestion, Requirement
from polisbridge.core.money import Rates
from polisbridge.core.strictness import asked_by_all, at_least_as_strict, parts_of, strictest
from polisbridge.services.compare.matrix import KIND_ROWS, STATEMENT_ROWS, Cell, CellState, Matrix, build_matrix
from polisbridge.services.compare.places import Place


@dataclass(frozen=True, slots=True)
class Gap:
    """A row on which some places speak and others do not: silent ones, and ones whose law is open."""

    row: str
    asked: tuple[Cell, ...]
    silent: tuple[Place, ...]
    open: tuple[Place, ...]


def find_gaps(matrix: Matrix) -> tuple[Gap, ...]:
    """Return every row that some place speaks to while another, whose law is known, is silent or open."""
    found = []
    for row in (*STATEMENT_ROWS, *KIND_ROWS):
        cells = matrix.row(row)
        by_state = {state: tuple(c.place for c in cells if c.state is state) for state in CellState}
        asked = tuple(cell for cell in cells if cell.entries)
        gap = Gap(row, asked, by_state[CellState.SILENT], by_state[CellState.OPEN])
        if asked and (gap.silent or gap.open):
            found.append(gap)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Asked:
    """One requirement as a part of an answer, with the places where it stands and those that imply it.

    `confirmed` says that for every state some established provision carries it.
    """

    check: Check
    provisions: tuple[Requirement, ...]
    states: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Undecided:
    """Two requirements of one kind between which the day's rates give no order."""

    kind: str
    one: Requirement
    other: Requirement


@dataclass(frozen=True, slots=True)
class AskedSet:
    """Requirements of the chosen states on a day; `open_states` have no route that is known and were left out.

    `questions` are why they were left out. `no_rate` are sums that could not be compared for want of a rate.
    """

    as_of: date
    law_hash: str
    states: tuple[str, ...]
    open_states: tuple[str, ...]
    questions: tuple[OpenQuestion, ...]
    asked: tuple[Asked, ...]
    no_rate: tuple[Undecided, ...]


def common_set(book: LawBook, places: Iterable[Place], as_of: date, rates: Rates | None = None) -> AskedSet:
    """Return what every chosen state asks at least at its chosen gates, kind by kind, on some route of its own."""
    side = _Side(book, build_matrix(book, places, as_of), rates or Rates())
    found: list[Asked] = []
    for kind in KIND_ROWS if side.states else ():
        groups = [[one.check for one in side.requirements(kind, [state])] for state in side.states]
        found += [side.asked(kind, check) for check in asked_by_all(groups, side.setting)]
    return side.answer(found)


def strictest_union(book: LawBook, places: Iterable[Place], as_of: date, rates: Rates | None = None) -> AskedSet:
    """Return per kind the strictest of all that the chosen states ask; both where there is no order."""
    side = _Side(book, build_matrix(book, places, as_of), rates or Rates())
    found: list[Asked] = []
    for kind in KIND_ROWS:
        parts = [part for one in side.requirements(kind, side.states) for part in parts_of(one.check)]
        found += [side.asked(kind, check) for check in strictest(parts, side.setting)]
    return side.answer(found)


class _Side:
    """The requirements of the chosen places by state, and how they compare."""

    def __init__(self, book: LawBook, matrix: Matrix, rates: Rates) -> None:
        self._matrix = matrix
        self.setting = Setting("", matrix.as_of, None, rates, book.wider_benefits())
        known = {place.state for (place, row), cell in matrix.cells.items() if row == "route" and cell.entries}
        self.states = tuple(state for state in matrix.states if state in known)
        self.open_states = tuple(state for state in matrix.states if state not in known)
        bearing = [one for law in matrix.laws if law.place.state not in known for one in law.questions]
        self.questions = tuple({one.id: one for one in bearing}.values())

    def requirements(self, kind: str, states: Iterable[str]) -> tuple[Requirement, ...]:
        """Return the states' requirements of the kind, each once."""
        wanted = set(states)
        found = {
            one.provision.id: one.provision
            for cell in self._matrix.row(kind)
            if cell.place.state in wanted
            for one in cell.entries
            if isinstance(one.provision, Requirement)
        }
        return tuple(found.values())

    def asked(self, kind: str, check: Check) -> Asked:
        """Return a requirement with the provisions that imply it and how well each state establishes it."""
        carrying = {state: self._carrying(kind, check, state) for state in self.states}
        provisions = {one.id: one for found in carrying.values() for one in found}
        confirmed = all(any(self._confirmed(one) for one in found) for found in carrying.values() if found)
        states = tuple(state for state, found in carrying.items() if found)
        return Asked(check, tuple(provisions.values()), states, confirmed)

    def _carrying(self, kind: str, check: Check, state: str) -> tuple[Requirement, ...]:
        return tuple(
            one
            for one in self.requirements(kind, [state])
            if any(at_least_as_strict(part, check, self.setting) is True for part in (one.check, *parts_of(one.check)))
        )

    def _confirmed(self, requirement: Requirement) -> bool:
        return any(
            one.confirmed for law in self._matrix.laws for one in law.standing if one.provision.id == requirement.id
        )

    def answer(self, asked: list[Asked]) -> AskedSet:
        """Return the answer with everything that it leaves open."""
        return AskedSet(
            as_of=self._matrix.as_of,
            law_hash=self._matrix.law_hash,
            states=self.states,
            open_states=self.open_states,
            questions=self.questions,
            asked=tuple(asked),
            no_rate=tuple(self._no_rate()),
        )

    def _no_rate(self) -> Iterator[Undecided]:
        """Yield the requirements of one kind in different currencies between which the day has no rate."""
        for kind in KIND_ROWS:
            for one, other in combinations(self.requirements(kind, self.states), 2):
                currencies = [getattr(each.check, "currency", None) for each in (one, other)]
                if (
                    None not in currencies
                    and currencies[0] != currencies[1]
                    and self.setting.conversion(str(currencies[0]), str(currencies[1])) is None
                ):
                    yield Undecided(kind, one, other)
