"""The national approaches side by side: what each state asks at each gate, by which ways, and what is open.

Read from the law data alone, for one day; nothing is added to it. Values only: the words are made above.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from polisbridge.core.applied import GATE, AppliedRoute
from polisbridge.core.bound import Applied
from polisbridge.core.codes import Bearing, Gate
from polisbridge.core.condition import ALWAYS
from polisbridge.core.law import Jurisdiction, LawBook, OpenQuestion, Party, Provision
from polisbridge.services.applied_laws import AppliedLaws

SEVEN = ("RU", "KZ", "BY", "KG", "AM", "TJ", "UZ")  # who sat at the round table, besides the Executive Committee


class DutyStanding(StrEnum):
    """Whether a duty to be insured is on record at a gate."""

    ESTABLISHED = "established"  # a duty by official text or report, which no question holds back for everybody
    DOUBTFUL = "doubtful"  # a duty on record, but unconfirmed or under an open question
    OPEN = "open"  # no duty on record, and a question asks whether there is one
    NONE = "none"  # only exemptions on record
    SILENT = "silent"  # nothing on record


@dataclass(frozen=True, slots=True)
class Way:
    """One route with its requirements and the open questions that bear on any of them."""

    route: Applied
    requirements: tuple[Applied, ...]
    questions: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class GateLaw:
    """The national law of one state at one gate, sorted by what it does. Treaties are told apart, by `treaties_between`."""

    gate: Gate
    standing: DutyStanding
    duties: tuple[Applied, ...]
    exemptions: tuple[Applied, ...]
    ways: tuple[Way, ...]
    questions: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class Approach:
    """One state's approach on one day: its gates in the order of Gate."""

    state: str
    gates: tuple[GateLaw, ...]

    def at(self, gate: Gate) -> GateLaw | None:
        """Return the law at a gate; None where the state has none on record."""
        return next((one for one in self.gates if one.gate is gate), None)

    def questions(self) -> Iterator[tuple[OpenQuestion, tuple[Gate, ...]]]:
        """Yield the state's own open questions, each once, with the gates at which it stands."""
        found: dict[str, tuple[OpenQuestion, list[Gate]]] = {}
        for law in self.gates:
            for one in law.questions:
                if isinstance(one.provision, OpenQuestion):
                    found.setdefault(one.provision.id, (one.provision, []))[1].append(law.gate)
        for question, gates in found.values():
            yield question, tuple(gates)


@dataclass(frozen=True, slots=True)
class TreatyLaw:
    """A treaty with those of the states that are its parties on the day, and what it says."""

    treaty: Jurisdiction
    parties: tuple[Party, ...]
    provisions: tuple[Provision, ...]


def approaches(laws: AppliedLaws, as_of: date, states: Iterable[str] = SEVEN) -> tuple[Approach, ...]:
    """Return the approach of each state on the day, in the order given."""
    return tuple(
        Approach(state, tuple(_gate_law(laws, state, gate, as_of) for gate in laws.book.gates_of(state)))
        for state in states
    )


def treaties_between(book: LawBook, as_of: date, states: Iterable[str] = SEVEN) -> tuple[TreatyLaw, ...]:
    """Return the treaties in force that bind at least two of the states on the day, in order of id."""
    wanted, found = set(states), list[TreatyLaw]()
    for one in sorted(book.jurisdictions.values(), key=lambda one: one.id):
        parties = tuple(party for party in one.treaty.parties_on(as_of) if party.state in wanted) if one.treaty else ()
        if len(parties) > 1:
            own = (law for law in book.provisions if law.jurisdiction == one.id and law.in_force.on(as_of))
            found.append(TreatyLaw(one, parties, tuple(own)))
    return tuple(found)


def _gate_law(laws: AppliedLaws, state: str, gate: Gate, as_of: date) -> GateLaw:
    law = laws.at(state, gate, as_of)
    national = {one.provision.id for one in law.everything if laws.book.jurisdictions[one.provision.jurisdiction].state}
    duties = tuple(one.applied for one in law.duties if one.applied.provision.id in national)
    questions = tuple(one for one in law.questions.values() if one.provision.id in national)
    exemptions = tuple(one.applied for one in law.exemptions if one.applied.provision.id in national)
    ways = tuple(_way(one, questions) for one in law.routes if one.route.provision.id in national)
    return GateLaw(gate, _standing(duties, exemptions, questions), duties, exemptions, ways, questions)


def _standing(
    duties: tuple[Applied, ...], exemptions: tuple[Applied, ...], questions: tuple[Applied, ...]
) -> DutyStanding:
    blocking = [one for one in questions if getattr(one.provision, "effect", None) is Bearing.BLOCKS]
    held = {name for one in blocking if one.applies == ALWAYS for name in _bears_on(one)}
    if any(not one.unconfirmed and one.provision.id not in held for one in duties):
        return DutyStanding.ESTABLISHED
    if duties:
        return DutyStanding.DOUBTFUL
    if any(GATE in _bears_on(one) for one in blocking):
        return DutyStanding.OPEN
    return DutyStanding.NONE if exemptions else DutyStanding.SILENT


def _bears_on(one: Applied) -> tuple[str, ...]:
    return one.provision.bears_on if isinstance(one.provision, OpenQuestion) else ()


def _way(one: AppliedRoute, questions: tuple[Applied, ...]) -> Way:
    parts = {one.route.provision.id, *(part.provision.id for part in one.applied_requirements)}
    bearing = tuple(question for question in questions if not parts.isdisjoint(_bears_on(question)))
    return Way(one.route, one.applied_requirements, bearing)


def gate_questions(law: GateLaw) -> tuple[Applied, ...]:
    """Return the questions that leave open whether there is a duty at the gate at all."""
    return tuple(one for one in law.questions if GATE in _bears_on(one))
