"""The decision: from Facts and the law in force to one verdict with every reason.

Strong Kleene logic throughout; None is "not known". The steps:

1. the provisions of the gate in force on the day are bound beforehand (`applied.apply_law`);
2. an exemption that is met, or no duty positively established, gives `not_required`;
3. a route is the conjunction of its requirements, every one of them looked at;
4. one route met gives `recognised`, all not met `not_recognised`, else `undetermined`;
5. what rests on unconfirmed law or on an open question counts as not known, so it is never a "yes";
6. on demand the same is reckoned with the open points confirmed and refuted, to say what hangs on them.
"""

from collections.abc import Sequence
from typing import NamedTuple

from polisbridge.core.applied import GATE, NOT_ENDED_AT, AppliedLaw, AppliedRoute, Statement
from polisbridge.core.codes import Gate, Outcome, Verdict
from polisbridge.core.condition import Truth, all_of, any_of
from polisbridge.core.facts import Facts
from polisbridge.core.finding import OUTCOMES, Finding, ended_finding
from polisbridge.core.law import OpenQuestion, Provision
from polisbridge.core.remedy import Lever


class RouteResult(NamedTuple):
    """One way to satisfy the duty: whether this contract may take it (`entry`), and all its findings.

    `questions` are the open questions that hold it back for this occasion.
    """

    counts: Truth
    entry: Finding
    findings: tuple[Finding, ...]
    questions: tuple[Finding, ...]

    @property
    def outcome(self) -> Outcome:
        """Whether the route is met, for what it counts."""
        return OUTCOMES[self.counts]

    @property
    def closed(self) -> bool:
        """Whether this contract may not take the route at all, and could not by running longer."""
        return self.entry.outcome is Outcome.NOT_MET and not self.entry.ended

    @property
    def route(self) -> Provision:
        """The route itself."""
        return self.entry.provision


class Decision(NamedTuple):
    """The answer for one insured person on one occasion, with everything it rests on.

    Routes come met first, then nearest first. `gate_open` says that an open question leaves unknown
    whether there is a duty at all.
    """

    facts: Facts
    law: AppliedLaw
    verdict: Verdict
    duties: tuple[Finding, ...]
    exemptions: tuple[Finding, ...]
    routes: tuple[RouteResult, ...]
    open_questions: tuple[Finding, ...]
    gate_open: bool

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
    def questions(self) -> tuple[Finding, ...]:
        """The open questions worth telling: not those that only bear on what this person has no part in."""
        live = {GATE} | {
            one.provision.id for one in (*self.duties, *self.exemptions) if one.outcome is not Outcome.NOT_MET
        }
        for result in self.routes:
            if not result.closed:
                live |= {result.route.id, *(one.provision.id for one in result.findings)}
        return tuple(one for one in self.open_questions if _bears(one.provision, live))

    @property
    def needs(self) -> tuple[str, ...]:
        """The facts whose absence holds the verdict back, sorted."""
        if self.verdict is not Verdict.UNDETERMINED:
            return ()
        findings = [*self.duties, *self.exemptions, *self.questions]
        for result in self.routes:
            if result.counts is not False and not result.closed:
                findings += (result.entry, *result.findings)
        return tuple(sorted({name for finding in findings for name in finding.needs(self.facts)}))

    @property
    def if_confirmed(self) -> Verdict:
        """The verdict should every open point turn out as it is written; the verdict itself when none is open."""
        return self._supposing(confirmed=True)

    @property
    def if_refuted(self) -> Verdict:
        """The verdict should no open point turn out as it is written; the verdict itself when none is open."""
        return self._supposing(confirmed=False)

    def _supposing(self, *, confirmed: bool) -> Verdict:
        if self.verdict is not Verdict.UNDETERMINED:
            return self.verdict
        duty = [_supposed(finding, confirmed=confirmed) for finding in self.duties]
        if self.gate_open:
            # At the gate of care the question is who pays, not whether there is a duty: it has no yes and no.
            duty.append(None if self.law.gate is Gate.CARE else confirmed)
        elif not duty:
            duty.append(None)
        exempt = [_supposed(finding, confirmed=confirmed) for finding in self.exemptions]
        return _verdict(
            any_of(duty), any_of(exempt), [_supposed_route(one, confirmed=confirmed) for one in self.routes]
        )


def _bears(provision: Provision, live: set[str]) -> bool:
    return isinstance(provision, OpenQuestion) and (not provision.bears_on or not live.isdisjoint(provision.bears_on))


