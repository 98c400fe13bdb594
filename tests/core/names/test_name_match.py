"""Two records of invented persons, graded."""

from dataclasses import replace
from datetime import date

import pytest

from polisbridge.core.names.match import GRADES, Grade, Match, Person, match
from polisbridge.core.names.reasons import NameReason as Why
from polisbridge.core.names.script import MOST_CHARACTERS

BORN, TURNED, ANOTHER = date(1990, 3, 4), date(1990, 4, 3), date(1991, 3, 4)
NUMBER = "FA1234567"


def both(one: str, other: str) -> Match:
    """Return the match of two records with one document and birth date."""
    return match(Person(one, born=BORN, document=NUMBER), Person(other, born=BORN, document=NUMBER))


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Щеглова Юлия", "Shcheglova Iuliia", Why.TRANSLITERATED),  # Russian, since 2014
        ("Щеглова Юлия", "Shcheglova Yuliya", Why.TRANSLITERATED),  # until 2010
        ("Shcheglova Iuliia", "Shcheglova Yuliya", Why.TRANSLITERATED),  # two passports of one person
        ("Tcvetkov Boris", "Tsvetkov Boris", Why.ALIKE),  # passports of 2012 and 2016
        ("Каримов Ўткир", "Karimov Oʻtkir", Why.TRANSLITERATED),  # Uzbek
        ("Каримов Ўткир", "Karimov O`tkir", Why.TRANSLITERATED),
        ("Холматов Қаҳрамон", "Xolmatov Qahramon", Why.TRANSLITERATED),
        ("Холматов Қаҳрамон", "Kholmatov Kakhramon", Why.TRANSLITERATED),
        ("Раҳмонов Ҷамшед", "RAHMONOV JAMSHED", Why.TRANSLITERATED),  # Tajik
        ("Раҳмонов Ҷамшед", "RAKHMONOV DZHAMSHED", Why.TRANSLITERATED),
        ("Асан уулу Бакыт", "ASAN UULU BAKYT", Why.TRANSLITERATED),  # Kyrgyz
        ("Өмүрбекова Жаңыл", "OMURBEKOVA ZHANYL", Why.TRANSLITERATED),
        ("Қасымов Нұрлан", "KASYMOV NURLAN", Why.TRANSLITERATED),  # Kazakh
        ("Қасымов Нұрлан", "Qasymov Nūrlan", Why.TRANSLITERATED),
        ("Հակոբյան Արմեն", "HAKOBYAN ARMEN", Why.TRANSLITERATED),  # Armenian
        ("Պետրոսեան Խաչիկ", "Petrosyan Khachik", Why.TRANSLITERATED),
        ("Мікуліч Святлана", "MIKULICH SVIATLANA", Why.TRANSLITERATED),  # Belarusian
        ("Абдул-Азиз Каримов", "Abdulaziz Karimov", Why.JOINED),
        ("Karimov Aziz", "Aziz Karimov", Why.ORDER_SWAPPED),
        ("Петров Иван Сергеевич", "PETROV IVAN", Why.PATRONYMIC_MISSING),
        ("Karimov Aziz Rustam oʻgʻli", "KARIMOV AZIZ", Why.PATRONYMIC_MISSING),
    ],
)
def test_one_document_one_birth_date_and_one_name_by_some_table_are_the_same_person(
    one: str, other: str, why: Why
) -> None:
    found = both(one, other)

    assert (found.grade, found.settled) == (Grade.SAME, True)
    assert why in found.reasons


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Лукашэвіч Аляксандр", "Lukashevich Aleksandr", Why.NATIONAL_FORM),  # by Belarusian, by Russian
        ("Навіцкі Сяргей", "Novitskii Sergei", Why.NATIONAL_FORM),
        ("Հակոբյան Արմեն", "Акопян Армен", Why.NATIONAL_FORM),
        ("Ivanov Sasha", "Ivanova Sasha", Why.FEMININE),
        ("Крупский Саша", "KRUPSKAYA SASHA", Why.FEMININE),
        ("Раҳмонзода Ҷамшед", "Rahmonov Jamshed", Why.SURNAME_ENDING),
        ("Петросов Арам", "Պետրոսյան Արամ", Why.SURNAME_ENDING),
        ("Асанов Бакыт", "Асан уулу Бакыт", Why.PATRONYMIC_FORM),
        ("Karimov Aziz Rustam oʻgʻli", "Каримов Азиз Рустамович", Why.PATRONYMIC_FORM),
        ("Каримова Азиза Рустам қизи", "Karimova Aziza Rustamovna", Why.PATRONYMIC_FORM),
        ("Petrov Sergei", "Petrov Sergek", Why.ONE_APART),
        ("Karimov Aziz Rustam", "Karimov Aziz", Why.PART_MISSING),
    ],
)
def test_more_than_spelling_apart_is_likely_at_most_and_a_person_has_to_look(one: str, other: str, why: Why) -> None:
    found = both(one, other)

    assert (found.grade, found.settled) == (Grade.LIKELY, False)
    assert why in found.reasons


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Иванова Анна", "Петрова Анна", Why.SURNAME_DIFFERS),
        ("Петров Иван Сергеевич", "Петров Иван Алексеевич", Why.PATRONYMIC_DIFFERS),
        ("李伟", "Li Wei", Why.NAME_NOT_READ),
        ("", "Li Wei", Why.NAME_MISSING),
        ("Ali " * 60, "Ali " * 59, Why.NAME_TOO_LONG),
    ],
)
def test_names_that_agree_in_part_or_cannot_be_read_are_possible(one: str, other: str, why: Why) -> None:
    found = both(one, other)

    assert found.grade is Grade.POSSIBLE
    assert why in found.reasons


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ("Karimov Aziz", "Karimov Alisher", Why.GIVEN_DIFFERS),  # twins have a birth date in common, no document
        ("Karimov Aziz", "Petrov Ivan", Why.DIFFERENT),
        ("Ivan Petrov", "Petr Ivanov", Why.ORDER_SWAPPED),
    ],
)
def test_one_document_with_different_names_is_a_contradiction(one: str, other: str, why: Why) -> None:
    found = both(one, other)

    assert found.grade is Grade.CONTRADICTION
    assert why in found.reasons


