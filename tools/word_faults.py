"""What is wrong with one translation, by what a machine can see: places to fill in, plural forms, letters, leftovers."""

import re
from collections.abc import Iterator
from string import Formatter

from word_files import Catalogue, Text

_RUSSIAN = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ALPHABETS = {
    "uz_Cyrl": "абвгдеёжзийклмнопрстуфхцчшъьэюяўқғҳ",
    "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
    "ky": f"{_RUSSIAN}ңөү",
    "kk": f"{_RUSSIAN}әғқңөұүһі",
    "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
    "uz_Latn": "",
    "hy": "",
}  # the Cyrillic letters that a language has
_KEPT = re.compile(r"\{\w*\}|`[^`]*`|https?://\S+|--[\w-]+")  # places to fill in, commands, addresses
_WORD = re.compile(r"[^\W\d_]+")
_LONG = re.compile(r"[^\W\d_]{3,}")
_WRONG_APOSTROPHE = re.compile(r"(?<=\w)['‘’`´](?=\w)|[oOgG]['‘’`´ʼ]")
_SENTENCE = 3  # words from which an unchanged text is no coincidence


def faults(language: str, key: str, text: Text, english: Catalogue) -> list[str]:
    """Return what is wrong with a translation into a language, nothing when all is well."""
    if key not in english.entries:
        return ["no such key"]
    source = english.entries[key].text
    if isinstance(source, str) is not isinstance(text, str):
        return ["a number of things has plural forms, anything else has one text"]
    forms = (text,) if isinstance(text, str) else text
    return list(dict.fromkeys(_faults(language, forms, (source,) if isinstance(source, str) else source)))


def plural_faults(language: str, text: Text, forms: int) -> list[str]:
    """Return a fault when the number of plural forms is not that of the catalogue's header."""
    wrong = not isinstance(text, str) and len(text) != forms
    return [f"{len(text)} plural forms, {language} has {forms}"] if wrong else []


def _faults(language: str, forms: tuple[str, ...], source: tuple[str, ...]) -> Iterator[str]:
    wanted = [_places(one) for one in source]
    for text in forms:
        if not text.strip():
            yield "empty"
        if (found := _places(text)) not in wanted:
            yield f"places {found}, English has {wanted[-1]}"
        if text[:1].isspace() != source[-1][:1].isspace() or text[-1:].isspace() != source[-1][-1:].isspace():
            yield "other spaces around it than in English"
        if text in source and len(_LONG.findall(_KEPT.sub("", text))) >= _SENTENCE:
            yield "is the English text"
        yield from _letters(language, _KEPT.sub(" ", text))


def _places(text: str) -> list[str]:
    try:
        return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})
    except ValueError:
        return ["a brace that does not close"]


def _letters(language: str, text: str) -> Iterator[str]:
    alphabet = ALPHABETS[language]
    for word in _WORD.findall(text):
        cyrillic = [letter for letter in word if "\u0400" <= letter <= "\u052f"]
        armenian = [letter for letter in word if "\u0530" <= letter <= "\u058f"]
        latin = any(letter.isascii() for letter in word)
        if (latin and (cyrillic or armenian)) or (cyrillic and armenian):
            yield f"letters of two scripts in {word}"
        if armenian and language != "hy":
            yield f"Armenian letters in {word}"
        if strange := sorted({letter for letter in cyrillic if letter.lower() not in alphabet}):
            yield f"no letter of this language in {word}: {' '.join(strange)}"
    if language == "uz_Latn" and (wrong := _WRONG_APOSTROPHE.search(text)):
        yield f"the sign of oʻ and gʻ is ʻ (U+02BB), any other is ʼ (U+02BC): {text[max(0, wrong.start() - 8) :][:20]}"
