"""Which languages there are, which one somebody asks for, and what is said when a language lacks a word.

A language is a folder of `locales/` by its locale code (`uz_Cyrl`); a tag (`uz-Cyrl`) is the same with hyphens. A word
that a catalogue lacks is said in Russian, which most readers of the region know, and then in English, the source.
"""

import gettext
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import msgspec
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

_LOCALES = Path(__file__).parent / "locales"
_DOMAIN = "polisbridge"
_TOLD = "languages.yaml"
SOURCE = "en"
_CODESET = re.compile(r"\.[^@]*")
_SCRIPTS = {"@cyrillic": "_Cyrl", "@latin": "_Latn"}  # how the C library writes a script
_QUALITY = re.compile(r"q=(0(\.\d{1,3})?|1(\.0{1,3})?)")
_LONGEST = 500  # characters of a header that are read


class Told(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What `languages.yaml` tells of a language; the days are those of a review of the whole catalogue."""

    name: str
    native_review: date | None
    law_review: date | None


def catalogue_file(language: str) -> Path:
    """Return the file of a language's catalogue, whether it is there or not."""
    return _LOCALES / language / "LC_MESSAGES" / f"{_DOMAIN}.po"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, in the order of `languages.yaml`: the source first."""
    return tuple(one for one in _told() if catalogue_file(one).is_file())


def name(language: str) -> str:
    """Return a language's name in itself."""
    return _told()[language].name


def reviewed(language: str) -> bool:
    """Say whether a native speaker has read the catalogue through. The source is no translation."""
    return language == SOURCE or _told()[language].native_review is not None


@cache
def _told() -> dict[str, Told]:
    return msgspec.yaml.decode(Path(__file__).with_name(_TOLD).read_bytes(), type=dict[str, Told])


def chain(language: str) -> tuple[str, ...]:
    """Return the languages to look in for a word, the wanted one first.

    >>> chain("kk"), chain("ru"), chain("en")
    (('kk', 'ru', 'en'), ('ru', 'en'), ('en',))
    """
    return tuple(dict.fromkeys((language, SOURCE) if language == SOURCE else (language, "ru", SOURCE)))


def matched(tag: str) -> str | None:
    """Return the language that a tag or a locale asks for: the longest beginning that is known (RFC 4647, lookup).

    >>> matched("uz-Cyrl-UZ"), matched("uz"), matched("uz_UZ@cyrillic"), matched("be-BY"), matched("de")
    ('uz_Cyrl', 'uz_Latn', 'uz_Cyrl', 'be', None)
    """
    bare, at, modifier = _CODESET.sub("", tag.strip()).partition("@")
    script = _SCRIPTS.get((at + modifier).lower(), "")
    first, *others = bare.replace("-", "_").lower().split("_")
    parts = [first, *script.lower().split("_")[1:], *others]
    known = {one.lower(): one for one in languages()}
    tried = ("_".join(parts[:end]) for end in range(len(parts), 0, -1))
    near = (one for one in languages() if first and one.split("_")[0] == first)
    return next((known[one] for one in tried if one in known), None) or next(near, None)


def chosen(wanted: str | None) -> str:
    """Return the language to speak: the one wanted if there is a catalogue, else English.

    >>> chosen("ru_RU.UTF-8"), chosen("uz_UZ"), chosen("C.UTF-8")
    ('ru', 'uz_Latn', 'en')
    """
    return matched(wanted or "") or "en"


def preferred(header: str) -> str | None:
    """Return the language that an Accept-Language header wants most of those known; none when it names no such one.

    >>> preferred("de, kk-KZ;q=0.8, ru;q=0.9"), preferred("de")
    ('ru', None)
    """
    return next((one for one in map(matched, _wanted(header)) if one), None)


def _wanted(header: str) -> Iterator[str]:
    """Yield the language tags of an Accept-Language header, the most wanted first (RFC 9110, section 12.5.4)."""
    weighted = []
    for part in header[:_LONGEST].split(","):
        tag, _, rest = part.partition(";")
        quality = _QUALITY.search(rest)
        weighted.append((-float(quality[1]) if quality else -1.0, tag.strip()))
    yield from (tag for weight, tag in sorted(weighted, key=lambda one: one[0]) if weight and tag)


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """Return the words of one language alone, without those it falls back to."""
    with catalogue_file(language).open("rb") as file:
        found = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, found)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
