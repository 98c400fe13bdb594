"""Conditions as SQL text. Their meaning is `condition.evaluate`; tests hold every node against it.

SQL's null is "not known" and its logic Kleene's, so only "stated absent" needs care: it is a value of its own per
type, and a comparison with it is false, whatever the other side says.
"""

from polisbridge.core.condition import (
    AddDays,
    And,
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
from polisbridge.formats.sql_dialect import ABSENT_CODE, ABSENT_DATE, ABSENT_NUMBER, Dialect

NULL = "CAST(NULL AS BOOLEAN)"


class SqlConditions:
    """Writes the conditions of one record type (Facts or an item) in a dialect; fields are named with `prefix`."""

    def __init__(self, record: type, dialect: Dialect, prefix: str = "") -> None:
        self._kinds, self._dialect, self._prefix = field_types(record), dialect, prefix

    def truth(self, condition: Condition) -> str:
        """Return the truth of a condition, all its parts written out."""
        match condition:
            case Not(part):
                return negation(self.truth(part))
            case And(parts):
                return conjunction([self.truth(part) for part in parts])
            case Or(parts):
                return disjunction([self.truth(part) for part in parts])
            case _:
                return self.leaf(condition)

    def leaf(self, condition: Condition) -> str:
        """Return the truth of a condition that reads fields itself. Raises TypeError for AtLeast and for logic."""
        match condition:
            case Compare():
                return self._compare(condition)
            case InSet(field, codes):
                name = self._name(field)
                return f"{name} IN ({self._dialect.codes(codes)})" if codes else false_where_known(name)
            case Overlaps(field, codes, or_fields):
                return self.overlaps(self._name(field), codes, or_fields)
            case Within(field, codes):
                held = self._name(field)
                return self._dialect.all_in(held, codes) if codes else f"({self._dialect.size(held)} = 0)"
            case IsTrue(field):
                return self._name(field)
            case Known(field):
                return self._stated(field.name)
            case Unknown():
                return NULL
            case _:
                raise TypeError(f"{type(condition).__name__} is no leaf")

    def overlaps(self, held: str, codes: frozenset[str], or_fields: tuple[Field, ...]) -> str:
        """Return the truth of an overlap of the list `held` with codes and with the codes that fields hold."""
        found = self._dialect.any_of(held, codes) if codes else false_where_known(held)
        if not or_fields:
            return found
        names = [self._name(field) for field in or_fields]
        also = [f"coalesce({self._dialect.holds(held, name)}, false)" for name in names]
        missing = disjunction([f"{name} IS NULL" for name in names])
        return (
            f"CASE WHEN {held} IS NULL THEN NULL WHEN {disjunction([found, *also])} THEN true "
            f"WHEN {missing} AND {self._dialect.size(held)} > 0 THEN NULL ELSE false END"
        )

    def _name(self, field: Field) -> str:
        return f"{self._prefix}{self._dialect.name_of(field.name) if self._prefix else field.name}"

    def _compare(self, condition: Compare) -> str:
        days = self._are_days(condition)
        left, right = (self._value(side, days=days) for side in (condition.left, condition.right))
        compared = f"{left} {'=' if condition.op == '==' else condition.op} {right}"
        return conjunction([*(self._stated(name) for name in self._may_be_absent(condition)), compared])

    def _are_days(self, condition: Compare) -> bool:
        """Return whether both sides can be written as days: each is one, or a number that some day has."""
        sides = [_base(side) for side in (condition.left, condition.right)]
        kinds = [self._kinds[one.name] if isinstance(one, Field) else None for one, _ in sides]
        fixed = [one.value + days for one, days in sides if isinstance(one, Const) and isinstance(one.value, int)]
        fits = all(self._dialect.day(number) for number in fixed)
        return fits and kinds.count(FieldType.DAY) + len(fixed) == len(sides) and len(fixed) < len(sides)

    def _may_be_absent(self, condition: Compare) -> list[str]:
        """Return the fields that make a comparison false where they are absent, unless it is false anyway.

        The value for absent lies below every number, so "at least a constant" is false of it already.
        """
        if isinstance(condition.right, Const) and isinstance(condition.left, Field) and condition.op != "<=":
            return []
        sides = [_base(side)[0] for side in (condition.left, condition.right)]
        names = [one.key.name if isinstance(one, Param) else one.name for one in sides if not isinstance(one, Const)]
        return list(dict.fromkeys(names))

    def _stated(self, name: str) -> str:
        kind = self._kinds[name]
        column = self._name(Field(name))
        if kind is FieldType.DAY:
            return f"{column} <> DATE '{ABSENT_DATE}'"
        absent = self._dialect.text(ABSENT_CODE) if kind is FieldType.CODE else str(ABSENT_NUMBER)
        return f"{column} <> {absent}"

    def _value(self, operand: Operand, *, days: bool) -> str:
        match operand:
            case Field(name):
                day = self._kinds[name] is FieldType.DAY
                return self._dialect.day_number(self._name(operand)) if day and not days else self._name(operand)
            case Const(str(code)):
                return self._dialect.text(code)
            case Const(int(number)):
                return (days and self._dialect.day(number)) or str(number)
            case Param(key, table):
                cases = " ".join(f"WHEN {self._dialect.text(code)} THEN {limit}" for code, limit in table)
                return f"CASE {self._name(key)} {cases} END" if cases else "CAST(NULL AS BIGINT)"
            case AddDays():
                return self._later(operand, days=days)
        raise TypeError(f"{operand} is no operand")

    def _later(self, operand: AddDays, *, days: bool) -> str:
        base, more = _base(operand)
        if isinstance(base, Const) and isinstance(base.value, int):
            return self._value(Const(base.value + more), days=days)
        written = self._value(base, days=days)
        return self._dialect.later(written, more) if days else f"(CAST({written} AS BIGINT) + {more})"


def _base(operand: Operand) -> tuple[Field | Const | Param, int]:
    """Return what days are added to, and how many in all."""
    if not isinstance(operand, AddDays):
        return operand, 0
    base, days = _base(operand.day)
    return base, days + operand.days


def negation(part: str) -> str:
    """Return the Kleene negation."""
    return (
        f"NOT {part}" if part.startswith("(") or part.replace("_", "").replace(".", "").isalnum() else f"NOT ({part})"
    )


def conjunction(parts: list[str]) -> str:
    """Return the Kleene conjunction; of nothing it is true."""
    return _joined(" AND ", parts, "true")


def disjunction(parts: list[str]) -> str:
    """Return the Kleene disjunction; of nothing it is false."""
    return _joined(" OR ", parts, "false")


def _joined(word: str, parts: list[str], of_nothing: str) -> str:
    return f"({word.join(parts)})" if len(parts) > 1 else parts[0] if parts else of_nothing


def false_where_known(column: str) -> str:
    """Return false, or null where the column is."""
    return f"CASE WHEN {column} IS NOT NULL THEN false END"
