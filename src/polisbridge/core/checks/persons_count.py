"""The contract insures so many persons of a role: at least, or at most (PERSON_CLASS, max_n)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.codes import Role
from polisbridge.core.condition import And, AtLeast, Condition, Field, InSet, Not
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Change


@dataclass(frozen=True)
class PersonsCount(Check):
    """Of the persons on the contract, those in `roles` number at least and at most so many."""

    name = "persons_count"
    family = Family.PERSONS
    roles: tuple[Role, ...]
    at_least: int | None = None
    at_most: int | None = None

    def condition(self, setting: Setting) -> Condition:
        in_roles = InSet(Field("role"), frozenset(role.value for role in self.roles))
        parts: list[Condition] = []
        if self.at_least is not None:
            parts.append(AtLeast(self.at_least, Field("persons"), in_roles))
        if self.at_most is not None:
            parts.append(Not(AtLeast(self.at_most + 1, Field("persons"), in_roles)))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def asks(self) -> tuple[Ask, ...]:
        both = ((Relation.AT_LEAST, self.at_least), (Relation.AT_MOST, self.at_most))
        bounds = tuple(Ask("persons", relation, number) for relation, number in both if number is not None)
        return (Ask("role", Relation.ONE_OF, tuple(role.value for role in self.roles)), *bounds)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return ()

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        if set(self.roles) != set(other.roles):
            return None
        lower = other.at_least is None or (self.at_least or 0) >= other.at_least
        upper = other.at_most is None or (self.at_most is not None and self.at_most <= other.at_most)
        return lower and upper

    def faults(self) -> tuple[str, ...]:
        return ("give at_least, at_most or both",) if self.at_least is None and self.at_most is None else ()
