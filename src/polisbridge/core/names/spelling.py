"""How a name may be spelt in Latin letters, and its form for a machine-readable zone."""

from dataclasses import dataclass

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.names.folding import folded
from polisbridge.core.names.lookalikes import unmixed
from polisbridge.core.names.script import MOST_CHARACTERS, CleanText, Script, cleaned
from polisbridge.core.names.table import TransliterationTable
from polisbridge.core.names.tables import BY_ID, OF_SCRIPT

MOST_SPELLINGS = 200
_MRZ_TABLES = {
    Script.LATIN: ("icao_9303_latin",),
    Script.CYRILLIC: ("icao_9303", "flat"),
    Script.ARMENIAN: ("hy_bgn_1981",),
}


@dataclass(frozen=True, slots=True)
class Spelling:
    """A Latin spelling of a name (A-Z and spaces), and the first table that gives it."""

    text: str
    table: TransliterationTable


def spellings(name: str, script: Script | None = None) -> tuple[Spelling, ...]:
    """Return the Latin spellings that a name could have, at most 200, by table.

    None for a name that is too long, mixes scripts from word to word or has letters without a table; none either when
    `script` is told and the name is in another.
    """
    words = [unmixed(word) for word in cleaned(name).words]
    scripts = {found for _, found, _ in words}
    if len(scripts) != 1 or (found := next(iter(scripts))) is None or (script or found) is not found:
        return ()
    texts = tuple(text for text, _, _ in words)
    spelt: dict[str, TransliterationTable] = {}
    for table, parts in _by_table(texts, found):
        spelt.setdefault(" ".join(parts).upper(), table)
    return tuple(Spelling(text, table) for text, table in spelt.items())


def word_spellings(word: str, script: Script) -> tuple[frozenset[str], frozenset[str]]:
    """Return the spellings of one word (a-z), and their coarse forms by the tables that read as English does."""
    found = [(table, parts[0]) for table, parts in _by_table((word,), script)]
    plain = [spelt for table, spelt in found if table.plain] or [spelt for _, spelt in found]
    forms = dict.fromkeys(form for spelt in plain for form in sorted(folded(spelt)))
    return frozenset(spelt for _, spelt in found), frozenset(forms)


def mrz(name: str, table: str = "") -> str:
    """Return a name for the machine-readable zone: A-Z, `<` between words, `<<` after a surname set off by a comma.

    By ICAO Doc 9303, national letters outside it as a desk flattens them, Armenian by BGN/PCGN; or by `table`. Neither
    filled nor cut to the length of a document's line. Raises PolisbridgeError for what cannot be spelt or is too long.
    """
    clean = cleaned(name)
    if clean.too_long:
        raise PolisbridgeError(ErrorCode.TOO_LARGE, f"a name of more than {MOST_CHARACTERS} characters")
    return "<<".join("<".join(_mrz_word(word, table) for word in group) for group in clean.groups)


def read(name: str) -> tuple[CleanText, list[tuple[str, Script | None, bool]]]:
    """Return a name's clean text and its words, each in one script."""
    clean = cleaned(name)
    return clean, [unmixed(word) for word in clean.words]


def _by_table(words: tuple[str, ...], script: Script) -> list[tuple[TransliterationTable, tuple[str, ...]]]:
    tables = OF_SCRIPT[script]
    most = MOST_SPELLINGS // len(tables)
    return [(table, spelt) for table in tables for spelt in table.spell(words, most)]


def _mrz_word(word: str, table: str) -> str:
    text, script, _ = unmixed(word)
    names = (table,) if table else _MRZ_TABLES[script] if script else ()
    for one in (BY_ID[name] for name in names):
        if one.script is script and (spelt := one.spell((text,), 1)):
            return spelt[0][0].upper()
    raise PolisbridgeError(ErrorCode.NOT_READABLE, "a name has letters for which there is no table")
