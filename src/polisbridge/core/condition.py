"""The condition language: a small typed tree over Facts, and the interpreter that defines its meaning.

Strong Kleene logic: True, False and None, which is "not known". Integers, whole days, codes, sets of
codes and flags only: no floats, no months, no text functions, no callables. Each node is data, so the
same tree compiles to Python, columns, SQL and CertLogic. Two rules make it safe:

- a comparison with something stated absent is False, and `Known` is what asks whether it is stated;
- learning a fact (None becoming a value) never turns True into False or False into True.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Literal, TypeAlias

from polisbridge.core.facts import ABSENT, ITEM_TYPES, Absent, BenefitLine, CoveredPerson, Facts, FieldType, field_types

Truth: TypeAlias = bool | None
Record: TypeAlias = Facts | BenefitLine | CoveredPerson
Operator: TypeAlias = Literal["<=", ">=", "=="]


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field of the record at hand: of Facts, or of the item inside `AtLeast`."""

    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """A fixed whole number, day number or code."""

    value: int | str


@dataclass(frozen=True, slots=True)
class Param:
    """A number looked up by the value of a code field; a key that is not listed is not known.

    `default` holds for keys of a closed list that say nothing (it is rarely wanted: leave it out).
    """

    key: Field
    table: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class AddDays:
    """A day so many whole days later (or earlier, when negative)."""

    day: "Operand"
    days: int


Operand: TypeAlias = Field | Const | Param | AddDays


@dataclass(frozen=True, slots=True)
class Compare:
    """left `op` right over numbers, days or codes (codes: == only). False where a side is absent."""

    left: Operand
    op: Operator
    right: Operand


@dataclass(frozen=True, slots=True)
class InSet:
    """A code field is one of the codes. False where it is absent."""

    field: Field
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Overlaps:
    """A set field holds at least one of the codes, or the value of one of the code fields."""

    field: Field
    codes: frozenset[str]
    or_fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True)
class Within:
    """Every code of a set field is one of the codes. True for the empty set."""

    field: Field
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class IsTrue:
    """A flag is yes."""

    field: Field


@dataclass(frozen=True, slots=True)
class Known:
    """A number, day or code is stated: True with a value, False when stated absent."""

    field: Field


@dataclass(frozen=True, slots=True)
class Unknown:
    """What nobody can say: never true, never false. Stands for law that is not established."""


@dataclass(frozen=True, slots=True)
class Not:
    """Kleene negation."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """True when all parts are; False when one is; else not known. The empty And is True."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """True when one part is; False when all are; else not known. The empty Or is False."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AtLeast:
    """At least `count` items of a list field satisfy `each`, which reads the item's own fields."""

    count: int
    items: Field
    each: "Condition"


Condition: TypeAlias = Compare | InSet | Overlaps | Within | IsTrue | Known | Unknown | Not | And | Or | AtLeast

ALWAYS = And(())
NEVER = Or(())
UNKNOWN = Unknown()


def evaluate(condition: Condition, record: Record) -> Truth:
    """Return what the condition says of the record: True, False, or None when facts are missing.

    This is the definition of meaning. Every other back end is tested against it.
    """
    match condition:
        case Compare(left, op, right):
            one, other = _value(left, record), _value(right, record)
            if one is ABSENT or other is ABSENT:
                return False
            if one is None or other is None:
                return None
            return _compared(one, op, other)
        case InSet(field, codes):
            code = getattr(record, field.name)
            return None if code is None else code in codes
        case Overlaps(field, codes, or_fields):
            held = getattr(record, field.name)
            wanted = [getattr(record, other.name) for other in or_fields]
            if held is None:
                return None
            if held & codes or any(code in held for code in wanted):
                return True
            return None if None in wanted and held else False
        case Within(field, codes):
            held = getattr(record, field.name)
            return None if held is None else held <= codes
        case IsTrue(field):
            flag: Truth = getattr(record, field.name)
            return flag
        case Known(field):
            value = getattr(record, field.name)
            return None if value is None else value is not ABSENT
        case Unknown():
            return None
        case Not(part):
            inner = evaluate(part, record)
            return None if inner is None else not inner
        case And(parts):
            return all_of([evaluate(part, record) for part in parts])
        case Or(parts):
            return any_of([evaluate(part, record) for part in parts])
        case AtLeast(count, items, each):
            found = getattr(record, items.name)
            if found is None:
                return None
            truths = [evaluate(each, item) for item in found]
            if truths.count(True) >= count:
                return True
            return None if truths.count(True) + truths.count(None) >= count else False


