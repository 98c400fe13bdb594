"""Conflicts: routes of two places that no contract can take together, proven from their conditions.

A route asks what its entry and its requirements ask. Two places conflict only if every route of the one
excludes every route of the other; routes that remain are told, with how well they are established.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations, product

from polisbridge.core.checks import Setting
from polisbridge.core.codes import Evidence
from polisbridge.core.condition import ALWAYS, Condition, Not, Or, fields_read
from polisbridge.core.days import day_number
from polisbridge.core.exclusive import OCCASION_FIELDS, Demand, exclusive
from polisbridge.core.facts import Facts, field_types
from polisbridge.core.law import LawBook, Provision, Route
from polisbridge.core.money import Rates
from polisbridge.core.specialise import specialise
from polisbridge.services.compare.places import Place, PlaceLaw, laws_at

_PERSON = frozenset(
    list(field_types(Facts))[list(field_types(Facts)).index("role") : list(field_types(Facts)).index("contract_kind")]
)


class Together(StrEnum):
    """Whether two places can be satisfied by one contract: never, only by law that is open, or as it stands."""

    CONFLICT = "conflict"
    ONLY_BY_OPEN_LAW = "only_by_open_law"
    COMBINES = "combines"
    NO_ROUTE = "no_route"


@dataclass(frozen=True, slots=True)
class RouteAsks:
    """A route with its entry and requirements as demands on one place's occasion, each with its provision.

    `open_points` are the unconfirmed provisions and blocking questions that stand in it, each with the demand
    that it does not concern the contract.
    """

    place: Place
    route: Route
    evidence: Evidence
    demands: tuple[tuple[Provision, Demand], ...]
    open_points: tuple[tuple[Provision, Demand], ...]

    @property
    def asks_contract(self) -> bool:
        """Whether it asks anything of a contract, and not only that the person belongs to a scheme."""
        read = {name for _, demand in self.demands for name in fields_read(demand.condition)}
        return bool(read - OCCASION_FIELDS - _PERSON)


@dataclass(frozen=True, slots=True)
class RoutePair:
    """A route of one place and one of another. `because` names the provisions that exclude each other.

    `excluded` without any: only all of them together cannot be met. `established`: they may be met together
    by a contract that no unconfirmed provision and no blocking question of either concerns.
    """

    one: RouteAsks
    other: RouteAsks
    excluded: bool
    established: bool
    because: tuple[tuple[Provision, Provision], ...] = ()


@dataclass(frozen=True, slots=True)
class PlacePair:
    """Two places with every combination of those of their routes that ask something of a contract.

    `without_contract` are the other routes: membership of a scheme, whatever contract there is.
    """

    one: Place
    other: Place
    pairs: tuple[RoutePair, ...]
    without_contract: tuple[RouteAsks, ...] = ()

    @property
    def combining(self) -> tuple[RoutePair, ...]:
        """The combinations that are not proven to exclude each other."""
        return tuple(pair for pair in self.pairs if not pair.excluded)

    @property
    def together(self) -> Together:
        """Whether one contract can satisfy both places."""
        if not self.pairs:
            return Together.NO_ROUTE
        if not self.combining:
            return Together.CONFLICT
        settled = any(pair.established for pair in self.combining)
        return Together.COMBINES if settled else Together.ONLY_BY_OPEN_LAW


@dataclass(frozen=True, slots=True)
class Conflicts:
    """Every pair of places of different states, on a day."""

    as_of: date
    law_hash: str
    pairs: tuple[PlacePair, ...]


def find_conflicts(book: LawBook, places: Iterable[Place], as_of: date, rates: Rates | None = None) -> Conflicts:
    """Return for every two places of different states which of their routes exclude each other, and why."""
    asks = [(law.place, route_asks(book, law, as_of, rates or Rates())) for law in laws_at(book, places, as_of)]
    pairs = [
        _places(one, here, other, there)
        for (one, here), (other, there) in combinations(asks, 2)
        if one.state != other.state
    ]
    return Conflicts(as_of, book.hash, tuple(pairs))


def _places(one: Place, here: tuple[RouteAsks, ...], other: Place, there: tuple[RouteAsks, ...]) -> PlacePair:
    left, right = (tuple(each for each in some if each.asks_contract) for some in (here, there))
    beside = tuple(each for each in (*here, *there) if not each.asks_contract)
    return PlacePair(one, other, tuple(_pair(a, b) for a, b in product(left, right)), beside)


def route_asks(book: LawBook, law: PlaceLaw, as_of: date, rates: Rates) -> tuple[RouteAsks, ...]:
    """Return what each route of a place asks, as demands on that place's occasion."""
    setting = Setting(law.place.state, as_of, None, rates.preferring([law.place.state]), book.wider_benefits())
    given = {"state": law.place.state, "gate": law.place.gate.value, "as_of": day_number(as_of)}

    def demand(condition: Condition, *, holds: bool = True) -> Demand:
        return Demand(specialise(condition, given), str(law.place), holds=holds)

    found = []
    for one in law.of(Route):
        if isinstance(one.provision, Route):
            requirements = law.requirements_of(one.provision)
            asked: list[tuple[Provision, Demand]] = [(one.provision, demand(one.provision.accepts))]
            asked += [(each, demand(Or((Not(each.applies), each.check.condition(setting))))) for each in requirements]
            names = [each.id for each, _ in asked]
            doubtful = [each for each, _ in asked if law.evidence(each) is Evidence.UNCONFIRMED]
            released = tuple((each, demand(_concerns(each), holds=False)) for each in (*doubtful, *law.blocking(names)))
            found.append(RouteAsks(law.place, one.provision, one.evidence, tuple(asked), released))
    return tuple(found)


def _concerns(provision: Provision) -> Condition:
    """Return which contracts an open point concerns; an unconfirmed route concerns all that take it."""
    return ALWAYS if isinstance(provision, Route) else provision.applies


def _pair(one: RouteAsks, other: RouteAsks) -> RoutePair:
    because = tuple((a, b) for (a, x), (b, y) in product(one.demands, other.demands) if exclusive([x, y]))
    together = [demand for _, demand in (*one.demands, *other.demands)]
    excluded = bool(because) or exclusive(together)
    released = [demand for _, demand in (*one.open_points, *other.open_points)]
    return RoutePair(one, other, excluded, not excluded and not exclusive([*together, *released]), because)
