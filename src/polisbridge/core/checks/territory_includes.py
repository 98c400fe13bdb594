"""The contract is valid in a territory, down to the region of the stay (TERRITORY_INCLUDES)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Condition, Field, Not, Overlaps
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class TerritoryIncludes(Check):
    """The contract's territory names one of `any_of`, the state of stay (`host`), or its region (`or_region`).

    List WORLD where a world-wide wording is accepted. A territory that the contract takes out again
    ("worldwide except …") is not met, even in part.
    """

    name = "territory_includes"
    family = Family.TERRITORY
    any_of: tuple[str, ...] = ()
    host: bool = False
    or_region: bool = False

    def condition(self, setting: Setting) -> Condition:
        accepted, fields = frozenset(self.any_of), self._fields()
        taken_out = Overlaps(Field("territory_except"), accepted, fields)
        return And((Overlaps(Field("territory"), accepted, fields), Not(taken_out)))

    def asks(self) -> tuple[Ask, ...]:
        named = (Ask("territory", Relation.ANY_OF, self.any_of),) if self.any_of else ()
        return (*named, *[Ask("territory", Relation.ANY_OF, field.name) for field in self._fields()])

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        own = [getattr(facts, field.name) for field in self._fields()]
        wanted = [code for code in (*self.any_of, *own) if isinstance(code, str)]
        out = (facts.territory_except or frozenset()) & set(wanted)
        changes = [Change("territory_except", Action.DROP, out)] if out else []
        if wanted and not (facts.territory or frozenset()) & set(wanted):
            changes.insert(0, Change("territory", Action.ADD, frozenset({wanted[0]})))
        return tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        same = set(self.any_of) == set(other.any_of) and (self.host, self.or_region) == (other.host, other.or_region)
        return True if same else None

    def faults(self) -> tuple[str, ...]:
        return () if self.any_of or self.host or self.or_region else ("it accepts no territory",)

    def _fields(self) -> tuple[Field, ...]:
        return tuple(Field(name) for name, wanted in (("state", self.host), ("region", self.or_region)) if wanted)
