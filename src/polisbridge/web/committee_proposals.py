"""What could be agreed: what the states ask in common, the strictest of all, and one contract for several states."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.core.law import LawBook
from polisbridge.core.roles import AccessAction
from polisbridge.services.approaches import SEVEN
from polisbridge.services.committee import wish_of
from polisbridge.services.compare.cheapest import Cheapest, Found, find_cheapest
from polisbridge.services.compare.common import Asked, AskedSet, common_set, strictest_union
from polisbridge.services.compare.places import places_of
from polisbridge.services.jobs import own_scope
from polisbridge.web.check_form import Option
from polisbridge.web.committee import SIGNS, Answer, committee_page
from polisbridge.web.forms import FormReader
from polisbridge.web.language import words_for
from polisbridge.web.law_page import Line, line_of
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, signed_in
from polisbridge.web.view import node_of
from polisbridge.words import Words
from polisbridge.words.telling import Teller


@dataclass(frozen=True, slots=True)
class Point:
    """One thing asked: in words, by whom, and by which provisions."""

    said: tuple[str, ...]
    states: str
    confirmed: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Points:
    """Everything asked, whom it was reckoned for, and who was left out because its law is open."""

    points: tuple[Point, ...]
    states: str
    left_out: str


@get("/common", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def common(request: PageRequest) -> Template:
    """Show what all chosen states ask at least, and the strictest of what any asks."""
    actor_for(request, AccessAction.COMPARE)
    words, node = words_for(request), node_of(request)
    chosen = [one for one in request.query_params.getall("state", []) if one in SEVEN] or list(SEVEN)
    reader = FormReader(dict(request.query_params.items()), words)
    gate = reader.choice("gate", set(Gate))
    day = reader.day("day") or node.today()
    places = places_of(node.book, chosen, [Gate(gate)] if gate else ())
    teller = Teller(words, node.book)
    sets = [
        _points(reckon(node.book, places, day, node.laws.rates), teller, day)
        for reckon in (common_set, strictest_union)
    ]
    return committee_page(
        request,
        "committee_common.html",
        "/common",
        status=422 if reader.faults else 200,
        faults=reader.faults,
        values={"gate": gate or "", "day": day.isoformat(), **reader.values},
        chosen=chosen,
        states=[Option(one, words.state(one)) for one in sorted(SEVEN, key=words.state)],
        gates=[Option(one.value, words(f"gate.{one.value}")) for one in Gate],
        common=sets[0],
        union=sets[1],
        day=words.day(day),
    )


def _points(found: AskedSet, teller: Teller, day: date) -> Points:
    words = teller.words
    return Points(
        tuple(_point(one, teller, day) for one in found.asked),
        _named(found.states, words),
        _named(found.open_states, words),
    )


def _named(states: tuple[str, ...], words: Words) -> str:
    return ", ".join(words.state(one) for one in states)


def _point(one: Asked, teller: Teller, day: date) -> Point:
    said = teller.asked(replace(one.provisions[0], check=one.check))
    lines = tuple(line_of(law, teller.words, day) for law in one.provisions)
    return Point(said, _named(one.states, teller.words), one.confirmed, lines)


@dataclass(frozen=True, slots=True)
class Stands:
    """What stands against the contract in a state: where, why, and the provision if one speaks."""

    place: str
    why: str
    line: Line | None


@get("/cheapest", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def cheapest(request: PageRequest) -> Template:
    """Show the cheapest contract that the chosen states recognise, or why there is none."""
    words, node = words_for(request), node_of(request)
    _, actor = signed_in(request)
    actor_for(request, AccessAction.READ_STATISTICS, own_scope(actor))
    values, reader = dict(request.query_params.items()), None
    found = None
    if values:
        reader, found = _found(request, values)
    faults = reader.faults if reader else {}
    return committee_page(
        request,
        "committee_cheapest.html",
        "/cheapest",
        status=422 if faults else 200,
        faults=faults,
        values=values or {"home": "UZ", "in_RU": "work_permit", "in_KZ": "hiring"},
        homes=[Option(one, words.state(one)) for one in sorted(SEVEN, key=words.state)],
        places=[_gates(one, node.book.gates_of(one), words) for one in sorted(SEVEN, key=words.state)],
        result=None if found is None else _result(found, words, node.book, node.today()),
        query=request.url.query,
    )


@get("/cheapest/file", sync_to_thread=True, opt={"action": AccessAction.READ_STATISTICS})
def cheapest_file(request: PageRequest) -> Response[str]:
    """Give the contract as a file, with a note that says what it is."""
    _, actor = signed_in(request)
    actor_for(request, AccessAction.READ_STATISTICS, own_scope(actor))
    _, found = _found(request, dict(request.query_params.items()))
    if found is None or not found.found:
        raise NotFoundException
    headers = {"Content-Disposition": 'attachment; filename="cheapest.contract.yaml"'}
    return Response(found.found[0].text, media_type="application/yaml", headers=headers)


def _gates(state: str, gates: Any, words: Words) -> tuple[str, str, list[Option]]:
    return f"in_{state}", words.state(state), [Option(one.value, words(f"gate.{one.value}")) for one in gates]


def _found(request: PageRequest, values: Mapping[str, str]) -> tuple[FormReader, Cheapest | None]:
    """Return what was wrong with the form, and the answer if nothing was."""
    node = node_of(request)
    reader = FormReader(values, words_for(request))
    home = reader.choice("home", SEVEN, needed=True)
    sought = {}
    for state in SEVEN:
        gate = reader.choice(f"in_{state}", {one.value for one in node.book.gates_of(state)})
        if gate and state != home:
            sought[state] = Gate(gate)
    if not sought and not reader.faults:
        reader.fault("in_RU", "web.committee.cheapest.none_chosen")
    if reader.faults or home is None:
        return reader, None
    wish = wish_of(home, sought, node.today(), if_confirmed=bool(values.get("confirmed")))
    return reader, find_cheapest(node.book, wish, node.laws.rates)


@dataclass(frozen=True, slots=True)
class Result:
    """The answer as it is told."""

    complete: bool
    headline: str
    decided: tuple[Answer, ...]
    terms: tuple[tuple[str, str], ...]
    text: str
    against: tuple[Stands, ...]
    supposed: bool


def _result(found: Cheapest, words: Words, book: LawBook, day: date) -> Result:
    best = found.found[0] if found.found else None
    served = _named(best.states, words) if best else ""
    key = "all" if found.complete else "some" if best else "none"
    return Result(
        found.complete,
        words(f"web.committee.cheapest.{key}", states=served),
        _decided(best, words) if best else (),
        tuple(_terms(best, words, book)) if best else (),
        best.text if best else "",
        tuple(
            Stands(
                f"{words.state(one.place.state)}, {words(f'gate.{one.place.gate.value}')}",
                words(f"hindrance.{one.hindrance.value}"),
                line_of(one.provision, words, day) if one.provision else None,
            )
            for one in found.obstacles
        ),
        found.wish.if_confirmed,
    )


def _terms(best: Found, words: Words, book: LawBook) -> Iterator[tuple[str, str]]:
    """Yield what the contract has to be in plain words: who insures, for how much, what is paid for, how long."""
    facts = best.contract.facts
    for name, value in best.issuer:
        yield words.field(name), words.value(name, sorted(value) if isinstance(value, frozenset) else value, book)
    amount, currency = facts.get("sum_insured"), facts.get("sum_insured_currency")
    if isinstance(amount, int) and isinstance(currency, str):
        yield words.field("sum_insured"), words.amount(amount, currency)
    if best.contract.benefits:
        paid = (words.code("benefit", str(line.benefit), book) for line in best.contract.benefits)
        yield words("report.model.benefits"), ", ".join(paid)
    territory = facts.get("territory")
    if isinstance(territory, frozenset):
        yield words.field("territory"), words.value("territory", sorted(territory), book)
    first, last = best.contract.period.first, best.contract.period.last
    if first and last:
        yield words("web.committee.cheapest.days"), f"{words.day(first)} – {words.day(last)}"


def _decided(best: Found, words: Words) -> tuple[Answer, ...]:
    told = []
    for stay, one in best.decided:
        verdict = one.decision.verdict
        place = f"{words.state(stay.state)}, {words(f'gate.{stay.gate.value}')}"
        link = f"/law/{stay.state}?gate={stay.gate.value}"
        told.append(Answer(verdict.value, SIGNS[verdict], words(f"verdict.{verdict.value}"), link, place))
    return tuple(told)
