"""Strict CBOR (RFC 8949): what is read must be small, definite, shallow, without tags, and deterministic.

The bytes are walked once before they are decoded, so that hostile input ends in `CborError` in time
linear in its length: no indefinite lengths, no tags, no floats, no text that is not UTF-8, integers and
lengths in their shortest form, map keys in order and each once (RFC 8949, section 4.2.1).
"""

from typing import Any

import cbor2

_MAX_DEPTH = 8
_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_SIMPLE_ALLOWED = {20, 21, 22, 23}  # false, true, null, undefined


class CborError(ValueError):
    """Bytes that are not CBOR as this project reads it; the text says what is wrong."""


def dumps(value: Any) -> bytes:
    """Return deterministic CBOR."""
    return cbor2.dumps(value, canonical=True)


def loads(data: bytes, limit: int) -> Any:
    """Return the value of exactly one CBOR item. Raises CborError for anything else."""
    if len(data) > limit:
        raise CborError(f"{len(data)} bytes, at most {limit} are read")
    end = _walk(data)
    if end != len(data):
        raise CborError("bytes after the end")
    try:
        return cbor2.loads(data)
    except (cbor2.CBORDecodeError, ValueError, OverflowError) as exc:
        raise CborError("not decodable") from exc


def _walk(data: bytes) -> int:
    """Return where the item ends, after checking every head in it. Uses a stack of its own."""
    at, open_items = 0, [_Open(1)]
    while open_items:
        if open_items[-1].left == 0:
            open_items.pop()
            continue
        start = at
        major, value, at = _head(data, at)
        holder = open_items[-1]
        holder.left -= 1
        if major in (_BYTES, _TEXT):
            at = _string(data, at, value, text=major == _TEXT)
        if holder.is_map and holder.left % 2:
            if major in (_ARRAY, _MAP):
                raise CborError("a map key that is an array or map")
            holder.next_key(data[start:at])
        if major in (_ARRAY, _MAP):
            if len(open_items) > _MAX_DEPTH:
                raise CborError(f"nested deeper than {_MAX_DEPTH}")
            if value > len(data):
                raise CborError("more items than bytes")
            open_items.append(_Open(value * (2 if major == _MAP else 1), is_map=major == _MAP))
    return at


class _Open:
    """An array or map that is being walked: how many items are left, and the last key seen."""

    __slots__ = ("is_map", "key", "left")

    def __init__(self, left: int, *, is_map: bool = False) -> None:
        self.left, self.is_map, self.key = left, is_map, b""

    def next_key(self, key: bytes) -> None:
        if key <= self.key:
            raise CborError("map keys out of order or twice")
        self.key = key


def _head(data: bytes, at: int) -> tuple[int, int, int]:
    """Return major type, argument, and where the head ends."""
    if at >= len(data):
        raise CborError("cut short")
    major, low = data[at] >> 5, data[at] & 31
    if major == _TAG:
        raise CborError("a tag")
    if major == _SIMPLE and low not in _SIMPLE_ALLOWED:
        raise CborError("a float or an unknown simple value")
    if low < 24:  # noqa: PLR2004 - RFC 8949, section 3
        return major, low, at + 1
    if low > 27:  # noqa: PLR2004
        raise CborError("an indefinite length")
    size = 1 << (low - 24)
    end = at + 1 + size
    if end > len(data):
        raise CborError("cut short")
    value = int.from_bytes(data[at + 1 : end], "big")
    smallest = {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[size]
    if value < smallest:
        raise CborError("a number that is longer than need be")
    return major, value, end


def _string(data: bytes, at: int, length: int, *, text: bool) -> int:
    end = at + length
    if end > len(data):
        raise CborError("cut short")
    if text:
        try:
            data[at:end].decode("utf-8")
        except UnicodeDecodeError as exc:
            raise CborError("text that is not UTF-8") from exc
    return end
