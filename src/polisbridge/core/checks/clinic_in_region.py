"""The clinic of a clinic contract lies in the region of the stay."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import Condition, Field, Overlaps
from polisbridge.core.facts import Facts
from polisbridge.core.remedy import Action, Change, Lever


@dataclass(frozen=True)
class ClinicInRegion(Check):
    """One of the clinics that the contract is with lies in the region of the occasion (ISO 3166-2)."""

    name = "clinic_in_region"
    family = Family.TERRITORY

    def condition(self, setting: Setting) -> Condition:
        return Overlaps(Field("clinic_regions"), frozenset(), (Field("region"),))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("clinic_regions", Relation.ANY_OF, "region"),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        if not isinstance(facts.region, str):
            return ()
        return (Change("clinic_regions", Action.ADD, frozenset({facts.region}), Lever.ISSUER),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return True
