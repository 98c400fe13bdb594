"""What makes spellings of one name by different tables fall together: a coarse form by sound.

General knowledge, not a standard. It is for finding candidates: names that fall together are told as `alike`, not equal.
"""

from itertools import product

# in this order; capitals stand for sounds that take several letters
_SOUNDS = (
    ("shch", "Q"), ("sch", "Q"), ("dzh", "J"), ("tch", "C"), ("zh", "J"), ("ch", "C"), ("sh", "S"), ("kh", "h"),
    ("gh", "g"), ("th", "t"), ("ph", "p"), ("dj", "J"), ("ts", "c"), ("tz", "c"), ("tc", "c"), ("q", "k"), ("w", "v"),
    ("y", "i"), ("ie", "e"), ("ii", "i"),
)  # fmt: skip
_AMBIGUOUS = {"x": ("h", "ks"), "j": ("J", "i")}


def folded(spelt: str) -> frozenset[str]:
    """Return the coarse forms of a spelling (a-z): one, or up to four where x and j may be two sounds.

    >>> folded("yuliya") == folded("iuliia")
    True
    """
    found = set()
    picks = [_AMBIGUOUS[letter] for letter in _AMBIGUOUS if letter in spelt]
    letters = [letter for letter in _AMBIGUOUS if letter in spelt]
    for sounds in product(*picks):
        found.add(_fold(spelt, dict(zip(letters, sounds, strict=True))))
    return frozenset(found)


def _fold(spelt: str, sounds: dict[str, str]) -> str:
    for letters, sound in _SOUNDS:
        spelt = spelt.replace(letters, sound)
    for letter, sound in sounds.items():
        spelt = spelt.replace(letter, sound)
    once = [letter for at, letter in enumerate(spelt) if at == 0 or letter != spelt[at - 1]]
    return "".join(once)


def one_apart(one: str, other: str) -> bool:
    """Whether two forms of four letters or more differ by one letter put in, left out or exchanged, or two swapped."""
    if min(len(one), len(other)) < 4 or abs(len(one) - len(other)) > 1 or one == other:  # noqa: PLR2004 - as told
        return False
    shorter = min(len(one), len(other))
    start = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    end = next((at for at in range(shorter - start) if one[-1 - at] != other[-1 - at]), shorter - start)
    left, right = one[start : len(one) - end], other[start : len(other) - end]
    return max(len(left), len(right)) <= 1 or (len(left) == 2 and left == right[::-1])  # noqa: PLR2004 - two swapped
