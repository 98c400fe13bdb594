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

from polisbridge.core.applied import Applied, AppliedLaw, AppliedRoute
from polisbridge.core.checks import Ask
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.condition import Truth, all_of, any_of
from polisbridge.core.facts import Facts
from polisbridge.core.law import Provision, Requirement
from polisbridge.core.remedy import Change

_OUTCOMES: dict[Truth, Outcome] = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}


class Finding(NamedTuple):
    """What one provision says of this occasion.

    `outcome` takes the provision as it is written; `counts` is its worth for the verdict, None where the
    law behind it is unconfirmed or a fact is missing. `actual` holds the values of the fields in
    `applied.asks`; `needs` names the facts that are missing.
    """

    applied: Applied
    outcome: Outcome
    counts: Truth
    actual: tuple[object, ...] = ()
    remedy: tuple[Change, ...] = ()
    needs: tuple[str, ...] = ()

    @property
    def provision(self) -> Provision:
        """The provision that speaks."""
        return self.applied.provision


class RouteResult(NamedTuple):
    """One way to satisfy the duty: whether this contract may take it (`entry`), and all its findings."""

    outcome: Outcome
    counts: Truth
    entry: Finding
    findings: tuple[Finding, ...]
    questions: tuple[Applied, ...]

    @property
    def route(self) -> Provision:
        """The route itself."""
        return self.entry.provision


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one insured person on one occasion, with everything it rests on.

    Routes come met first, then nearest first. `if_confirmed` and `if_refuted` are the verdicts should
    every unconfirmed point turn out true, or untrue; both equal `verdict` when nothing hangs on one.
    """

    law: AppliedLaw
    verdict: Verdict
    if_confirmed: Verdict
    if_refuted: Verdict
    duties: tuple[Finding, ...]
    exemptions: tuple[Finding, ...]
    routes: tuple[RouteResult, ...]
    questions: tuple[Applied, ...]

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
        findings = [*self.duties, *self.exemptions]
        for result in self.routes:
            if result.counts is not False:
                findings += (result.entry, *result.findings)
        return tuple(sorted({name for finding in findings for name in finding.needs}))


def decide(facts: Facts, law: AppliedLaw) -> Decision:
    """Return the decision for one record under one applied law. Never raises for missing facts."""
    truths = law.run(facts)
    duties = [_finding(one, facts, truths) for one in law.duties]
    exemptions = [_finding(one, facts, truths) for one in law.exemptions]
    routes = [_route(one, facts, truths, law) for one in law.routes if truths[one.route.applies_at] is not False]
    routes.sort(key=_distance)
    counted = _reckon(law, truths, duties, exemptions, routes)
    confirmed = _reckon_as(law, truths, duties, exemptions, routes, confirmed=True)
    refuted = _reckon_as(law, truths, duties, exemptions, routes, confirmed=False)
    questions = tuple(one for one in law.questions if truths[one.applies_at] is not False)
    return Decision(law, counted, confirmed, refuted, tuple(duties), tuple(exemptions), tuple(routes), questions)


def _finding(one: Applied, facts: Facts, truths: tuple[Truth, ...]) -> Finding:
    """Return what a duty, an exemption or a route's entry says."""
    applies, holds = truths[one.applies_at], truths[one.holds_at]
    stated = False if applies is False or holds is False else None if applies is None or holds is None else True
    counts = None if one.unconfirmed and stated is not False else stated
    actual = tuple([getattr(facts, ask.field) for ask in one.asks])
    needs = _missing(one, facts) if stated is None else ()
    return Finding(one, _OUTCOMES[stated], counts, actual, (), needs)


def _requirement(one: Applied, facts: Facts, truths: tuple[Truth, ...], law: AppliedLaw) -> Finding:
    applies, holds = truths[one.applies_at], truths[one.holds_at]
    if applies is False:
        return Finding(one, Outcome.NOT_APPLICABLE, True)
    actual = tuple([getattr(facts, ask.field, None) for ask in one.asks])
    if holds is True:
        return Finding(one, Outcome.MET, None if one.unconfirmed else True, actual)
    if applies is None or holds is None:
        return Finding(one, Outcome.UNDETERMINED, None, actual, (), _missing(one, facts))
    assert isinstance(one.provision, Requirement)
    remedy = one.provision.check.remedy(facts, law.setting)
    return Finding(one, Outcome.NOT_MET, None if one.unconfirmed else False, actual, remedy)


def _missing(one: Applied, facts: Facts) -> tuple[str, ...]:
    unknown = tuple(name for name in one.reads if getattr(facts, name) is None)
    return unknown or tuple(name for name in one.reads if isinstance(getattr(facts, name), tuple))


def _route(one: AppliedRoute, facts: Facts, truths: tuple[Truth, ...], law: AppliedLaw) -> RouteResult:
    entry = _finding(one.route, facts, truths)
    findings = tuple([_requirement(part, facts, truths, law) for part in one.requirements])
    questions = tuple([part for part in one.questions if truths[part.applies_at] is not False])
    counts = all_of([entry.counts, *[finding.counts for finding in findings]])
    if questions and counts is True:
        counts = None
    return RouteResult(_OUTCOMES[counts], counts, entry, findings, questions)


def _distance(result: RouteResult) -> tuple[int, int, int, int, str]:
    """Order routes: met, then those the contract may take, then by what no contract can change, by number."""
    missing = [finding for finding in result.findings if finding.outcome is Outcome.NOT_MET]
    unknown = [finding for finding in result.findings if finding.counts is None]
    return (
        {True: 0, None: 1, False: 1}[result.counts],
        result.entry.outcome is Outcome.NOT_MET,
        sum(not finding.remedy for finding in missing),
        len(missing) * 100 + len(unknown),
        result.route.id,
    )


def _reckon(
    law: AppliedLaw, truths: tuple[Truth, ...], duties: list[Finding], exemptions: list[Finding], routes: list[RouteResult]
) -> Verdict:
    """Return the verdict that counts: open questions and unconfirmed law are not known."""
    duty: list[Truth] = [_held(finding, law, truths) for finding in duties]
    if not duty or _open(law.gate_questions, truths):
        duty.append(None)
    exempt = [_held(finding, law, truths) for finding in exemptions]
    return _verdict(any_of(duty), any_of(exempt), [result.counts for result in routes])


def _reckon_as(
    law: AppliedLaw,
    truths: tuple[Truth, ...],
    duties: list[Finding],
    exemptions: list[Finding],
    routes: list[RouteResult],
    *,
    confirmed: bool,
) -> Verdict:
    """Return the verdict should every open point turn out as it is written, or not so."""

    def stated(finding: Finding) -> Truth:
        open_point = finding.applied.unconfirmed or _open(law.held_by.get(finding.provision.id, ()), truths)
        return _stated(finding) if confirmed or not open_point else False

    def required(finding: Finding) -> Truth:
        return _stated(finding) if confirmed or not finding.applied.unconfirmed else True

    duty = [stated(finding) for finding in duties]
    if _open(law.gate_questions, truths):
        duty.append(confirmed)
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


def _held(finding: Finding, law: AppliedLaw, truths: tuple[Truth, ...]) -> Truth:
    """Return what a duty or exemption counts, not known while an open question holds it back."""
    if finding.counts and _open(law.held_by.get(finding.provision.id, ()), truths):
        return None
    return finding.counts


def _open(questions: tuple[Applied, ...], truths: tuple[Truth, ...]) -> bool:
    return any(truths[one.applies_at] is not False for one in questions)


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
