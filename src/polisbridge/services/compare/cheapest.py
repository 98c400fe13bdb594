"""The cheapest contract that is recognised by all chosen states, found by search and checked by deciding.

For each kind and insurer that a contract may have, and each combination of routes, an empty contract takes
every remedy until all stays are satisfied; the cheapest that is left is pared down, written as a contract
file, read back, and decided again. Only what then decides as wished is an answer.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import combinations, product

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.contract import Assumed, Contract, Stay
from polisbridge.core.decide import Decision
from polisbridge.core.facts import Facts
from polisbridge.core.finding import Finding
from polisbridge.core.law import LawBook, OpenQuestion, Provision, Route
from polisbridge.core.money import Rates
from polisbridge.core.remedy import Lever
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.contractwriter import write_contract
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.services.compare.conflicts import PlacePair, find_conflicts
from polisbridge.services.compare.offer import Cost, Wish, contract_of, cost_of, empty_offer, lever_of, own_fields
from polisbridge.services.compare.places import Place
from polisbridge.services.compare.reach import Chosen, Seeker, changed, pared, reach, result_of

_ANY = ""  # no route is needed: whatever the contract, nothing is required


class Hindrance(StrEnum):
    """Why a contract cannot be recognised at a place."""

    NO_LAW = "no_law"
    NO_ROUTE = "no_route"
    OPEN_QUESTION = "open_question"
    UNCONFIRMED = "unconfirmed"
    CONTRACT_KIND = "contract_kind"
    OUTSIDE = "outside"
    FACT_MISSING = "fact_missing"
    NOT_TOGETHER = "not_together"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands against a contract on one stay: the provision, the route it stands on, the facts missing."""

    place: Place
    hindrance: Hindrance
    provision: Provision | None = None
    route: Route | None = None
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A contract with its text as a file, what it costs, and how every stay decides on that text.

    `issuer` are the facts about kind, insurer and clinics that the contract takes for granted: another insurer
    cannot sell it. `assumed` are facts of the person that were taken to be the ordinary case.
    """

    states: tuple[str, ...]
    contract: Contract
    text: str
    cost: Cost
    decided: tuple[tuple[Stay, Assessment], ...]
    issuer: tuple[tuple[str, object], ...]
    assumed: tuple[Assumed, ...]

    @property
    def not_required(self) -> tuple[Stay, ...]:
        """The stays where no contract is required of this person at all."""
        return tuple(stay for stay, one in self.decided if one.decision.verdict is Verdict.NOT_REQUIRED)


@dataclass(frozen=True, slots=True)
class Cheapest:
    """The answer: the cheapest contract for all states, or one for each largest set of states that can.

    `obstacles` tell why the states outside those sets cannot; `conflicts` are the pairs of places among them
    whose routes exclude each other.
    """

    wish: Wish
    law_hash: str
    found: tuple[Found, ...]
    obstacles: tuple[Obstacle, ...]
    conflicts: tuple[PlacePair, ...]

    @property
    def complete(self) -> bool:
        """Whether one contract satisfies all chosen states."""
        return bool(self.found) and set(self.found[0].states) == set(self.wish.states)


def find_cheapest(book: LawBook, wish: Wish, rates: Rates) -> Cheapest:
    """Return the cheapest contract for the wish. Raises PolisbridgeError for a state that the book does not know."""
    search = _Search(Seeker(AppliedLaws(book, rates), wish))
    found = search.largest()
    left = {state for state in wish.states if not found or any(state not in one.states for one in found)}
    obstacles = [one for state in wish.states if state in left for one in search.obstacles(state, found)]
    clashes = tuple(search.clashes(rates, left)) if left else ()
    return Cheapest(wish, book.hash, found, _each_once(obstacles), clashes)


def _each_once(obstacles: Iterable[Obstacle]) -> tuple[Obstacle, ...]:
    found: dict[tuple[object, ...], Obstacle] = {}
    for one in obstacles:
        names = (one.provision.id if one.provision else "", one.route.id if one.route else "")
        found.setdefault((one.place, one.hindrance, *names), one)
    return tuple(found.values())


class _Search:
    """All starts and routes for one wish."""

    def __init__(self, seeker: Seeker) -> None:
        self._seeker, self._wish = seeker, seeker.wish
        insurers = dict.fromkeys([self._wish.home_state, *self._wish.states])
        self._starts = [empty_offer(self._wish, kind, state) for kind in self._wish.kinds for state in insurers]
        self._open = [self._alone(start) for start in self._starts]
        self._offers: dict[tuple[str, ...], Facts] = {}

    def _alone(self, start: Facts) -> dict[int, tuple[str, ...]]:
        """Return for each stay the routes by which the start can be made to satisfy it, taken by itself."""
        found: dict[int, tuple[str, ...]] = {}
        for number, stay in enumerate(self._wish.stays):
            decision = self._seeker.decision(start, stay)
            if decision.verdict is Verdict.NOT_REQUIRED:
                found[number] = (_ANY,)
            else:
                routes = [result.route.id for result in decision.routes if not result.closed]
                found[number] = tuple(route for route in routes if reach(self._seeker, start, {number: route})[1])
        return found

    def largest(self) -> tuple[Found, ...]:
        """Return the cheapest contract of each largest set of states for which there is one."""
        able = [state for state in self._wish.states if any(self._can(at, state) for at in self._open)]
        for size in range(len(able), 0, -1):
            found = [one for states in combinations(able, size) if (one := self._cheapest(states)) is not None]
            if found:
                return tuple(sorted(found, key=lambda one: one.cost))
        return ()

    def _stays(self, states: Iterable[str]) -> tuple[int, ...]:
        wanted = set(states)
        return tuple(number for number, stay in enumerate(self._wish.stays) if stay.state in wanted)

    def _can(self, routes: dict[int, tuple[str, ...]], state: str) -> bool:
        return all(routes[number] for number in self._stays([state]))

    def _ways(self, states: tuple[str, ...]) -> Iterator[tuple[Facts, Chosen]]:
        """Yield every start with every combination of routes that are open to it one by one."""
        stays = self._stays(states)
        for start, routes in zip(self._starts, self._open, strict=True):
            for chosen in product(*(routes[number] for number in stays)):
                yield start, dict(zip(stays, chosen, strict=True))

    def _cheapest(self, states: tuple[str, ...]) -> Found | None:
        found: list[tuple[Cost, int, Facts]] = []
        for start, chosen in self._ways(states):
            offer, done = reach(self._seeker, start, chosen)
            if done:
                less = pared(offer, lambda one: self._seeker.satisfied(one, tuple(chosen)))  # noqa: B023 - used at once
                found.append((self._cost(less), len(found), less))
        for cost, _, offer in sorted(found, key=lambda one: one[:2]):
            checked = self._checked(states, offer, cost)
            if checked is not None:
                self._offers[states] = offer
                return checked
        return None

    def _cost(self, offer: Facts) -> Cost:
        return cost_of(offer, self._wish, self._seeker.laws.book, self._seeker.laws.rates)

    def _checked(self, states: tuple[str, ...], offer: Facts, cost: Cost) -> Found | None:
        """Return the offer as a contract that was written, read back and decided; None where it does not hold."""
        laws, wish = self._seeker.laws, self._wish
        text = write_contract(contract_of(offer, wish.person))
        contract = read_contract(read_tree(text.encode(), "contract"), laws.book.vocabulary)
        decided = []
        for number in self._stays(states):
            (one,) = assess_with(laws, contract, wish.stays[number], supposed=wish.supposed)
            decided.append((wish.stays[number], one))
        if not all(self._seeker.satisfies(one.decision) for _, one in decided):
            return None
        issuer = tuple((name, value) for name in own_fields() if (value := _of_issuer(offer, name)) is not None)
        assumed = dict.fromkeys(fact for _, one in decided for fact in one.assumed)
        return Found(states, contract, text, cost, tuple(decided), issuer, tuple(assumed))

    def obstacles(self, state: str, found: tuple[Found, ...]) -> Iterator[Obstacle]:
        """Yield why the state cannot be satisfied: by itself, or together with those that are."""
        alone = [number for number in self._stays([state]) if not any(at[number] for at in self._open)]
        for number in alone:
            yield from self._why_not(number)
        if not alone:
            for one in found:
                if state not in one.states:
                    yield from self._why_not_with(one, state)

    def _why_not(self, number: int) -> Iterator[Obstacle]:
        """Yield what is left on every route of a stay, for the start that comes furthest."""
        stay, best = self._wish.stays[number], dict[str, list[Obstacle]]()
        for start in self._starts:
            decision = self._seeker.decision(start, stay)
            for result in decision.routes:
                offer, _ = reach(self._seeker, start, {number: result.route.id})
                left = list(_left(stay, self._seeker.decision(offer, stay), result.route.id))
                if result.route.id not in best or len(left) < len(best[result.route.id]):
                    best[result.route.id] = left
        decision = self._seeker.decision(self._starts[0], stay)
        if not best:
            yield from _no_route(stay, decision)
        for left in best.values():
            yield from left

    def _why_not_with(self, found: Found, state: str) -> Iterator[Obstacle]:
        """Yield what the state asks that would cost the contract the recognition it has."""
        offer, stays = self._offers[found.states], self._stays(found.states)
        for number in self._stays([state]):
            decision, told = self._seeker.decision(offer, self._wish.stays[number]), False
            place = _place(self._wish.stays[number])
            for result in decision.routes if not self._seeker.satisfies(decision) else ():
                if isinstance(result.route, Route) and self._takes(number, result.route.id):
                    for finding in (result.entry, *result.findings):
                        if finding.outcome is Outcome.NOT_MET and self._costs(offer, finding, decision, stays):
                            told = True
                            yield Obstacle(place, Hindrance.NOT_TOGETHER, finding.provision, result.route)
            if not told and not self._seeker.satisfies(decision):
                yield from self._open_points(number, decision)

    def _open_points(self, number: int, decision: Decision) -> Iterator[Obstacle]:
        """Yield the open points that hold a contract back which could otherwise be changed to fit."""
        place, told = _place(self._wish.stays[number]), False
        for result in decision.routes:
            if isinstance(result.route, Route) and self._takes(number, result.route.id):
                points = [finding for finding in (result.entry, *result.findings) if finding.open_point]
                for finding, why in [
                    *((one, Hindrance.UNCONFIRMED) for one in points),
                    *((one, Hindrance.OPEN_QUESTION) for one in result.questions),
                ]:
                    told = True
                    yield Obstacle(place, why, finding.provision, result.route)
        if not told:
            yield Obstacle(place, Hindrance.NOT_TOGETHER)

    def _takes(self, number: int, route: str) -> bool:
        """Say whether the route can be taken on the stay at all, by some start."""
        return any(route in at[number] for at in self._open)

    def _costs(self, offer: Facts, finding: Finding, decision: Decision, stays: tuple[int, ...]) -> bool:
        changes = [
            one for one in finding.remedy(decision.facts, decision.law.setting) if one.lever is not Lever.OUTSIDE
        ]
        return not changes or not self._seeker.satisfied(changed(offer, changes), stays)

    def clashes(self, rates: Rates, left: set[str]) -> Iterator[PlacePair]:
        """Yield the pairs of places whose routes, each open to such a contract alone, exclude each other."""
        numbers = {_place(stay): number for number, stay in enumerate(self._wish.stays)}
        for pair in find_conflicts(self._seeker.laws.book, numbers, self._wish.day, rates).pairs:
            open_pairs = tuple(
                one
                for one in pair.pairs
                if self._takes(numbers[pair.one], one.one.route.id)
                and self._takes(numbers[pair.other], one.other.route.id)
            )
            if {pair.one.state, pair.other.state} & left and any(one.excluded for one in open_pairs):
                yield replace(pair, pairs=open_pairs)


def _place(stay: Stay) -> Place:
    return Place(stay.state, stay.gate)


def _of_issuer(offer: Facts, name: str) -> object:
    """Return a fact of the issuer that the offer states; None where it states none."""
    value = getattr(offer, name)
    stated = isinstance(value, str | int) or (isinstance(value, frozenset) and value)
    return value if stated and lever_of(name) is Lever.ISSUER else None


def _no_route(stay: Stay, decision: Decision) -> Iterator[Obstacle]:
    yield Obstacle(_place(stay), Hindrance.NO_ROUTE if decision.law_known else Hindrance.NO_LAW)
    for question in decision.questions:
        if isinstance(question.provision, OpenQuestion) and question.provision.effect == "blocks":
            yield Obstacle(_place(stay), Hindrance.OPEN_QUESTION, question.provision)


def _left(stay: Stay, decision: Decision, route: str) -> Iterator[Obstacle]:
    """Yield what still stands against a contract on a route."""
    result = result_of(decision, route)
    if result is None or result.counts is True or not isinstance(result.route, Route):
        return
    for finding in (result.entry, *result.findings):
        if finding.counts is not True:
            yield Obstacle(
                _place(stay),
                _hindrance(finding, decision),
                finding.provision,
                result.route,
                finding.needs(decision.facts),
            )
    for question in result.questions:
        yield Obstacle(_place(stay), Hindrance.OPEN_QUESTION, question.provision, result.route)


def _hindrance(finding: Finding, decision: Decision) -> Hindrance:
    if finding.outcome is Outcome.UNDETERMINED:
        return Hindrance.FACT_MISSING
    if finding.open_point:
        return Hindrance.UNCONFIRMED
    if isinstance(finding.provision, Route):
        return Hindrance.CONTRACT_KIND
    changes = finding.remedy(decision.facts, decision.law.setting)
    outside = all(change.lever is Lever.OUTSIDE for change in changes)
    return Hindrance.OUTSIDE if outside else Hindrance.NOT_TOGETHER
