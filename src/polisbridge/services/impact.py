"""The impact of a scenario on a portfolio: what is reckoned, and its form in a result folder.

Every insured person is decided twice: by the law, and by the law as the scenario supposes it. What changes is counted
from verdict to verdict, over all and by group; who no longer has what is asked for gets a top-up, and the top-ups are
added up. Amounts are minor units of their currency, never converted and never added across currencies.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

import msgspec

from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.law import Text
from polisbridge.core.remedy import Action
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.portfolio import Progress

FORMAT = "polisbridge impact 1"
FINE = (Verdict.RECOGNISED, Verdict.NOT_REQUIRED)  # nothing more is asked of the person


class Dimension(StrEnum):
    """What rows are grouped by. A corridor is two codes, home state and state of stay; the others are one."""

    CORRIDOR = "corridor"
    PRODUCT = "product"
    INSURER = "insurer"
    ROLE = "role"
    GATE = "gate"


class Unit(StrEnum):
    """What a shortfall is counted in."""

    MONEY = "money"
    DAYS = "days"
    NUMBER = "number"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Transition:
    """How many rows went from one verdict to another, or stayed (`before` and `after` the same)."""

    before: Verdict
    after: Verdict
    rows: int


@dataclass(frozen=True, slots=True)
class Group:
    """The rows that share a value. `key` is empty for all rows; a code in it is "" where nobody told it.

    Transitions are in the order of Verdict, those of no row left out. A group without rows has none.
    """

    key: tuple[str, ...]
    transitions: tuple[Transition, ...]

    @property
    def rows(self) -> int:
        """How many rows were decided."""
        return sum(one.rows for one in self.transitions)

    @property
    def changed(self) -> int:
        """How many rows have another verdict than before."""
        return sum(one.rows for one in self.transitions if one.before is not one.after)

    @property
    def newly_recognised(self) -> int:
        """How many were not in order before and are recognised now."""
        return self._counted(lambda one: one.before not in FINE and one.after is Verdict.RECOGNISED)

    @property
    def newly_free(self) -> int:
        """How many were not in order before and need no contract now."""
        return self._counted(lambda one: one.before not in FINE and one.after is Verdict.NOT_REQUIRED)

    @property
    def lost(self) -> int:
        """How many were in order before (recognised, or not required) and are not now."""
        return self._counted(lambda one: one.before in FINE and one.after not in FINE)

    def before(self, verdict: Verdict) -> int:
        """How many rows have the verdict by the law."""
        return self._counted(lambda one: one.before is verdict)

    def after(self, verdict: Verdict) -> int:
        """How many rows have the verdict by the scenario."""
        return self._counted(lambda one: one.after is verdict)

    def _counted(self, wanted: Any) -> int:
        return sum(one.rows for one in self.transitions if wanted(one))


@dataclass(frozen=True, slots=True)
class FindingChange:
    """How many rows have another outcome of a provision, or of the one that takes its place.

    `before_id` is None for a provision that the scenario adds, `after_id` for one that it drops; so are the outcomes.
    """

    before_id: str | None
    after_id: str | None
    before: Outcome | None
    after: Outcome | None
    rows: int


@dataclass(frozen=True, slots=True)
class Shortfall:
    """One change of contracts, summed over the rows that need it.

    `total` is what is missing (RAISE, ADD, SET) or too much (LOWER, DROP): minor units of `currency`, days, a number,
    or, for codes, the rows again. `code` is the code, flag or benefit that is missing. A contract that states no day
    counts as a row and adds nothing to `total`; an amount or number that it does not have counts as none.
    """

    field: str
    action: Action
    unit: Unit
    rows: int
    total: int
    currency: str | None = None
    benefit: str | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A requirement that stands in the way on the route nearest to rows, and what they lack for it alone.

    `requirement` is the route itself where the contract has ended.
    """

    route: str
    requirement: str
    rows: int
    shortfalls: tuple[Shortfall, ...]