def _compared(one: int | str, op: Operator, other: int | str) -> bool:
    if op == "==" or isinstance(one, str) or isinstance(other, str):
        return one == other
    return one <= other if op == "<=" else one >= other


def all_of(truths: Collection[Truth]) -> Truth:
    """Kleene conjunction of truths already known."""
    return False if False in truths else None if None in truths else True


def any_of(truths: Collection[Truth]) -> Truth:
    """Kleene disjunction of truths already known."""
    return True if True in truths else None if None in truths else False


def _value(operand: Operand, record: Record) -> int | str | Absent | None:
    match operand:
        case Field(name):
            value: int | str | Absent | None = getattr(record, name)
            return value
        case Const(value):
            return value
        case Param(key, table):
            code = getattr(record, key.name)
            return ABSENT if code is ABSENT else dict(table).get(code)
        case AddDays(day, days):
            start = _value(day, record)
            return start + days if isinstance(start, int) else start


def fields_read(condition: Condition | Operand) -> tuple[str, ...]:
    """Return the fields of Facts that the condition reads, in order, each once.

    The fields of items inside `AtLeast` are not listed, the list field itself is.
    """
    found: dict[str, None] = {}
    for node, record in walk(condition):
        if isinstance(node, Field) and record is Facts:
            found[node.name] = None
    return tuple(found)


def walk(condition: object, record: type = Facts) -> Iterator[tuple[object, type]]:
    """Yield every node of the tree with the record type that its fields belong to."""
    yield condition, record
    if isinstance(condition, AtLeast):
        yield condition.items, record
        item = ITEM_TYPES.get(field_types(record).get(condition.items.name, FieldType.CODE))
        if item is not None:
            yield from walk(condition.each, item)
    elif isinstance(condition, tuple):
        for part in condition:
            yield from walk(part, record)
    elif is_dataclass(condition):
        for part in fields(condition):
            value = getattr(condition, part.name)
            if is_dataclass(value) or isinstance(value, tuple):
                yield from walk(value, record)


_NUMBERS = frozenset({FieldType.WHOLE, FieldType.MINOR, FieldType.DAY})
_FITTING: Mapping[type, frozenset[FieldType]] = {
    InSet: frozenset({FieldType.CODE}),
    Overlaps: frozenset({FieldType.CODES}),
    Within: frozenset({FieldType.CODES}),
    IsTrue: frozenset({FieldType.FLAG}),
    Known: _NUMBERS | {FieldType.CODE},
}


def type_faults(condition: Condition) -> list[str]:
    """Return what is ill-typed in the tree: unknown fields, and fields that a node cannot read."""
    faults = []
    for node, record in walk(condition):
        known = field_types(record)
        if isinstance(node, Field) and node.name not in known:
            faults.append(f"{record.__name__} has no field {node.name}")
        elif (fitting := _FITTING.get(type(node))) is not None:
            name = node.field.name  # type: ignore[attr-defined]
            if name in known and known[name] not in fitting:
                faults.append(f"{type(node).__name__} cannot read {name}, a {known[name].value}")
        elif isinstance(node, AtLeast) and known.get(node.items.name) not in ITEM_TYPES:
            faults.append(f"AtLeast needs a list, {node.items.name} is none")
        elif isinstance(node, Compare):
            faults += _compare_faults(node, known)
        elif isinstance(node, AddDays) and _operand_type(node.day, known) not in ("number", None):
            faults.append("AddDays needs a day")
        wanted = (node.key,) if isinstance(node, Param) else node.or_fields if isinstance(node, Overlaps) else ()
        faults += [
            f"{one.name} is no code" for one in wanted if known.get(one.name, FieldType.CODE) is not FieldType.CODE
        ]
    return faults


def _compare_faults(node: Compare, known: Mapping[str, FieldType]) -> list[str]:
    sides = {_operand_type(side, known) for side in (node.left, node.right)} - {None}
    if len(sides) > 1:
        return [f"Compare mixes {' and '.join(sorted(str(side) for side in sides))}"]
    if sides == {"code"} and node.op != "==":
        return [f"Compare {node.op} is not for codes"]
    return []


def _operand_type(operand: Operand, known: Mapping[str, FieldType]) -> str | None:
    match operand:
        case Field(name):
            kind = known.get(name)
            return (
                None
                if kind is None
                else "number"
                if kind in _NUMBERS
                else "code"
                if kind is FieldType.CODE
                else kind.value
            )
        case Const(value):
            return "code" if isinstance(value, str) else "number"
        case Param() | AddDays():
            return "number"
