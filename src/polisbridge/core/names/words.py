"""A name's words as they are compared, and how two words stand to each other."""

from dataclasses import dataclass
from enum import IntEnum

from polisbridge.core.names.endings import MARKERS, differ_by_gender, is_patronymic, is_surname, stems
from polisbridge.core.names.folding import one_apart
from polisbridge.core.names.forms import same_name
from polisbridge.core.names.script import Script
from polisbridge.core.names.spelling import read, word_spellings

MOST_WORDS = 12  # of a name; one with more is not read


@dataclass(frozen=True, slots=True)
class NameWord:
    """One word of a name with its Latin spellings and their coarse forms; `script` is None where it cannot be read."""

    text: str
    script: Script | None
    spelt: frozenset[str]
    forms: frozenset[str]
    patronymic: bool = False

    @property
    def surname(self) -> bool:
        """Whether it ends as only surnames do."""
        return not self.patronymic and any(is_surname(form) for form in self.forms)


@dataclass(frozen=True, slots=True)
class ReadName:
    """A name read into words. `mixed`: a word mixed scripts; `hidden`: it held characters that nobody sees."""

    words: tuple[NameWord, ...]
    mixed: bool
    hidden: bool
    too_long: bool

    @property
    def in_one(self) -> NameWord:
        """The name as one word, for names whose words are parted differently; without script if they have several."""
        text, scripts = "".join(one.text for one in self.words), {one.script for one in self.words}
        script = scripts.pop() if len(scripts) == 1 else None
        spelt, forms = word_spellings(text, script) if script else (frozenset[str](), frozenset[str]())
        return NameWord(text, script, spelt, forms)

    @property
    def readable(self) -> bool:
        """Whether there are words and all can be read."""
        return bool(self.words) and all(one.script for one in self.words)


class WordRelation(IntEnum):
    """How two words stand to each other, from equal to nothing in common."""

    EQUAL = 0
    TRANSLITERATED = 1
    ALIKE = 2
    NATIONAL_FORM = 3
    FEMININE = 4
    ENDING = 5
    ONE_APART = 6
    NONE = 7


def read_name(text: str) -> ReadName:
    """Return the words of a name. Words such as qizi or uulu are taken away and mark a patronymic."""
    clean, found = read(text)
    if clean.too_long or len(found) > MOST_WORDS:
        return ReadName((), mixed=False, hidden=clean.hidden, too_long=True)
    words = list[NameWord]()
    for word, script, _ in found:
        spelt, forms = word_spellings(word, script) if script else (frozenset[str](), frozenset[str]())
        if forms & MARKERS and words:
            last = words[-1]
            words[-1] = NameWord(last.text, last.script, last.spelt, last.forms, patronymic=True)
        else:
            named = any(is_patronymic(form) for form in forms)
            words.append(NameWord(word, script if spelt else None, spelt, forms, patronymic=named))
    return ReadName(tuple(words), any(mixed for _, _, mixed in found), clean.hidden, too_long=False)


def relation(one: NameWord, other: NameWord) -> WordRelation:
    """Return the closest relation of two words."""
    if one.text == other.text:
        return WordRelation.EQUAL
    if one.spelt & other.spelt and (one.script is not other.script or one.script is Script.LATIN):
        return WordRelation.TRANSLITERATED
    if one.forms & other.forms:
        return WordRelation.ALIKE
    pairs = [(left, right) for left in one.forms for right in other.forms]
    if any(same_name(*pair) for pair in pairs):
        return WordRelation.NATIONAL_FORM
    if any(differ_by_gender(*pair) for pair in pairs):
        return WordRelation.FEMININE
    if any(stems(left) & stems(right) for left, right in pairs):
        return WordRelation.ENDING
    return WordRelation.ONE_APART if any(one_apart(*pair) for pair in pairs) else WordRelation.NONE
