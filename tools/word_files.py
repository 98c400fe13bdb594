"""Catalogues as files: read, changed and written in one order, under a lock."""

import fcntl
import hashlib
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from babel.messages.pofile import read_po

from polisbridge.words.catalogues import catalogue_file, languages

Text: TypeAlias = str | tuple[str, ...]  # a tuple holds the plural forms in the order of the catalogue's header
ENGLISH, RUSSIAN = "en", "ru"
TRANSLATED = tuple(one for one in languages() if one not in (ENGLISH, RUSSIAN))
_MARK = "source "  # stands before the digest in a comment of the catalogue


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of a catalogue and the digest of the source that it was made from, empty in a source catalogue."""

    text: Text
    digest: str = ""


@dataclass(slots=True)
class Catalogue:
    """The texts of one language by key; `head` is the file's first entry as it stands, `forms` its plural forms."""

    language: str
    head: str
    forms: int
    entries: dict[str, Entry]

    @classmethod
    def read(cls, language: str) -> "Catalogue":
        """Return the catalogue of a language. Raises FileNotFoundError when there is none."""
        path = catalogue_file(language)
        with path.open("rb") as file:
            found = read_po(file, locale=language)
        entries = {}
        for one in found:
            if one.id:
                key = one.id if isinstance(one.id, str) else one.id[0]
                digest = next((note.removeprefix(_MARK) for note in one.auto_comments if note.startswith(_MARK)), "")
                text: Text = one.string if isinstance(one.string, str) else tuple(one.string or ())
                entries[key] = Entry(text, digest)
        return cls(language, path.read_text(encoding="utf-8").split("\n\n")[0].rstrip(), found.num_plurals, entries)

    @staticmethod
    @contextmanager
    def locked(language: str) -> Iterator[None]:
        """Keep others who use this tool from writing the catalogue meanwhile."""
        path = Path(tempfile.gettempdir()) / f"polisbridge-words-{language}.lock"
        with path.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def fresh(self, key: str, english: "Catalogue", russian: "Catalogue") -> bool:
        """Say whether the key is translated, from the source as it is now."""
        return key in self.entries and self.entries[key].digest == digest(key, english, russian)

    def write(self) -> None:
        """Write the file, sorted by key; the old one stands until the new one is whole."""
        blocks = [self.head, *(_block(key, self.entries[key]) for key in sorted(self.entries))]
        path = catalogue_file(self.language)
        new = path.with_suffix(".new")
        new.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")
        new.replace(path)


def digest(key: str, english: Catalogue, russian: Catalogue) -> str:
    """Return eight hexadecimal digits that change with the English or the Russian of a key."""
    sources = [english.entries[key].text, russian.entries[key].text]
    return hashlib.sha256(json.dumps(sources, ensure_ascii=False).encode()).hexdigest()[:8]


def _block(key: str, one: Entry) -> str:
    note = [f"#. {_MARK}{one.digest}"] if one.digest else []
    if isinstance(one.text, str):
        return "\n".join([*note, f"msgid {_quoted(key)}", f"msgstr {_quoted(one.text)}"])
    forms = [f"msgstr[{at}] {_quoted(text)}" for at, text in enumerate(one.text)]
    return "\n".join([*note, f"msgid {_quoted(key)}", f"msgid_plural {_quoted(key)}", *forms])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
