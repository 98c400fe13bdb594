"""Base45 (RFC 9285): two bytes in three characters of the QR code's alphanumeric set."""

_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUES = {character: value for value, character in enumerate(_ALPHABET.decode())}
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
        values = [_VALUES[character] for character in text]
    except KeyError as exc:
        raise Base45Error("a character outside the alphabet") from exc
    whole = len(values) // 3 * 3
    numbers = [
        one + 45 * two + 2025 * three
        for one, two, three in zip(values[0:whole:3], values[1:whole:3], values[2:whole:3], strict=True)
    ]
    if numbers and max(numbers) > 0xFFFF:
        raise Base45Error("a value that cannot be")
    data = b"".join([number.to_bytes(2, "big") for number in numbers])
    if whole == len(values):
        return data
    last = values[whole] + 45 * values[whole + 1]
    if last > 0xFF:
        raise Base45Error("a value that cannot be")
    return data + bytes((last,))
