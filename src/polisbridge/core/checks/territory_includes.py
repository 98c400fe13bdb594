"""The contract is valid in a territory, down to the region of the stay (TERRITORY_INCLUDES)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Condition, Field, Not, Overlaps
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class TerritoryIncludes(Check):
    """The contract's territory names one of `any_of`, or the region of the stay when `or_region`.

    List WORLD where a world-wide wording is accepted. A territory that the contract takes out again
    ("worldwide except …") is not met, even in part.
    """

    name = "territory_includes"
    family = Family.TERRITORY
    any_of: tuple[str, ...]
    or_region: bool = False

    def condition(self, setting: Setting) -> Condition:
        accepted, region = frozenset(self.any_of), (Field("region"),) if self.or_region else ()
        taken_out = Overlaps(Field("territory_except"), accepted, region)
        return And((Overlaps(Field("territory"), accepted, region), Not(taken_out)))

    def asks(self) -> tuple[Ask, ...]:
        region = (Ask("territory", Relation.ANY_OF, "region"),) if self.or_region else ()
        return (Ask("territory", Relation.ANY_OF, self.any_of), *region, Ask("territory_except", Relation.NONE_OF, self.any_of))

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        changes = [Change("territory", Action.ADD, frozenset({self.any_of[0]}))]
        regions = {facts.region} - {None, ABSENT} if self.or_region else set()
        out = (facts.territory_except or frozenset()) & {*self.any_of, *regions}
        if out or facts.territory_except is None:
            changes.append(Change("territory_except", Action.DROP, frozenset(str(code) for code in out)))
        held = facts.territory or frozenset()
        return tuple(changes[1:]) if held & {*self.any_of, *regions} else tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        if set(self.any_of) == set(other.any_of):
            return self.or_region <= other.or_region
        return None

    def faults(self) -> tuple[str, ...]:
        return () if self.any_of else ("any_of is empty",)
