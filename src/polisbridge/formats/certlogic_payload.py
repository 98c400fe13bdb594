"""Facts as the payload that CertLogic rules read: one JSON object per insured person and occasion.

A field that nobody has told us is not there. One that is known is an object: `{"stated": true, "is": value}`, or
`{"stated": false}` where the document states that there is none. So no rule has to tell null, 0, false and the
empty list apart, which CertLogic does badly. Days are whole days since 1970-01-01, amounts are in minor units,
percentages in hundredths of a percent, sets are sorted lists, benefit lines and persons are lists of such objects.
"""

from typing import TypeAlias

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import ABSENT, ITEM_TYPES, Facts, FieldType, field_types
from polisbridge.formats.certlogic import LARGEST

Payload: TypeAlias = "dict[str, dict[str, bool | int | str | list[str] | list[Payload]]]"


def facts_payload(facts: Facts) -> Payload:
    """Return the payload. Raises PolisbridgeError, naming the field, for a number beyond what doubles keep exactly."""
    return _record(facts)


def _record(record: object) -> Payload:
    found: Payload = {}
    for name, kind in field_types(type(record)).items():
        value = getattr(record, name)
        if value is ABSENT:
            found[name] = {"stated": False}
        elif value is not None:
            found[name] = {"stated": True, "is": _value(name, kind, value)}
    return found


def _value(name: str, kind: FieldType, value: object) -> bool | int | str | list[str] | list[Payload]:
    match value:
        case frozenset():
            return sorted(value)
        case tuple() if kind in ITEM_TYPES:
            return [_record(item) for item in value]
        case int() if abs(value) > LARGEST:
            raise PolisbridgeError(ErrorCode.CANNOT_EXPORT, f"{name} is beyond {LARGEST}")
        case bool() | int() | str():
            return value
    raise TypeError(name)
