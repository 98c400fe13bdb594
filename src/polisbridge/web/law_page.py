"""What the pages of the law show: lists of provisions by kind, and one provision with everything around it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from polisbridge.core.codes import Evidence, Gate, ProvisionKind
from polisbridge.core.errors import InputFaults
from polisbridge.core.law import Jurisdiction, LawBook, OpenQuestion, Provision, Requirement, Route, Text
from polisbridge.formats.casefile import read_cases
from polisbridge.formats.tree import read_tree
from polisbridge.services.node import Node
from polisbridge.words import Words
from polisbridge.words.telling import Teller

_WHOLE_GATE = "gate"  # what an open question names when it bears on the gate as a whole


@dataclass(frozen=True, slots=True)
class Line:
    """One provision in a list."""

    id: str
    title: str
    evidence: Evidence
    in_force: bool


@dataclass(frozen=True, slots=True)
class Kind:
    """All provisions of one kind in a list."""

    code: str
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A state or a treaty in the index: its name, its address, and what is told of it."""

    link: str
    name: str
    note: str
    gates: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A text of the law in one language."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class ProvisionPage:
    """One provision as its page shows it. `originals` are its words in the other languages of the law file."""

    provision: Provision
    title: str
    place: Place
    gates: str
    in_force: str
    now_in_force: bool
    asked: tuple[str, ...]
    how: str
    reading: str
    would_change: str
    act: str
    point: str
    note: str
    addresses: tuple[str, ...]
    originals: tuple[tuple[Said, ...], ...]
    routes: tuple[Line, ...]
    requirements: tuple[Line, ...]
    bears_on: tuple[Line, ...]
    on_gates: bool
    questions: tuple[Line, ...]
    earlier: tuple[Line, ...]
    later: tuple[Line, ...]
    cases: int


def line_of(one: Provision, words: Words, today: date) -> Line:
    """Return a provision as one line of a list."""
    return Line(one.id, words.text(one.title), one.citation.evidence, one.in_force.on(today))


def by_kind(provisions: Iterable[Provision], words: Words, today: date) -> list[Kind]:
    """Return provisions in groups by kind, those in force first."""
    found: dict[ProvisionKind, list[Line]] = {kind: [] for kind in ProvisionKind}
    for one in provisions:
        found[one.kind].append(line_of(one, words, today))
    return [
        Kind(kind.value, words(f"web.law.kind.{kind.value}"), tuple(sorted(lines, key=lambda one: not one.in_force)))
        for kind, lines in found.items()
        if lines
    ]


def all_states(book: LawBook, words: Words) -> list[Place]:
    """Return every state of the law with its occasions, those to compare with last."""
    comparators = {one.state for one in book.jurisdictions.values() if one.comparator}
    found = [
        Place(
            f"/law/{state}",
            words.state(state),
            words("law.comparator") if state in comparators else "",
            tuple((gate.value, words(f"gate.{gate.value}")) for gate in book.gates_of(state)),
        )
        for state in book.states()
    ]
    return sorted(found, key=lambda one: (bool(one.note), one.name))


def all_treaties(book: LawBook, words: Words) -> list[Place]:
    """Return every treaty with its status."""
    treaties = [one for one in book.jurisdictions.values() if one.treaty]
    return sorted((_treaty(one, words) for one in treaties), key=lambda one: one.name)


def treaties_of(book: LawBook, state: str, words: Words) -> list[Place]:
    """Return the treaties that a state is a party of."""
    bound = [
        one
        for one in book.jurisdictions.values()
        if one.treaty and any(party.state == state for party in one.treaty.parties)
    ]
    return sorted((_treaty(one, words) for one in bound), key=lambda one: one.name)


def _treaty(one: Jurisdiction, words: Words) -> Place:
    status = one.treaty.status if one.treaty else ""
    return Place(f"/law/treaty/{one.id.rpartition('.')[2]}", words.text(one.title), words(f"status.{status}"))


