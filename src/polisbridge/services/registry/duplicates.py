"""Persons of one insurer who may be one person twice: listed with grade and reasons, for a person to decide; never merged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import combinations

from polisbridge.core.names.match import Grade, Match
from polisbridge.core.registry import Enrolment, Identity, RegisteredContract
from polisbridge.services.registry.matching import two_records
from polisbridge.services.registry.persons import identities
from polisbridge.services.registry.ports import Registry

MOST_PERSONS = 5_000  # compared at once: those of whom something was recorded last
_STEP = 1_000
_DOUBT = (Grade.SAME, Grade.LIKELY, Grade.POSSIBLE)


@dataclass(frozen=True, slots=True)
class Doubles:
    """Two persons on record who may be one, the surest first."""

    one: int
    other: int
    match: Match


@dataclass(frozen=True, slots=True)
class Compared:
    """The pairs, who the persons in them are, how many were compared, and whether there were more than that."""

    pairs: tuple[Doubles, ...]
    known: dict[int, Identity]
    persons: int
    all: bool


def doubles_of(registry: Registry, seller: int, *, at: datetime) -> Compared:
    """Return the persons insured by a seller who may be one person twice. Only equal birth days are compared."""
    persons = _persons(registry, seller, at)
    newest = persons[-MOST_PERSONS:]
    known = dict(_known(registry, newest, at))
    by_day = defaultdict[date, list[int]](list)
    for person, who in known.items():
        if who.born is not None:
            by_day[who.born].append(person)
    pairs = [
        Doubles(one, other, found)
        for same in by_day.values()
        for one, other in combinations(sorted(same), 2)
        if (found := two_records(known[one], known[other])).grade in _DOUBT
    ]
    pairs.sort(key=lambda pair: (_DOUBT.index(pair.match.grade), pair.one, pair.other))
    named = {person for pair in pairs for person in (pair.one, pair.other)}
    shown = {person: who for person, who in known.items() if person in named}
    return Compared(tuple(pairs), shown, len(newest), len(newest) == len(persons))


def _persons(registry: Registry, seller: int, at: datetime) -> list[int]:
    contracts = sorted({one.thing for one in registry.known(RegisteredContract, on=None, at=at, seller=seller)})
    found = set[int]()
    for start in range(0, len(contracts), _STEP):
        piece = contracts[start : start + _STEP]
        found |= {one.value.person for one in registry.known(Enrolment, on=None, at=at, contract=piece)}
    return sorted(found)


def _known(registry: Registry, persons: list[int], at: datetime) -> Iterator[tuple[int, Identity]]:
    for start in range(0, len(persons), _STEP):
        found: Iterable[tuple[int, Identity | None]]
        found = identities(registry, persons[start : start + _STEP], at=at).items()
        yield from ((person, who) for person, who in found if who is not None)
