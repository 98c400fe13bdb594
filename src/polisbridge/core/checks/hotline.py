"""A hotline answers round the clock, in the languages asked for (HOTLINE_24_7)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Condition, Field, InSet, Overlaps
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change

_ALWAYS_OPEN = "24_7"


@dataclass(frozen=True)
class Hotline(Check):
    """The hotline is open 24 hours on 7 days and speaks one of `any_of`, when languages are asked for."""

    name = "hotline"
    family = Family.SERVICE
    any_of: tuple[str, ...] = ()

    def condition(self, setting: Setting) -> Condition:
        always = InSet(Field("hotline_hours"), frozenset({_ALWAYS_OPEN}))
        return And((always, Overlaps(Field("hotline_languages"), frozenset(self.any_of)))) if self.any_of else always

    def asks(self) -> tuple[Ask, ...]:
        spoken = (Ask("hotline_languages", Relation.ANY_OF, self.any_of),) if self.any_of else ()
        return (Ask("hotline_hours", Relation.ONE_OF, (_ALWAYS_OPEN,)), *spoken)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        changes = [Change("hotline_hours", Action.SET, _ALWAYS_OPEN)]
        if self.any_of and not (facts.hotline_languages or frozenset()) & set(self.any_of):
            changes.append(Change("hotline_languages", Action.ADD, frozenset({self.any_of[0]})))
        return tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return not other.any_of or (bool(self.any_of) and set(self.any_of) <= set(other.any_of))
