"""The contract covers all of the named benefits, in a setting and for a cause (BENEFIT_REQUIRED)."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.checks.line import line_name, with_line
from polisbridge.core.condition import And, AtLeast, Condition, Field, InSet, Overlaps, evaluate
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class CoversBenefits(Check):
    """For each of `benefits` the contract has a line, of it or of a wider benefit that includes it.

    With `setting` or `cause` given, the line must name that setting and that cause.
    """

    name = "covers_benefits"
    family = Family.BENEFITS
    benefits: tuple[str, ...]
    setting: str | None = None
    cause: str | None = None

    def condition(self, setting: Setting) -> Condition:
        parts = tuple(self._has(benefit, setting) for benefit in self.benefits)
        return parts[0] if len(parts) == 1 else And(parts)

    def asks(self) -> tuple[Ask, ...]:
        extra = [Ask(field, Relation.ANY_OF, (code,)) for field, code in self._extra()]
        return (Ask("benefits", Relation.ALL_OF, self.benefits), *extra)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        changes: list[Change] = []
        for benefit in self.benefits:
            if evaluate(self._has(benefit, setting), facts) is not True:
                name = line_name(facts, setting, benefit)
                added = [Change(field, Action.ADD, frozenset({code}), benefit=name) for field, code in self._extra()]
                changes += with_line(facts, name, added)
        return tuple(changes)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        same = self.setting in (other.setting, other.setting or self.setting) and other.cause in (None, self.cause)
        return set(self.benefits) >= set(other.benefits) if same else None

    def faults(self) -> tuple[str, ...]:
        return () if self.benefits else ("benefits is empty",)

    def _has(self, benefit: str, setting: Setting) -> Condition:
        parts: list[Condition] = [InSet(Field("benefit"), setting.benefit_codes(benefit))]
        parts += [Overlaps(Field(field), frozenset({code})) for field, code in self._extra()]
        return AtLeast(1, Field("benefits"), parts[0] if len(parts) == 1 else And(tuple(parts)))

    def _extra(self) -> tuple[tuple[str, str], ...]:
        both = (("settings", self.setting), ("causes", self.cause))
        return tuple((field, code) for field, code in both if code is not None)
