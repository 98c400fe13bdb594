"""The fast path: many conditions compiled to one Python function. Its meaning is `condition.evaluate`.

Python source is written from the typed tree and every constant is handed over by name, never as text,
so nothing from a law file is ever read as code.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

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
    Truth,
    Unknown,
    Within,
)
from polisbridge.core.facts import ABSENT, Facts

Evaluator: TypeAlias = Callable[[Facts], tuple[Truth, ...]]


def compile_conditions(conditions: Sequence[Condition]) -> Evaluator:
    """Return a function that evaluates all conditions on one record, in the order given."""
    writer = _Writer()
    results = [writer.truth(condition, "f") for condition in conditions]
    returned = "".join(f"{name}, " for name in results)
    source = "\n".join(["def run(f):", *writer.lines, f"    return ({returned})"])
    namespace: dict[str, Any] = dict(writer.constants)
    exec(compile(source, "<conditions>", "exec"), namespace)  # noqa: S102 - our own tree, constants by name
    run: Evaluator = namespace["run"]
    return run


class _Writer:
    """Writes statements; each node becomes one variable, and equal nodes of one record share it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.constants: dict[str, object] = {"A": ABSENT}
        self._done: dict[tuple[object, str], str] = {}
        self._indent = 1
        self._count = 0

    def truth(self, condition: Condition, record: str) -> str:
        key = (condition, record)
        if key not in self._done:
            self._done[key] = self._write(condition, record)
        return self._done[key]

    def _write(self, condition: Condition, record: str) -> str:
        match condition:
            case Compare(left, op, right):
                return self._compare(left, op, right, record)
            case InSet(field, codes):
                value = self._value(field, record)
                return self._name(f"None if {value} is None else {value} in {self._constant(codes)}")
            case Overlaps(field, codes, or_fields):
                return self._overlaps(field, codes, or_fields, record)
            case Within(field, codes):
                value = self._value(field, record)
                return self._name(f"None if {value} is None else {value} <= {self._constant(codes)}")
            case IsTrue(field):
                return self._value(field, record)
            case Known(field):
                value = self._value(field, record)
                return self._name(f"None if {value} is None else {value} is not A")
            case Unknown():
                return self._name("None")
            case Not(part):
                inner = self.truth(part, record)
                return self._name(f"None if {inner} is None else not {inner}")
            case And(parts):
                return self._and([self.truth(part, record) for part in parts])
            case Or(parts):
                return self._or([self.truth(part, record) for part in parts])
            case AtLeast(count, items, each):
                return self._at_least(count, items, each, record)

    def _and(self, names: list[str]) -> str:
        if not names:
            return self._name("True")
        any_false = " or ".join(f"{name} is False" for name in names)
        return self._name(f"True if {' and '.join(names)} else False if {any_false} else None")

    def _or(self, names: list[str]) -> str:
        if not names:
            return self._name("False")
        any_unknown = " or ".join(f"{name} is None" for name in names)
        return self._name(f"True if {' or '.join(names)} else None if {any_unknown} else False")

    def _compare(self, left: Operand, op: str, right: Operand, record: str) -> str:
        """Write a comparison; a constant side needs no look whether it is absent or not known."""
        one, other = self._value(left, record), self._value(right, record)
        open_sides = [name for name, side in ((one, left), (other, right)) if not isinstance(side, Const)]
        if not open_sides:
            return self._name(f"{one} {op} {other}")
        absent = " or ".join(f"{name} is A" for name in open_sides)
        unknown = " or ".join(f"{name} is None" for name in open_sides)
        return self._name(f"False if {absent} else None if {unknown} else {one} {op} {other}")

    def _overlaps(self, field: Field, codes: frozenset[str], or_fields: tuple[Field, ...], record: str) -> str:
        held = self._value(field, record)
        wanted = [self._value(other, record) for other in or_fields]
        found = " or ".join(
            [f"not {held}.isdisjoint({self._constant(codes)})", *(f"{code} in {held}" for code in wanted)]
        )
        missing = " or ".join(f"{code} is None" for code in wanted)
        otherwise = f"None if {held} and ({missing}) else False" if missing else "False"
        return self._name(f"None if {held} is None else True if {found} else {otherwise}")

    def _at_least(self, count: int, items: Field, each: Condition, record: str) -> str:
        """Write a loop that ends as soon as enough items satisfy the condition."""
        found, yes, maybe, item = self._value(items, record), self._fresh(), self._fresh(), self._fresh()
        self._line(f"{yes} = {maybe} = 0")
        self._line(f"for {item} in {found} or ():")
        self._indent += 1
        truth = self.truth(each, item)
        self._line(f"if {truth}:")
        self._line(f"    {yes} += 1")
        self._line(f"    if {yes} >= {count}: break")
        self._line(f"elif {truth} is None: {maybe} += 1")
        self._indent -= 1
        return self._name(
            f"None if {found} is None else True if {yes} >= {count} else None if {yes} + {maybe} >= {count} else False"
        )

    def _value(self, operand: Operand, record: str) -> str:
        key = (operand, record)
        if key not in self._done:
            self._done[key] = self._operand(operand, record)
        return self._done[key]

    def _operand(self, operand: Operand, record: str) -> str:
        match operand:
            case Field(name):
                return self._name(f"{record}.{name}")
            case Const(value):
                return self._constant(value)
            case Param(key, table):
                code = self._value(key, record)
                return self._name(f"A if {code} is A else {self._constant(dict(table))}.get({code})")
            case AddDays(day, days):
                start = self._value(day, record)
                return self._name(f"{start} if {start} is None or {start} is A else {start} + {self._constant(days)}")

    def _constant(self, value: object) -> str:
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def _name(self, expression: str) -> str:
        name = self._fresh()
        self._line(f"{name} = {expression}")
        return name

    def _fresh(self) -> str:
        self._count += 1
        return f"v{self._count}"

    def _line(self, text: str) -> None:
        self.lines.append("    " * self._indent + text)
