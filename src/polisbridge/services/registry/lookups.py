"""Verifying by number and birth date: asked for by those who may, counted so that nobody guesses, and on record.

A wrong number, a wrong day and another name count as misses. Who had too many within an hour has to wait; the count
lies in the database, so that it holds for all processes of a node.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from polisbridge.core.contract import Stay
from polisbridge.core.roles import AccessAction, AccessMatrix, Actor
from polisbridge.core.statusbook import Note
from polisbridge.services.access import require
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.registry import looking
from polisbridge.services.registry.finding import InsuredFound, find_insured
from polisbridge.services.registry.onrecord import RecordAnswer, answer_for, graded
from polisbridge.services.registry.ports import Registries, Registry

AN_HOUR = timedelta(hours=1)


class TooManyMisses(Exception):
    """Look-ups that found nobody, too many within an hour; nothing was looked up."""


@dataclass(frozen=True, slots=True)
class NumberAsked:
    """What was typed: a number with a birth date, the name as the document in hand has it, and where it is to count.

    `purpose` goes into the record of who looked.
    """

    number: str
    born: date
    name: str = ""
    stay: Stay | None = None
    purpose: str = "verification"


@dataclass(frozen=True, slots=True)
class LookupAnswer:
    """What was found. `several` when number, day and name fit more persons than one: then nothing is told of them."""

    one: RecordAnswer | None = None
    several: bool = False


def verify_number(
    registries: Registries,
    laws: AppliedLaws,
    matrix: AccessMatrix,
    actor: Actor,
    asked: NumberAsked,
    *,
    on: date,
    at: datetime,
) -> LookupAnswer:
    """Return what the register says of whom the number and the birth date mean; that it was read is on record first.

    Raises AccessRefused, and TooManyMisses.
    """
    require(matrix, actor, AccessAction.FIND_INSURED)
    with registries.change() as registry:  # kept as a miss before anything is looked at
        lookup, missed = registry.begin_lookup(actor.name, actor.role.value, at, at - AN_HOUR)
        if missed >= matrix.limits.misses_an_hour:
            raise TooManyMisses
    with registries.change() as registry:
        found = find_insured(registry, asked.number, asked.born, at=at)
        for one in found:
            looking.record(registry, one.person, actor.role.value, "verified", Note(actor.name, at, asked.purpose))
        answer = _chosen(registry, found, laws, asked, on, at)
        if answer.several or (answer.one is not None and not answer.one.other_name):
            registry.found_by(lookup)
    return answer


def _chosen(
    registry: Registry, found: tuple[InsuredFound, ...], laws: AppliedLaws, asked: NumberAsked, on: date, at: datetime
) -> LookupAnswer:
    """Return the answer for the one person who is meant; by the name where number and day mean several."""
    answers = [answer_for(registry, one, laws, asked.stay, on=on, at=at) for one in found]
    answers = [replace(one, name=graded(one, asked.name, asked.born)) for one in answers]
    meant = [one for one in answers if not one.other_name] or answers[:1]
    return LookupAnswer(several=True) if len(meant) > 1 else LookupAnswer(meant[0] if meant else None)
