"""Corridors: one model contract of every home state decided in every other state, and what stands against it.

The model contract is a file of its own, stated in the report. Only where it was made changes from home to home:
the state of the contract and the insurer, the insurer's licence, and the citizenship of the insured persons.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from polisbridge.core.applied import GATE
from polisbridge.core.assessment import Assessment
from polisbridge.core.codes import Bearing, Evidence, Gate, Outcome, Verdict
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.days import day_number
from polisbridge.core.decide import Decision
from polisbridge.core.finding import Finding
from polisbridge.core.law import OpenQuestion, Provision
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.approaches import SEVEN
from polisbridge.services.assess import assess_with


@dataclass(frozen=True, slots=True)
class Case:
    """One insured person of the model contract on one occasion: the verdict, and what it rests on.

    `reasons` are provisions: the exemptions or duties of a `not_required`, the requirements that are not met, or
    what is open of an `undetermined`. `needs` are facts that the model leaves out.
    """

    home: str
    host: str
    gate: Gate
    person: str
    verdict: Verdict
    reasons: tuple[Provision, ...]
    needs: tuple[str, ...]
    if_confirmed: Verdict


@dataclass(frozen=True, slots=True)
class Corridors:
    """All cases, with the model contract, the day and the states they were decided for."""

    contract: Contract
    as_of: date
    states: tuple[str, ...]
    cases: tuple[Case, ...]
    supposed: tuple[str, ...] = ()

    def between(self, home: str, host: str) -> tuple[Case, ...]:
        """Return the cases of one corridor."""
        return tuple(one for one in self.cases if one.home == home and one.host == host)

    def count(self, cases: Iterable[Case]) -> Mapping[Verdict, int]:
        """Return how many of the cases have each verdict."""
        found = [one.verdict for one in cases]
        return {verdict: found.count(verdict) for verdict in Verdict}


_YEAR = timedelta(days=364)  # from the first day to the last, both inclusive: 365 days
_PLANNED: dict[str, object] = {"care_form": "planned"}  # at the gate of care: who pays for what can be planned


def made_in(contract: Contract, home: str, first: date, citizenship: str = "") -> Contract:
    """Return the model contract as an insurer of the home state makes it for a year from `first`.

    The insured persons are citizens of the home state unless another is named.
    """
    own: dict[str, object] = {
        "home_state": home,
        "insurer_state": home,
        "insurer_licensed_in": frozenset({home}),
        "concluded": day_number(first),
    }
    insured = tuple(replace(one, citizenship=frozenset({citizenship or home})) for one in contract.insured)
    return replace(contract, period=Period(first, first + _YEAR), facts={**contract.facts, **own}, insured=insured)


def stay_in(host: str, gate: Gate, first: date) -> Stay:
    """Return the stay that the model contract is decided for: a year from the day on, which is the contract's own."""
    return Stay(host, gate, first, None, Period(first, first + _YEAR), {**_PLANNED, "entry_day": day_number(first)})


def decide_corridors(
    laws: AppliedLaws,
    contract: Contract,
    as_of: date,
    states: tuple[str, ...] = SEVEN,
    supposed: tuple[str, ...] = (),
) -> Corridors:
    """Decide the model contract of every home state at every gate of every other state."""
    cases = [
        _case(home, host, gate, found)
        for home in states
        for host in states
        if host != home
        for gate in laws.book.gates_of(host)
        for found in assess_with(laws, made_in(contract, home, as_of), stay_in(host, gate, as_of))
    ]
    return Corridors(contract, as_of, states, tuple(cases), supposed)


def _case(home: str, host: str, gate: Gate, found: Assessment) -> Case:
    decision = found.decision
    return Case(
        home,
        host,
        gate,
        found.person,
        decision.verdict,
        tuple({one.id: one for one in _reasons(decision)}.values()),
        decision.needs,
        decision.if_confirmed,
    )


def _reasons(decision: Decision) -> Iterator[Provision]:
    match decision.verdict:
        case Verdict.NOT_REQUIRED:
            yield from (one.provision for one in decision.basis or decision.duties)
        case Verdict.RECOGNISED:
            yield from (one.route for one in decision.routes[:1])
        case Verdict.NOT_RECOGNISED:
            yield from _refused(decision)
        case Verdict.UNDETERMINED:
            yield from _open(decision)


def _refused(decision: Decision) -> Iterator[Provision]:
    """Yield what is not met on the routes that the contract may take; where it may take none, the routes."""
    open_routes = [one for one in decision.routes if not one.closed]
    for result in open_routes or decision.routes:
        for finding in (result.entry, *result.findings):
            if finding.outcome is Outcome.NOT_MET and not (result.closed and finding is not result.entry):
                yield finding.provision


def _open(decision: Decision) -> Iterator[Provision]:
    """Yield the open questions that hold the verdict back, then unconfirmed law, then what is not met beside it."""
    yield from (one.provision for one in decision.questions if _blocks(one))
    doubtful = [*decision.duties, *decision.exemptions]
    for result in decision.routes:
        if not result.closed and result.counts is not True:
            doubtful += (result.entry, *result.findings)
    yield from (one.provision for one in doubtful if one.applied.evidence is Evidence.UNCONFIRMED and _concerns(one))
    for result in decision.routes:
        if not result.closed and result.counts is False:
            yield from (one.provision for one in result.findings if one.outcome is Outcome.NOT_MET)


def _concerns(one: Finding) -> bool:
    return one.counts is None and one.outcome in (Outcome.MET, Outcome.NOT_MET)


def _blocks(one: Finding) -> bool:
    return isinstance(one.provision, OpenQuestion) and one.provision.effect is Bearing.BLOCKS


def bears_on_gate(question: Provision) -> bool:
    """Say whether a question leaves open if there is a duty at the gate at all."""
    return isinstance(question, OpenQuestion) and GATE in question.bears_on
