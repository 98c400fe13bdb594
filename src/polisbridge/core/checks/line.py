"""What kinds about one benefit share: a line of that benefit, or of a wider one, with some property."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Check, Setting
from polisbridge.core.condition import And, AtLeast, Condition, Field, InSet
from polisbridge.core.facts import BenefitLine, Facts
from polisbridge.core.remedy import Action, Change


def line_name(facts: Facts, setting: Setting, benefit: str) -> str:
    """Return the benefit whose line a remedy changes: the one asked for, else a wider one there is."""
    codes = setting.benefit_codes(benefit)
    held = [str(line.benefit) for line in facts.benefits or () if line.benefit in codes]
    return benefit if benefit in held or not held else held[0]


def with_line(facts: Facts, benefit: str, changes: Sequence[Change]) -> tuple[Change, ...]:
    """Return changes of the line of a benefit, and first that such a line is added when there is none."""
    there = any(line.benefit == benefit for line in facts.benefits or ())
    return (*changes,) if there else (Change("benefit", Action.SET, benefit, benefit=benefit), *changes)


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
        return line_name(facts, setting, self.benefit)

    def on_line(self, facts: Facts, setting: Setting, *changes: Change) -> tuple[Change, ...]:
        """Return the changes of the line, with the line itself first when there is none yet."""
        return with_line(facts, self.line_name(facts, setting), changes)

    def same_benefit(self, other: Self) -> bool:
        """Say whether both are about the same benefit."""
        return self.benefit == other.benefit
