"""The law of one state, gate and day, bound to conditions and compiled: the first half of a decision.

Binding adds what no provision says of itself: the region of a regional law, and for a treaty the tie
between the person or contract and another party, with the evidence of both memberships.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from polisbridge.core.checks import Ask, Relation, Setting
from polisbridge.core.codes import Bearing, Evidence, Gate
from polisbridge.core.compiled import Evaluator, compile_conditions
from polisbridge.core.condition import ALWAYS, And, Compare, Condition, Field, InSet, Overlaps, fields_read
from polisbridge.core.law import Duty, Exemption, LawBook, OpenQuestion, Party, Provision, Requirement, Route, Treaty
from polisbridge.core.money import Rates

# No law has to say it: a contract that has ended opens no route. Always the evaluator's first answer.
NOT_ENDED = Compare(Field("last_day"), ">=", Field("as_of"))
NOT_ENDED_AT = 0
GATE = "gate"  # what an open question names when it bears on the gate as a whole


@dataclass(frozen=True, slots=True)
class Applied:
    """One provision bound to a state, gate and day, with its two places among the evaluator's answers."""

    provision: Provision
    evidence: Evidence
    applies: Condition
    holds: Condition
    applies_at: int
    holds_at: int
    asks: tuple[Ask, ...]
    reads: tuple[str, ...]

    @property
    def unconfirmed(self) -> bool:
        """Whether the law behind it is not established."""
        return self.evidence is Evidence.UNCONFIRMED


@dataclass(frozen=True, slots=True)
class AppliedRoute:
    """A route with its requirements and the open questions that hold it back."""

    route: Applied
    requirements: tuple[Applied, ...]
    questions: tuple[Applied, ...]


@dataclass(frozen=True, slots=True)
class AppliedLaw:
    """The law of one state, gate and day. `decide` runs it over any number of Facts.

    `held_by` lists, by provision id, the open questions that hold a duty or an exemption back;
    `gate_questions` those that leave open whether there is a duty at all.
    """

    gate: Gate
    setting: Setting
    run: Evaluator
    duties: tuple[Applied, ...]
    exemptions: tuple[Applied, ...]
    routes: tuple[AppliedRoute, ...]
    questions: tuple[Applied, ...]
    gate_questions: tuple[Applied, ...]
    held_by: dict[str, tuple[Applied, ...]]

    @property
    def everything(self) -> tuple[Applied, ...]:
        """Every provision bound here, each once, in order of id."""
        found = {one.applies_at: one for one in (*self.duties, *self.exemptions, *self.questions)}
        for route in self.routes:
            found |= {one.applies_at: one for one in (route.route, *route.requirements)}
        return tuple(found[at] for at in sorted(found))


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
    return _arrange(gate, setting, tuple(bound), compile_conditions(conditions))


def ties(book: LawBook, provision: Provision, state: str, as_of: date) -> Iterable[tuple[Evidence, Condition]]:
    """Yield how the provision binds in the state on the day: nothing when it does not."""
    jurisdiction, evidence = book.jurisdictions[provision.jurisdiction], provision.citation.evidence
    if jurisdiction.state == state:
        yield evidence, InSet(Field("region"), frozenset({jurisdiction.region})) if jurisdiction.region else ALWAYS
    elif jurisdiction.treaty is not None:
        yield from _treaty_ties(jurisdiction.treaty, state, as_of, evidence)


def _treaty_ties(treaty: Treaty, state: str, as_of: date, evidence: Evidence) -> Iterable[tuple[Evidence, Condition]]:
    """Yield, per level of evidence, the condition that ties a person or contract to another party.

    Between two states the evidence is the worst of the provision's and of both memberships'.
    """
    parties = treaty.parties_on(as_of)
    host = next((party for party in parties if party.state == state), None)
    if host is None:
        return
    groups: dict[Evidence, set[str]] = {}
    for party in parties:
        if party.state != state:
            groups.setdefault(_worst(evidence, host, party), set()).add(party.state)
    for level in sorted(groups, key=lambda one: one.rank):
        states = frozenset(groups[level])
        by_contract = treaty.binds_by == "home_state"
        yield level, InSet(Field("home_state"), states) if by_contract else Overlaps(Field("citizenship"), states)


def _worst(evidence: Evidence, *parties: Party) -> Evidence:
    return max((evidence, *(party.evidence for party in parties)), key=lambda one: one.rank)


def bind(provision: Provision, evidence: Evidence, where: Condition, setting: Setting, at: int) -> Applied:
    """Return a provision as an Applied: its conditions built, its places among the answers from `at` on."""
    applies = _joined(provision.applies, where)
    holds: Condition = ALWAYS
    asks: tuple[Ask, ...] = ()
    if isinstance(provision, Requirement):
        holds, asks = provision.check.condition(setting), provision.check.asks()
    elif isinstance(provision, Route):
        holds = provision.accepts
        asks = (Ask("contract_kind", Relation.ONE_OF, provision.accepts_kinds),) if provision.accepts_kinds else ()
    reads = tuple(dict.fromkeys([*fields_read(applies), *fields_read(holds)]))
    return Applied(provision, evidence, applies, holds, at, at + 1, asks, reads)


def _joined(*conditions: Condition) -> Condition:
    """Return the conjunction, without parts that say nothing and without nesting."""
    parts = tuple(one for one in conditions if one != ALWAYS)
    return parts[0] if len(parts) == 1 else And(parts)


def _arrange(gate: Gate, setting: Setting, bound: tuple[Applied, ...], run: Evaluator) -> AppliedLaw:
    def of(kind: type[Provision]) -> tuple[Applied, ...]:
        return tuple(one for one in bound if isinstance(one.provision, kind))

    blocking = [(one, one.provision) for one in of(OpenQuestion)]
    held_by: dict[str, list[Applied]] = {}
    for one, question in blocking:
        if isinstance(question, OpenQuestion) and question.effect is Bearing.BLOCKS:
            for name in question.bears_on:
                held_by.setdefault(name, []).append(one)
    routes = []
    for route in of(Route):
        name = route.provision.id
        own = tuple(one for one in of(Requirement) if name in _routes(one.provision))
        held = [question for part in (route, *own) for question in held_by.get(part.provision.id, ())]
        routes.append(AppliedRoute(route, own, tuple({one.applies_at: one for one in held}.values())))
    return AppliedLaw(
        gate, setting, run, of(Duty), of(Exemption), tuple(routes), of(OpenQuestion),
        gate_questions=tuple(held_by.get(GATE, ())),
        held_by={name: tuple(held) for name, held in held_by.items()},
    )  # fmt: skip


def _routes(provision: Provision) -> tuple[str, ...]:
    return provision.routes if isinstance(provision, Requirement) else ()
