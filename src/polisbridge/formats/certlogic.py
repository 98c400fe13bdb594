"""Conditions as CertLogic (EU, version 1.3), the JSON logic of the EU Digital COVID Certificate's offline verifiers.

CertLogic has two truth values and no memory of what was missing, so each condition is written twice, in two
rails: `met` is true where `condition.evaluate` says True, `not_met` where it says False, and where it says None
neither is. A rail always gives true or false and never throws, whatever is missing from the payload (see
`certlogic_payload`). Only `var if and ! === in + < > <= >= reduce` are used: whole numbers, texts and booleans; no
dates, because the language's months and invalid days are not reliable. `or` is written by De Morgan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from polisbridge.core.condition import (
    AddDays,
    And,
    AtLeast,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Not,
    Operand,
    Or,
    Overlaps,
    Param,
    Unknown,
    Within,
    type_faults,
    walk,
)
from polisbridge.core.errors import ErrorCode, PolisbridgeError

Expression: TypeAlias = "bool | int | str | list[Expression] | dict[str, Expression | list[Expression]]"

ENGINE, ENGINE_VERSION = "CERTLOGIC", "1.3.2"
LARGEST = 2**52  # either way from zero; the sum of two such numbers is still exact in a double
_ITEM = "current."  # inside `reduce` only the item and the accumulator can be seen


@dataclass(frozen=True, slots=True)
class Rails:
    """Two CertLogic expressions: the condition is definitely met, and definitely not met."""

    met: Expression
    not_met: Expression


def rails(condition: Condition, what: str) -> Rails:
    """Return the two rails. Raises PolisbridgeError, naming `what` and the node, for what cannot be said."""
    faults = [*type_faults(condition), *_too_large(condition)]
    if faults:
        raise PolisbridgeError(ErrorCode.CANNOT_EXPORT, f"{what}: {faults[0]}")
    return _rails(condition, "")


def paths(expression: Expression) -> set[str]:
    """Return the names at the top of the payload that an expression looks up."""
    if isinstance(expression, list):
        return {path for one in expression for path in paths(one)}
    if not isinstance(expression, dict):
        return set()
    ((operator, operands),) = expression.items()
    if operator == "var":
        return {str(operands).split(".")[0]}
    return paths(operands) - {"current", "accumulator"}


def _too_large(condition: Condition) -> list[str]:
    found = []
    for node, _ in walk(condition):
        match node:
            case Const(int(number)) | AddDays(_, number) | AtLeast(number):
                numbers = [number]
            case Param(_, table):
                numbers = [number for _, number in table]
            case _:
                numbers = []
        found += [f"{node}: {number} is beyond {LARGEST}" for number in numbers if abs(number) > LARGEST]
    return found


def _rails(condition: Condition, at: str) -> Rails:
    match condition:
        case Compare():
            return _compare(condition, at)
        case InSet(Field(name), codes):
            found = _op("in", [_value(at, name), [*sorted(codes)]]) if codes else False
            return Rails(found, _if(_known(at, name), _not(found), otherwise=False))
        case Overlaps():
            return _overlaps(condition, at)
        case Within(Field(name), codes):
            each = _op("and", [{"var": "accumulator"}, _op("in", [{"var": "current"}, [*sorted(codes)]])])
            inside = _op("reduce", [_value(at, name), each, True])
            return Rails(*(_if(_known(at, name), truth, otherwise=False) for truth in (inside, _not(inside))))
        case IsTrue(Field(name)):
            return Rails(*(_op("===", [_value(at, name), truth]) for truth in (True, False)))
        case Known(Field(name)):
            return Rails(_op("===", [_stated(at, name), True]), _absent(at, name))
        case Unknown():
            return Rails(met=False, not_met=False)
        case Not(part):
            inner = _rails(part, at)
            return Rails(inner.not_met, inner.met)
        case And(parts):
            each_part = [_rails(part, at) for part in parts]
            met = not _contradict(parts) and _all(one.met for one in each_part)
            return Rails(met, _any(one.not_met for one in each_part))
        case Or(parts):
            each_part = [_rails(part, at) for part in parts]
            not_met = not _contradict(parts) and _all(one.not_met for one in each_part)
            return Rails(_any(one.met for one in each_part), not_met)
        case AtLeast():
            return _at_least(condition, at)


def _contradict(parts: tuple[Condition, ...]) -> bool:
    """Say whether the parts hold a condition and its negation: one of them is always False or both unknown."""
    kept = set(parts)
    return any(isinstance(one, Not) and one.part in kept for one in parts)


def _compare(node: Compare, at: str) -> Rails:
    """Where both sides have a value they are compared; where one is stated absent it is not met."""
    sides = (node.left, node.right)
    given = _all(_has(side, at) for side in sides)
    left, right = (_number(side, at) for side in sides)
    if node.op == "==":
        holds = _op("===", [left, right])
        fails = _not(holds)
    else:
        holds, fails = _op(node.op, [left, right]), _op(">" if node.op == "<=" else "<", [left, right])
    absent = _any(_absent(at, name) for side in sides for name in _names(side))
    return Rails(_if(given, holds, otherwise=False), _if(given, fails, absent))


def _names(side: Operand) -> list[str]:
    """Return the field that decides whether the side is stated absent."""
    match side:
        case Field(name) | Param(Field(name)):
            return [name]
        case AddDays(day):
            return _names(day)
        case Const():
            return []


def _has(side: Operand, at: str) -> Expression:
    """Return an expression, to be used as a guard only, that the side has a value."""
    match side:
        case Field(name):
            return _stated(at, name)
        case Param(Field(name), table):
            return _op("in", [_value(at, name), [key for key, _ in table]]) if table else False
        case AddDays(day):
            return _has(day, at)
        case Const():
            return True


def _number(side: Operand, at: str, more: int = 0) -> Expression:
    """Return the value of a side that has one, `more` days later."""
    match side:
        case Field(name):
            value = _value(at, name)
            return _op("+", [value, more]) if more else value
        case Param(Field(name), table):
            value = 0
            for place, (key, number) in enumerate(reversed(table)):
                value = _if(_op("===", [_value(at, name), key]), number + more, value) if place else number + more
            return value
        case AddDays(day, days):
            return _number(day, at, more + days)
        case Const(value):
            return value + more if isinstance(value, int) else value


def _overlaps(node: Overlaps, at: str) -> Rails:
    name, known = node.field.name, _known(at, node.field.name)
    held = _value(at, name)
    hit = _op("if", [{"var": "accumulator"}, True, _op("in", [{"var": "current"}, [*sorted(node.codes)]])])
    hits: list[Expression] = [_op("reduce", [held, hit, False])] if node.codes else []
    hits += [_op("in", [_value(at, other.name), held]) for other in node.or_fields]
    told = _all(_if(_known(at, other.name), then=True, otherwise=False) for other in node.or_fields)
    settled = _any([told, _if(held, then=False, otherwise=True)])  # nothing is in the empty set
    none = _all([*(_not(one) for one in hits), settled])
    return Rails(_if(known, _any(hits), otherwise=False), _if(known, none, otherwise=False))


def _at_least(node: AtLeast, at: str) -> Rails:
    """Count the items that definitely satisfy the condition, and those that may."""
    name, each = node.items.name, _rails(node.each, _ITEM)
    items, known = _value(at, name), _known(at, node.items.name)
    sure = _op("reduce", [items, _op("+", [{"var": "accumulator"}, _if(each.met, 1, 0)]), 0])
    maybe = _op("reduce", [items, _op("+", [{"var": "accumulator"}, _if(each.not_met, 0, 1)]), 0])
    enough, too_few = _op(">=", [sure, node.count]), _op("<", [maybe, node.count])
    return Rails(_if(known, enough, otherwise=False), _if(known, too_few, otherwise=False))


def _known(at: str, name: str) -> Expression:
    """Return a guard that anything is known of the field: an object that is not there counts as false."""
    return {"var": f"{at}{name}"}


def _stated(at: str, name: str) -> Expression:
    return {"var": f"{at}{name}.stated"}


def _absent(at: str, name: str) -> Expression:
    return _op("===", [_stated(at, name), False])


def _value(at: str, name: str) -> Expression:
    return {"var": f"{at}{name}.is"}


def _op(operator: str, operands: list[Expression]) -> Expression:
    return {operator: operands}


def _if(guard: Expression, then: Expression, otherwise: Expression) -> Expression:
    if isinstance(guard, bool):
        return then if guard else otherwise
    same = type(then) is type(otherwise) and then == otherwise
    return then if same else _op("if", [guard, then, otherwise])


def _not(truth: Expression) -> Expression:
    """Return the negation of an expression that gives a boolean."""
    if isinstance(truth, bool):
        return not truth
    if isinstance(truth, dict) and isinstance(inner := truth.get("!"), list):
        return inner[0]
    return _op("!", [truth])


def _all(truths: Iterable[Expression]) -> Expression:
    """Return the conjunction: flat, without what is always true, false when a part always is."""
    kept: list[Expression] = []
    for one in truths:
        if one is False:
            return False
        inner = one.get("and") if isinstance(one, dict) else None
        kept += inner if isinstance(inner, list) else [] if one is True else [one]
    return True if not kept else kept[0] if len(kept) == 1 else {"and": kept}


def _any(truths: Iterable[Expression]) -> Expression:
    return _not(_all(_not(one) for one in truths))
