"""Conditions as Polars expressions. Their meaning is `condition.evaluate`; tests hold every node against it.

Polars' null is "not known" and its logic is Kleene's, so only "stated absent" needs care: a comparison with it is
false, whatever the other side says. Days are day numbers here, sets are lists of codes.
"""

from collections.abc import Mapping
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
from polisbridge.core.facts import field_types

_FEW = 8  # comparisons that cost less than a look-up

TRUE, NULL = pl.lit(value=True), pl.lit(None, dtype=pl.Boolean)


class Expressions:
    """Writes the conditions of one record type (Facts or an item) over a frame that has its fields as columns."""

    def __init__(self, record: type) -> None:
        self._kinds = field_types(record)

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
                return _one_of(pl.col(field.name), codes)
            case Overlaps(field, codes, or_fields):
                return self._overlaps(pl.col(field.name), codes, [pl.col(other.name) for other in or_fields])
            case Within(field, codes):
                return _each(field, codes).list.all()
            case IsTrue(field):
                return pl.col(field.name)
            case Known(field):
                return pl.col(field.name).ne(absent_value(self._kinds[field.name]))
            case Unknown():
                return NULL
            case _:
                raise TypeError(f"{type(condition).__name__} is no leaf")

    def _compare(self, condition: Compare) -> pl.Expr:
        left, op, right = condition.left, condition.op, condition.right
        one, other = self._value(left), self._value(right)
        compared: pl.Expr = one <= other if op == "<=" else one >= other if op == ">=" else one == other
        stated = [pl.col(name) != absent for name, absent in self._may_be_absent(condition)]
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
                return pl.col(name)
            case Const(value):
                return pl.lit(value)
            case Param(key, table):
                return _by_code(pl.col(key.name), dict(table))
            case AddDays(day, days):
                return self._value(day) + days

    def _overlaps(self, held: pl.Expr, codes: frozenset[str], wanted: list[pl.Expr]) -> pl.Expr:
        found = [held.list.eval(pl.element().is_in(sorted(codes))).list.any()]
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


def _each(field: Field, codes: frozenset[str]) -> pl.Expr:
    return pl.col(field.name).list.eval(pl.element().is_in(sorted(codes)))


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


def counted(condition: AtLeast, record: type, items: pl.DataFrame) -> pl.DataFrame:
    """Return per `number` of the items whether at least so many of them satisfy the condition.

    `items` has a column `number` and the fields of the record, one row per item, days as numbers. A number without
    items is not among the answer.
    """
    yes = pl.col("truth").fill_null(value=False).sum()
    maybe = pl.col("truth").is_null().sum()
    truth = pl.when(yes >= condition.count).then(TRUE).when(yes + maybe < condition.count).then(~TRUE)
    tried = items.select("number", truth=Expressions(record).truth(condition.each))
    return tried.group_by("number").agg(truth.alias("truth"))
