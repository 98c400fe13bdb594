"""Small changes of a condition, each a mistake that an encoder of law could make.

The cases of a provision must catch every change of a boundary by one; the generated vectors of the
LawBook must catch every change that makes a difference at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from polisbridge.core.condition import (
    AddDays,
    And,
    AtLeast,
    Compare,
    Condition,
    InSet,
    IsTrue,
    Known,
    Not,
    Operator,
    Or,
    Overlaps,
    Within,
)

_OTHER_OPERATORS: dict[Operator, tuple[Operator, ...]] = {"<=": (">=", "=="), ">=": ("<=", "=="), "==": ()}


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed condition, what was changed, and whether a boundary was moved by one."""

    what: str
    condition: Condition
    boundary: bool = False


def mutants(condition: Condition) -> Iterator[Mutant]:
    """Yield every single change of the condition, in a fixed order."""
    for what, changed, boundary in _changes(condition):
        yield Mutant(what, changed, boundary)


def boundaries(condition: Condition) -> Iterator[Mutant]:
    """Yield only the changes that move a boundary by one."""
    return (mutant for mutant in mutants(condition) if mutant.boundary)


def _changes(node: Any) -> Iterator[tuple[str, Any, bool]]:
    yield from _own_changes(node)
    if isinstance(node, And | Or):
        for index, part in enumerate(node.parts):
            for what, changed, boundary in _changes(part):
                yield what, replace(node, parts=(*node.parts[:index], changed, *node.parts[index + 1 :])), boundary
    elif is_dataclass(node) and not isinstance(node, type):
        for slot in fields(node):
            child = getattr(node, slot.name)
            if isinstance(child, Compare | InSet | Overlaps | Within | IsTrue | Known | Not | And | Or | AtLeast):
                for what, changed, boundary in _changes(child):
                    yield what, replace(node, **{slot.name: changed}), boundary


def _own_changes(node: Any) -> Iterator[tuple[str, Any, bool]]:
    match node:
        case Compare(left, op, right) if op != "==":
            yield f"{_name(left)} {op} one more", replace(node, right=AddDays(right, 1)), True
            yield f"{_name(left)} {op} one less", replace(node, right=AddDays(right, -1)), True
            for other in _OTHER_OPERATORS[op]:
                yield f"{_name(left)} {other} for {op}", replace(node, op=other), False
        case InSet(field, codes) | Overlaps(field, codes) | Within(field, codes):
            for code in sorted(codes):
                yield f"{field.name} without {code}", replace(node, codes=codes - {code}), False
            if isinstance(node, Overlaps) and node.or_fields:
                yield f"{field.name} without {node.or_fields[0].name}", replace(node, or_fields=()), False
            yield f"not {field.name}", Not(node), False
        case IsTrue(field) | Known(field):
            yield f"not {field.name}", Not(node), False
        case Not(part):
            yield "without not", part, False
        case And(parts) | Or(parts) if len(parts) > 1:
            for index in range(len(parts)):
                yield f"without part {index + 1}", replace(node, parts=parts[:index] + parts[index + 1 :]), False
            yield "and for or", Or(parts) if isinstance(node, And) else And(parts), False
        case AtLeast(count, items, _):
            yield f"{items.name} at least {count + 1}", replace(node, count=count + 1), True
            if count > 1:
                yield f"{items.name} at least {count - 1}", replace(node, count=count - 1), True


def _name(operand: Any) -> str:
    return str(getattr(operand, "name", operand))
