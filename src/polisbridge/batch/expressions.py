"""Conditions as Polars expressions. Their meaning is `condition.evaluate`; tests hold every node against it.

Polars' null is "not known" and its logic is Kleene's, so only "stated absent" needs care: a comparison with it is
false, whatever the other side says. Days are day numbers here, sets are lists of codes.
"""

from collections.abc import Callable, Mapping
from functools import reduce
from operator import and_, or_
from typing import Any

import polars as pl

from polisbridge.batch.layout import absent_value
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
)
from polisbridge.core.facts import FieldType, field_types

_FEW = 8  # comparisons that cost less than a look-up

TRUE, NULL = pl.lit(value=True), pl.lit(None, dtype=pl.Boolean)


class Expressions:
    """Writes the conditions of one record type over columns, or over the items of a list of structs.

    Sets are lists of codes; where rows hold numbers of sets, `batch.columns` looks up what is asked of them.
    """

    def __init__(self, record: type, field: Callable[[str], pl.Expr] = pl.col) -> None:
        self._kinds, self._field = field_types(record), field

    def truth(self, condition: Condition) -> pl.Expr:
        """Return the truth of a condition, all its parts written out."""
        match condition:
            case Not(part):
                return ~self.truth(part)
            case And(parts):
                return conjunction([self.truth(part) for part in parts])
            case Or(parts):
                return disjunction([self.truth(part) for part in parts])
            case _:
                return self.leaf(condition)

    def leaf(self, condition: Condition) -> pl.Expr:
        """Return the truth of a condition that reads fields itself. Raises TypeError for AtLeast and for logic."""
        match condition:
            case Compare():
                return self._compare(condition)
            case InSet(field, codes):
                return _one_of(self._field(field.name), codes)
            case Overlaps(field, codes, or_fields):
                return overlaps(self._field(field.name), codes, [self._field(other.name) for other in or_fields])
            case Within(field, codes):
                return _each(self._field(field.name), codes).list.all()
            case IsTrue(field):
                return self._field(field.name)
            case Known(field):
                return self._field(field.name).ne(absent_value(self._kinds[field.name]))
            case Unknown():
                return NULL
            case _:
                raise TypeError(f"{type(condition).__name__} is no leaf")

    def _compare(self, condition: Compare) -> pl.Expr:
        left, op, right = condition.left, condition.op, condition.right
        one, other = self._value(left), self._value(right)
        compared: pl.Expr = one <= other if op == "<=" else one >= other if op == ">=" else one == other
        stated = [self._field(name) != absent for name, absent in self._may_be_absent(condition)]
        return conjunction([*stated, compared])

    def _may_be_absent(self, condition: Compare) -> list[tuple[str, int | str]]:
        """Return the fields that make a comparison false where they are absent, unless it is false anyway.

        The value for absent lies below every number, so "at least a constant" is false of it already.
        """
        fields = [name for side in (condition.left, condition.right) for name in _base(side)]
        if isinstance(condition.right, Const):
            below = condition.op == ">=" and isinstance(condition.left, Field)
            if below or condition.op == "==":
                return []
        return [(name, absent_value(self._kinds[name])) for name in dict.fromkeys(fields)]

    def _value(self, operand: Operand) -> pl.Expr:
        match operand:
            case Field(name):
                return self._field(name)
            case Const(value):
                return pl.lit(value)
            case Param(key, table):
                return _by_code(self._field(key.name), dict(table))
            case AddDays(day, days):
                return self._value(day) + days


def overlaps(held: pl.Expr, codes: frozenset[str], wanted: list[pl.Expr]) -> pl.Expr:
    """Return whether a list of codes holds one of the codes, or one of the wanted ones of the row."""
    found = [_each(held, codes).list.any()]
    if not wanted:
        return found[0]
    found += [held.list.contains(code).fill_null(value=False) for code in wanted]
    missing = disjunction([code.is_null() for code in wanted]) & (held.list.len() > 0)
    return pl.when(held.is_null()).then(NULL).when(disjunction(found)).then(TRUE).when(~missing).then(~TRUE)


def _one_of(code: pl.Expr, codes: frozenset[str]) -> pl.Expr:
    """Return whether the code is one of these; up to a few comparisons are faster than a look-up."""
    if len(codes) > _FEW:
        return code.is_in(sorted(codes))
    return disjunction([code == one for one in sorted(codes)]) if codes else code.is_in([])


def _by_code(code: pl.Expr, table: Mapping[str, int]) -> pl.Expr:
    """Return the number for the code, null for others."""
    if len(table) > _FEW:
        return code.replace_strict(list(table), list(table.values()), default=None, return_dtype=pl.Int64)
    found: Any = pl
    for one, number in table.items():
        found = found.when(code == one).then(pl.lit(number, dtype=pl.Int64))
    return pl.lit(None, dtype=pl.Int64) if found is pl else found.otherwise(None)


def _each(held: pl.Expr, codes: frozenset[str]) -> pl.Expr:
    return held.list.eval(pl.element().is_in(sorted(codes)))


def _base(operand: Operand) -> list[str]:
    match operand:
        case Field(name) | Param(Field(name)):
            return [name]
        case AddDays(day, _):
            return _base(day)
        case Const():
            return []


def conjunction(parts: list[pl.Expr]) -> pl.Expr:
    """Return the Kleene conjunction; of nothing it is true."""
    return reduce(and_, parts) if parts else TRUE


def disjunction(parts: list[pl.Expr]) -> pl.Expr:
    """Return the Kleene disjunction; of nothing it is false."""
    return reduce(or_, parts) if parts else ~TRUE


def as_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with days as day numbers."""
    return frame.with_columns(pl.col(pl.Date).to_physical())


def at_least(condition: AtLeast, record: type, items: pl.Expr) -> pl.Expr:
    """Return whether at least so many of the items, a list of structs, satisfy the condition."""
    truths = items.list.eval(Expressions(record, _of_item(field_types(record))).truth(condition.each))
    yes = truths.list.eval(pl.element().fill_null(value=False)).list.sum()
    maybe = truths.list.eval(pl.element().is_null()).list.sum()
    none_known = items.is_null()
    found = pl.when(none_known).then(NULL).when(yes >= condition.count).then(TRUE)
    return found.when(yes + maybe < condition.count).then(~TRUE)


def _of_item(kinds: Mapping[str, FieldType]) -> Callable[[str], pl.Expr]:
    def field(name: str) -> pl.Expr:
        value = pl.element().struct.field(name)
        return value.to_physical() if kinds[name] is FieldType.DAY else value

    return field
