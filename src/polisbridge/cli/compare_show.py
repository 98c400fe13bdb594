"""Comparisons as text for a person to read: tables that fit 80 columns, and every provision behind a cell."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from polisbridge.cli.show import Shower
from polisbridge.core.checks import Ask
from polisbridge.core.codes import Gate
from polisbridge.core.law import LawBook, OpenQuestion
from polisbridge.formats.decisionfile import ask_value
from polisbridge.services.compare.cheapest import Cheapest, Found, Obstacle
from polisbridge.services.compare.common import Asked, AskedSet, Gap
from polisbridge.services.compare.conflicts import Conflicts, PlacePair, RoutePair, Together
from polisbridge.services.compare.matrix import KIND_ROWS, STATEMENT_ROWS, Cell, CellState, Matrix
from polisbridge.services.compare.places import Place
from polisbridge.words import Words

_STYLES = {
    CellState.ASKED: "green",
    CellState.UNCONFIRMED: "yellow",
    CellState.OPEN: "bold yellow",
    CellState.SILENT: "",
    CellState.NO_LAW: "dim",
}
_TOGETHER = {Together.CONFLICT: "bold red", Together.ONLY_BY_OPEN_LAW: "bold yellow", Together.COMBINES: "bold green"}


class Comparer:
    """Prints comparisons in one language."""

    def __init__(self, out: Console, words: Words, book: LawBook) -> None:
        self._out, self._words, self._book = out, words, book
        self._shower = Shower(out, words, book)

    def row(self, name: str) -> str:
        """Return the words for a row: a kind of requirement, duties, exemptions or routes."""
        return self._words(f"compare.row.{name}" if name in STATEMENT_ROWS else f"kind.{name}")

    def place(self, place: Place) -> str:
        """Return a place in words."""
        return f"{self._words.state(place.state)}, {self._words(f'gate.{place.gate.value}')}"

    def matrix(self, matrix: Matrix) -> None:
        """Print one table per gate, with the rows to which some state speaks there."""
        for gate in matrix.gates:
            self._gate(matrix, gate)
        self._out.print(self._words("compare.legend"), style="dim", markup=False)

    def _gate(self, matrix: Matrix, gate: Gate) -> None:
        words = self._words
        places = [place for place in matrix.places if place.gate is gate]
        title = words("compare.matrix.title", gate=words(f"gate.{gate.value}"), day=words.day(matrix.as_of))
        table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        table.add_column("")
        for place in places:
            table.add_column(place.state, justify="center")
        for name in (*STATEMENT_ROWS, *KIND_ROWS):
            cells = [matrix.cells[place, name] for place in places]
            if name in STATEMENT_ROWS or any(cell.entries for cell in cells):
                table.add_row(self.row(name), *(self._mark(cell) for cell in cells))
        self._out.print(table)

    def _mark(self, cell: Cell) -> Text:
        mark = self._words(f"compare.cell.{cell.state.value}")
        count = str(len(cell.entries)) if len(cell.entries) > 1 else ""
        return Text(f"{mark}{count}{'?' if cell.held else ''}", style=_STYLES[cell.state])

    def cell(self, cell: Cell) -> None:
        """Print what is behind a cell: its provisions with source and evidence, and the open questions."""
        words = self._words
        self._line(f"{self.place(cell.place)} · {self.row(cell.row)} ({cell.row})", 0, "bold")
        self._line(words(f"compare.state.{cell.state.value}"), 2, _STYLES[cell.state])
        for entry in cell.entries:
            self._out.print()
            self._shower.provision(entry.provision)
            if entry.evidence is not entry.provision.citation.evidence:
                self._line(words(f"evidence.{entry.evidence.value}"), 2)
        self._questions(cell.questions)

    def _questions(self, questions: Iterable[OpenQuestion]) -> None:
        for question in questions:
            self._out.print()
            self._shower.provision(question)

    def conflicts(self, found: Conflicts) -> None:
        """Print every two places with the routes that exclude each other, and those that may be taken together."""
        known = [pair for pair in found.pairs if pair.together is not Together.NO_ROUTE]
        for pair in known:
            self.pair(pair)
        without = [pair for pair in found.pairs if pair.together is Together.NO_ROUTE]
        speaking = {place for pair in known for place in (pair.one, pair.other)}
        silent = dict.fromkeys(place for pair in without for place in (pair.one, pair.other) if place not in speaking)
        if silent:
            self._line(self._words("compare.no_route_pairs", places=", ".join(map(str, silent))), 0, "yellow")

    def pair(self, pair: PlacePair) -> None:
        """Print two places: whether one contract can serve both, and why not."""
        words = self._words
        self._line(f"{pair.one} × {pair.other}", 0, "bold")
        self._line(words(f"compare.together.{pair.together.value}"), 2, _TOGETHER.get(pair.together, ""))
        for one in pair.pairs:
            self._routes(one)
        for route in pair.without_contract:
            self._line(f"· {words.text(route.route.title)} ({route.place}): {words('compare.scheme')}", 4, "dim")

    def _routes(self, pair: RoutePair) -> None:
        words = self._words
        mark, style = ("✗", "red") if pair.excluded else ("✓", "green") if pair.established else ("?", "yellow")
        self._line(f"{mark} {pair.one.route.id}", 4, style)
        self._line(f"× {pair.other.route.id}", 6, style)
        if not pair.excluded:
            self._line(words("compare.combine" if pair.established else "compare.combine.open"), 6)
        for one, other in pair.because:
            self._line(f"{words('compare.excludes')}: {words.text(one.title)} ({one.id})", 6)
            self._line(f"× {words.text(other.title)} ({other.id})", 8)
        if pair.excluded and not pair.because:
            self._line(words("compare.excludes.jointly"), 6)

    def gaps(self, gaps: tuple[Gap, ...]) -> None:
        """Print the rows on which some places speak and others are silent or open."""
        words = self._words
        if not gaps:
            self._line(words("compare.gap.none"), 0)
            return
        table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
        for column in ("row", "asked", "silent", "open"):
            table.add_column(words(f"compare.gap.{column}"), overflow="fold")
        for gap in gaps:
            asked = " ".join(f"{cell.place}" for cell in gap.asked)
            table.add_row(self.row(gap.row), asked, " ".join(map(str, gap.silent)), " ".join(map(str, gap.open)))
        self._out.print(table)

    def asked_set(self, found: AskedSet, key: str) -> None:
        """Print the common minimum or the strictest union, with provisions, and what was left out."""
        words = self._words
        states = ", ".join(found.states) or "–"
        self._line(words(f"compare.{key}.title", states=states, day=words.day(found.as_of)), 0, "bold")
        for one in found.asked:
            self._asked(one)
        if not found.asked:
            self._line(words("compare.common.none"), 2)
        if found.open_states:
            self._line(words("compare.open_states", states=", ".join(found.open_states)), 0, "yellow")
        for pair in found.no_rate:
            self._line(words("compare.no_rate", one=pair.one.id, other=pair.other.id), 0, "yellow")

    def _asked(self, one: Asked) -> None:
        words = self._words
        self._line(f"{self.row(one.check.name)} [{', '.join(one.states)}]", 2, "bold")
        for ask in one.check.asks():
            self._line(self.asks(ask), 4)
        self._line(words("compare.by", ids=", ".join(each.id for each in one.provisions)), 4, "dim")
        if not one.confirmed:
            self._line(words("compare.unconfirmed"), 4, "yellow")

    def asks(self, ask: Ask) -> str:
        """Return in words what is asked of one field."""
        words, value = self._words, ask_value(ask).get("value")
        wanted = words.field(str(value)) if isinstance(ask.value, str) else words.value(ask.field, value, self._book)
        name = words.field(ask.field)
        benefit = f"{words.code('benefit', ask.benefit, self._book)}: " if ask.benefit else ""
        return f"{benefit}{name}: {words(f'relation.{ask.relation.value}', value=wanted)}"

    def cheapest(self, found: Cheapest) -> None:
        """Print the cheapest contracts with everything they rest on, and why other states are not served."""
        words = self._words
        if found.wish.supposed:
            self._line(words("compare.cheapest.supposed", treaties=", ".join(found.wish.supposed)), 0, "bold magenta")
        if found.wish.if_confirmed:
            self._line(words("compare.cheapest.supposition"), 0, "bold magenta")
        for one in found.found:
            self._found(one, found, complete=found.complete)
        if not found.found:
            self._line(words("compare.cheapest.none"), 0, "bold red")
        if found.obstacles:
            self._line(words("compare.cheapest.why"), 0, "bold")
        for obstacle in found.obstacles:
            self._obstacle(obstacle)
        if found.conflicts:
            self._line(words("compare.cheapest.clash"), 0, "bold")
        for pair in found.conflicts:
            self.pair(pair)

    def _found(self, one: Found, answer: Cheapest, *, complete: bool) -> None:
        words = self._words
        key = "compare.cheapest.complete" if complete else "compare.cheapest.partial"
        self._line(words(key, states=", ".join(one.states)), 0, "bold green" if complete else "bold yellow")
        cost = one.cost
        told = {
            "sum": self._amount(cost.sum_insured, answer.wish.currency),
            "limits": self._amount(cost.limits, answer.wish.currency),
            "benefits": cost.benefits,
            "days": cost.term_days,
            "promises": cost.promises,
            "issuer": cost.issuer,
        }
        self._line(words("compare.cheapest.cost", **told), 2)
        self._line(f"{words('compare.cheapest.decided')}:", 2, "bold")
        for stay, assessed in one.decided:
            decision = assessed.decision
            verdict = words(f"verdict.{decision.verdict.value}")
            through = decision.basis or ((decision.nearest.entry,) if decision.nearest else ())
            by = f" ({', '.join(each.provision.id for each in through)})" if through else ""
            self._line(f"{Place(stay.state, stay.gate)}: {verdict}{by}", 4)
        self._facts("compare.cheapest.issuer", one.issuer)
        self._facts("compare.cheapest.assumed", [(each.field, each.value) for each in one.assumed])

    def _amount(self, value: Fraction | float, currency: str) -> str:
        if value == float("inf"):
            return self._words("compare.cheapest.no_rate")
        return self._words.amount(ceil(value), currency) if value else self._words("compare.cheapest.no_sum")

    def _facts(self, key: str, facts: Iterable[tuple[str, object]]) -> None:
        parts = []
        for field, value in facts:
            plain = sorted(value) if isinstance(value, frozenset) else value
            parts.append(f"{self._words.field(field)}: {self._words.value(field, plain, self._book)}")
        self._line(f"{self._words(key)}: {'; '.join(parts)}", 2)

    def _obstacle(self, one: Obstacle) -> None:
        words = self._words
        why = words(f"hindrance.{one.hindrance.value}")
        needs = f": {'; '.join(words.field(name) for name in one.needs)}" if one.needs else ""
        self._line(f"{one.place}: {why}{needs}", 2)
        if one.provision is not None:
            self._line(f"{words.text(one.provision.title)} ({one.provision.id})", 4)
            self._line(self._shower.cited(one.provision.citation), 4, "dim")

    def _line(self, text: str, indent: int, style: str = "") -> None:
        self._out.print(Padding(Text(text, style=style), (0, 0, 0, indent)))
