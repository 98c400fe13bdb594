"""Places: a state and a gate, and what of the law book stands there on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from polisbridge.core.bound import ties
from polisbridge.core.codes import Bearing, Evidence, Gate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.law import LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.services.assess import known_state

GATE = "gate"  # what an open question names when it bears on the gate as a whole


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """One state and one of its gates."""

    state: str
    gate: Gate

    def __str__(self) -> str:
        return f"{self.state}:{self.gate.value}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A provision that stands at a place, with its evidence there.

    A treaty may bind between several pairs of states with evidence of its own for each: the worst is told.
    """

    provision: Provision
    evidence: Evidence

    @property
    def confirmed(self) -> bool:
        """Whether the law behind it is established."""
        return self.evidence is not Evidence.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class PlaceLaw:
    """All that stands at one place on one day, in order of id."""

    place: Place
    standing: tuple[Standing, ...]

    def of(self, kind: type[Provision]) -> tuple[Standing, ...]:
        """Return what stands there of one kind of provision."""
        return tuple(one for one in self.standing if isinstance(one.provision, kind))

    @property
    def questions(self) -> tuple[OpenQuestion, ...]:
        """The open questions that stand there."""
        return tuple(one.provision for one in self.standing if isinstance(one.provision, OpenQuestion))

    def questions_on(self, names: Iterable[str]) -> tuple[OpenQuestion, ...]:
        """Return the open questions that bear on one of the provisions, or on the gate by `GATE`."""
        wanted = set(names)
        return tuple(one for one in self.questions if not wanted.isdisjoint(one.bears_on))

    def blocking(self, names: Iterable[str]) -> tuple[OpenQuestion, ...]:
        """Return those of `questions_on` that hold a verdict back."""
        return tuple(one for one in self.questions_on(names) if one.effect is Bearing.BLOCKS)

    def requirements_of(self, route: Route) -> tuple[Requirement, ...]:
        """Return the requirements of a route."""
        found = (one.provision for one in self.of(Requirement))
        return tuple(one for one in found if isinstance(one, Requirement) and route.id in one.routes)

    def evidence(self, provision: Provision) -> Evidence:
        """Return the evidence of a provision that stands here."""
        return next(one.evidence for one in self.standing if one.provision is provision)


def law_at(book: LawBook, place: Place, as_of: date) -> PlaceLaw:
    """Return what stands at the place on the day, national and by treaty. Raises PolisbridgeError for no state."""
    known_state(book, place.state)
    found = []
    for provision in book.provisions:
        if place.gate in provision.gates and provision.in_force.on(as_of):
            levels = [evidence for evidence, _ in ties(book, provision, place.state, as_of)]
            if levels:
                found.append(Standing(provision, max(levels, key=lambda one: one.rank)))
    return PlaceLaw(place, tuple(found))


def laws_at(book: LawBook, places: Iterable[Place], as_of: date) -> tuple[PlaceLaw, ...]:
    """Return the law of each place, each once, in the order given."""
    return tuple(law_at(book, place, as_of) for place in dict.fromkeys(places))


def places_of(book: LawBook, states: Iterable[str], gates: Iterable[Gate] = ()) -> tuple[Place, ...]:
    """Return the places of the states: at the gates given, else at all for which a chosen state has law.

    A state may be written `RU:work_permit,entry`: then at those gates only.
    Raises PolisbridgeError for a state without law or a gate that does not exist.
    """
    asked, found = tuple(gates), []
    split = [(one.partition(":")[0], one.partition(":")[2]) for one in states]
    for state, _ in split:
        known_state(book, state)
    known = {gate for state, _ in split for gate in book.gates_of(state)}
    for state, own in split:
        chosen = [_gate(word.strip()) for word in own.split(",")] if own else asked or known
        found += [Place(state, gate) for gate in Gate if gate in chosen]
    return tuple(dict.fromkeys(found))


def _gate(word: str) -> Gate:
    try:
        return Gate(word)
    except ValueError:
        raise PolisbridgeError(ErrorCode.BAD_INPUT, word, hint=f"gates are {', '.join(Gate)}") from None
