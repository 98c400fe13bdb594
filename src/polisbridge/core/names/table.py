"""A transliteration table, and the spellings that it gives a word."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import TypeAlias
from unicodedata import normalize

from polisbridge.core.codes import Evidence
from polisbridge.core.names.script import Script

Rows: TypeAlias = Mapping[str, tuple[str, ...]]
_UNWRITTEN = "^$'"  # the bounds of a word, and apostrophes that no row mentions


def rows(text: str) -> dict[str, tuple[str, ...]]:
    """Return rows written as `letters=spelling|other spelling`, parted by spaces.

    Letters may be several; `^` stands for the beginning of a word and `$` for its end. The first spelling is the one
    that the table prescribes, or the most usual.

    >>> rows("х=kh|h ь=")
    {'х': ('kh', 'h'), 'ь': ('',)}
    """
    parted = (row.partition("=") for row in text.split())
    return {letters: tuple(spelt.split("|")) for letters, _, spelt in parted}


@dataclass(frozen=True, slots=True)
class TransliterationTable:
    """One table: who uses it, where it was read, and how well it is established.

    `evidence` is `unconfirmed` for what was written down from general knowledge. `plain` says that its Latin letters
    are read as English ones (`sh`, `ch`, `zh`), so that its spellings can be compared by sound with others.
    """

    id: str
    title: str
    script: Script
    evidence: Evidence
    source: str
    rows: Rows
    plain: bool = True

    def spell(self, words: tuple[str, ...], most: int) -> list[tuple[str, ...]]:
        """Return at most `most` spellings of words (a-z), the likeliest first; none if a letter has no row.

        A letter is spelt alike throughout: whoever fills in a form goes by one habit.
        """
        parts = [found for word in words if (found := self._parts(word)) is not None]
        if len(parts) != len(words):
            return []
        open_ = sorted({one for part in parts for one in part if len(self.rows.get(one, ())) > 1})
        spelt = dict[tuple[str, ...], None]()
        for choice in self._choices(open_):
            spelt[tuple("".join(self._spelt(one, choice) for one in part) for part in parts)] = None
            if len(spelt) == most:
                break
        return list(spelt)

    def _spelt(self, part: str, choice: Mapping[str, str]) -> str:
        """Return a part by the choice made for it, else by its first spelling; a plain letter is its own."""
        return choice[part] if part in choice else self.rows.get(part, (part,))[0]

    def _choices(self, parts: list[str]) -> Iterator[dict[str, str]]:
        """Yield which spelling the open parts take: all their first one, then one of them another, then two and three."""
        for number in range(min(len(parts), 3) + 1):
            for chosen in combinations(parts, number):
                for spelt in product(*(self.rows[one][1:] for one in chosen)):
                    yield dict(zip(chosen, spelt, strict=True))

    def _parts(self, word: str) -> tuple[str, ...] | None:
        """Return the word cut into parts that have rows, the longest first, or None where one has none."""
        text, at, found = f"^{word}$", 0, list[str]()
        while at < len(text):
            part = next((text[at : at + size] for size in (4, 3, 2, 1) if text[at : at + size] in self.rows), "")
            if not part and text[at] not in _UNWRITTEN:
                plain = self._plain(text[at])
                if plain is None:
                    return None
                found.append(plain)
            elif part:
                found.append(part)
            at += len(part) or 1
        return tuple(found)

    def _plain(self, letter: str) -> str | None:
        """Return a Latin letter without its marks; other scripts have rows or nothing."""
        if self.script is not Script.LATIN:
            return None
        base = normalize("NFD", letter)[0]
        return base if base.isascii() else None