@dataclass(frozen=True, slots=True)
class TopUps:
    """What those who lose would need: of all rows (`corridor` is empty) or of one corridor.

    `complete`: a top-up makes them recognised again; `incomplete`: it helps, but something remains that no contract can
    change or that is not known; `unknown`: nothing is known to be lacking, but a fact or established law is missing;
    `hopeless`: no route is open to the contract, or nothing in it can be changed. The four add up to `rows`.
    `shortfalls` adds up whole top-ups, in which the further of two changes of the same field counts once; `needs`
    tells the same requirement by requirement, so its sums may be higher; `undecided` are the requirements that could
    not be decided for those who are undetermined.
    """

    corridor: tuple[str, ...]
    rows: int
    complete: int
    incomplete: int
    unknown: int
    hopeless: int
    shortfalls: tuple[Shortfall, ...]
    needs: tuple[Need, ...]
    undecided: tuple[Need, ...]


@dataclass(frozen=True, slots=True)
class ScenarioTold:
    """What the scenario does, as the result tells it: ids of provisions that begin and end, treaties, questions.

    `settled` are the open questions that it takes to be answered as the law is written.
    """

    name: str
    title: Text
    hash: str
    begins: tuple[str, ...]
    ends: tuple[str, ...]
    treaties: tuple[str, ...]
    settled: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """The impact of a scenario on a portfolio: `decided` and `rejected` add up to `rows`.

    `compared` are the decided rows whose law the scenario touches; the others are decided once. Corridors come as
    pairs, the two directions between two states side by side, in the order of the larger change.
    """

    scenario: ScenarioTold
    law: str
    synthetic: bool
    as_of: date | None
    rows: int
    decided: int
    rejected: int
    compared: int
    checked_by_core: int
    total: Group
    groups: dict[Dimension, tuple[Group, ...]]
    findings: tuple[FindingChange, ...]
    top_ups: tuple[TopUps, ...]

    def pairs(self) -> tuple[tuple[Group, Group | None], ...]:
        """Return every corridor beside its way back; a group of no rows where the portfolio has none.

        A corridor within one state has no way back. Nor has one with a state that is not known.
        """
        found, pairs = {one.key: one for one in self.groups.get(Dimension.CORRIDOR, ())}, []
        for key in list(found):
            if key in found:
                back = (key[1], key[0])
                one = found.pop(key)
                pairs.append((one, found.pop(back, Group(back, ())) if "" not in key and back != key else None))
        return tuple(pairs)


class Impacts(Protocol):
    """What reckons the impact over a portfolio."""

    def impact(self, portfolio: Path, before: AppliedLaws, after: "Supposed", into: Path, progress: Progress) -> Impact:
        """Decide every row by both laws, write the result folder, and return the impact."""


@dataclass(frozen=True, slots=True)
class Supposed:
    """The law as a scenario supposes it, ready to decide: `replaces` tells new ids from those whose place they take.

    `as_of` is the day to decide every row for; None leaves each row its own.
    """

    laws: AppliedLaws
    told: ScenarioTold
    replaces: dict[str, str]
    as_of: date | None = None


def impact_json(found: Impact) -> dict[str, Any]:
    """Return the impact as plain JSON values, as in `impact.json`; what there is none of is null."""
    return {"format": FORMAT, **msgspec.to_builtins(found)}


def impact_of_json(values: dict[str, Any]) -> Impact:
    """Return the impact that JSON values hold. Raises msgspec.ValidationError when they are of another form."""
    if values.get("format") != FORMAT:
        raise msgspec.ValidationError(f"format is {values.get('format')!r}, not {FORMAT!r}")
    return msgspec.convert({key: value for key, value in values.items() if key != "format"}, Impact)


def in_order(groups: Iterable[Group]) -> tuple[Group, ...]:
    """Return groups with the most changed first, then the largest, then by key."""
    return tuple(sorted(groups, key=lambda one: (-one.changed, -one.rows, one.key)))
