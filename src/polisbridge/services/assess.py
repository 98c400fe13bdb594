"""Decide a contract: for each insured person one Decision, with the top-up that would change a "no"."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Gate, Outcome, RateDay, Verdict
from polisbridge.core.contract import Assumed, Contract, Insured, Stay, facts_of
from polisbridge.core.days import day_of
from polisbridge.core.decide import Decision, RouteResult, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.core.finding import Finding
from polisbridge.core.law import LawBook, Requirement
from polisbridge.core.money import Rates, RateTable
from polisbridge.core.remedy import Change, Lever, TopUp, apply_changes, merged
from polisbridge.services.applied_laws import AppliedLaws

_ROUNDS = 5  # a remedy may bring a further need to light; rules of law settle in one or two


def assess_contract(
    book: LawBook,
    contract: Contract,
    stay: Stay,
    rates: Rates,
    persons: Iterable[str] = (),
    supposed: tuple[str, ...] = (),
) -> tuple[Assessment, ...]:
    """Return one assessment per insured person, in the order of the contract; all, or those named.

    Raises PolisbridgeError when a person named is not insured, or the book does not know the state.
    """
    return assess_with(AppliedLaws(book, rates), contract, stay, persons, supposed)


def assess_with(
    laws: AppliedLaws,
    contract: Contract,
    stay: Stay,
    persons: Iterable[str] = (),
    supposed: tuple[str, ...] = (),
) -> tuple[Assessment, ...]:
    """Return what `assess_contract` does, by law that is kept applied for the next contract."""
    known_state(laws.book, stay.state)
    wanted = set(persons)
    unknown = wanted - {person.id for person in contract.insured}
    if unknown:
        insured = ", ".join(person.id for person in contract.insured)
        raise PolisbridgeError(
            ErrorCode.UNKNOWN_PERSON, ", ".join(sorted(unknown)), hint=f"the contract insures {insured}"
        )
    chosen = [person for person in contract.insured if not wanted or person.id in wanted]
    return tuple(_assess(laws, contract, person, stay, supposed) for person in chosen)


def known_state(book: LawBook, state: str) -> None:
    """Raise PolisbridgeError when the book holds no law of the state."""
    if state not in book.states():
        hint = f"the law knows {', '.join(book.states())}; CONTRIBUTING.md tells how to add a state"
        raise PolisbridgeError(ErrorCode.UNKNOWN_STATE, state, hint=hint)


def assess_matrix(
    book: LawBook, contract: Contract, stay: Stay, rates: Rates, states: Iterable[str] = ()
) -> Iterator[tuple[str, Gate, tuple[Assessment, ...]]]:
    """Yield every state and gate that the book knows, with the assessments of all insured persons.

    The dates of the stay are taken for each; the region only in its own state.
    """
    laws = AppliedLaws(book, rates)
    for state in states or book.states():
        for gate in book.gates_of(state):
            region = stay.region if stay.region and stay.region.startswith(f"{state}-") else None
            here = replace(stay, state=state, gate=gate, region=region)
            yield state, gate, assess_with(laws, contract, here)


def assess_facts(
    laws: AppliedLaws,
    facts: Facts,
    gate: Gate,
    as_of: date,
    person: str = "",
    assumed: tuple[Assumed, ...] = (),
) -> Assessment:
    """Return the assessment of Facts that are already at hand, as a saved decision has them."""
    concluded = day_of(facts.concluded) if isinstance(facts.concluded, int) else None
    home_state = facts.home_state if isinstance(facts.home_state, str) else None
    law = laws.at(str(facts.state), gate, as_of, home_state, concluded)
    decision = laws.deciding(facts, law)
    return Assessment(person, facts, assumed, as_of, decision, top_up_of(facts, decision), rates_used(facts, decision))


def _assess(
    laws: AppliedLaws, contract: Contract, person: Insured, stay: Stay, supposed: tuple[str, ...]
) -> Assessment:
    facts, assumed = facts_of(contract, person, stay)
    found = assess_facts(laws, facts, stay.gate, stay.as_of, person.id, assumed)
    return replace(found, supposed=supposed)


def top_up_of(facts: Facts, decision: Decision) -> TopUp | None:
    """Return the changes of the nearest route together, checked by deciding again; None when none help.

    `complete` means that the changed contract is recognised. What remains is a missing fact, an open point
    of law, or something that no contract can change.
    """
    nearest = decision.nearest
    if nearest is None or nearest.closed or decision.verdict in (Verdict.RECOGNISED, Verdict.NOT_REQUIRED):
        return None
    changes: tuple[Change, ...] = ()
    again = decision
    for _ in range(_ROUNDS):
        more = merged((*changes, *_remedies(again, nearest)))
        if more == changes:
            break
        changes, again = more, decide(apply_changes(facts, more), decision.law)
    return TopUp(changes, complete=again.verdict is Verdict.RECOGNISED) if changes else None


def _remedies(decision: Decision, nearest: RouteResult) -> Iterator[Change]:
    """Yield what would help on the route that was nearest first; a change may bring a further need to light."""
    for result in decision.routes:
        if result.route.id == nearest.route.id:
            for finding in (result.entry, *result.findings):
                if finding.outcome is Outcome.NOT_MET:
                    yield from (
                        change
                        for change in finding.remedy(decision.facts, decision.law.setting)
                        if change.lever is not Lever.OUTSIDE
                    )


def rates_used(facts: Facts, decision: Decision) -> tuple[RateTable, ...]:
    """Return the rows of official rates that limits were converted with, by table, each once."""
    found: dict[str, RateTable] = {}
    for result in decision.routes:
        for finding in result.findings:
            for ask in finding.applied.asks:
                for own in _currencies(facts, ask.field, ask.benefit):
                    if ask.currency and own != ask.currency:
                        used = decision.law.setting.conversion(ask.currency, own, _rate_day(finding))
                        if used is not None:
                            found[used.table.source] = _together(found.get(used.table.source), used.table)
    return tuple(found[source] for source in sorted(found))


def _together(one: RateTable | None, other: RateTable) -> RateTable:
    rows = {*(one.rates if one else ()), *other.rates}
    return replace(other, rates=tuple(sorted(rows, key=lambda rate: (rate.day, rate.currency))))


def _currencies(facts: Facts, field: str, benefit: str | None) -> Iterator[str]:
    records: tuple[object, ...] = (facts, *(facts.benefits or ())) if benefit or field == "limit" else (facts,)
    for record in records:
        currency = getattr(record, f"{field}_currency", None)
        if isinstance(currency, str):
            yield currency


def _rate_day(finding: Finding) -> RateDay:
    check = finding.provision.check if isinstance(finding.provision, Requirement) else None
    rule = getattr(check, "rate_day", RateDay.ASSESSED)
    return rule if isinstance(rule, RateDay) else RateDay.ASSESSED
