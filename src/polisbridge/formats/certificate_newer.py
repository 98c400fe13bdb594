"""Claims of a newer writer: what of them this reader can read, to tell a newer certificate from no certificate.

Parts, fields, words, roles and omissions only ever get new numbers at the end. A number beyond the last one that is
known here was given later, and what it says cannot be read. It may be what the contract hangs on, so none of it is
passed over: what is left serves to check its form and its signature, never to decide.
"""

from collections.abc import Callable
from typing import Any

from polisbridge.core.certificate import Omission
from polisbridge.core.codes import Role
from polisbridge.core.facts import BenefitLine, Facts, FieldType, field_types
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.formats.certificate_numbers import FIELDS, LINE_FIELDS, WORDS

PARTS = frozenset(range(1, 13))
_PERSON, _FACTS, _LINES, _OTHERS, _OMITTED = 5, 7, 8, 9, 12
_ROLE, _OWN_FACTS = 1, 6  # places in a person
_TYPES = field_types(BenefitLine) | field_types(Facts)  # a field of both has one type


def without_newer(parts: dict[Any, Any]) -> dict[Any, Any]:
    """Return the parts without what has a number beyond the last; equal ones when there is no such number.

    A person of a newer role gets the last known one. What has another form than known is left as it is. Raises
    TypeError or AttributeError where a part is no list or map.
    """
    found = {key: value for key, value in parts.items() if not _beyond(key, max(PARTS) + 1)}
    readers: dict[int, Callable[[Any], Any]] = {
        _PERSON: _person,
        _FACTS: lambda facts: _fields(facts, FIELDS),
        _LINES: lambda lines: [_fields(line, LINE_FIELDS) for line in lines],
        _OTHERS: lambda others: [*others[:1], *map(_person, others[1:])],
        _OMITTED: lambda omitted: [one for one in omitted if not _beyond(one, len(Omission))],
    }
    return found | {key: read(found[key]) for key, read in readers.items() if key in found}


def _person(person: list[Any]) -> list[Any]:
    found = list(person)
    if len(found) > _ROLE and _beyond(found[_ROLE], len(Role)):
        found[_ROLE] = len(Role) - 1
    if len(found) > _OWN_FACTS and found[_OWN_FACTS] is not None:
        found[_OWN_FACTS] = _fields(found[_OWN_FACTS], FIELDS)
    return found


def _fields(written: dict[Any, Any], names: dict[int, str]) -> dict[Any, Any]:
    return {
        key: value
        for key, value in written.items()
        if not (_beyond(key, max(names) + 1) or _has_newer_word(value, names.get(key, "")))
    }


def _has_newer_word(value: Any, name: str) -> bool:
    """Say whether a field's value has a word beyond the last, or the bit of one."""
    words = WORDS.get(FIELD_GROUPS.get(name, ""))
    if words is None:
        return False
    if type(value) is list:
        return any(_beyond(one, len(words)) for one in value)
    return _beyond(value, 1 << len(words) if _TYPES[name] is FieldType.CODES else len(words))


def _beyond(number: Any, count: int) -> bool:
    return type(number) is int and number >= count
