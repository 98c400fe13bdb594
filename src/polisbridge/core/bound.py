"""Provisions bound to a state, gate and day: what no provision says of itself is added to its conditions.

That is the region of a regional law, and for a treaty the tie between the person or contract and another
party, with the evidence of both memberships.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from polisbridge.core.checks import Ask, Relation, Setting
from polisbridge.core.codes import Evidence
from polisbridge.core.condition import ALWAYS, And, Condition, Field, InSet, Overlaps, fields_read
from polisbridge.core.law import LawBook, Party, Provision, Requirement, Route, Treaty


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
