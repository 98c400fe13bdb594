"""The person's age lies within a band (AGE_RANGE)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import And, Compare, Condition, Const, Field
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Change


@dataclass(frozen=True)
class AgeWithin(Check):
    """The completed years of age are from `from_age` to `to_age`, both inclusive."""

    name = "age_within"
    family = Family.PERSONS
    from_age: int = 0
    to_age: int = 150

    def condition(self, setting: Setting) -> Condition:
        old_enough = Compare(Field("age"), ">=", Const(self.from_age))
        return And((old_enough, Compare(Field("age"), "<=", Const(self.to_age))))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("age", Relation.AT_LEAST, self.from_age), Ask("age", Relation.AT_MOST, self.to_age))

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return self.from_age >= other.from_age and self.to_age <= other.to_age

    def faults(self) -> tuple[str, ...]:
        return () if self.from_age <= self.to_age else ("from_age is above to_age",)
