"""The decision as conditions: for engines that read columns, and for verifiers that know no findings.

`decide` reckons findings and a verdict from truths, one record at a time. Here the same reckoning is written
in the condition language itself, so that whatever evaluates conditions can decide. Law that is not
established is `Unknown`: `And(x, Unknown)` is what x says when it may only refuse, `Or(x, Unknown)` when it
may only confirm.
"""

from dataclasses import dataclass
from enum import IntEnum

from polisbridge.core.applied import NOT_ENDED, AppliedLaw, AppliedRoute, Statement
from polisbridge.core.bound import Applied
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.condition import ALWAYS, UNKNOWN, And, Condition, Not, Or, Truth


class FindingCode(IntEnum):
    """What one provision says of one occasion, in two bits."""

    NOT_MET = 0
    MET = 1
    UNDETERMINED = 2
    NOT_APPLICABLE = 3


OUTCOME_OF: dict[FindingCode, Outcome] = {
    FindingCode.NOT_MET: Outcome.NOT_MET,
    FindingCode.MET: Outcome.MET,
    FindingCode.UNDETERMINED: Outcome.UNDETERMINED,
    FindingCode.NOT_APPLICABLE: Outcome.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class SymbolicFinding:
    """One provision's finding: NOT_APPLICABLE where `concerns` is False, else by the truth of `stated`."""

    applied: Applied
    concerns: Condition
    stated: Condition

    @property
    def id(self) -> str:
        """The provision's id."""
        return self.applied.provision.id

    def code(self, concerns: Truth, stated: Truth) -> FindingCode:
        """Return the code for the truths of the two conditions."""
        if concerns is False:
            return FindingCode.NOT_APPLICABLE
        return FindingCode.UNDETERMINED if stated is None else FindingCode(stated)


@dataclass(frozen=True, slots=True)
class SymbolicDecision:
    """A decision as conditions over Facts.

    `required`: a contract is required of this person. `recognised`: this contract is recognised. `verdict_of`
    gives the verdict for their truths. `findings` come in order of binding, as `AppliedLaw.everything`.
    """

    law: AppliedLaw
    required: Condition
    recognised: Condition
    routes: tuple[tuple[Applied, Condition], ...]
    findings: tuple[SymbolicFinding, ...]


def verdict_of(required: Truth, recognised: Truth) -> Verdict:
    """Return the verdict for whether a contract is required and whether this one is recognised."""
    if required is False:
        return Verdict.NOT_REQUIRED
    if recognised is True:
        return Verdict.RECOGNISED
    return Verdict.NOT_RECOGNISED if required and recognised is False else Verdict.UNDETERMINED


def symbolic(law: AppliedLaw) -> SymbolicDecision:
    """Return the law of one state, gate and day with its decision written as conditions."""
    duties = [_statement(one, law) for one in law.duties]
    exemptions = [_statement(one, law) for one in law.exemptions]
    open_gate: list[Condition] = [And((law.questions[at].applies, UNKNOWN)) for at in law.gate_questions]
    if not duties:
        open_gate.append(UNKNOWN)
    required = And((_or([*duties, *open_gate]), Not(_or(exemptions))))
    routes = tuple((one.route, _route(one, law)) for one in law.routes)
    concerned = _or([route.applies for route, _ in routes])
    recognised = _or([*(counts for _, counts in routes), And((Not(concerned), UNKNOWN))])
    return SymbolicDecision(law, required, recognised, routes, tuple(_finding(one, law) for one in law.everything))


def _statement(one: Statement, law: AppliedLaw) -> Condition:
    """Return what a duty or exemption counts: unconfirmed or held back, it may only be refuted."""
    parts = [one.applied.applies, one.applied.holds, *_released(one.held_by, law)]
    return _and([*parts, UNKNOWN] if one.applied.unconfirmed else parts)


def _released(held_by: tuple[int, ...], law: AppliedLaw) -> list[Condition]:
    """Return, for each question that may hold something back, that it does not concern this occasion."""
    return [Or((Not(law.questions[at].applies), UNKNOWN)) for at in held_by]


def _route(one: AppliedRoute, law: AppliedLaw) -> Condition:
    """Return what a route counts; where it is not known whether it is open to this person, that is not known."""
    route = one.route
    asked = [_requirement(part) for part in one.applied_requirements]
    if one.met_at is not None:
        met = _and([NOT_ENDED, route.applies, route.holds, *asked])
    else:
        met = _and([_entry_counts(route), *asked])
    return _unsettled(_and([met, *_released(one.held_by, law)]), route.applies)


def _requirement(one: Applied) -> Condition:
    return Or((Not(one.applies), UNKNOWN if one.unconfirmed else one.holds))


def _entry_counts(route: Applied) -> Condition:
    stated = _and([route.applies, route.holds])
    return _and([stated, UNKNOWN]) if route.unconfirmed else _unless_ended(stated)


def _unless_ended(stated: Condition) -> Condition:
    """Return: an entry that is met lasts as long as the contract does; one that is not known stays so."""
    return _unsettled(_and([stated, NOT_ENDED]), stated)


def _unsettled(condition: Condition, by: Condition) -> Condition:
    """Return the condition, not known wherever `by` is not known."""
    return condition if by == ALWAYS else Or((condition, And((by, Not(by)))))


def _finding(one: Applied, law: AppliedLaw) -> SymbolicFinding:
    if any(one is route.route for route in law.routes):
        return SymbolicFinding(one, one.applies, _unless_ended(_and([one.applies, one.holds])))
    if any(one is part for route in law.routes for part in route.applied_requirements):
        return SymbolicFinding(one, one.applies, Or((Not(one.applies), one.holds)))
    return SymbolicFinding(one, ALWAYS, _and([one.applies, one.holds]))


def _and(parts: list[Condition]) -> Condition:
    kept = tuple(dict.fromkeys(part for part in parts if part != ALWAYS))
    return kept[0] if len(kept) == 1 else And(kept)


def _or(parts: list[Condition]) -> Condition:
    kept = tuple(dict.fromkeys(parts))
    return kept[0] if len(kept) == 1 else Or(kept)
