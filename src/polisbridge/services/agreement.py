"""What could be agreed, computed: what the states ask in common, the strictest of all, and one contract for all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Insured, Stay
from polisbridge.core.days import day_number
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates
from polisbridge.services.compare.cheapest import Cheapest, find_cheapest
from polisbridge.services.compare.common import AskedSet, common_set, strictest_union
from polisbridge.services.compare.offer import Wish
from polisbridge.services.compare.places import places_of
from polisbridge.services.corridors import stay_in

HOME = "UZ"  # who called the round table
SOUGHT: Mapping[str, Gate] = {"RU": Gate.WORK_PERMIT, "KZ": Gate.HIRING, "BY": Gate.ENTRY, "KG": Gate.RESIDENCE}
_BORN = date(1990, 5, 15)


@dataclass(frozen=True, slots=True)
class Proposals:
    """The computed proposals. `pairs` tell what every two states with known ways ask in common.

    `contracts` are the cheapest contract of a worker from `HOME` for the occasions `SOUGHT`: by the law, by the law
    with open points confirmed, and with the draft Agreement supposed and its open points confirmed.
    """

    common: AskedSet
    union: AskedSet
    pairs: tuple[AskedSet, ...]
    contracts: Mapping[str, Cheapest]


def proposals(
    book: LawBook, draft: LawBook, supposed: tuple[str, ...], rates: Rates, as_of: date, states: tuple[str, ...]
) -> Proposals:
    """Return the proposals for the day. `draft` is the book with the draft Agreement supposed, told by `supposed`."""
    places = places_of(book, states)
    common = common_set(book, places, as_of, rates)
    pairs = tuple(common_set(book, places_of(book, pair), as_of, rates) for pair in combinations(common.states, 2))
    wish = _wish(as_of)
    contracts = {
        "today": find_cheapest(book, wish, rates),
        "today_confirmed": find_cheapest(book, replace(wish, if_confirmed=True), rates),
        "draft_confirmed": find_cheapest(draft, replace(wish, if_confirmed=True, supposed=supposed), rates),
    }
    return Proposals(common, strictest_union(book, places, as_of, rates), pairs, contracts)


def _wish(as_of: date) -> Wish:
    person = Insured("worker", Role.WORKER, "", _BORN, frozenset({HOME}), facts={"worker_class": "employee"})
    return Wish(person, HOME, tuple(_stay(state, gate, as_of) for state, gate in SOUGHT.items()))


def _stay(state: str, gate: Gate, as_of: date) -> Stay:
    """Return a year from the day on, which is the permit's and the job's too."""
    stay = stay_in(state, gate, as_of)
    job = {f"employment_{name}": day_number(day) for name, day in zip(("first", "last"), _days(stay), strict=True)}
    return replace(stay, facts={"entry_day": day_number(as_of), **job})


def _days(stay: Stay) -> tuple[date, ...]:
    return tuple(day for day in (stay.period.first, stay.period.last) if day is not None)
