"""Spellings of invented persons' names by the tables, and their machine-readable form."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.names.script import MOST_CHARACTERS, Script
from polisbridge.core.names.spelling import MOST_SPELLINGS, mrz, spellings
from polisbridge.core.names.tables import BY_ID, TABLES

BY_TABLE = [
    ("icao_9303", "Юлия Щеглова", "IULIIA SHCHEGLOVA"),
    ("icao_9303", "Подъячев", "PODIEIACHEV"),
    ("ru_gost_2010", "Цветков", "TCVETKOV"),
    ("ru_mvd_1997", "Юлия Васильева", "YULIYA VASILYEVA"),
    ("ru_mvd_1997", "Андрей Видный", "ANDREY VIDNYY"),
    ("ru_french", "Оксана Шубина", "OXANA CHOUBINA"),
    ("be_passport", "Святлана", "SVIATLANA"),
    ("be_passport", "Ігар", "IHAR"),
    ("be_icao", "Міховіч Марыя", "MIKHOVICH MARYIA"),
    ("be_geographic", "Навіцкі", "NAVICKI"),
    ("uz_latin_1995", "Ғайрат Ўткирович", "GAYRAT OTKIROVICH"),
    ("uz_latin_1995", "Ёқуб", "YOQUB"),
    ("uz_latin_1993", "Шавкат", "SAVKAT"),
    ("uz_russian", "Жамшид", "DJAMSHID"),
    ("uz_from_latin", "Oʻtkir", "UTKIR"),
    ("tg_bgn_1994", "Ҷамшед Раҳмонӣ", "JAMSHED RAHMONI"),
    ("tg_practice", "Ҷамшед", "DZHAMSHED"),
    ("ky_bgn_1979", "Жеңиш", "JENGISH"),
    ("ky_passport", "Жумагулов Хамид", "DZHUMAGULOV KHAMID"),
    ("kk_latin_2021", "Нұрлан Шәріпов", "NURLAN SARIPOV"),
    ("kk_latin_2018", "Шәріпов", "SHARIPOV"),
    ("kk_bgn_1979", "Ғалым", "GHALYM"),
    ("kk_practice", "Хилл", "KHILL"),
    ("kk_from_latin", "Äsel", "ASEL"),
    ("hy_bgn_1981", "Երեմյան Ոսկան", "YEREMYAN VOSKAN"),
    ("hy_iso_9985", "Խաչատուր", "XACATOWR"),
    ("hy_passport", "Պետրոսեան", "PETROSYAN"),
    ("flat", "Өмүрбек", "OMURBEK"),
    ("practice", "Сергей", "SERGEY"),
    ("icao_9303_latin", "Müller", "MUELLER"),
]


@pytest.mark.parametrize(("table", "name", "spelt"), BY_TABLE)
def test_a_table_spells_a_name_as_its_source_says(table: str, name: str, spelt: str) -> None:
    words = tuple(name.casefold().replace("ʻ", "'").split())
    found = [" ".join(parts).upper() for parts in BY_ID[table].spell(words, MOST_SPELLINGS)]

    assert spelt in found


def test_every_table_has_an_example_here() -> None:
    assert {table for table, _, _ in BY_TABLE} == set(BY_ID)


def test_every_table_says_where_it_comes_from() -> None:
    assert [one.id for one in TABLES if not one.source or not one.title] == []


def test_tables_of_general_knowledge_are_unconfirmed_and_none_claims_an_official_text() -> None:
    assert {one.evidence.value for one in TABLES if one.source.startswith("general knowledge")} == {"unconfirmed"}
    assert {one.evidence.value for one in TABLES} == {"secondary", "unconfirmed"}


@pytest.mark.parametrize("sign", "ʻʼ'`´‘’")
def test_every_apostrophe_in_use_is_the_same_letter(sign: str) -> None:
    assert [one.text for one in spellings(f"O{sign}tkir")] == [one.text for one in spellings("O'tkir")]


def test_the_script_asked_for_has_to_be_the_names() -> None:
    assert spellings("Юлия", Script.LATIN) == ()
    assert spellings("Юлия", Script.CYRILLIC) == spellings("Юлия")


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Щеглова, Юлия", "SHCHEGLOVA<<IULIIA"),
        ("SHCHEGLOVA<<IULIIA", "SHCHEGLOVA<<IULIIA"),
        ("Каримов-Аҳмадов Азиз", "KARIMOV<AKHMADOV<AZIZ"),
        ("Karimov Rustam oʻgʻli", "KARIMOV<RUSTAM<OGLI"),
        ("Հակոբյան, Արմեն", "HAKOBYAN<<ARMEN"),
        ("José Åström", "JOSE<AASTROEM"),
    ],
)
def test_the_machine_readable_form_has_capital_letters_and_fillers(name: str, zone: str) -> None:
    assert mrz(name) == zone


@pytest.mark.parametrize("name", ["李伟", "Ivanov 李", "a" * (MOST_CHARACTERS + 1)])
def test_what_cannot_be_spelt_whole_has_no_machine_readable_form(name: str) -> None:
    with pytest.raises(PolisbridgeError):
        mrz(name)


@given(st.sampled_from(sorted({letter for one in TABLES for letters in one.rows for letter in letters} - {*"^$"})))
def test_every_letter_of_a_table_becomes_latin_letters(letter: str) -> None:
    for one in spellings(f"{letter}{letter}"):
        assert one.text.replace(" ", "") == "" or (one.text.isascii() and one.text.replace(" ", "").isalpha())


@given(st.text(max_size=300))
def test_no_text_has_more_spellings_than_the_bound(text: str) -> None:
    assert len(spellings(text)) <= MOST_SPELLINGS


@pytest.mark.parametrize("letter", [*"йхцҷәғ", "ու", "x", "я"])
def test_a_word_of_many_open_letters_keeps_to_the_bound(letter: str) -> None:
    word = (letter * MOST_CHARACTERS)[:MOST_CHARACTERS]

    assert 0 < len(spellings(word)) <= MOST_SPELLINGS


def test_a_name_of_ten_words_with_every_open_letter_keeps_to_the_bound() -> None:
    assert 0 < len(spellings(" ".join(["йхюёщцҷҳқғӯәөүңұ"] * 10))) <= MOST_SPELLINGS
