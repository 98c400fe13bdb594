"""A contract that limits the days of each trip allows trips as long as the stay."""

from dataclasses import dataclass
from typing import Self

from polisbridge.core.checks.base import Ask, Check, Family, Relation, Setting
from polisbridge.core.condition import Compare, Condition, Field, Known, Not, Or
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.remedy import Action, Change


@dataclass(frozen=True)
class TripsCoverStay(Check):
    """The contract states no cap on the days of one trip, or the cap is not shorter than the stay."""

    name = "trips_cover_stay"
    family = Family.TIME

    def condition(self, setting: Setting) -> Condition:
        return Or((Not(Known(Field("max_trip_days"))), Compare(Field("max_trip_days"), ">=", Field("stay_days"))))

    def asks(self) -> tuple[Ask, ...]:
        return (Ask("max_trip_days", Relation.AT_LEAST, "stay_days"),)

    def remedy(self, facts: Facts, setting: Setting) -> tuple[Change, ...]:
        return (Change("max_trip_days", Action.SET, ABSENT),)

    def as_strict_as(self, other: Self, setting: Setting) -> bool | None:
        return True
