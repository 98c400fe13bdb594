"""A scenario as values: changes of the law that nobody has made. Applying them is `services.scenario`."""

from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

from polisbridge.core.checks import Check
from polisbridge.core.codes import Gate
from polisbridge.core.condition import ALWAYS, Condition
from polisbridge.core.law import Text


@dataclass(frozen=True, slots=True)
class Changed:
    """From `first` on a requirement asks something else; a day of None is every day."""

    provision: str
    first: date | None
    check: Check
    title: Text


@dataclass(frozen=True, slots=True)
class Added:
    """From `first` on routes ask one thing more, at their own gates unless gates are named."""

    id: str
    first: date | None
    routes: tuple[str, ...]
    check: Check
    title: Text
    gates: frozenset[Gate] = frozenset()
    applies: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Dropped:
    """From `first` on a provision is no longer in force."""

    provision: str
    first: date | None


@dataclass(frozen=True, slots=True)
class TreatySupposed:
    """From `first` on a treaty binds the parties; those it lists when none are named.

    `settled` takes its open questions to be answered as it is written.
    """

    treaty: str
    parties: tuple[str, ...]
    first: date | None
    settled: bool


@dataclass(frozen=True, slots=True)
class Adopted:
    """From `first` on a route asks what another one does: a requirement of it, or all that it asks on that day.

    `check` and `title` are given where the requirement is taken over with other parameters.
    """

    provision: str
    route: str
    first: date | None
    gates: frozenset[Gate] = frozenset()
    check: Check | None = None
    title: Text = field(default_factory=dict)


ScenarioChange: TypeAlias = Changed | Added | Dropped | TreatySupposed | Adopted


@dataclass(frozen=True, slots=True)
class Scenario:
    """Changes of the law to try out, never law. `hash` is the SHA-256 of what the file says."""

    name: str
    title: Text
    made: date
    changes: tuple[ScenarioChange, ...]
    hash: str
    note: Text = field(default_factory=dict)
