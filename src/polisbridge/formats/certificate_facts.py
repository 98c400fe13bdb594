"""Facts and benefit lines in certificates: fields and words by their numbers, amounts with their currency.

An amount is a whole number of major units when it can be, else the negative of its minor units less one; an
amount in another than the certificate's own currency is a list of amount and currency, empty when not told. A currency
that is not told is read as unknown, so that a person's amount never takes the currency of the contract's. A set
of words that all have numbers is a whole number whose bits they are, else a list. `undefined` says that the
document states there is none; what is left out is not known.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Any, TypeAlias

import cbor2

from polisbridge.core.days import day_number, day_of
from polisbridge.core.facts import ABSENT, BenefitLine, Facts, FieldType, field_types
from polisbridge.core.money import minor_digits
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.formats.certificate_numbers import FIELDS, LINE_FIELDS, WORDS

Reader: TypeAlias = Callable[[Any], object]

_ABSENT = cbor2.undefined
_FIELD_NUMBERS = {name: number for number, name in FIELDS.items()}
_LINE_NUMBERS = {name: number for number, name in LINE_FIELDS.items()}
_WORD_NUMBERS = {group: {word: number for number, word in enumerate(words)} for group, words in WORDS.items()}
_FACT_TYPES, _LINE_TYPES = field_types(Facts), field_types(BenefitLine)


def write_facts(facts: Mapping[str, object], currency: str) -> dict[int, Any]:
    """Return facts by their numbers. Raises KeyError for a fact that certificates do not carry."""
    return _write(facts, _FIELD_NUMBERS, _FACT_TYPES, currency)


def read_facts(written: dict[Any, Any], currency: str) -> dict[str, object]:
    """Return facts by their names. Raises KeyError, TypeError, ValueError or OverflowError for anything else."""
    return _read(written, _FACT_READERS, currency)


def write_lines(lines: tuple[BenefitLine, ...], currency: str) -> list[dict[int, Any]]:
    """Return benefit lines by their numbers."""
    values = [{name: getattr(line, name) for name in _LINE_TYPES} for line in lines]
    told = [{name: value for name, value in line.items() if value is not None} for line in values]
    return [_write(line, _LINE_NUMBERS, _LINE_TYPES, currency) for line in told]


def read_lines(written: list[Any], currency: str) -> tuple[BenefitLine, ...]:
    """Return benefit lines. Raises KeyError, TypeError or ValueError for anything else."""
    return tuple([_line(line, currency) for line in written])


def _write(
    facts: Mapping[str, object], numbers: Mapping[str, int], types: Mapping[str, FieldType], currency: str
) -> dict[int, Any]:
    found: dict[int, Any] = {}
    for name, value in facts.items():
        if value is not None and not name.endswith("_currency"):
            found[numbers[name]] = _written(name, value, types[name], currency_of(facts, name), currency)
    return found


def currency_of(facts: Mapping[str, object], name: str) -> str:
    """Return the currency of an amount, empty where none is told."""
    own = facts.get(f"{name}_currency")
    return own if isinstance(own, str) else ""


def _written(name: str, value: Any, kind: FieldType, own: str, currency: str) -> Any:
    if value is ABSENT:
        return _ABSENT
    match kind:
        case FieldType.MINOR:
            amount = _amount(value, own)
            return amount if own == currency else [amount, own]
        case FieldType.CODE:
            return _word(name, value)
        case FieldType.CODES:
            return _set(name, value)
    return value


def _set(name: str, codes: frozenset[str]) -> int | list[int | str]:
    words = [_word(name, code) for code in codes]
    numbers = [word for word in words if isinstance(word, int)]
    if codes and len(numbers) == len(words):
        return sum(1 << number for number in numbers)
    return sorted(words, key=str)


def _amount(minor: int, currency: str) -> int:
    scale = 10 ** minor_digits(currency)
    return minor // scale if minor >= 0 and minor % scale == 0 else -minor - 1


def _word(name: str, code: str) -> int | str:
    return _WORD_NUMBERS.get(FIELD_GROUPS.get(name, ""), {}).get(code, code)


def _line(written: dict[Any, Any], currency: str) -> BenefitLine:
    """Return one line. The certificates of a product share most of theirs, so plain ones are kept."""
    items = tuple(written.items())
    try:
        return _plain_line(items, tuple([type(value) for _, value in items]), currency)
    except TypeError:  # a list among the values, or a value of the wrong type, which then is refused again
        return BenefitLine(**_read(written, _LINE_READERS, currency))  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _plain_line(items: tuple[tuple[Any, Any], ...], _types: tuple[type, ...], currency: str) -> BenefitLine:
    """Return the line of these items. The types tell `True` from 1, which are equal."""
    return BenefitLine(**_read(dict(items), _LINE_READERS, currency))  # type: ignore[arg-type]


def _read(written: dict[Any, Any], readers: Mapping[int, tuple[str, str, Reader]], currency: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for number, value in written.items():
        name, currency_name, reader = readers[number]
        if currency_name and value is not _ABSENT:
            amount, own = value if isinstance(value, list) else (value, currency)
            found[name] = _minor(_whole(amount), _text(own))
            found[currency_name] = own or None
        else:
            found[name] = reader(value)
    return found


def _reader(name: str, kind: FieldType) -> Reader:
    """Return what reads a field's value; of an amount only `undefined`."""
    group = FIELD_GROUPS.get(name, "")
    match kind:
        case FieldType.FLAG:
            return _read_flag
        case FieldType.CODES:
            return partial(_read_set, group)
        case FieldType.CODE:
            return partial(_read_code, WORDS.get(group, ()))
        case FieldType.DAY:
            return _read_day
    return _read_number


def _readers(names: Mapping[int, str], types: Mapping[str, FieldType]) -> dict[int, tuple[str, str, Reader]]:
    """Return by number: the field, the field of its currency when it is an amount, and its reader."""
    return {
        number: (name, f"{name}_currency" if types[name] is FieldType.MINOR else "", _reader(name, types[name]))
        for number, name in names.items()
    }


def _read_flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError("no flag")
    return value


def _read_number(value: Any) -> object:
    if type(value) is int:
        return value
    return ABSENT if value is _ABSENT else _whole(value)


def _read_day(value: Any) -> object:
    return ABSENT if value is _ABSENT else day_number(day_of(_whole(value)))


def _read_code(words: tuple[str, ...], value: Any) -> object:
    return ABSENT if value is _ABSENT else _read_word(words, value)


def _read_set(group: str, value: Any) -> frozenset[str]:
    if type(value) is list:
        words = WORDS.get(group, ())
        return frozenset([_read_word(words, code) for code in value])
    return _set_of(group, _whole(value))


@lru_cache(maxsize=1024)
def _set_of(group: str, bits: int) -> frozenset[str]:
    words = WORDS.get(group, ())
    if bits <= 0 or bits.bit_length() > len(words):
        raise ValueError("no set of words")
    return frozenset([word for number, word in enumerate(words) if bits >> number & 1])


def _minor(amount: int, currency: str) -> int:
    return amount * 10 ** minor_digits(currency) if amount >= 0 else -amount - 1


def _read_word(words: tuple[str, ...], value: object) -> str:
    if type(value) is str and value:
        return value
    number = _whole(value)
    if number < 0:
        raise ValueError("a negative word")
    return words[number]


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError("no text")
    return value


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise TypeError("no whole number")
    return value


_FACT_READERS, _LINE_READERS = _readers(FIELDS, _FACT_TYPES), _readers(LINE_FIELDS, _LINE_TYPES)
