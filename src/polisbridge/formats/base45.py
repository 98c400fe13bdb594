"""Base45 (RFC 9285): two bytes in three characters of the QR code's alphanumeric set."""

from functools import lru_cache

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_OUTSIDE = _LARGEST = 0xFF
_VALUES = bytes(_ALPHABET.index(byte) if byte in _ALPHABET else _OUTSIDE for byte in range(256))
_PAIRS = [bytes((_ALPHABET[n % 45], _ALPHABET[n // 45 % 45], _ALPHABET[n // 2025])) for n in range(65536)]
_SINGLES = [bytes((_ALPHABET[n % 45], _ALPHABET[n // 45])) for n in range(256)]


class Base45Error(ValueError):
    """Text that is not Base45."""


def encode(data: bytes) -> str:
    """Return the text.

    >>> encode(b"base-45")
    'UJCLQE7W581'
    """
    even = len(data) // 2 * 2
    pairs = [_PAIRS[int.from_bytes(data[at : at + 2], "big")] for at in range(0, even, 2)]
    return (b"".join(pairs) + (_SINGLES[data[-1]] if even < len(data) else b"")).decode("ascii")


def decode(text: str) -> bytes:
    """Return the bytes. Raises Base45Error for a wrong character, length or value.

    >>> decode("QED8WEX0")
    b'ietf!'
    """
    if len(text) % 3 == 1:
        raise Base45Error("a length that cannot be")
    try:
        values = text.encode("ascii").translate(_VALUES)
    except UnicodeEncodeError as exc:
        raise Base45Error("a character outside the alphabet") from exc
    if _OUTSIDE in values:
        raise Base45Error("a character outside the alphabet")
    whole = len(values) // 3 * 3
    data = _pairs(values[:whole])
    if whole == len(values):
        return data
    last = values[whole] + 45 * values[whole + 1]
    if last > _LARGEST:
        raise Base45Error("a value that cannot be")
    return data + bytes((last,))


def _pairs(values: bytes) -> bytes:
    """Return two bytes for every three values, all triples at once.

    In one long number each triple has three bytes to itself, enough for the largest sum (91 124): so one
    multiplication serves them all. Of each sum the third byte must be zero; the others are the pair.
    """
    count = len(values)
    numbers = int.from_bytes(values, "little")
    firsts = _firsts(count // 3)
    sums = (numbers & firsts) + 45 * (numbers >> 8 & firsts) + 2025 * (numbers >> 16 & firsts)
    summed = sums.to_bytes(count, "little")
    if summed[2::3].strip(b"\0"):
        raise Base45Error("a value that cannot be")
    pairs = bytearray(count // 3 * 2)
    pairs[0::2], pairs[1::2] = summed[1::3], summed[0::3]
    return bytes(pairs)


@lru_cache(maxsize=256)
def _firsts(triples: int) -> int:
    """Return the mask of the first byte of so many triples."""
    return int.from_bytes(b"\xff\0\0" * triples, "little")
