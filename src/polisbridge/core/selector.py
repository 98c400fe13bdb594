"""Selectors: which persons, stays and contracts a provision concerns, as data, built into a condition.

A selector maps field names to what is asked of them. All entries must hold. `any`, `all` and `not` take
selectors in turn; nothing else is logic. Forms of one entry, by the type of the field:

    citizenship: [AZ, GE]             a set shares a code, or a code is one of them
    citizenship: {not: [RU]}          … and does not
    exclusions: {within: [dental]}    every code of the set is one of these
    stay_days: {at_least: 31}         numbers: at_least, at_most; days: from, to (all inclusive)
    monthly_income: {at_most: 200000 AMD}   amounts, in that currency only; another one is not known
    works: true                       a flag is yes (or false: is no)
    deductible: absent                stated absent;  `stated` is the opposite
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from polisbridge.core.condition import (
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
    Within,
)
from polisbridge.core.days import day_number
from polisbridge.core.facts import Facts, FieldType, field_types
from polisbridge.core.money import to_minor

_CURRENCY_LETTERS = 3
_NUMBERS = (FieldType.WHOLE, FieldType.DAY)


class SelectorError(ValueError):
    """A selector that cannot be built: `path` is where, `found` and `expected` say what."""

    def __init__(self, path: tuple[str, ...], found: object, expected: str) -> None:
        super().__init__(f"{'.'.join(path)}: found {found!r}, expected {expected}")
        self.path, self.found, self.expected = path, found, expected


def build(selector: Mapping[str, object], record: type = Facts, path: tuple[str, ...] = ()) -> Condition:
    """Return the condition that a selector stands for. Raises SelectorError on the first fault."""
    parts = []
    for key in sorted(selector):
        part, here = selector[key], (*path, key)
        if key in ("any", "all"):
            parts.append(_combined(key, part, record, here))
        elif key == "not":
            parts.append(Not(build(_mapping(part, here), record, here)))
        else:
            parts.append(_entry(key, part, record, here))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _combined(key: str, part: object, record: type, path: tuple[str, ...]) -> Condition:
    if not isinstance(part, list) or not part:
        raise SelectorError(path, part, "a list of selectors")
    built = tuple(build(_mapping(item, (*path, str(i))), record, (*path, str(i))) for i, item in enumerate(part))
    return Or(built) if key == "any" else And(built)


def _mapping(part: object, path: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(part, Mapping):
        raise SelectorError(path, part, "a mapping of fields to what is asked of them")
    return part


def _entry(name: str, asked: object, record: type, path: tuple[str, ...]) -> Condition:
    kind = field_types(record).get(name)
    if kind is None:
        raise SelectorError(path, name, f"a field of {record.__name__}")
    field = Field(name)
    if asked in ("stated", "absent") and kind in (*_NUMBERS, FieldType.MINOR, FieldType.CODE):
        return Known(field) if asked == "stated" else Not(Known(field))
    if kind is FieldType.FLAG:
        return _flag(field, asked, path)
    if kind in _NUMBERS or kind is FieldType.MINOR:
        return _range(field, kind, _mapping(asked, path), path)
    if kind in (FieldType.CODE, FieldType.CODES):
        return _codes(field, kind, asked, path)
    raise SelectorError(path, asked, f"a field that selectors can ask of, not {kind.value}")


def _flag(field: Field, asked: object, path: tuple[str, ...]) -> Condition:
    if asked not in ("true", "false"):
        raise SelectorError(path, asked, "true or false")
    return IsTrue(field) if asked == "true" else Not(IsTrue(field))


def _codes(field: Field, kind: FieldType, asked: object, path: tuple[str, ...]) -> Condition:
    if isinstance(asked, Mapping):
        if len(asked) != 1 or not {"not", "within"} & set(asked):
            raise SelectorError(path, dict(asked), "{not: [codes]} or {within: [codes]}")
        word = next(iter(asked))
        codes = _code_set(asked[word], (*path, word))
        if word == "within":
            if kind is not FieldType.CODES:
                raise SelectorError(path, word, "a set of codes to ask this of")
            return Within(field, codes)
        return Not(_has(field, kind, codes))
    return _has(field, kind, _code_set(asked, path))


def _has(field: Field, kind: FieldType, codes: frozenset[str]) -> Condition:
    return InSet(field, codes) if kind is FieldType.CODE else Overlaps(field, codes)


def _code_set(asked: object, path: tuple[str, ...]) -> frozenset[str]:
    codes = [asked] if isinstance(asked, str) else asked
    if not isinstance(codes, list) or not codes or not all(isinstance(code, str) for code in codes):
        raise SelectorError(path, asked, "a code or a list of codes")
    return frozenset(codes)


def _range(field: Field, kind: FieldType, asked: Mapping[str, object], path: tuple[str, ...]) -> Condition:
    lower, upper = ("from", "to") if kind is FieldType.DAY else ("at_least", "at_most")
    if not asked or not set(asked) <= {lower, upper}:
        raise SelectorError(path, dict(asked), f"{{{lower}: …}} and/or {{{upper}: …}}")
    parts: list[Condition] = []
    if lower in asked:
        parts.append(Compare(field, ">=", _bound(field, asked[lower], kind, (*path, lower))))
    if upper in asked:
        parts.append(Compare(field, "<=", _bound(field, asked[upper], kind, (*path, upper))))
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def _bound(field: Field, asked: object, kind: FieldType, path: tuple[str, ...]) -> Operand:
    if kind is not FieldType.MINOR:
        return Const(_number(asked, kind, path))
    amount, _, currency = str(asked).partition(" ")
    try:
        if len(currency) != _CURRENCY_LETTERS:
            raise ValueError  # noqa: TRY301 - told in one place below
        minor = to_minor(Decimal(amount), currency)
    except (ValueError, InvalidOperation):
        raise SelectorError(path, asked, "an amount and a currency, such as 200000 AMD") from None
    return Param(Field(f"{field.name}_currency"), ((currency, minor),))


def _number(asked: object, kind: FieldType, path: tuple[str, ...]) -> int:
    try:
        return day_number(date.fromisoformat(str(asked))) if kind is FieldType.DAY else int(str(asked))
    except ValueError:
        raise SelectorError(path, asked, "a day as YYYY-MM-DD" if kind is FieldType.DAY else "a whole number") from None
