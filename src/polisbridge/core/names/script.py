"""Letters: which script they belong to, and a name's text made ready to be read."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

MOST_CHARACTERS = 200  # of a name; a longer one is not read, never cut


class Script(StrEnum):
    """The scripts in which names of the region are written."""

    LATIN = "latin"
    CYRILLIC = "cyrillic"
    ARMENIAN = "armenian"


_RANGES = {
    Script.LATIN: ((0x61, 0x7A), (0xDF, 0x24F), (0x250, 0x2AF), (0x1E00, 0x1EFF)),
    Script.CYRILLIC: ((0x400, 0x52F), (0x1C80, 0x1C8F)),
    Script.ARMENIAN: ((0x531, 0x587),),
}
_APOSTROPHES = dict.fromkeys(map(ord, "ʻʼʹʽʾʿˈ‘’‛′`´՚ˊˋ＇"), "'")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")
_INVISIBLE = {"Cf", "Cc", "Co", "Cs", "Cn"}
_HARMLESS = {"\u0307", "\u0301", "\u0300"}  # dot of a Turkish İ once folded, stress marks of dictionaries
_SURNAME_ENDS = re.compile(r",|<<+")
_WORD = re.compile(r"[^\W\d_]+(?:'+[^\W\d_]+)*'*")


def script_of(letter: str) -> Script | None:
    """Return the script of a lower-case letter, None for any other."""
    code = ord(letter)
    return next((one for one, ranges in _RANGES.items() if any(low <= code <= high for low, high in ranges)), None)


@dataclass(frozen=True, slots=True)
class CleanText:
    """A name's words in lower case, all apostrophes alike. `groups` has surname and given names apart where told.

    `hidden` says that there were characters nobody sees: controls, direction marks, piled-up marks.
    """

    groups: tuple[tuple[str, ...], ...]
    hidden: bool = False
    too_long: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """The words of all groups, in order."""
        return tuple(word for group in self.groups for word in group)


def cleaned(text: str) -> CleanText:
    """Return the words of a name. Digits and signs part words; an over-long name has none and says so."""
    if len(text) > MOST_CHARACTERS:
        return CleanText((), too_long=True)
    composed = unicodedata.normalize("NFKC", text.translate(_APOSTROPHES | _DASHES))
    seen = "".join(letter for letter in composed if unicodedata.category(letter) not in _INVISIBLE or letter.isspace())
    folded = unicodedata.normalize("NFC", seen.casefold())
    marks = {letter for letter in folded if unicodedata.category(letter).startswith("M")}
    plain = "".join(letter for letter in folded if letter not in marks)
    groups = tuple(tuple(_WORD.findall(part)) for part in _SURNAME_ENDS.split(plain))
    return CleanText(tuple(one for one in groups if one), len(seen) != len(composed) or bool(marks - _HARMLESS))
