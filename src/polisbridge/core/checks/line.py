"""What kinds about one benefit share: a line of that benefit, or of a wider one, with some property."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Check, Setting
from polisbridge.core.condition import And, AtLeast, Condition, Field, InSet
from polisbridge.core.facts import BenefitLine, Facts


@dataclass(frozen=True)
class OneBenefit(Check):
    """A kind about one benefit: some line of it, or of a wider benefit that includes it, will do."""

    benefit: str

    def some_line(self, setting: Setting, *parts: Condition) -> Condition:
        """Return: the contract has a line of the benefit for which all parts hold."""
        of_benefit = InSet(Field("benefit"), setting.benefit_codes(self.benefit))
        return AtLeast(1, Field("benefits"), And((of_benefit, *parts)) if parts else of_benefit)

    def line(self, facts: Facts, setting: Setting) -> BenefitLine | None:
        """Return the contract's first line of the benefit, the benefit itself before wider ones."""
        codes = setting.benefit_codes(self.benefit)
        found = [line for line in facts.benefits or () if line.benefit in codes]
        return next((line for line in found if line.benefit == self.benefit), found[0] if found else None)

    def line_name(self, facts: Facts, setting: Setting) -> str:
        """Return the benefit whose line a remedy changes: the line there is, else the benefit asked for."""
        line = self.line(facts, setting)
        return line.benefit if line is not None and isinstance(line.benefit, str) else self.benefit

    def same_benefit(self, other: Self) -> bool:
        """Say whether both are about the same benefit."""
        return self.benefit == other.benefit
