"""The decision: from Facts and the law in force to one verdict with every reason.

Strong Kleene logic throughout; None is "not known". The steps:

1. the provisions of the gate in force on the day are bound beforehand (`applied.apply_law`);
2. an exemption that is met, or no duty positively established, gives `not_required`;
3. a route is the conjunction of its requirements, every one of them looked at;
4. one route met gives `recognised`, all not met `not_recognised`, else `undetermined`;
5. what rests on unconfirmed law or on an open question counts as not known, so it is never a "yes";
6. the same is reckoned twice more, with the open points confirmed and refuted, to say what hangs on them.
"""

from dataclasses import dataclass
from typing import NamedTuple

from polisbridge.core.applied import GATE, NOT_ENDED_AT, Applied, AppliedLaw, AppliedRoute
from polisbridge.core.checks import Setting
from polisbridge.core.codes import Gate, Outcome, Verdict
from polisbridge.core.condition import Truth, all_of, any_of
from polisbridge.core.facts import Facts
from polisbridge.core.law import OpenQuestion, Provision, Requirement
from polisbridge.core.remedy import Action, Change, Lever

EXCHANGE_RATE = "exchange_rate"  # what is missing when a limit is in another currency and no rate is at hand
_OUTCOMES: dict[Truth, Outcome] = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}


class Finding(NamedTuple):
    """What one provision says of this occasion.

    `outcome` takes the provision as it is written. `counts` is its worth for the verdict: None where a
    fact is missing, or where it is an `open_point`: the law behind it is unconfirmed or under an open
    question. `actual` holds the values of the fields in `applied.asks`; `needs` the facts that are missing.
    """

    applied: Applied
    outcome: Outcome
    counts: Truth
    actual: tuple[object, ...] = ()
    remedy: tuple[Change, ...] = ()
    needs: tuple[str, ...] = ()
    open_point: bool = False

    @property
    def provision(self) -> Provision:
        """The provision that speaks."""
        return self.applied.provision


class RouteResult(NamedTuple):
    """One way to satisfy the duty: whether this contract may take it (`entry`), and all its findings.

    `questions` are the open questions that hold it back for this occasion.
    """

    outcome: Outcome
    counts: Truth
    entry: Finding
    findings: tuple[Finding, ...]
    questions: tuple[Finding, ...]

    @property
    def closed(self) -> bool:
        """Whether this contract may not take the route at all, and could not by running longer."""
        return self.entry.outcome is Outcome.NOT_MET and not self.entry.remedy

    @property
    def route(self) -> Provision:
        """The route itself."""
        return self.entry.provision


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one insured person on one occasion, with everything it rests on.

    Routes come met first, then nearest first. `questions` are those that concern this occasion, or may.
    `if_confirmed` and `if_refuted` are the verdicts should every open point turn out as it is written, or
    not; both equal `verdict` when nothing hangs on one.
    """

    law: AppliedLaw
    verdict: Verdict
    if_confirmed: Verdict
    if_refuted: Verdict
    duties: tuple[Finding, ...]
    exemptions: tuple[Finding, ...]
    routes: tuple[RouteResult, ...]
    questions: tuple[Finding, ...]

    @property
    def law_known(self) -> bool:
        """Whether the book holds any law of this state, gate and day."""
        return bool(self.duties or self.exemptions or self.law.routes or self.law.questions)

    @property
    def nearest(self) -> RouteResult | None:
        """The route by which the contract is recognised, else the nearest one."""
        return self.routes[0] if self.routes else None

    @property
    def basis(self) -> tuple[Finding, ...]:
        """The exemptions that are met and confirmed."""
        return tuple(finding for finding in self.exemptions if finding.counts is True)

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts whose absence holds the verdict back, sorted."""
        if self.verdict is not Verdict.UNDETERMINED:
            return ()
        findings = [*self.duties, *self.exemptions, *self.questions]
        for result in self.routes:
            if result.counts is not False and not result.closed:
                findings += (result.entry, *result.findings)
        return tuple(sorted({name for finding in findings for name in finding.needs}))


