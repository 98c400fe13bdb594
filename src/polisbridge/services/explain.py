"""Why the contracts of a portfolio are refused or left open: reasons counted, then the rows behind one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from polisbridge.core.codes import Gate, Verdict
from polisbridge.core.facts import Facts
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.impact import Dimension
from polisbridge.services.portfolio import Progress


class Cause(StrEnum):
    """How a provision, or the lack of one, stands in the way.

    Of refusals: a requirement is not met on a route that is open to the contract; a route is not open, where none
    is; the contract has ended. Of what is undetermined: a fact is missing; the law is not confirmed; a question is
    open; no duty, or no route, is on record.
    """

    NOT_MET = "not_met"
    NOT_OPEN = "not_open"
    ENDED = "ended"
    FACT = "fact"
    UNCONFIRMED = "unconfirmed"
    QUESTION = "question"
    NO_DUTY = "no_duty"
    NO_ROUTE = "no_route"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows to look at: those that agree in everything that is named here. "" is what nobody told."""

    corridor: tuple[str, str] | None = None
    gate: Gate | None = None
    product: str | None = None
    insurer: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason and how many rows it stands in the way of, over all and by key of the dimension asked for.

    `id` is the provision's, or the cause itself where no provision speaks. A row may have several reasons.
    """

    verdict: Verdict
    cause: Cause
    id: str
    rows: int
    by: Mapping[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Explained:
    """The reasons of a portfolio, the most frequent first. `rows` are those wanted, with how many have which verdict.

    `by` tells the same for each key of the dimension asked for.
    """

    synthetic: bool
    law: str
    dimension: Dimension | None
    verdicts: Mapping[Verdict, int]
    by: Mapping[tuple[str, ...], Mapping[Verdict, int]]
    reasons: tuple[Reason, ...]

    @property
    def rows(self) -> int:
        """How many rows were looked at."""
        return sum(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row of a list; texts are "" where the portfolio does not tell them."""

    row: int
    contract: str
    person: str
    product: str
    corridor: tuple[str, str]
    gate: Gate
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the rows behind a reason, `total` of them on all pages; pages count from 1."""

    synthetic: bool
    total: int
    page: int
    size: int
    rows: tuple[ListedRow, ...]


@dataclass(frozen=True, slots=True)
class HeldRow:
    """A row of a portfolio as the core takes it."""

    row: int
    contract: str
    person: str
    synthetic: bool
    facts: Facts


class Explainer(Protocol):
    """What looks into portfolios and results. A source is a result folder, or a portfolio, which is decided first."""

    def explain(
        self, source: Path, laws: AppliedLaws, wanted: Wanted, dimension: Dimension | None, progress: Progress
    ) -> Explained:
        """Return the reasons of all rows that are wanted."""

    def listed(
        self, source: Path, laws: AppliedLaws, wanted: Wanted, reason: str, page: int, size: int, progress: Progress
    ) -> Listed:
        """Return a page of the rows that a reason stands in the way of, in order of row number."""

    def row(self, source: Path, number: int, as_of: date | None = None) -> HeldRow:
        """Return a row of the portfolio, as it stands on its own day or another one. Raises PolisbridgeError when there is none of that number."""
