"""Findings: what one provision says of one occasion.

What a provision can say is little: for each truth of its two conditions one outcome. So its findings are
made once, when the law is bound, and a decision only picks them. What was found, what would help and what is
missing are worked out from the Facts when somebody asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from polisbridge.core.bound import Applied
from polisbridge.core.checks import Setting
from polisbridge.core.codes import Outcome
from polisbridge.core.condition import Truth
from polisbridge.core.facts import Facts
from polisbridge.core.law import Provision, Requirement
from polisbridge.core.remedy import Action, Change

OUTCOMES: dict[Truth, Outcome] = {True: Outcome.MET, False: Outcome.NOT_MET, None: Outcome.UNDETERMINED}
EXCHANGE_RATE = "exchange_rate"  # what is missing when a limit is in another currency and no rate is at hand

_TRUTHS: tuple[Truth, ...] = (True, False, None)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one provision says of this occasion.

    `outcome` takes the provision as it is written. `counts` is its worth for the verdict: None where a
    fact is missing, or where it is an `open_point`: the law behind it is unconfirmed or under an open
    question. `ended` marks a contract that may take a route by its kind, but has ended or may have.
    """

    applied: Applied
    outcome: Outcome
    counts: Truth
    open_point: bool = False
    ended: bool = False

    @property
    def provision(self) -> Provision:
        """The provision that speaks."""
        return self.applied.provision

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        """Return the changes that would turn this finding to met; empty unless it is not met."""
        if self.outcome is not Outcome.NOT_MET:
            return ()
        if self.ended and isinstance(facts.as_of, int):
            return (Change("last_day", Action.RAISE, facts.as_of),)
        provision = self.applied.provision
        return provision.check.remedy(facts, setting) if isinstance(provision, Requirement) else ()

    def needs(self, facts: Facts) -> tuple[str, ...]:
        """Return the facts that are missing; empty unless it is undetermined for want of them."""
        if self.outcome is not Outcome.UNDETERMINED:
            return ()
        if self.ended:
            return ("last_day",)
        unknown = tuple(name for name in self.applied.reads if getattr(facts, name) is None)
        if not unknown and any(ask.currency for ask in self.applied.asks):
            return (EXCHANGE_RATE,)
        return unknown or tuple(name for name in self.applied.reads if isinstance(getattr(facts, name), tuple))


Findings: TypeAlias = Mapping[tuple[Truth, Truth], Finding]


def requirement_findings(one: Applied) -> Findings:
    """Return a requirement's finding for each truth of (whom it concerns, what it asks)."""
    return {(applies, holds): _requirement(one, applies, holds) for applies, holds in product(_TRUTHS, _TRUTHS)}


def _requirement(one: Applied, applies: Truth, holds: Truth) -> Finding:
    if applies is False:
        return Finding(one, Outcome.NOT_APPLICABLE, counts=True)
    stated = True if holds is True else None if applies is None else holds
    return Finding(one, OUTCOMES[stated], None if one.unconfirmed else stated, open_point=one.unconfirmed)


def statement_findings(one: Applied, *, held: bool = False) -> Findings:
    """Return the finding of a duty, an exemption or a route's entry for each truth of its conditions.

    `held` says that an open question holds it back.
    """
    return {
        (applies, holds): _statement(one, applies, holds, held=held) for applies, holds in product(_TRUTHS, _TRUTHS)
    }


def _statement(one: Applied, applies: Truth, holds: Truth, *, held: bool) -> Finding:
    stated = False if False in (applies, holds) else None if None in (applies, holds) else True
    open_point = (one.unconfirmed or held) and stated is not False
    return Finding(one, OUTCOMES[stated], None if open_point else stated, open_point=open_point)


def ended_finding(entry: Finding, not_ended: Truth) -> Finding:
    """Return a route's entry for a contract that may take it by its kind, but has ended, or may have."""
    counts = None if entry.open_point else not_ended
    return Finding(entry.applied, OUTCOMES[not_ended], counts, open_point=entry.open_point, ended=True)
