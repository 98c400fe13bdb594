"""What to reckon, in which order: the conditions of many answers as one graph, each distinct part once.

Columns are reckoned part by part. A part that several answers share is reckoned once and kept as a column of its
own; `level` says after which others.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from polisbridge.core.condition import And, Condition, Not, Or


@dataclass(frozen=True, slots=True)
class Part:
    """One distinct condition: `parts` are the places of what it is made of; leaves read fields and have none."""

    condition: Condition
    parts: tuple[int, ...]
    uses: int
    level: int

    @property
    def kept(self) -> bool:
        """Whether it becomes a column of its own."""
        return self.uses > 1


@dataclass(frozen=True, slots=True)
class Plan:
    """All distinct parts, each after what it is made of, and the place of each answer by name."""

    parts: tuple[Part, ...]
    answers: Mapping[str, int]

    @property
    def levels(self) -> tuple[tuple[int, ...], ...]:
        """The places of the parts to keep, level by level."""
        found: dict[int, list[int]] = {}
        for at, part in enumerate(self.parts):
            if part.kept:
                found.setdefault(part.level, []).append(at)
        return tuple(tuple(found[level]) for level in sorted(found))


def plan(answers: Mapping[str, Condition]) -> Plan:
    """Return the plan for the answers; every answer counts as one use of its condition."""
    writer = _Planner()
    places = {name: writer.place(condition) for name, condition in answers.items()}
    return Plan(tuple(writer.finished(list(places.values()))), places)


class _Planner:
    def __init__(self) -> None:
        self._places: dict[object, int] = {}
        self._conditions: list[Condition] = []
        self._parts: list[tuple[int, ...]] = []

    def place(self, condition: Condition) -> int:
        """Return the place of the condition, entered after its parts when it is new."""
        match condition:
            case Not(part):
                parts: tuple[int, ...] = (self.place(part),)
            case And(many) | Or(many):
                parts = tuple(self.place(one) for one in many)
            case _:
                parts = ()
        key = (type(condition), parts) if parts else condition
        if key not in self._places:
            self._places[key] = len(self._conditions)
            self._conditions.append(condition)
            self._parts.append(parts)
        return self._places[key]

    def finished(self, answers: list[int]) -> list[Part]:
        uses = [0] * len(self._conditions)
        for at in answers:
            uses[at] += 1
        for parts in self._parts:
            for at in set(parts):
                uses[at] += 1
        found: list[Part] = []
        for condition, parts, count in zip(self._conditions, self._parts, uses, strict=True):
            below = [found[at].level + (1 if found[at].kept else 0) for at in parts]
            found.append(Part(condition, parts, count, max(below, default=0)))
        return found
