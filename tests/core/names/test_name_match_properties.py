"""What holds of every match: of names out of every table's letters, and of any text at all."""

from dataclasses import replace
from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from polisbridge.core.names.match import Grade, Person, match
from polisbridge.core.names.script import Script
from polisbridge.core.names.spelling import spellings
from polisbridge.core.names.tables import OF_SCRIPT

LETTERS = {
    script: sorted({letter for one in tables for key in one.rows for letter in key if letter not in "^$'"})
    for script, tables in OF_SCRIPT.items()
}
NUMBERS = st.from_regex(r"[A-Z]{2}[0-9]{7}", fullmatch=True)
DAYS = st.dates(date(1940, 1, 1), date(2026, 1, 1))
_KNOWN = [
    "Каримов",
    "Иванова",
    "Рустамович",
    "Ўткир",
    "Ҷамшед",
    "Жаңыл",
    "Нұрлан",
    "Сяргей",
    "Petrosyan",
    "Հակոբյան",
    "oʻgʻli",
    "уулу",
    "Karimova",
    "Aziz",
    "Ivаn",
]


@st.composite
def words(draw: DrawFn, script: Script) -> str:
    """Draw a name of one to four words in one script."""
    one = st.text(st.sampled_from(LETTERS[script]), min_size=2, max_size=9)
    return " ".join(draw(st.lists(one, min_size=1, max_size=4))).title()


NAMES: SearchStrategy[str] = st.one_of(
    words(Script.CYRILLIC),
    words(Script.ARMENIAN),
    words(Script.LATIN),
    st.lists(st.sampled_from(_KNOWN), min_size=1, max_size=4).map(" ".join),
    st.text(max_size=40),
)
PERSONS = st.builds(
    Person,
    NAMES,
    original_name=st.just("") | NAMES,
    born=st.none() | DAYS,
    document=st.just("") | NUMBERS,
    document_state=st.sampled_from(["", "UZ", "BY"]),
)


@given(PERSONS, PERSONS, st.booleans(), st.booleans())
def test_the_order_of_two_records_does_not_matter(one: Person, other: Person, born: bool, document: bool) -> None:  # noqa: FBT001 - drawn
    other = replace(other, born=one.born) if born else other
    other = replace(other, document=one.document) if document else other

    assert match(one, other) == match(other, one)


@given(NAMES, DAYS, NUMBERS)
def test_a_record_with_name_document_and_birth_date_matches_itself(name: str, born: date, number: str) -> None:
    assume(any(letter.isalpha() for letter in name))
    one = Person(name, born=born, document=number)

    assert match(one, one).grade is Grade.SAME


@given(PERSONS, DAYS)
def test_another_birth_date_is_never_the_same_nor_likely(one: Person, born: date) -> None:
    assume(one.born is not None and born != one.born)

    assert match(one, replace(one, born=born)).grade not in {Grade.SAME, Grade.LIKELY}


@given(st.one_of(words(Script.CYRILLIC), words(Script.ARMENIAN), words(Script.LATIN)), DAYS, st.data())
def test_a_name_written_in_latin_letters_by_any_table_stays_possible(
    name: str, born: date, data: st.DataObject
) -> None:
    found = [one.text for one in spellings(name) if all(len(word) > 0 for word in one.text.split(" "))]
    assume(found)
    other = data.draw(st.sampled_from(found))

    one = match(Person(name, born=born), Person(other, born=born)).grade
    assert one in {Grade.LIKELY, Grade.POSSIBLE}


@given(PERSONS, PERSONS)
def test_nothing_is_the_same_without_one_document_and_one_birth_date(one: Person, other: Person) -> None:
    found = match(one, other)

    assert not found.settled or (one.document == other.document and one.born == other.born)