def provision_page(node: Node, one: Provision, words: Words) -> ProvisionPage:
    """Return a provision with everything that its page shows."""
    book, today = node.book, node.today()

    def lines(provisions: Iterable[Provision | None]) -> tuple[Line, ...]:
        return tuple(line_of(each, words, today) for each in provisions if each is not None)

    bears_on = one.bears_on if isinstance(one, OpenQuestion) else ()
    return ProvisionPage(
        provision=one,
        title=words.text(one.title),
        place=_place(book.jurisdictions[one.jurisdiction], words),
        gates=", ".join(words(f"gate.{gate.value}") for gate in Gate if gate in one.gates),
        in_force=words.in_force(one.in_force),
        now_in_force=one.in_force.on(today),
        asked=Teller(words, book).asked(one) if isinstance(one, Requirement) else (),
        how=words.text(one.how) if isinstance(one, Route) else "",
        reading=words.text(one.reading),
        would_change=words.text(one.would_change) if isinstance(one, OpenQuestion) else "",
        act=words.text(one.citation.act),
        point=words.text(one.citation.provision),
        note=words.text(one.citation.note),
        addresses=tuple(url for url in (one.citation.url, *one.citation.also) if url.startswith("http")),
        originals=_in_other_languages(one, words.language),
        routes=lines(book.get(route) for route in one.routes) if isinstance(one, Requirement) else (),
        requirements=lines(_requirements(book, one)),
        bears_on=lines(book.get(name) for name in bears_on),
        on_gates=_WHOLE_GATE in bears_on,
        questions=lines(_questions(book, one)),
        earlier=lines(_next_to(book, one, later=False)),
        later=lines(_next_to(book, one, later=True)),
        cases=_cases(node, one),
    )


def _place(jurisdiction: Jurisdiction, words: Words) -> Place:
    if jurisdiction.treaty:
        return _treaty(jurisdiction, words)
    return Place(f"/law/{jurisdiction.state}", words.text(jurisdiction.title), "")


def _in_other_languages(one: Provision, language: str) -> tuple[tuple[Said, ...], ...]:
    """Return title, act and point as the file has them in other languages, the language of the act among them."""
    tags = dict.fromkeys(tag for text in (one.title, one.citation.act) for tag in text if tag != language)
    return tuple(tuple(_said(tag, one.title, one.citation.act, one.citation.provision)) for tag in tags)


def _said(tag: str, *texts: Text) -> Iterable[Said]:
    yield from (Said(tag, text[tag]) for text in texts if tag in text)


def _requirements(book: LawBook, one: Provision) -> Iterable[Provision]:
    """Yield the requirements of a route."""
    yield from (each for each in book.provisions if isinstance(each, Requirement) and one.id in each.routes)


def _questions(book: LawBook, one: Provision) -> Iterable[Provision]:
    """Yield the open questions that bear on a provision, by name or on the gates of its jurisdiction as a whole."""
    for each in book.provisions:
        if isinstance(each, OpenQuestion) and each is not one:
            same = each.jurisdiction == one.jurisdiction and not each.gates.isdisjoint(one.gates)
            if one.id in each.bears_on or (same and _WHOLE_GATE in each.bears_on):
                yield each


def _next_to(book: LawBook, one: Provision, *, later: bool) -> Iterable[Provision]:
    """Yield what stood in a provision's place the day before it began, or stands there since it ended."""
    edge = one.in_force.last if later else one.in_force.first
    if edge is None:
        return
    for each in book.provisions:
        other = each.in_force.first if later else each.in_force.last
        if other == edge + timedelta(days=1 if later else -1) and _same_place(one, each):
            yield each


def _same_place(one: Provision, other: Provision) -> bool:
    """Say whether two provisions are versions of each other: of one act and kind, and of one requirement."""
    acts = {each.id.split(".")[: len(each.jurisdiction.split(".")) + 1][-1] for each in (one, other)}
    same = one.jurisdiction == other.jurisdiction and one.kind is other.kind and len(acts) == 1
    if isinstance(one, Requirement) and isinstance(other, Requirement):
        return same and one.check.name == other.check.name and set(one.routes) == set(other.routes)
    return same and not one.gates.isdisjoint(other.gates)


def _cases(node: Node, one: Provision) -> int:
    """Return how many cases stand beside a provision."""
    name = f"{one.id.replace('.', '/')}.cases.yaml"
    data = node.law_files().get(name)
    if data is None:
        return 0
    try:
        return len(read_cases(read_tree(data, name), node.book.vocabulary)[1])
    except InputFaults:
        return 0
