"""The insured person is of a class that the rule takes in (PERSON_CLASS)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.codes import Role
from polisbridge.core.condition import And, Compare, Condition, Const, Field, InSet, Or
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Change

_CHILDREN = frozenset({Role.CHILD.value, Role.NEWBORN.value})


@dataclass(frozen=True)
class PersonClass(Check):
    """The person's role is one of `roles`; a child is at most `child_age_to` years old, inclusive."""

    name = "person_class"
    family = Family.PERSONS
    roles: tuple[Role, ...]
    child_age_to: int | None = None

    def condition(self, setting: Setting) -> Condition:
        roles = frozenset(role.value for role in self.roles)
        if self.child_age_to is None:
            return InSet(Field("role"), roles)
        young = And((InSet(Field("role"), roles & _CHILDREN), Compare(Field("age"), "<=", Const(self.child_age_to))))
        return Or((InSet(Field("role"), roles - _CHILDREN), young))

    def asks(self) -> tuple[Ask, ...]:
        age = () if self.child_age_to is None else (Ask("age", Relation.AT_MOST, self.child_age_to),)
        return (Ask("role", Relation.ONE_OF, tuple(role.value for role in self.roles)), *age)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        younger = other.child_age_to is None or (
            self.child_age_to is not None and self.child_age_to <= other.child_age_to
        )
        return set(self.roles) <= set(other.roles) and younger
