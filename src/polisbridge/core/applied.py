"""The law of one state, gate and day, bound, compiled and arranged: the first half of a decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from polisbridge.core.bound import Applied, bind, ties
from polisbridge.core.checks import Setting
from polisbridge.core.codes import Bearing, Gate
from polisbridge.core.compiled import Evaluator, compile_conditions
from polisbridge.core.condition import ALWAYS, And, Compare, Condition, Field, Not, Or
from polisbridge.core.finding import Findings, requirement_findings, statement_findings
from polisbridge.core.law import Duty, Exemption, LawBook, OpenQuestion, Provision, Requirement, Route
from polisbridge.core.money import Rates

# No law has to say it: a contract that has ended opens no route. Always the evaluator's first answer.
NOT_ENDED = Compare(Field("last_day"), ">=", Field("as_of"))
NOT_ENDED_AT = 0
GATE = "gate"  # what an open question names when it bears on the gate as a whole


@dataclass(frozen=True, slots=True)
class Statement:
    """A duty or an exemption with its findings: as it stands, and while an open question holds it back."""

    applied: Applied
    findings: Findings
    held_findings: Findings
    held_by: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AppliedRoute:
    """A route with its requirements, and the open questions that hold it back.

    `met_at` is where the evaluator answers for the whole route, or None when a part of it is unconfirmed.
    """

    route: Applied
    entries: Findings
    requirements: tuple[tuple[int, int, Findings], ...]
    applied_requirements: tuple[Applied, ...]
    held_by: tuple[int, ...]
    met_at: int | None


@dataclass(frozen=True, slots=True)
class AppliedLaw:
    """The law of one state, gate and day. `decide` runs it over any number of Facts.

    `run` answers `conditions`, all of them, in their order.
    Open questions are told by their place among the evaluator's answers; `gate_questions` are those that
    leave open whether there is a duty at all. `settled_at` is where the evaluator answers whether a contract
    is required and whether one is recognised, or None where unconfirmed law has to be weighed.
    """

    gate: Gate
    setting: Setting
    conditions: tuple[Condition, ...]
    run: Evaluator
    duties: tuple[Statement, ...]
    exemptions: tuple[Statement, ...]
    routes: tuple[AppliedRoute, ...]
    questions: Mapping[int, Applied]
    question_findings: Mapping[int, Findings]
    gate_questions: tuple[int, ...]
    settled_at: tuple[int, int] | None

    @property
    def everything(self) -> tuple[Applied, ...]:
        """Every provision bound here, each once, in order of id."""
        found = [one.applied for one in (*self.duties, *self.exemptions)] + list(self.questions.values())
        for route in self.routes:
            found += [route.route, *route.applied_requirements]
        return tuple({one.applies_at: one for one in sorted(found, key=lambda one: one.applies_at)}.values())


def apply_law(
    book: LawBook, state: str, gate: Gate, as_of: date, rates: Rates, concluded: date | None = None
) -> AppliedLaw:
    """Return the law of the state at the gate on the day, national and by treaty, ready to decide with.

    `concluded` is the contract's own day, for the few limits whose exchange rate is of that day.
    """
    setting = Setting(state, as_of, concluded, rates, book.wider_benefits())
    bound: list[Applied] = []
    conditions: list[Condition] = [NOT_ENDED]
    for provision in book.provisions:
        if gate in provision.gates and provision.in_force.on(as_of):
            for evidence, where in ties(book, provision, state, as_of):
                bound.append(bind(provision, evidence, where, setting, len(conditions)))
                conditions += [bound[-1].applies, bound[-1].holds]
    return _Arranger(bound, conditions).arrange(gate, setting)


class _Arranger:
    """Sorts bound provisions by what they do, and adds one condition per route."""

    def __init__(self, bound: list[Applied], conditions: list[Condition]) -> None:
        self._bound, self._conditions = bound, conditions
        self._held: dict[str, list[int]] = {}
        for one in self._of(OpenQuestion):
            if isinstance(one.provision, OpenQuestion) and one.provision.effect is Bearing.BLOCKS:
                for name in one.provision.bears_on:
                    self._held.setdefault(name, []).append(one.applies_at)

    def arrange(self, gate: Gate, setting: Setting) -> AppliedLaw:
        questions = {one.applies_at: one for one in self._of(OpenQuestion)}
        routes = tuple(self._route(one) for one in self._of(Route))
        settled_at = self._settled(routes)
        return AppliedLaw(
            gate=gate,
            setting=setting,
            conditions=tuple(self._conditions),
            run=compile_conditions(self._conditions),
            duties=tuple(self._statement(one) for one in self._of(Duty)),
            exemptions=tuple(self._statement(one) for one in self._of(Exemption)),
            routes=routes,
            questions=questions,
            question_findings={at: statement_findings(one, held=True) for at, one in questions.items()},
            gate_questions=tuple(self._held.get(GATE, ())),
            settled_at=settled_at,
        )

    def _settled(self, routes: tuple[AppliedRoute, ...]) -> tuple[int, int] | None:
        """Add the conditions "required" and "recognised" where all law is confirmed, and return their places.

        Every route must be one that concerns everybody: a route that may not concern the person is weighed.
        """
        duties, exemptions = self._of(Duty), self._of(Exemption)
        everybody = all(one.route.applies == ALWAYS and one.met_at is not None for one in routes)
        if not duties or not routes or not everybody or any(one.unconfirmed for one in (*duties, *exemptions)):
            return None
        exempt = Or(tuple(And((one.applies, one.holds)) for one in exemptions))
        required = And((Or(tuple(And((one.applies, one.holds)) for one in duties)), Not(exempt)))
        recognised = Or(tuple(self._conditions[one.met_at] for one in routes if one.met_at is not None))
        self._conditions += [required, recognised]
        return len(self._conditions) - 2, len(self._conditions) - 1

    def _of(self, kind: type[Provision]) -> list[Applied]:
        return [one for one in self._bound if isinstance(one.provision, kind)]

    def _statement(self, one: Applied) -> Statement:
        held_by = tuple(self._held.get(one.provision.id, ()))
        return Statement(one, statement_findings(one), statement_findings(one, held=True), held_by)

    def _route(self, route: Applied) -> AppliedRoute:
        name = route.provision.id
        own = [one for one in self._of(Requirement) if name in _routes(one.provision)]
        held = {at for part in (route, *own) for at in self._held.get(part.provision.id, ())}
        met_at = None
        if not any(one.unconfirmed for one in (route, *own)):
            met_at = len(self._conditions)
            asked = [Or((Not(one.applies), one.holds)) for one in own]
            self._conditions.append(And((NOT_ENDED, route.applies, route.holds, *asked)))
        rows = tuple((one.applies_at, one.holds_at, requirement_findings(one)) for one in own)
        return AppliedRoute(route, statement_findings(route), rows, tuple(own), tuple(sorted(held)), met_at)


def _routes(provision: Provision) -> tuple[str, ...]:
    return provision.routes if isinstance(provision, Requirement) else ()
