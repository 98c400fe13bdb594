"""Words for people, from catalogues: message keys are codes, never sentences.

A language is a folder in `locales/` with one catalogue; English and Russian are complete, and a test
walks every code that can be shown. Law texts bring their own words per language.
"""

import gettext
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from io import BytesIO
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from polisbridge.core.days import day_of
from polisbridge.core.law import InForce, LawBook
from polisbridge.core.money import Rate, RateTable, from_minor, minor_digits, to_minor
from polisbridge.core.vocabulary import FIELD_GROUPS

_LOCALES = Path(__file__).parent / "locales"
DOMAIN = "polisbridge"


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a catalogue, English first."""
    found = sorted(folder.name for folder in _LOCALES.iterdir() if (folder / "LC_MESSAGES" / f"{DOMAIN}.po").is_file())
    return ("en", *(language for language in found if language != "en"))


def chosen(wanted: str | None) -> str:
    """Return the language to speak: the wanted one if there is a catalogue (`ru_RU.UTF-8` is `ru`), else English.

    >>> chosen("ru_RU.UTF-8")
    'ru'
    """
    short = (wanted or "").split(".")[0].split("_")[0].lower()
    return short if short in languages() else "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    path = _LOCALES / language / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _catalogue(language)
        self._locale = Locale.parse(language)

    def has(self, key: str) -> bool:
        """Say whether the catalogue has words for the key."""
        return self._catalogue.gettext(key) != key

    def __call__(self, key: str, **values: object) -> str:
        """Return the words for a key with the values put in; the key itself when there are none."""
        words = self._catalogue.gettext(key)
        return words.format(**values) if values else words

    def plural(self, key: str, number: int) -> str:
        """Return the words for a number of things, in the right plural form."""
        return self._catalogue.ngettext(key, f"{key}.plural", number).format(number=number)

    def text(self, words: Mapping[str, str]) -> str:
        """Return a text of the law in this language, else in English, else in any."""
        return words.get(self.language) or words.get("en") or next(iter(words.values()), "")

    def day(self, day: date | int) -> str:
        """Return a day as people of this language write it."""
        return format_date(day_of(day) if isinstance(day, int) else day, format="medium", locale=self._locale)

    def moment(self, at: datetime) -> str:
        """Return an instant in UTC, to the minute, as people of this language write it."""
        utc = at.astimezone(UTC)
        return f"{self.day(utc.date())}, {utc:%H:%M} UTC"

    def in_force(self, period: InForce) -> str:
        """Return the first and last day in force."""
        first = (
            self("answer.in_force.from", day=self.day(period.first))
            if period.first
            else self("answer.in_force.unknown")
        )
        return f"{first} {self('answer.in_force.to', day=self.day(period.last))}" if period.last else first

    def field(self, name: str) -> str:
        """Return the name of a field of Facts or of its items."""
        if name.endswith("_currency"):
            return self("field.currency_of", field=self.field(name.removesuffix("_currency")))
        return self(f"field.{name}")

    def quote(self, rate: Rate, table: RateTable) -> str:
        """Return an official rate as its bank quotes it."""
        one, other = (table.base, rate.currency) if table.per_base else (rate.currency, table.base)
        price = format_decimal(rate.price, format="#,##0.##########", locale=self._locale)
        return f"{rate.units} {one} = {price} {other} ({self.day(rate.day)})"

    def amount(self, minor: int, currency: str) -> str:
        """Return an amount with its currency code."""
        pattern = "#,##0" + ("." + "0" * minor_digits(currency) if minor_digits(currency) else "")
        return f"{format_decimal(from_minor(minor, currency), format=pattern, locale=self._locale)} {currency}"

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as the language writes it, with so many decimals."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return format_decimal(value, pattern, locale=self._locale)

    def state(self, code: str) -> str:
        """Return the name of a state in this language: as the states of the region say, else by CLDR."""
        if self.has(f"state.{code}"):
            return self(f"state.{code}")
        return str(self._locale.territories.get(code, code))

    def code(self, field: str, code: str, book: LawBook) -> str:
        """Return the words for a code of a field: a vocabulary word, a state, or the code itself."""
        group = "@currency" if field.endswith("_currency") else FIELD_GROUPS.get(field, "@free")
        if group in ("@state", "@citizenship", "@territory") and code in self._locale.territories:
            return self.state(code)
        if group == "@language":
            return str(self._locale.languages.get(code, code))
        if group in ("@role", "@scope", "@gate") or code in ("WORLD", "stateless"):
            return (
                self(f"{group.removeprefix('@')}.{code}")
                if group in ("@role", "@scope", "@gate")
                else self(f"code.{code}")
            )
        term = book.vocabulary.get("zones" if group == "@territory" else group, {}).get(code)
        return self.text(term.words) if term else code

    def value(self, field: str, value: object, book: LawBook) -> str:
        """Return a plain value of a field (as decisions hold it) in words."""
        match value:
            case None:
                return self("value.unknown")
            case "":
                return self("value.nothing")
            case "absent":
                return self("value.absent")
            case bool():
                return self("value.yes" if value else "value.no")
            case list() | tuple():
                return ", ".join(self.value(field, one, book) for one in value) or self("value.nothing")
            case str() if len(value) == 10 and value[4] == value[7] == "-":  # noqa: PLR2004 - an ISO date
                return self.day(date.fromisoformat(value))
            case str() if value[:1].isdigit() and " " in value:
                return self._money(value)
            case str():
                return self.code(field, value, book)
        return str(value)

    def _money(self, text: str) -> str:
        number, currency = text.split(" ")
        return self.amount(to_minor(Decimal(number), currency), currency)