def decide(facts: Facts, law: AppliedLaw) -> Decision:
    """Return the decision for one record under one applied law. Never raises for missing facts."""
    truths = law.run(facts)
    questions = {at: law.question_findings[at][truths[at], True] for at in law.questions if truths[at] is not False}
    duties = tuple([_stated(one, truths, questions) for one in law.duties])
    exemptions = tuple([_stated(one, truths, questions) for one in law.exemptions])
    routes = [_route(one, truths, questions) for one in law.routes if truths[one.route.applies_at] is not False]
    if len(routes) > 1:
        routes.sort(key=lambda result: _distance(result, facts, law))
    if law.settled_at is not None and not questions:
        required, recognised = law.settled_at
        verdict, gate_open = _VERDICTS[truths[required], truths[recognised]], False
    else:
        gate_open = not questions.keys().isdisjoint(law.gate_questions)
        verdict = _weighed(duties, exemptions, routes, gate_open=gate_open)
    return Decision(facts, law, verdict, duties, exemptions, tuple(routes), tuple(questions.values()), gate_open)


def _weighed(
    duties: tuple[Finding, ...], exemptions: tuple[Finding, ...], routes: list[RouteResult], *, gate_open: bool
) -> Verdict:
    """Return the verdict where unconfirmed law or open questions have a part in it."""
    duty = [finding.counts for finding in duties]
    if gate_open or not duty:
        duty.append(None)
    exempt = [finding.counts for finding in exemptions]
    return _verdict(any_of(duty), any_of(exempt), [result.counts for result in routes])


def _stated(one: Statement, truths: tuple[Truth, ...], questions: dict[int, Finding]) -> Finding:
    """Return what a duty or an exemption says, held back by an open question that concerns this occasion."""
    held = one.held_by and not questions.keys().isdisjoint(one.held_by)
    at = one.applied.applies_at
    return (one.held_findings if held else one.findings)[truths[at], truths[at + 1]]


def _route(one: AppliedRoute, truths: tuple[Truth, ...], questions: dict[int, Finding]) -> RouteResult:
    at = one.route.applies_at
    entry = one.entries[truths[at], truths[at + 1]]
    if truths[NOT_ENDED_AT] is not True and entry.outcome is Outcome.MET:
        entry = ended_finding(entry, truths[NOT_ENDED_AT])
    findings = tuple([found[truths[applies], truths[holds]] for applies, holds, found in one.requirements])
    held = tuple([questions[question] for question in one.held_by if question in questions]) if questions else ()
    if one.met_at is None:
        counts = all_of([entry.counts, *[finding.counts for finding in findings]])
    else:
        counts = truths[one.met_at]
    if (held and counts is True) or truths[at] is None:
        counts = None
    return RouteResult(counts, entry, findings, held)


def _distance(result: RouteResult, facts: Facts, law: AppliedLaw) -> tuple[bool, bool, int, int, str]:
    """Order routes: met, then those the contract may take, by what no contract can change, then by number."""
    missing = [finding for finding in result.findings if finding.outcome is Outcome.NOT_MET]
    unknown = sum(finding.counts is None for finding in result.findings)
    levers = [[change.lever for change in finding.remedy(facts, law.setting)] for finding in missing]
    unchangeable = sum(all(lever is Lever.OUTSIDE for lever in found) for found in levers)
    return (result.counts is not True, result.closed, unchangeable, len(missing) * 100 + unknown, result.route.id)


def _supposed(finding: Finding, *, confirmed: bool) -> Truth:
    """Return what a duty, exemption or entry is worth should open points turn out as written, or not."""
    if finding.open_point and not confirmed:
        return False
    return _as_written(finding)


def _supposed_route(result: RouteResult, *, confirmed: bool) -> Truth:
    if result.questions and not confirmed:
        return False
    parts = [_supposed(result.entry, confirmed=confirmed)]
    for finding in result.findings:
        met = _as_written(finding)
        if finding.open_point and not confirmed:
            # An unconfirmed requirement that fails may not exist at all; one that is met may really be stricter.
            met = True if met is False else None
        parts.append(met)
    return all_of(parts)


def _as_written(finding: Finding) -> Truth:
    return None if finding.outcome is Outcome.UNDETERMINED else finding.outcome is not Outcome.NOT_MET


def _verdict(duty: Truth, exempt: Truth, routes: Sequence[Truth]) -> Verdict:
    """Return the verdict; no route at all leaves open whether the contract could be recognised."""
    required = all_of([duty, None if exempt is None else not exempt])
    return _VERDICTS[required, any_of(routes) if routes else None]


# (a contract is required, this one is recognised) -> verdict
_VERDICTS: dict[tuple[Truth, Truth], Verdict] = {
    (False, True): Verdict.NOT_REQUIRED,
    (False, False): Verdict.NOT_REQUIRED,
    (False, None): Verdict.NOT_REQUIRED,
    (True, True): Verdict.RECOGNISED,
    (None, True): Verdict.RECOGNISED,
    (True, False): Verdict.NOT_RECOGNISED,
    (None, False): Verdict.UNDETERMINED,
    (True, None): Verdict.UNDETERMINED,
    (None, None): Verdict.UNDETERMINED,
}
