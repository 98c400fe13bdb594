"""The contracts on record as rows of a portfolio: who is insured on a day, without name, document or day of birth.

What goes along of a person: role, age in whole years on the day, citizenship, and what the contract says of them as
facts (such as the class of worker). A row is found again by the contract's number and the person's id in it, which the
insurer gave. Of contracts of more than `FAMILY` persons no row tells of the others. That the data were read is
recorded for every person.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import chain, groupby
from operator import attrgetter
from typing import Protocol

from polisbridge.core.codes import Gate
from polisbridge.core.contract import Contract, Period, Stay, facts_of
from polisbridge.core.registry import Access, Tree
from polisbridge.core.roles import AccessAction, AccessMatrix, Actor, ActorRole
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.registryfile import read_kept
from polisbridge.services.access import require
from polisbridge.services.jobs import own_scope
from polisbridge.services.portfolio_make import PortfolioRow

FAMILY = 20  # persons of one contract who are told of each other
_STEP = 500  # persons noted at a time


@dataclass(frozen=True, slots=True)
class PortfolioScope:
    """Whose contracts: those of one insurer or clinic, or of all that are of a state. One is named."""

    seller: int | None = None
    state: str = ""


@dataclass(frozen=True, slots=True)
class Occasions:
    """What the contracts are to be decided for: every gate of every state, on a day, for a stay of so many days."""

    states: tuple[str, ...]
    gates: tuple[Gate, ...]
    as_of: date
    days: int

    def stays(self) -> Iterator[Stay]:
        """Yield the stays; each begins on the day."""
        last = self.as_of + timedelta(days=self.days - 1)
        for state in self.states:
            for gate in self.gates:
                yield Stay(state, gate, self.as_of, None, Period(self.as_of, last))


@dataclass(frozen=True, slots=True)
class InsuredOnDay:
    """A person insured on a day, with the terms of the contract on it. `opened` is what the contract says of them.

    `thing` is the contract's number in the registry, `contract` the insurer's own.
    """

    thing: int
    contract: str
    terms: Tree
    period: Period
    product: int | None
    person: int
    opened: bytes
    cover: Period


class InsuredPersons(Protocol):
    """Where the registry's insured persons are read in one go."""

    def insured(self, scope: PortfolioScope, on: date, at: datetime) -> Iterator[InsuredOnDay]:
        """Yield who is insured on the day, as known at the instant, contract by contract; memory stays flat.

        Persons whose data were erased are left out.
        """

    def note(self, persons: Sequence[int], access: Access) -> None:
        """Record for each of the persons that somebody looked at their data."""


def scope_of(matrix: AccessMatrix, actor: Actor) -> PortfolioScope:
    """Return whose contracts the actor may run: an insurer its own, an authority those of its state.

    Raises AccessRefused for everybody else.
    """
    require(matrix, actor, AccessAction.RUN_PORTFOLIO, own_scope(actor))
    if actor.role is ActorRole.AUTHORITY:
        return PortfolioScope(state=actor.state)
    return PortfolioScope(seller=actor.organisation)


def portfolio_rows(
    source: InsuredPersons, scope: PortfolioScope, asked: Occasions, access: Access, vocabulary: Vocabulary
) -> Iterator[PortfolioRow]:
    """Yield a row for every person insured on the day and every occasion; each look is recorded before it is used."""
    persons = _noted(source, source.insured(scope, asked.as_of, access.at), access)
    for _, members in groupby(persons, key=attrgetter("thing")):
        yield from _rows(members, asked, vocabulary)


def _noted(source: InsuredPersons, persons: Iterable[InsuredOnDay], access: Access) -> Iterator[InsuredOnDay]:
    held = list[InsuredOnDay]()
    for one in persons:
        held.append(one)
        if len(held) >= _STEP:
            source.note(sorted({each.person for each in held}), access)
            yield from held
            held.clear()
    if held:
        source.note(sorted({each.person for each in held}), access)
        yield from held


def _rows(members: Iterator[InsuredOnDay], asked: Occasions, vocabulary: Vocabulary) -> Iterator[PortfolioRow]:
    """Yield the rows of one contract: of a small one with all its persons, of a large one person by person."""
    first = [one for _, one in zip(range(FAMILY + 1), members, strict=False)]
    if len(first) <= FAMILY:
        yield from _told(first, asked, vocabulary, all_told=True)
        return
    for one in chain(first, members):
        yield from _told([one], asked, vocabulary, all_told=False)


def _told(
    members: list[InsuredOnDay], asked: Occasions, vocabulary: Vocabulary, *, all_told: bool
) -> Iterator[PortfolioRow]:
    one = members[0]
    persons = [(each.opened, each.cover) for each in members]
    contract = read_kept(one.terms, one.period, persons, one.contract, vocabulary)
    contract = replace(contract, all_told=all_told)
    product = "" if one.product is None else str(one.product)
    for stay in asked.stays():
        yield from _of_stay(contract, stay, product)


def _of_stay(contract: Contract, stay: Stay, product: str) -> Iterator[PortfolioRow]:
    for person in contract.insured:
        facts, _ = facts_of(contract, person, stay)
        yield PortfolioRow(contract.number, person.id, product, replace(facts, birth_day=None))
