"""The Executive Committee's desk: the map of corridors, and what stands in the way of each."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.law import Provision
from polisbridge.core.roles import AccessAction
from polisbridge.services.approaches import SEVEN
from polisbridge.services.committee import WORKER, CommitteeDesk, Corridor, CorridorCache, corridors_at
from polisbridge.services.corridors import Case, Corridors
from polisbridge.web.check_form import Option
from polisbridge.web.committee_map import NARROW, WIDE, Curve, Drawing, Tile, lines
from polisbridge.web.forms import FormReader
from polisbridge.web.language import words_for
from polisbridge.web.law_page import Line, line_of
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

PAGES = ("", "/compare", "/common", "/cheapest", "/scenario", "/questions", "/report")
PERSONS = (WORKER, "spouse", "child")
SIGNS = {
    Verdict.RECOGNISED: "✓",
    Verdict.NOT_REQUIRED: "○",
    Verdict.NOT_RECOGNISED: "✗",
    Verdict.UNDETERMINED: "?",
    None: "–",
}
_FIRST_SHOWN, _FIRST_STATE = Gate.WORK_PERMIT, "RU"


@dataclass(frozen=True, slots=True)
class Answer:
    """A corridor's answer as it is told: a code for the style, a sign, a word, a link, and who goes where."""

    code: str
    sign: str
    word: str
    link: str
    name: str


@dataclass(frozen=True, slots=True)
class DrawnState:
    """A state on the map: its tile, and the link that puts it in the middle."""

    code: str
    name: str
    tile: Tile
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """One drawing with its states, and its lines beside their answers."""

    drawing: Drawing
    states: tuple[DrawnState, ...]
    lines: tuple[tuple[Curve, Answer], ...]


def desk_of(request: PageRequest) -> CommitteeDesk:
    """Return what the desk works with."""
    found: CommitteeDesk = request.app.state.committee
    return found


def corridors_of(request: PageRequest, day: date) -> Corridors:
    """Return the corridors of the day by the law in use."""
    cache: CorridorCache = request.app.state.corridors
    return cache.at(node_of(request).laws, day)


def committee_page(request: PageRequest, template: str, here: str, *, status: int = 200, **shown: Any) -> Template:
    """Return a page of the desk with its links."""
    words = words_for(request)
    links = [
        (
            "/compare" if one == "/compare" else f"/committee{one}",
            words(f"web.committee.nav{one.replace('/', '.') or '.map'}"),
        )
        for one in PAGES
    ]
    label = words("web.committee")
    return page(request, template, status=status, links=links, here=f"/committee{here}", desk=label, **shown)