ONE = Person("Каримов Азиз", born=BORN, document=NUMBER, document_state="UZ")


@pytest.mark.parametrize(
    ("change", "grade"),
    [
        ({"document": ""}, Grade.LIKELY),
        ({"document": "FA7654321"}, Grade.POSSIBLE),
        ({"document_state": "TJ"}, Grade.POSSIBLE),
        ({"document_state": ""}, Grade.SAME),
        ({"document": "fa 123-4567"}, Grade.SAME),
        ({"document": "FА1234567"}, Grade.LIKELY),  # the А is Cyrillic
        ({"born": None}, Grade.LIKELY),
        ({"born": TURNED}, Grade.POSSIBLE),
        ({"born": ANOTHER}, Grade.CONTRADICTION),
        ({"document": "", "born": None}, Grade.POSSIBLE),
        ({"document": "", "born": ANOTHER}, Grade.DIFFERENT),
        ({"document": "FA7654321", "born": ANOTHER}, Grade.DIFFERENT),
    ],
)
def test_document_and_birth_date_bound_the_grade(change: dict[str, date | str | None], grade: Grade) -> None:
    other = replace(ONE, name="KARIMOV AZIZ", **change)  # type: ignore[arg-type]

    assert match(ONE, other).grade is grade


def test_the_grade_is_same_for_one_document_one_birth_date_and_compatible_names_alone() -> None:
    found = [(document.value, born.value, at) for (document, born), row in GRADES.items() for at, grade in enumerate(row)
             if grade is Grade.SAME]  # fmt: skip

    assert found == [("document_equal", "birth_date_equal", 0)]


@pytest.mark.parametrize("grade", Grade)
def test_no_grade_but_same_is_settled_without_a_person(grade: Grade) -> None:
    assert Match(grade, ()).settled is (grade is Grade.SAME)


@pytest.mark.parametrize(
    ("odd", "why"),
    [
        ("Ivаnov Ivan", Why.MIXED_SCRIPT),  # a Cyrillic а
        ("Ivanov Ivan\u200b", Why.HIDDEN),
        ("\u202eIvanov Ivan", Why.HIDDEN),
        ("Iv\u0336a\u0336nov Ivan", Why.HIDDEN),
    ],
)
def test_odd_characters_are_told_and_keep_records_from_being_the_same(odd: str, why: Why) -> None:
    found = both("Ivanov Ivan", odd)

    assert found.grade is Grade.LIKELY
    assert why in found.reasons


def test_a_latin_letter_in_a_cyrillic_name_is_noticed() -> None:
    assert Why.MIXED_SCRIPT in both("Иванов Ивaн", "Иванов Иван").reasons


def test_the_same_name_in_full_width_letters_or_with_a_stress_mark_is_the_same() -> None:
    assert both("Ivanov Ivan", "Ｉｖａｎｏｖ Ivan").grade is Grade.SAME
    assert both("Иванов Иван", "Ивано\u0301в Иван").grade is Grade.SAME


def test_a_second_script_that_disagrees_is_told_and_lowers_the_grade() -> None:
    one = Person("KARIMOV AZIZ", "Каримов Азиз", BORN, NUMBER)
    other = Person("KARIMOV AZIZ", "Петров Иван", BORN, NUMBER)

    assert match(one, other).grade is Grade.POSSIBLE
    assert Why.DISAGREE in match(one, other).reasons


def test_one_name_told_in_the_other_script_is_enough() -> None:
    one = Person("RUSTAMOV BAHROM", "Рустамов Баҳром", BORN, NUMBER)

    assert match(one, Person("Рустамов Баҳром", born=BORN, document=NUMBER)).grade is Grade.SAME


def test_an_over_long_name_is_never_cut_to_fit() -> None:
    long = "Ivanov " + "a" * MOST_CHARACTERS

    assert both(long, long[:-1]).reasons[-1] is Why.NAME_TOO_LONG
    assert not both(long, long).settled


GIVEN = [
    "Азиз",
    "Алишер",
    "Бахром",
    "Шавкат",
    "Ўткир",
    "Дилшод",
    "Рустам",
    "Қаҳрамон",
    "Ғайрат",
    "Ҷамшед",
    "Далер",
    "Сухроб",
    "Парвиз",
    "Бакыт",
    "Нурбек",
    "Өмүрбек",
    "Нұрлан",
    "Ерлан",
    "Серік",
    "Мікалай",
    "Уладзімір",
    "Иван",
    "Андрей",
    "Мария",
    "Марина",
    "Дилноза",
    "Мадина",
    "Գևորգ",
    "Հակոբ",
    "Անի",
]


@pytest.mark.parametrize("name", GIVEN)
def test_relatives_with_one_surname_and_birth_date_are_never_likely_the_same(name: str) -> None:
    one = Person(f"Каримов {name}", born=BORN)
    others = [Person(f"Karimov {other}", born=BORN) for other in GIVEN if other != name]

    assert {match(one, other).grade for other in others} <= {Grade.DIFFERENT, Grade.POSSIBLE}
