"""Words for people, from catalogues: message keys are codes, never sentences.

A language is a folder in `locales/` with one catalogue; `catalogues` says which there are and what a missing word
falls back to. Law texts bring their own words per language, and keep which language they are in.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from html import escape
from typing import Self

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal

from polisbridge.core.days import day_of
from polisbridge.core.law import InForce, LawBook, Term
from polisbridge.core.money import Rate, RateTable, from_minor, minor_digits, to_minor
from polisbridge.core.vocabulary import FIELD_GROUPS
from polisbridge.words.catalogues import catalogue, chain, chosen, languages, matched, preferred

__all__ = ["LawText", "Words", "chosen", "languages", "matched", "preferred"]


_DAYS = {
    "uz_Latn": "y-'yil' d-MMMM",
    "uz_Cyrl": "y 'йил' d MMMM",
    "tg": "d MMMM'и' y",  # CLDR's medium day has no izafat; it writes months with a capital, which `day` takes away
    "kk": "y 'жылғы' d MMMM",
    "hy": "y 'թ'. MMMM d",
    "ky": "y-'ж'. d-MMMM",
    "be": "d MMMM y 'года'",
}  # patterns of UTS 35 where CLDR's medium one reads badly before the endings of the language ("until", "from")


class LawText(str):
    """A text that stands in another language than the page it is shown on.

    A template that escapes what it shows puts it in a `span` with its `lang`, so that a screen reader speaks it right
    (WCAG 2.2, 3.1.2); where no element may stand (a title, an option, an attribute) a template takes the `plain` text.
    """

    __slots__ = ("language",)
    language: str

    def __new__(cls, text: str, language: str) -> Self:
        """Return the text, marked with the locale code of the language it is in."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __html__(self) -> str:
        """Return the text as HTML, escaped, in an element that tells its language."""
        return f'<span lang="{self.language.replace("_", "-")}">{escape(str(self))}</span>'

    def around(self, before: str, after: str) -> "LawText":
        """Return the text between two others, still marked: for what is put together mostly of it."""
        return LawText(f"{before}{self}{after}", self.language)


_TWO_STOPS = re.compile(r"(?<!\.)\.\.(?!\.)")  # an abbreviation at the end of a sentence, as in the Russian "2026 г."


class Words:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._chain = chain(language)
        self._locale = Locale.parse(language)

    def has(self, key: str) -> bool:
        """Say whether there are words for the key, in this language or one that it falls back to."""
        return self._found(key) != key

    def __call__(self, key: str, **values: object) -> str:
        """Return the words for a key with the values put in; the key itself when there are none."""
        words = self._found(key)
        return _TWO_STOPS.sub(".", words.format(**values)) if values else words

    def _found(self, key: str) -> str:
        found = (catalogue(language).gettext(key) for language in self._chain)
        return next((words for words in found if words != key), key)

    def plural(self, key: str, number: int) -> str:
        """Return the words for a number of things, in the right plural form."""
        missing = (key, f"{key}.plural")
        found = (catalogue(language).ngettext(*missing, number) for language in self._chain)
        return next((words for words in found if words not in missing), key).format(number=self.number(number))

    def text(self, words: Mapping[str, str]) -> str:
        """Return a text of the law in this language, else in those it falls back to (a LawText), else in any."""
        for language in (*self._chain, *words):
            if words.get(language):
                return words[language] if language == self.language else LawText(words[language], language)
        return ""

    def named(self, key: str, words: Mapping[str, str]) -> str:
        """Return a short name that data bring (a term, a role): by the data, else by the key of the own catalogue.

        Where neither has it in this language, it is said as `text` says it.
        """
        own = catalogue(self.language).gettext(key)
        return words.get(self.language) or (own if own != key else self.text(words))

    def term(self, group: str, term: Term) -> str:
        """Return the name of a term of a vocabulary group."""
        return self.named(f"term.{group}.{term.code}", term.words)

    def day(self, day: date | int) -> str:
        """Return a day as people of this language write it."""
        pattern = _DAYS.get(self.language, "medium")
        written = format_date(day_of(day) if isinstance(day, int) else day, format=pattern, locale=self._locale)
        return written.lower() if self.language == "tg" else written

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
        place = "zones" if group == "@territory" else group
        term = book.vocabulary.get(place, {}).get(code)
        return self.term(place, term) if term else code

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
