"""Counts without personal data: contracts, persons, decisions. Small numbers are withheld, also by difference.

A number of persons from one to four would point to them, so it is not told. If one number alone were missing, the total
minus the others would tell it; then the next smallest is withheld too, until what is missing adds up to five or more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from polisbridge.core.roles import AccessAction, AccessMatrix, AccessScope, AccessSubject, Actor
from polisbridge.services.access import require

LEAST = 5  # the smallest number that is told, besides none
AGES = ((0, 17), (18, 29), (30, 39), (40, 49), (50, 59), (60, 150))

Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CountTable:
    """Numbers by key, the largest first; None: withheld. `total` is None when it would tell what is withheld."""

    rows: tuple[tuple[Key, int | None], ...]
    total: int | None


@dataclass(frozen=True, slots=True)
class StatisticsScope:
    """Whose figures: those of a state, of one insurer or clinic, or everybody's."""

    state: str = ""
    seller: int | None = None

    @property
    def everybody(self) -> bool:
        """Whether nothing is left out."""
        return not self.state and self.seller is None


class Counting(Protocol):
    """Where the registry is counted. Keys are codes."""

    def contracts(self, scope: StatisticsScope, on: date, at: datetime) -> Mapping[Key, int]:
        """Return contracts in force on the day by home state."""

    def persons(self, scope: StatisticsScope, on: date, at: datetime) -> Mapping[str, Mapping[Key, int]]:
        """Return persons insured on the day, by `role`, `corridor` (home state, state where valid) and `age`.

        A person whose contract is valid in several states counts in each corridor.
        """

    def decisions(self, scope: StatisticsScope) -> Mapping[str, Mapping[Key, int]]:
        """Return decisions kept, by `verdict`, `gate` and `reason` (id of a provision that was not met)."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The tables of one scope on one day."""

    on: date
    scope: StatisticsScope
    contracts: CountTable
    persons: Mapping[str, CountTable]
    decisions: Mapping[str, CountTable]


def scope_of(matrix: AccessMatrix, actor: Actor) -> StatisticsScope:
    """Return whose figures the actor may see. Raises AccessRefused."""
    row = matrix.rows.get(AccessAction.READ_STATISTICS)
    reach = row.scope(actor.role) if row is not None else AccessScope.NONE
    own = frozenset({actor.organisation} if actor.organisation is not None else ())
    require(matrix, actor, AccessAction.READ_STATISTICS, AccessSubject(actor.state, own))
    if reach is AccessScope.ANY_STATE:
        return StatisticsScope()
    if reach is AccessScope.OWN_ORGANISATION:
        return StatisticsScope(seller=actor.organisation)
    return StatisticsScope(actor.state)


def statistics(counting: Counting, scope: StatisticsScope, on: date, at: datetime) -> Statistics:
    """Return all tables, small numbers withheld."""
    persons, decisions = counting.persons(scope, on, at), counting.decisions(scope)
    return Statistics(
        on,
        scope,
        count_table(counting.contracts(scope, on, at)),
        {name: count_table(found, by_key=name == "age") for name, found in persons.items()},
        {name: count_table(found) for name, found in decisions.items()},
    )


def count_table(counts: Mapping[Key, int], *, by_key: bool = False) -> CountTable:
    """Return a table of counts in which no small number can be read or reckoned; in order of number, or of key.

    >>> count_table({("a",): 40, ("b",): 7, ("c",): 2})
    CountTable(rows=((('a',), 40), (('b',), None), (('c',), None)), total=49)
    """
    keys = sorted(counts, key=lambda one: one if by_key else (-counts[one], one))
    told = withheld([counts[one] for one in keys])
    total = sum(counts.values())
    hidden = [counts[one] for one, number in zip(keys, told, strict=True) if number is None]
    safe = not hidden or (len(hidden) > 1 and sum(hidden) >= LEAST)
    rows = tuple(zip(keys, told, strict=True))
    return CountTable(rows, total if safe and (total == 0 or total >= LEAST) else None)


def withheld(counts: Sequence[int]) -> list[int | None]:
    """Return counts with None for what is withheld.

    >>> withheld([40, 7, 2]), withheld([9, 3, 4]), withheld([0, 5])
    ([40, None, None], [9, None, None], [0, 5])
    """
    hidden = {at for at, number in enumerate(counts) if 0 < number < LEAST}
    shown = sorted((at for at, number in enumerate(counts) if number >= LEAST), key=lambda at: counts[at])
    while hidden and shown and (len(hidden) < 2 or sum(counts[at] for at in hidden) < LEAST):  # noqa: PLR2004 - one alone is the difference
        hidden.add(shown.pop(0))
    return [None if at in hidden else number for at, number in enumerate(counts)]


def age_band(age: int | None) -> str:
    """Return the band of an age, as `18-29`; empty when it is not known."""
    return next((f"{low}-{high}" for low, high in AGES if age is not None and low <= age <= high), "")


def csv_rows(found: Statistics) -> list[tuple[str, str, str, str]]:
    """Return all tables as rows: table, key, second key, number; what is withheld is empty."""
    rows = [("table", "key", "key_2", "number")]
    tables = {"contracts": found.contracts, **{f"persons_by_{name}": one for name, one in found.persons.items()}}
    tables |= {f"decisions_by_{name}": one for name, one in found.decisions.items()}
    for name, table in tables.items():
        for key, number in table.rows:
            first, second = (*key, "", "")[:2]
            rows.append((name, first, second, "" if number is None else str(number)))
        rows.append((name, "total", "", "" if table.total is None else str(table.total)))
    return rows