@get("/", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def corridor_map(request: PageRequest) -> Template:
    """Show the corridors into or out of a state at a gate, as a map and as a table."""
    actor_for(request, AccessAction.COMPARE)
    words, node = words_for(request), node_of(request)
    reader = FormReader(dict(request.query_params.items()), words)
    gate = Gate(reader.choice("gate", set(Gate)) or _FIRST_SHOWN)
    state = reader.choice("state", SEVEN) or _FIRST_STATE
    way = reader.choice("way", ("into", "from")) or "into"
    person = reader.choice("person", PERSONS) or WORKER
    found = corridors_at(corridors_of(request, node.today()), gate, person)
    view = _View(words, gate, person, state, way)
    return committee_page(
        request,
        "committee_map.html",
        "",
        status=422 if reader.faults else 200,
        faults=reader.faults,
        values={"gate": gate.value, "state": state, "way": way, "person": person},
        gates=[Option(one.value, words(f"gate.{one.value}")) for one in Gate],
        states=[Option(one, words.state(one)) for one in sorted(SEVEN, key=words.state)],
        ways=[Option(one, words(f"web.committee.way.{one}")) for one in ("into", "from")],
        persons=[Option(one, words(f"role.{one}")) for one in PERSONS],
        title=words(f"web.committee.map.{way}", state=words.state(state), gate=words(f"gate.{gate.value}")),
        maps=[view.drawn(WIDE, found), view.drawn(NARROW, found)],
        names=[words.state(one) for one in SEVEN],
        rows=[(words.state(home), [view.cell(found, home, host) for host in SEVEN]) for home in SEVEN],
        legend=[(_code(one), SIGNS[one], _word(one, words)) for one in (*Verdict, None)],
        day=words.day(node.today()),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """What was chosen, and how it is told."""

    words: Words
    gate: Gate
    person: str
    state: str
    way: str

    def drawn(self, drawing: Drawing, found: Any) -> DrawnMap:
        """Return a drawing with the corridors of the chosen state."""
        states = tuple(self._state(code, tile) for code, tile in drawing.tiles.items())
        ways = lines(drawing.name, self.state, self.way)
        return DrawnMap(drawing, states, tuple((line, self.answer(found[pair])) for pair, line in ways.items()))

    def _state(self, code: str, tile: Tile) -> DrawnState:
        asked = {"gate": self.gate.value, "state": code, "way": self.way, "person": self.person}
        return DrawnState(code, self.words.state(code), tile, f"/committee?{urlencode(asked)}", code == self.state)

    def answer(self, one: Corridor) -> Answer:
        """Return how the answer of a corridor is told."""
        asked = urlencode({"gate": self.gate.value, "person": self.person})
        name = self.words("web.committee.corridor", home=self.words.state(one.home), host=self.words.state(one.host))
        link = f"/committee/corridor/{one.home}/{one.host}?{asked}#{self.gate.value}"
        return Answer(_code(one.verdict), SIGNS[one.verdict], _word(one.verdict, self.words), link, name)

    def cell(self, found: Any, home: str, host: str) -> Answer | None:
        """Return a cell of the table; None where nobody crosses a border."""
        return None if home == host else self.answer(found[home, host])


def _code(verdict: Verdict | None) -> str:
    return "no_law" if verdict is None else verdict.value


def _word(verdict: Verdict | None, words: Words) -> str:
    return words("web.committee.no_law") if verdict is None else words(f"verdict.{verdict.value}")


@dataclass(frozen=True, slots=True)
class AtGate:
    """A corridor at one gate: the answer, what it rests on, and which facts the model contract leaves out."""

    gate: str
    title: str
    code: str
    sign: str
    word: str
    confirmed: str
    heading: str
    lines: tuple[Line, ...]
    needs: tuple[str, ...]


@get("/corridor/{home:str}/{host:str}", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def corridor(request: PageRequest, home: FromPath[str], host: FromPath[str]) -> Template:
    """Show what a corridor's answers rest on, gate by gate."""
    actor_for(request, AccessAction.COMPARE)
    if home not in SEVEN or host not in SEVEN or home == host:
        raise NotFoundException
    words, node = words_for(request), node_of(request)
    asked = request.query_params.get("person", WORKER)
    person = asked if asked in PERSONS else WORKER
    day = node.today()
    cases = [one for one in corridors_of(request, day).between(home, host) if one.person == person]
    return committee_page(
        request,
        "committee_corridor.html",
        "",
        title=words("web.committee.corridor", home=words.state(home), host=words.state(host)),
        person=words(f"role.{person}"),
        persons=[(words(f"role.{one}"), f"?{urlencode({'person': one})}", one == person) for one in PERSONS],
        gates=[_at_gate(one, words, day) for one in cases],
        day=words.day(day),
        back=f"/committee/corridor/{host}/{home}?{urlencode({'person': person})}",
        back_name=words("web.committee.corridor", home=words.state(host), host=words.state(home)),
    )


def _at_gate(one: Case, words: Words, day: date) -> AtGate:
    confirmed = one.if_confirmed if one.if_confirmed is not one.verdict else None
    return AtGate(
        gate=one.gate.value,
        title=words(f"gate.{one.gate.value}"),
        code=one.verdict.value,
        sign=SIGNS[one.verdict],
        word=_word(one.verdict, words),
        confirmed=words("report.corridor.if_confirmed", verdict=_word(confirmed, words).lower()) if confirmed else "",
        heading=words(f"web.committee.rests.{one.verdict.value}"),
        lines=tuple(line_of(reason, words, day) for reason in _each_once(one.reasons)),
        needs=tuple(words.field(name) for name in one.needs),
    )


def _each_once(reasons: tuple[Provision, ...]) -> list[Provision]:
    return list({one.id: one for one in reasons}.values())
