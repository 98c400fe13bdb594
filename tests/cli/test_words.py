"""Every code that can be shown has words in every language that ships."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum

import pytest
from strategies import BOOK

from polisbridge.core.checks import Family, Relation
from polisbridge.core.codes import Bearing, Evidence, Gate, Outcome, ProvisionKind, Role, Scope, Verdict
from polisbridge.core.errors import ErrorCode, FaultCode
from polisbridge.core.facts import BenefitLine, CoveredPerson, Facts, field_types
from polisbridge.core.remedy import Action, Lever
from polisbridge.formats.lawparts import LANGUAGES
from polisbridge.services.explain import Cause
from polisbridge.services.impact import Dimension
from polisbridge.words import Words, chosen, languages

SETS: dict[str, type[StrEnum]] = {
    "error": ErrorCode, "cause": Cause, "dimension": Dimension, "fault": FaultCode, "outcome": Outcome, "verdict": Verdict, "gate": Gate, "evidence": Evidence,
    "provision_kind": ProvisionKind, "bearing": Bearing, "role": Role, "scope": Scope, "relation": Relation, "action": Action,
    "lever": Lever, "family": Family,
}  # fmt: skip


def keys() -> Iterator[str]:
    """Yield every message key that a code or a field stands for."""
    for prefix, codes in SETS.items():
        yield from (f"{prefix}.{code.value}" for code in codes)
    yield from (f"verdict.{verdict.value}.sentence" for verdict in Verdict)
    yield from (f"matrix.{verdict.value}" for verdict in Verdict)
    for record in (Facts, BenefitLine, CoveredPerson):
        # a currency is shown with its amount, never by itself
        yield from (f"field.{name}" for name in field_types(record) if not name.endswith("_currency"))


@pytest.mark.parametrize("language", languages())
def test_nothing_that_can_be_shown_lacks_words(language: str) -> None:
    words = Words(language)

    assert [key for key in dict.fromkeys(keys()) if not words.has(key)] == []


def test_english_and_russian_ship() -> None:
    assert set(LANGUAGES) <= set(languages())


def test_russian_words_are_russian() -> None:
    english, russian = Words("en"), Words("ru")

    def says_something(key: str) -> bool:
        return any(letter.isalpha() for letter in re.sub(r"{\w+}", "", english(key)))

    assert [key for key in dict.fromkeys(keys()) if says_something(key) and english(key) == russian(key)] == []


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [("ru", "ru"), ("ru_RU.UTF-8", "ru"), ("RU", "ru"), ("C.UTF-8", "en"), ("de_DE", "en"), ("", "en"), (None, "en")],
)
def test_the_language_chosen(wanted: str | None, expected: str) -> None:
    assert expected == chosen(wanted)


@pytest.mark.parametrize(
    ("language", "number", "expected"),
    [("ru", 1, "1 ошибка"), ("ru", 2, "2 ошибки"), ("ru", 5, "5 ошибок"), ("ru", 21, "21 ошибка")],
)
def test_russian_numbers_take_the_right_form(language: str, number: int, expected: str) -> None:
    assert expected == Words(language).plural("count.faults", number)


@pytest.mark.parametrize(("language", "expected"), [("en", "10,000.50 EUR"), ("ru", "10\xa0000,50 EUR")])
def test_an_amount_is_written_as_people_write_it(language: str, expected: str) -> None:
    assert expected == Words(language).amount(1_000_050, "EUR")


def test_an_amount_has_the_decimals_of_its_currency() -> None:
    assert Words("en").amount(10_000, "JPY") == "10,000 JPY"


@pytest.mark.parametrize(("language", "expected"), [("en", "Jun 1, 2026"), ("ru", "1 июн. 2026\xa0г.")])
def test_a_day_is_written_as_people_write_it(language: str, expected: str) -> None:
    assert expected == Words(language).day(date(2026, 6, 1)).replace("\u202f", "\xa0")


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("sum_insured", None, "not told"),
        ("works", True, "yes"),
        ("territory", ["NO", "SE"], "Norway, Sweden"),
        ("territory", ["EUROPE"], "Europe"),
        ("exclusions", ["dental"], "dental care"),
        ("sum_insured", "9999.99 EUR", "9,999.99 EUR"),
        ("last_day", "2026-06-01", "Jun 1, 2026"),
        ("document_languages", ["ru"], "Russian"),
    ],
)
def test_a_value_in_words(field: str, value: object, expected: str) -> None:
    assert expected == Words("en").value(field, value, BOOK)
