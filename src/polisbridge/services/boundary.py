"""Records at the boundaries of a condition, found from the condition itself.

For every field that the condition reads: the value just below, at and just above each limit, codes in and
out of each set, stated absent, and not known. From records that make the condition true or false one field
after the other is moved through its values, so that each part of the condition decides somewhere.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any, TypeAlias

from polisbridge.core.condition import (
    AddDays,
    AtLeast,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Operand,
    Overlaps,
    Param,
    Truth,
    Within,
    evaluate,
    walk,
)
from polisbridge.core.facts import ABSENT, ITEM_TYPES, Facts, field_types

Values: TypeAlias = dict[str, list[Any]]

_BASE = 20_000  # a day number, and a plain number, to build around when a limit is another field
_OTHER_CURRENCY = "XXX"  # ISO 4217: no currency; no law has a limit in it
_OUTSIDE = "XX"  # a code that is in no set
_STARTS = 40
_MOST_ITEMS = 12


def values_of(condition: Condition, record: type = Facts) -> Values:
    """Return for each field that the condition reads the values worth trying, not known among them."""
    found: dict[str, dict[str, Any]] = {}

    def add(name: str, *values: Any) -> None:
        for value in values:
            found.setdefault(name, {}).setdefault(repr(value), value)

    for node, of in walk(condition, record):
        if of is not record:
            continue
        match node:
            case Compare(left, _, right):
                _compare_values(left, right, add)
            case InSet(field, codes):
                add(field.name, *sorted(codes), _OUTSIDE, ABSENT)
            case Overlaps(field, codes, or_fields):
                add(field.name, *[frozenset({code}) for code in sorted(codes)], frozenset(), frozenset({_OUTSIDE}))
                for other in or_fields:
                    add(other.name, _OUTSIDE, "YY", ABSENT)
            case Within(field, codes):
                add(
                    field.name,
                    codes,
                    *[frozenset({code}) for code in sorted(codes)],
                    frozenset(),
                    frozenset({_OUTSIDE}),
                )
            case IsTrue(field):
                add(field.name, *(True, False))
            case Known(field):
                add(field.name, ABSENT)
            case AtLeast(count, items, each):
                add(items.name, *_lists(count, each, ITEM_TYPES[field_types(record)[items.name]]))
    return {name: [*values.values(), None] for name, values in sorted(found.items())}


def _compare_values(left: Operand, right: Operand, add: Any) -> None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Field):
            for limit in _limits(other):
                add(one.name, *([limit - 1, limit, limit + 1] if isinstance(limit, int) else [limit, _OUTSIDE]), ABSENT)
        if isinstance(one, Param):
            add(one.key.name, *[key for key, _ in one.table], _OTHER_CURRENCY)


def _limits(operand: Operand) -> list[Any]:
    match operand:
        case Const(value):
            return [value]
        case Param(_, table):
            return [number for _, number in table]
        case AddDays(day, days):
            return [limit + days for limit in _limits(day)]
        case Field():
            return [_BASE]


def _lists(count: int, each: Condition, item: type) -> Iterator[tuple[Any, ...]]:
    """Yield lists of items around the count: with items that do, do not, and may satisfy the condition."""
    yield ()
    by_truth: dict[Truth, list[Any]] = {True: [], False: [], None: []}
    for one in _records(each, item, Random(1)):
        by_truth[evaluate(each, one)].append(one)
    yes, no, maybe = (found[:_MOST_ITEMS] for found in (by_truth[True], by_truth[False], by_truth[None]))
    for one in [*yes, *no, *maybe]:
        yield (one,) * count
    for one in [*no[:1], *maybe[:2]]:
        yield (*yes[:1] * (count - 1), one)
    if yes:
        yield (yes[0],) * max(0, count - 1)
        yield (yes[0],) * (count + 1)


def _records(condition: Condition, record: type, random: Random) -> list[Any]:
    """Return records around the boundaries of a condition, each once."""
    values = values_of(condition, record)
    found: dict[str, Any] = {}

    def keep(one: Any) -> None:
        found.setdefault(repr(one), one)

    if all_combinations(values) <= 200:  # noqa: PLR2004 - few enough to take them all
        for chosen in product(*values.values()):
            keep(record(**dict(zip(values, chosen, strict=True))))
        return list(found.values())
    for start in _starts(condition, record, values, random):
        keep(start)
        for name, choices in values.items():
            for value in choices:
                keep(replace(start, **{name: value}))
    return list(found.values())


def all_combinations(values: Values) -> int:
    """Return how many combinations of values there are."""
    total = 1
    for choices in values.values():
        total *= len(choices)
    return total


def _starts(condition: Condition, record: type, values: Values, random: Random) -> list[Any]:
    """Return records to start from: some for which the condition holds, some for which it does not."""
    wanted: dict[Truth, list[Any]] = {True: [], False: []}
    for _ in range(2_000):
        one = record(**{name: random.choice(choices) for name, choices in values.items()})
        truth = evaluate(condition, one)
        if truth is not None and len(wanted[truth]) < _STARTS:
            wanted[truth].append(one)
        if all(len(found) >= _STARTS for found in wanted.values()):
            break
    return [*wanted[True], *wanted[False]] or [record()]


def boundary_records(condition: Condition, seed: int = 0) -> list[Facts]:
    """Return Facts around every boundary of the condition, the same ones for the same seed."""
    found: list[Facts] = _records(condition, Facts, Random(seed))
    return found


def all_records(values: Values) -> Iterator[Facts]:
    """Yield Facts for every combination of the values."""
    for chosen in product(*values.values()):
        yield Facts(**dict(zip(values, chosen, strict=True)))


def random_record(values: Values, random: Random) -> Facts:
    """Return Facts with a random choice for each field."""
    return Facts(**{name: random.choice(choices) for name, choices in values.items()})
