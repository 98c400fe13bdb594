"""The tool of translators: what a catalogue lacks, merging a batch of translations, and checks of all catalogues.

    python tools/words.py missing kk            # the keys to translate, with their English and Russian
    python tools/words.py merge kk batch.py     # K = {"key": "text", "key of a number": ("one", "other")}
    python tools/words.py cyrillic              # write uz_Cyrl from uz_Latn
    python tools/words.py check                 # exit status 1 and a line per fault

A translation keeps the digest of the English and Russian that it was made from, so that a changed source shows as
missing. English and Russian are edited by hand (docs/languages.md).
"""

import runpy
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from uzbek_cyrillic import to_cyrillic
from word_faults import faults, plural_faults
from word_files import ENGLISH, RUSSIAN, TRANSLATED, Catalogue, Entry, Text, digest


def main() -> int:
    """Do what the command line asks; return its exit status."""
    match sys.argv[1:]:
        case ["missing", language] if language in TRANSLATED:
            return _missing(language)
        case ["merge", language, *files] if language in TRANSLATED and files:
            return max(_merge(language, Path(file)) for file in files)
        case ["cyrillic"]:
            return _cyrillic()
        case ["check", *languages]:
            return _check(tuple(languages) or TRANSLATED)
    print(__doc__, file=sys.stderr)
    return 2


def _sources() -> tuple[Catalogue, Catalogue]:
    return Catalogue.read(ENGLISH), Catalogue.read(RUSSIAN)


def _missing(language: str) -> int:
    english, russian = _sources()
    found = Catalogue.read(language)
    keys = [key for key in english.entries if not found.fresh(key, english, russian)]
    for key in keys:
        print(f"{key}\n  en: {english.entries[key].text!r}\n  ru: {russian.entries[key].text!r}")
        if key in found.entries:
            print(f"  {language} (of an earlier text): {found.entries[key].text!r}")
    print(f"{len(keys)} of {len(english.entries)} to translate", file=sys.stderr)
    return 0


@cache
def _forms(language: str) -> int:
    return Catalogue.read(language).forms


def _faults(language: str, key: str, text: Text, english: Catalogue) -> list[str]:
    return [*faults(language, key, text, english), *plural_faults(language, text, _forms(language))]


def _merge(language: str, file: Path) -> int:
    """Merge a batch; a translation with a fault is told and left out."""
    batch: dict[str, Text] = runpy.run_path(str(file))["K"]
    english, russian = _sources()
    refused = {key: told for key, text in batch.items() if (told := _faults(language, key, text, english))}
    with Catalogue.locked(language):
        found = Catalogue.read(language)
        for key in batch.keys() - refused.keys():
            found.entries[key] = Entry(batch[key], digest(key, english, russian))
        found.write()
    for key, told in sorted(refused.items()):
        print(f"{language} {key}: {'; '.join(told)}", file=sys.stderr)
    print(f"{language}: {len(batch) - len(refused)} merged, {len(refused)} refused")
    return 1 if refused else 0


def _cyrillic() -> int:
    """Write the Uzbek of the Cyrillic alphabet from that of the Latin one."""
    latin = Catalogue.read("uz_Latn")
    with Catalogue.locked("uz_Cyrl"):
        found = Catalogue.read("uz_Cyrl")
        found.entries = {
            key: Entry(
                tuple(map(to_cyrillic, one.text)) if isinstance(one.text, tuple) else to_cyrillic(one.text), one.digest
            )
            for key, one in latin.entries.items()
        }
        found.write()
    print(f"uz_Cyrl: {len(found.entries)} written")
    return 0


def _check(languages: tuple[str, ...]) -> int:
    english, russian = _sources()
    told = []
    for language in languages:
        found = Catalogue.read(language)
        lacking = [key for key in english.entries if not found.fresh(key, english, russian)]
        told += [f"{language}: {len(lacking)} not translated, the first {lacking[0]}"] if lacking else []
        told += [f"{language} {key}: in no source catalogue" for key in found.entries if key not in english.entries]
        for key, one in found.entries.items():
            told += [f"{language} {key}: {fault}" for fault in _faults(language, key, one.text, english)]
    print("\n".join(told) or f"{len(languages)} catalogues hold {len(english.entries)} words each")
    return 1 if told else 0


if __name__ == "__main__":
    raise SystemExit(main())
