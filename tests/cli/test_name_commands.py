"""`polisbridge name`, in English and Russian."""

import pytest
from desk import run

from polisbridge.core.names.match import Grade
from polisbridge.core.names.reasons import NameReason
from polisbridge.words import Words, languages

RECORDS = ("Рустамов Баҳром", "RUSTAMOV BAHROM")
KNOWN = ("--born", "1990-03-04", "--other-born", "1990-03-04", "--document", "FA1", "--other-document", "FA 1")


@pytest.mark.parametrize("language", languages())
def test_every_grade_and_reason_has_words(language: str) -> None:
    words = Words(language)
    keys = [f"name_grade.{one.value}" for one in Grade] + [f"name_reason.{one.value}" for one in NameReason]

    assert [key for key in keys if not words.has(key)] == []


def test_the_same_person_ends_with_yes_and_tells_why() -> None:
    found = run("name", "match", *RECORDS, *KNOWN)

    assert found.exit == 0
    assert found.out.splitlines()[0] == "The same person"
    assert "    equal after transliteration" in found.out.splitlines()


def test_without_document_and_birth_date_a_person_has_to_look() -> None:
    found = run("name", "match", *RECORDS, lang="ru")

    assert found.exit == 3
    assert "должен посмотреть человек" in found.out


def test_json_gives_grade_and_codes() -> None:
    found = run("name", "match", *RECORDS, "--born", "1990-03-04", "--other-born", "1991-03-04", "--json")

    assert found.exit == 1
    assert found.json == {
        "grade": "different",
        "settled": False,
        "reasons": ["document_missing", "birth_date_differs", "equal_after_transliteration"],
    }


def test_spellings_name_their_table_and_its_evidence() -> None:
    found = run("name", "spellings", "Ўткир", "--json")

    assert found.json["mrz"] == "UTKIR"
    assert {"text": "OTKIR", "table": "uz_latin_1995", "evidence": "secondary"} in found.json["spellings"]


def test_a_table_can_be_chosen_for_the_machine_readable_form() -> None:
    found = run("name", "spellings", "Ҷамшед", "--table", "tg_bgn_1994", "--json")

    assert found.json["mrz"] == "JAMSHED"


def test_a_name_without_a_table_is_an_error_in_words() -> None:
    found = run("name", "spellings", "李伟")

    assert (found.exit, found.out) == (4, "")
    assert "no table" in found.err


def test_an_unknown_table_is_wrong_usage() -> None:
    assert run("name", "spellings", "Азиз", "--table", "nope").exit == 2
