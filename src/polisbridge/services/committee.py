"""The Executive Committee's desk: corridors as they are, and draft rules tried out on made-up contracts.

Nothing here knows a person. What is shown of the law is the law; what a draft rule does is supposed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from polisbridge.core.checks.sum_insured_at_least import SumInsuredAtLeast
from polisbridge.core.codes import Gate, Role, Verdict
from polisbridge.core.contract import Contract, Insured, Stay
from polisbridge.core.days import day_number
from polisbridge.core.law import LawBook, Requirement, Route
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.compare.offer import Wish
from polisbridge.services.corridors import Case, Corridors, decide_corridors, stay_in
from polisbridge.services.impact import Impact, Supposed
from polisbridge.services.jobs import Jobs

WORKER = "worker"  # who is shown first: the person of the model contract by that id


class Trials(Protocol):
    """Tries a draft rule out on a small portfolio of persons who do not exist, at once."""

    def impact(self, before: AppliedLaws, after: Supposed) -> Impact:
        """Return what changes. The portfolio is the same for the same law."""


class Models(Protocol):
    """Gives the model contract that corridors are decided with."""

    def model(self, book: LawBook) -> Contract:
        """Return the model contract that reports use too."""


@dataclass(frozen=True, slots=True)
class CommitteeDesk:
    """What the desk works with. Without `jobs` no report is written and no large portfolio weighed."""

    trials: Trials
    models: Models
    jobs: Jobs | None = None


@dataclass(frozen=True, slots=True)
class Corridor:
    """One direction between two states at one gate, for one person: the case, None where the gate has no law."""

    home: str
    host: str
    case: Case | None

    @property
    def verdict(self) -> Verdict | None:
        """The answer, None where the state of stay has no law of the gate."""
        return None if self.case is None else self.case.verdict


def corridors_at(found: Corridors, gate: Gate, person: str = WORKER) -> Mapping[tuple[str, str], Corridor]:
    """Return every direction between the states at one gate, by home and host."""
    cases = {(one.home, one.host): one for one in found.cases if one.gate is gate and one.person == person}
    return {
        (home, host): Corridor(home, host, cases.get((home, host)))
        for home in found.states
        for host in found.states
        if home != host
    }


class CorridorCache:
    """Corridors by law and day: they are asked for again and again, and take a fifth of a second."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._held: dict[tuple[str, date], Corridors] = {}

    def at(self, laws: AppliedLaws, day: date) -> Corridors:
        """Return the corridors of the day."""
        key = (laws.book.hash, day)
        found = self._held.get(key)
        if found is None:
            if len(self._held) >= _MOST:
                self._held.clear()
            found = self._held[key] = decide_corridors(laws, self._models.model(laws.book), day)
        return found


_MOST = 20  # days kept at once


def changed_cases(before: Corridors, after: Corridors) -> list[tuple[Case, Case]]:
    """Return the cases that a draft rule decides otherwise, in the order of the corridors."""
    return [
        (one, other) for one, other in zip(before.cases, after.cases, strict=True) if one.verdict is not other.verdict
    ]


_BORN = date(1990, 5, 15)  # of the worker that a contract is sought for, as in the report


def wish_of(home: str, sought: Mapping[str, Gate], as_of: date, *, if_confirmed: bool) -> Wish:
    """Return what is sought: one contract of a worker from home for a year at each of the states' gates."""
    person = Insured("worker", Role.WORKER, "", _BORN, frozenset({home}), facts={"worker_class": "employee"})
    stays = tuple(_stay(state, gate, as_of) for state, gate in sought.items())
    return Wish(person, home, stays, if_confirmed=if_confirmed)


def _stay(state: str, gate: Gate, as_of: date) -> Stay:
    """Return a year from the day on, which is that of the job too."""
    stay = stay_in(state, gate, as_of)
    days = {"first": stay.period.first, "last": stay.period.last}
    job = {f"employment_{name}": day_number(day) for name, day in days.items() if day is not None}
    return replace(stay, facts={"entry_day": day_number(as_of), **job})


def minimum_sums(book: LawBook, as_of: date) -> tuple[Requirement, ...]:
    """Return the requirements of a minimum sum insured that are in force on the day, by id."""
    return tuple(
        one
        for one in book.provisions
        if isinstance(one, Requirement) and isinstance(one.check, SumInsuredAtLeast) and one.in_force.on(as_of)
    )


def routes_in_force(book: LawBook, states: tuple[str, ...], as_of: date) -> tuple[Route, ...]:
    """Return the national routes of the states that are in force on the day, by id."""
    own = {name for name, one in book.jurisdictions.items() if one.state in states and one.treaty is None}
    return tuple(
        one for one in book.provisions if isinstance(one, Route) and one.jurisdiction in own and one.in_force.on(as_of)
    )
