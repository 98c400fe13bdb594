"""Strict CBOR (RFC 8949): small, shallow, deterministic, without tags and floats.

cbor2 decodes with its own limits; then the value is looked through for what does not belong and for maps whose
keys are out of order, and encoded again as it stands: other bytes mean that the message was not in deterministic
form (RFC 8949, section 4.2.3: shorter keys first; for the keys in use the order of 4.2.1 is the same). So there is one way to write a value, and hostile bytes end in `CborError` in
time linear in their length.
"""

from functools import lru_cache
from typing import Any

import cbor2

_MAX_DEPTH = 10
_PLAIN = frozenset({int, str, bytes, bool, type(None), type(cbor2.undefined)})
_PLAIN_BUT_NUMBERS = _PLAIN - {int}
_KEYS = frozenset({int, str})
_MAX_BITS = 64
_TOO_LARGE = b"\x3b" + b"\xff" * 8  # without tags, the one number of more bits that bytes can hold


class CborError(ValueError):
    """Bytes that are not CBOR as this project reads it; the text says what is wrong."""


def dumps(value: Any) -> bytes:
    """Return deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def loads(data: bytes, limit: int) -> Any:
    """Return the value of exactly one CBOR item of at most `limit` bytes. Raises CborError for anything else."""
    if len(data) > limit:
        raise CborError(f"{len(data)} bytes, at most {limit} are read")
    try:
        value = cbor2.loads(
            data,
            max_depth=_MAX_DEPTH,
            allow_indefinite=False,
            allow_duplicate_keys=False,
            semantic_decoders=_NO_TAGS,
        )
        in_order = _look_through(value, _PLAIN_BUT_NUMBERS if _TOO_LARGE in data else _PLAIN)
        again = cbor2.dumps(value)  # keeps the order of keys, and is much faster than sorting them
    except CborError:
        raise
    except Exception as exc:  # whatever a decoder meets in hostile bytes, the answer is the same
        raise CborError("not decodable") from exc
    if again != data or not in_order:
        raise CborError("not in deterministic form, or bytes after the end")
    return value


def _look_through(value: Any, known: frozenset[Any]) -> bool:
    """Say whether the keys of all maps are in order; parts whose type is in `known` are not looked at further.

    Raises CborError for anything but whole numbers, texts, bytes, simple values, lists and maps of them.
    """
    kind, in_order, parts = type(value), True, value
    if kind is dict:
        in_order, parts = _in_order(value), value.values()
    elif kind is not list:
        if kind not in _PLAIN or (kind is int and value.bit_length() > _MAX_BITS):
            raise CborError("a float, a tag, or a number that is too large")
        return True
    for part in parts:
        if type(part) not in known and not _look_through(part, known):
            in_order = False
    return in_order


def _in_order(value: dict[Any, Any]) -> bool:
    """Say whether the keys are in deterministic order. Raises CborError for one that is no number and no text."""
    last = -1
    for key in value:
        if type(key) is not int or key <= last:
            break
        last = key
    else:
        return True
    if not _KEYS.issuperset(map(type, value)):
        raise CborError("a map key that is no number and no text")
    return _as_sorted(tuple(value))


@lru_cache(maxsize=256)
def _as_sorted(keys: tuple[int | str, ...]) -> bool:
    """Say whether the keys stand as the encoder would sort them."""
    empty = dict.fromkeys(keys)
    return dumps(empty) == cbor2.dumps(empty)


def _refused(*_: Any) -> Any:
    raise CborError("a tag")


# Every tag that the decoder would give a meaning; any other becomes a value that is refused afterwards.
_NO_TAGS = dict.fromkeys(
    [*range(6), *range(21, 38), 43, *range(63, 88), 100, 103, 110, *range(256, 273), 1001, 1004, 1040, 43000, 55799],
    _refused,
)
