"""Partial evaluation: a condition with some fields given, as small as that makes it.

What a rule still asks once state, gate and day are fixed is what a portfolio's columns and an offline verifier
have to look at. Meaning is kept exactly: for every record that holds the given values, `evaluate` says the same.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from polisbridge.core.condition import (
    ALWAYS,
    NEVER,
    UNKNOWN,
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
    Truth,
    Unknown,
    Within,
    evaluate,
    fields_read,
)
from polisbridge.core.facts import Facts

Given: TypeAlias = Mapping[str, int | str]  # field of Facts -> its value; days as day numbers

_NEGATED: dict[Condition, Condition] = {ALWAYS: NEVER, NEVER: ALWAYS, UNKNOWN: UNKNOWN}
_OF_TRUTH: dict[Truth, Condition] = {True: ALWAYS, False: NEVER, None: UNKNOWN}


def specialise(condition: Condition, given: Given) -> Condition:
    """Return the condition for records that hold the given values: no node reads a given field any more."""
    match condition:
        case Not(part):
            return negated(specialise(part, given))
        case And(parts):
            return conjunction([specialise(part, given) for part in parts])
        case Or(parts):
            return disjunction([specialise(part, given) for part in parts])
        case Unknown() | AtLeast():  # an item's own fields are never given
            return condition
        case Compare(left, op, right):
            one, other = _operand(left, given), _operand(right, given)
            return _undecided(one or other) if one is None or other is None else _settled(Compare(one, op, other))
        case Overlaps(field, codes, or_fields):
            here = {given[other.name] for other in or_fields if other.name in given}
            open_fields = tuple(other for other in or_fields if other.name not in given)
            return Overlaps(field, codes | {str(code) for code in here}, open_fields)
        case InSet(Field(name)) | IsTrue(Field(name)) | Known(Field(name)) | Within(Field(name)):
            record = replace(Facts(), **{name: given[name]}) if name in given else None  # type: ignore[arg-type]
            return condition if record is None else _OF_TRUTH[evaluate(condition, record)]


def _settled(condition: Compare) -> Condition:
    """Return what a comparison of constants says, or the comparison."""
    return condition if fields_read(condition) else _OF_TRUTH[evaluate(condition, Facts())]


def _undecided(other: Operand | None) -> Condition:
    """Return a comparison with what nobody knows: still false where the other side is stated absent."""
    stated: list[Condition] = [Known(Field(name)) for name in fields_read(other)] if other else []
    return conjunction([*stated, UNKNOWN])


def _operand(operand: Operand, given: Given) -> Operand | None:
    """Return the operand with what is given put in; None when that says that it is not known."""
    match operand:
        case Field(name):
            return Const(given[name]) if name in given else operand
        case Param(Field(name), table):
            if name not in given:
                return operand
            number = dict(table).get(str(given[name]))
            return None if number is None else Const(number)
        case AddDays(day, days):
            start = _operand(day, given)
            if isinstance(start, Const) and isinstance(start.value, int):
                return Const(start.value + days)
            return None if start is None else AddDays(start, days)
        case Const():
            return operand


def negated(condition: Condition) -> Condition:
    """Return the negation, without a double one."""
    if isinstance(condition, Not):
        return condition.part
    return _NEGATED.get(condition) or Not(condition)


def conjunction(parts: list[Condition]) -> Condition:
    """Return the conjunction, flat and without parts that say nothing."""
    kept = dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, And) else (part,)))
    if NEVER in kept:
        return NEVER
    return next(iter(kept)) if len(kept) == 1 else And(tuple(kept))


def disjunction(parts: list[Condition]) -> Condition:
    """Return the disjunction, flat and without parts that say nothing."""
    kept = dict.fromkeys(one for part in parts for one in (part.parts if isinstance(part, Or) else (part,)))
    if ALWAYS in kept:
        return ALWAYS
    return next(iter(kept)) if len(kept) == 1 else Or(tuple(kept))