def decide(facts: Facts, law: AppliedLaw) -> Decision:
    """Return the decision for one record under one applied law. Never raises for missing facts."""
    truths = law.run(facts)
    questions = {
        one.applies_at: _question(one, facts, truths) for one in law.questions if truths[one.applies_at] is not False
    }
    duties = [_finding(one, facts, truths, _held(one, law, questions)) for one in law.duties]
    exemptions = [_finding(one, facts, truths, _held(one, law, questions)) for one in law.exemptions]
    routes = [
        _route(one, facts, truths, law.setting, questions)
        for one in law.routes
        if truths[one.route.applies_at] is not False
    ]
    routes.sort(key=_distance)
    gate_open = bool(questions) and any(one.applies_at in questions for one in law.gate_questions)
    verdict, confirmed, refuted = _verdicts(duties, exemptions, routes, law.gate, gate_open=gate_open)
    told = _told(questions, duties, exemptions, routes)
    return Decision(law, verdict, confirmed, refuted, tuple(duties), tuple(exemptions), tuple(routes), told)


def _told(
    questions: dict[int, Finding], duties: list[Finding], exemptions: list[Finding], routes: list[RouteResult]
) -> tuple[Finding, ...]:
    """Return the questions worth telling: not those that only bear on what this person has no part in."""
    if not questions:
        return ()
    live = {GATE} | {one.provision.id for one in (*duties, *exemptions) if one.outcome is not Outcome.NOT_MET}
    for result in routes:
        if not result.closed:
            live |= {result.route.id, *(one.provision.id for one in result.findings)}
    return tuple(
        one
        for one in questions.values()
        if isinstance(one.provision, OpenQuestion)
        and (not one.provision.bears_on or live & set(one.provision.bears_on))
    )


def _held(one: Applied, law: AppliedLaw, questions: dict[int, Finding]) -> bool:
    """Say whether an open question that concerns this occasion holds a duty or exemption back."""
    return bool(questions) and any(part.applies_at in questions for part in law.held_by.get(one.provision.id, ()))


def _question(one: Applied, facts: Facts, truths: tuple[Truth, ...]) -> Finding:
    applies = truths[one.applies_at]
    return Finding(
        one, _OUTCOMES[applies], None, (), (), _missing(one, facts) if applies is None else (), open_point=True
    )


def _finding(one: Applied, facts: Facts, truths: tuple[Truth, ...], held: bool) -> Finding:  # noqa: FBT001 - internal
    """Return what a duty, an exemption or a route's entry says."""
    applies, holds = truths[one.applies_at], truths[one.holds_at]
    stated = False if applies is False or holds is False else None if applies is None or holds is None else True
    open_point = (one.unconfirmed or held) and stated is not False
    actual = tuple([getattr(facts, ask.field) for ask in one.asks])
    needs = _missing(one, facts) if stated is None else ()
    return Finding(one, _OUTCOMES[stated], None if open_point else stated, actual, (), needs, open_point)


def _requirement(one: Applied, facts: Facts, truths: tuple[Truth, ...], setting: Setting) -> Finding:
    applies, holds = truths[one.applies_at], truths[one.holds_at]
    if applies is False:
        return Finding(one, Outcome.NOT_APPLICABLE, counts=True)
    open_point, actual = one.unconfirmed, tuple([getattr(facts, ask.field, None) for ask in one.asks])
    if holds is True:
        return Finding(one, Outcome.MET, None if open_point else True, actual, (), (), open_point)
    if applies is None or holds is None:
        return Finding(one, Outcome.UNDETERMINED, None, actual, (), _missing(one, facts), open_point)
    assert isinstance(one.provision, Requirement)  # noqa: S101 - for the type checker; others do not come here
    remedy = one.provision.check.remedy(facts, setting)
    return Finding(one, Outcome.NOT_MET, None if open_point else False, actual, remedy, (), open_point)


def _missing(one: Applied, facts: Facts) -> tuple[str, ...]:
    """Return the facts read that are not known; where all are, the lists whose items have gaps."""
    unknown = tuple([name for name in one.reads if getattr(facts, name) is None])
    if not unknown and any(ask.currency for ask in one.asks):
        return (EXCHANGE_RATE,)
    return unknown or tuple([name for name in one.reads if isinstance(getattr(facts, name), tuple)])


