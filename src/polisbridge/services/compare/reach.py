"""From an empty contract to one that is recognised: by remedies, by keeping clear of open questions, then pared down."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.contract import Stay, facts_of
from polisbridge.core.decide import Decision, RouteResult, decide
from polisbridge.core.facts import BenefitLine, Facts, FieldType, field_types
from polisbridge.core.remedy import Change, Lever, apply_changes, merged
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.compare.offer import Wish, contract_of, cost_of, nothing, own_fields, with_facts
from polisbridge.services.compare.towards import changes_towards

_ROUNDS = 8  # a remedy may bring a further need to light
_DEPTH = 4  # open questions kept clear of, one after the other
_SATISFIED = (Verdict.RECOGNISED, Verdict.NOT_REQUIRED)

Chosen: TypeAlias = dict[int, str]  # number of the stay -> id of the route to take


@dataclass(frozen=True, slots=True)
class Seeker:
    """What is sought under which law."""

    laws: AppliedLaws
    wish: Wish

    def decision(self, offer: Facts, stay: Stay) -> Decision:
        """Return the decision for the offer on one stay."""
        facts, _ = facts_of(contract_of(offer, self.wish.person), self.wish.person, stay)
        law = self.laws.at(stay.state, stay.gate, stay.as_of, self.wish.home_state, self.wish.day)
        return decide(facts, law)

    def decisions(self, offer: Facts, stays: tuple[int, ...]) -> dict[int, Decision]:
        """Return the decisions for the stays by their numbers."""
        return {number: self.decision(offer, self.wish.stays[number]) for number in stays}

    def satisfies(self, decision: Decision) -> bool:
        """Say whether the decision is what is wished."""
        return (decision.if_confirmed if self.wish.if_confirmed else decision.verdict) in _SATISFIED

    def satisfied(self, offer: Facts, stays: tuple[int, ...]) -> bool:
        """Say whether the offer is what is wished on every stay."""
        return all(self.satisfies(self.decision(offer, self.wish.stays[number])) for number in stays)


def reach(seeker: Seeker, offer: Facts, chosen: Chosen, depth: int = _DEPTH) -> tuple[Facts, bool]:
    """Return the offer after all changes on the chosen routes, and whether every stay is satisfied then."""
    stays = tuple(chosen)
    for _ in range(_ROUNDS):
        decisions = seeker.decisions(offer, stays)
        changes = [
            change
            for number, decision in decisions.items()
            if not seeker.satisfies(decision)
            for change in _remedies(decision, chosen[number])
        ]
        again = changed(offer, changes)
        if again == offer:
            break
        offer = again
    if seeker.satisfied(offer, stays) or depth == 0:
        return offer, seeker.satisfied(offer, stays)
    return _clear_of_questions(seeker, offer, chosen, depth)


def changed(offer: Facts, changes: list[Change]) -> Facts:
    """Return the offer after changes; its term is counted when it becomes a contract."""
    again = apply_changes(offer, merged(changes))
    return replace(again, term_days=None, term_months=None)


def result_of(decision: Decision, route: str) -> RouteResult | None:
    """Return what the decision says of a route; None where it does not concern the person."""
    return next((one for one in decision.routes if one.route.id == route), None)


def _remedies(decision: Decision, route: str) -> Iterator[Change]:
    result = result_of(decision, route)
    if result is not None:
        for finding in (result.entry, *result.findings):
            if finding.outcome is Outcome.NOT_MET:
                found = finding.remedy(decision.facts, decision.law.setting)
                yield from (change for change in found if change.lever is not Lever.OUTSIDE)


def _clear_of_questions(seeker: Seeker, offer: Facts, chosen: Chosen, depth: int) -> tuple[Facts, bool]:
    """Return the cheapest offer that no open question holds back any more; the offer itself when there is none."""
    book, rates = seeker.laws.book, seeker.laws.rates
    found: list[Facts] = []
    for number, route in chosen.items():
        decision = seeker.decision(offer, seeker.wish.stays[number])
        result = result_of(decision, route)
        if seeker.satisfies(decision) or result is None:
            continue
        for question in result.questions:
            for changes in changes_towards(question.applied.applies, decision.facts, book, wanted=False):
                again = changed(offer, list(changes))
                if again != offer:
                    reached, done = reach(seeker, again, chosen, depth - 1)
                    found += [reached] if done else []
            break
        break
    if not found:
        return offer, False
    return min(found, key=lambda one: cost_of(one, seeker.wish, book, rates)), True


Fine: TypeAlias = Callable[[Facts], bool]


def pared(offer: Facts, fine: Fine) -> Facts:
    """Return the offer with everything taken away that makes no difference: lines, amounts, days, codes, promises.

    Nothing further can be lowered, shortened or removed by itself. What nobody asks about is not stated.
    """
    licensed = with_facts(offer, insurer_licensed_in=(offer.insurer_licensed_in or frozenset()) | {offer.insurer_state})
    offer = licensed if fine(licensed) else offer
    for _ in range(_ROUNDS):
        before = offer
        for smaller in (_fewer_lines, _less_of_lines, _smaller_numbers, _fewer_codes):
            offer = smaller(offer, fine)
        if offer == before:
            break
    return _unstated(offer, fine)


def _fewer_lines(offer: Facts, fine: Fine) -> Facts:
    for line in offer.benefits or ():
        less = with_facts(offer, benefits=tuple(one for one in offer.benefits or () if one is not line))
        offer = less if fine(less) else offer
    return offer


def _less_of_lines(offer: Facts, fine: Fine) -> Facts:
    for index in range(len(offer.benefits or ())):
        line = (offer.benefits or ())[index]
        plain = _with_line(offer, index, BenefitLine(benefit=line.benefit))
        if fine(plain):
            offer = plain
        elif isinstance(line.limit, int):
            limit = _least(line.limit, lambda one: fine(_with_line(offer, index, replace(line, limit=one))))  # noqa: B023 - used at once
            offer = _with_line(offer, index, replace(line, limit=limit))
    return offer


def _with_line(offer: Facts, index: int, line: BenefitLine) -> Facts:
    lines = offer.benefits or ()
    return with_facts(offer, benefits=(*lines[:index], line, *lines[index + 1 :]))


def _smaller_numbers(offer: Facts, fine: Fine) -> Facts:
    for name in ("sum_insured", "first_part_in_full", "late_penalty"):
        offer = _dropped(offer, name, fine)
        value = getattr(offer, name)
        if isinstance(value, int):
            least = _least(value, lambda one: fine(with_facts(offer, **{name: one})))  # noqa: B023 - used at once
            offer = with_facts(offer, **{name: least})
    if isinstance(offer.first_day, int) and isinstance(offer.last_day, int):
        first, last = offer.first_day, offer.last_day
        last = first + _least(last - first, lambda days: fine(with_facts(offer, last_day=first + days)))
        offer = with_facts(offer, last_day=last)
        first = last - _least(last - first, lambda days: fine(with_facts(offer, first_day=last - days)))
        offer = with_facts(offer, first_day=first)
    return offer


def _least(value: int, fine: Callable[[int], bool]) -> int:
    """Return the least number from 0 to the value that is fine, taking it that more is never worse."""
    if value <= 0 or not fine(value - 1):
        return value
    low, high = -1, value - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fine(middle) else (middle, high)
    return high


def _fewer_codes(offer: Facts, fine: Fine) -> Facts:
    for name in own_fields():
        value = getattr(offer, name)
        kept = {offer.insurer_state} if name == "insurer_licensed_in" else set()
        for code in sorted(value - kept) if isinstance(value, frozenset) else ():
            less = with_facts(offer, **{name: getattr(offer, name) - {code}})
            offer = less if fine(less) else offer
        if isinstance(value, int | str) and name not in _KEPT and not name.endswith("_currency"):
            offer = _dropped(offer, name, fine)
    return offer


_KEPT = ("contract_kind", "home_state", "insurer_state", "concluded", "document_form", "first_day", "last_day")


def _dropped(offer: Facts, name: str, fine: Fine) -> Facts:
    """Return the offer with the field stated absent, if that makes no difference."""
    less = with_facts(offer, **{name: nothing(field_types(Facts)[name])})
    return less if less != offer and fine(less) else offer


def _unstated(offer: Facts, fine: Fine) -> Facts:
    """Return the offer without what nobody asks about; the insurer's and the paper's own facts stay."""
    told = [
        name for name in own_fields() if name not in (*_KEPT, "insurer_licensed_in") and not name.endswith("_currency")
    ]
    for name in told:
        kind = field_types(Facts)[name]
        if getattr(offer, name) == nothing(kind) and kind is not FieldType.LINES:
            less = with_facts(offer, **{name: None})
            offer = less if fine(less) else offer
    return offer
