"""Strict CBOR (RFC 8949): small, shallow, deterministic, without tags and floats.

cbor2 decodes with its own limits; it refuses indefinite lengths, keys that stand twice and, with what it is told
here, tags. What it lets pass is looked for afterwards: values that do not belong, maps whose keys are out of order
(RFC 8949, section 4.2.3: shorter keys first; for the keys in use the order of 4.2.1 is the same), bytes after the
end, and numbers or lengths in a longer form than needed. So there is one way to write a value, and hostile bytes
end in `CborError` in time linear in their length.
"""

import re
from functools import lru_cache
from io import BytesIO
from typing import Any

import cbor2

_MAX_DEPTH = 10
_PLAIN = frozenset({int, str, bytes, bool, type(None), type(cbor2.undefined)})
_PLAIN_BUT_NUMBERS = _PLAIN - {int}
_KEYS = frozenset({int, str})
_MAX_BITS = 64
_TOO_LARGE = b"\x3b" + b"\xff" * 8  # without tags, the one number of more bits that bytes can hold

# A head is a kind (0x00 number, 0x20 negative, 0x40 bytes, 0x60 text, 0x80 list, 0xa0 map) and a size: 0x18 with one
# more byte, 0x19 with two, 0x1a with four, 0x1b with eight. It is too long exactly when these bytes begin so. Found
# inside a text or a number they mean nothing; not found anywhere, no head is too long.
_LONG = re.compile(
    rb"[\x18-\x1b\x38-\x3b\x58-\x5b\x78-\x7b\x98-\x9b\xb8-\xbb][\0-\x17]"
    rb"(?:(?<=[\x18\x38\x58\x78\x98\xb8].)"
    rb"|(?<=[\x19\x39\x59\x79\x99\xb9]\0)"
    rb"|(?<=[\x1a\x3a\x5a\x7a\x9a\xba]\0)\0"
    rb"|(?<=[\x1b\x3b\x5b\x7b\x9b\xbb]\0)\0\0\0)",
    re.DOTALL,
)


class CborError(ValueError):
    """Bytes that are not CBOR as this project reads it; the text says what is wrong."""


def dumps(value: Any) -> bytes:
    """Return deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def loads(data: bytes, limit: int) -> Any:
    """Return the value of exactly one CBOR item of at most `limit` bytes. Raises CborError for anything else."""
    _check_size(data, limit)
    source = BytesIO(data)
    try:
        value = cbor2.CBORDecoder(source, **_STRICT).decode()
        in_order = _look_through(value, _PLAIN_BUT_NUMBERS if _TOO_LARGE in data else _PLAIN)
        shortest = not _LONG.search(data) or cbor2.dumps(value) == data
    except CborError:
        raise
    except Exception as exc:  # whatever a decoder meets in hostile bytes, the answer is the same
        raise CborError("not decodable") from exc
    if source.tell() != len(data):
        raise CborError("bytes after the end")
    if not (in_order and shortest):
        raise CborError("not in deterministic form")
    return value


def loads_few(data: bytes, limit: int) -> Any:
    """Return the same as `loads`, sooner for a value of few parts and later for one of many: it is written again."""
    _check_size(data, limit)
    try:
        value = cbor2.loads(data, **_STRICT)
        in_order = _look_through(value, _PLAIN_BUT_NUMBERS)
        again = cbor2.dumps(value)
    except CborError:
        raise
    except Exception as exc:  # as in `loads`
        raise CborError("not decodable") from exc
    if again != data or not in_order:
        raise CborError("not in deterministic form, or bytes after the end")
    return value


def _check_size(data: bytes, limit: int) -> None:
    if len(data) > limit:
        raise CborError(f"{len(data)} bytes, at most {limit} are read")


def _look_through(value: Any, known: frozenset[Any]) -> bool:
    """Say whether the keys of all maps are in order; parts whose type is in `known` are not looked at further.

    Raises CborError for anything but whole numbers, texts, bytes, simple values, lists and maps of them.
    """
    in_order, rest = True, [value]
    for one in rest:  # grows while it is gone through
        kind, parts = type(one), one
        if kind is dict:
            in_order, parts = in_order and _in_order(one), one.values()
        elif kind is not list:
            if kind not in _PLAIN or (kind is int and one.bit_length() > _MAX_BITS):
                raise CborError("a float, a tag, or a number that is too large")
            continue
        for part in parts:
            if type(part) not in known:
                rest.append(part)  # noqa: PERF401 - a comprehension is another call: half as fast
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
_STRICT: dict[str, Any] = {
    "max_depth": _MAX_DEPTH,
    "allow_indefinite": False,
    "allow_duplicate_keys": False,
    "semantic_decoders": _NO_TAGS,
}