def _route(
    one: AppliedRoute, facts: Facts, truths: tuple[Truth, ...], setting: Setting, questions: dict[int, Finding]
) -> RouteResult:
    entry = _finding(one.route, facts, truths, held=False)
    if entry.outcome is Outcome.MET and truths[NOT_ENDED_AT] is not True:
        entry = _ended(entry, facts, truths[NOT_ENDED_AT])
    findings = tuple([_requirement(part, facts, truths, setting) for part in one.requirements])
    held = (
        tuple([questions[part.applies_at] for part in one.questions if part.applies_at in questions])
        if questions
        else ()
    )
    counts = all_of([entry.counts, *[finding.counts for finding in findings]])
    if (held and counts is True) or truths[one.route.applies_at] is None:
        counts = None
    return RouteResult(_OUTCOMES[counts], counts, entry, findings, held)


def _ended(entry: Finding, facts: Facts, not_ended: Truth) -> Finding:
    """Return the entry of a contract that may take the route, but has ended, or may have."""
    outcome, day = _OUTCOMES[not_ended], facts.as_of
    counts = None if entry.open_point else not_ended
    if not_ended is None or not isinstance(day, int):
        return entry._replace(outcome=outcome, counts=counts, needs=("last_day",))
    return entry._replace(outcome=outcome, counts=counts, remedy=(Change("last_day", Action.RAISE, day),))


def _distance(result: RouteResult) -> tuple[bool, bool, int, int, str]:
    """Order routes: met, then those the contract may take, by what no contract can change, then by number."""
    missing = [finding for finding in result.findings if finding.outcome is Outcome.NOT_MET]
    unknown = sum(finding.counts is None for finding in result.findings)
    unchangeable = sum(all(change.lever is Lever.OUTSIDE for change in finding.remedy) for finding in missing)
    return (result.counts is not True, result.closed, unchangeable, len(missing) * 100 + unknown, result.route.id)


def _verdicts(
    duties: list[Finding], exemptions: list[Finding], routes: list[RouteResult], gate: Gate, *, gate_open: bool
) -> tuple[Verdict, Verdict, Verdict]:
    """Return the verdict that counts, then those should all open points be confirmed, and refuted."""
    duty: list[Truth] = [finding.counts for finding in duties]
    if gate_open or not duty:
        duty.append(None)
    ways = [result.counts for result in routes]
    verdict = _verdict(any_of(duty), any_of([finding.counts for finding in exemptions]), ways)
    if verdict is not Verdict.UNDETERMINED:
        return verdict, verdict, verdict
    confirmed = _supposing(duties, exemptions, routes, gate, gate_open=gate_open, confirmed=True)
    return verdict, confirmed, _supposing(duties, exemptions, routes, gate, gate_open=gate_open, confirmed=False)


def _supposing(
    duties: list[Finding],
    exemptions: list[Finding],
    routes: list[RouteResult],
    gate: Gate,
    *,
    gate_open: bool,
    confirmed: bool,
) -> Verdict:
    """Return the verdict should every open point turn out as it is written, or not so."""

    def stated(finding: Finding) -> Truth:
        return _stated(finding) if confirmed or not finding.open_point else False

    def required(finding: Finding) -> Truth:
        # An unconfirmed requirement that fails may not exist at all; one that is met may really be stricter.
        met = _stated(finding)
        return met if confirmed or not finding.open_point else True if met is False else None

    duty = [stated(finding) for finding in duties]
    if gate_open:
        # At the gate of care the question is who pays, not whether there is a duty: it has no yes and no.
        duty.append(None if gate is Gate.CARE else confirmed)
    elif not duty:
        duty.append(None)
    ways = []
    for result in routes:
        way = all_of([stated(result.entry), *[required(finding) for finding in result.findings]])
        ways.append(False if result.questions and not confirmed else way)
    return _verdict(any_of(duty), any_of([stated(finding) for finding in exemptions]), ways)


def _stated(finding: Finding) -> Truth:
    if finding.outcome is Outcome.UNDETERMINED:
        return None
    return finding.outcome is not Outcome.NOT_MET


def _verdict(duty: Truth, exempt: Truth, routes: list[Truth]) -> Verdict:
    required = all_of([duty, None if exempt is None else not exempt])
    recognised = any_of(routes) if routes else None
    if required is False:
        return Verdict.NOT_REQUIRED
    if recognised is True:
        return Verdict.RECOGNISED
    if required is True and recognised is False:
        return Verdict.NOT_RECOGNISED
    return Verdict.UNDETERMINED
