"""Every catalogue is whole and right as far as a machine can see, and the tool of translators refuses what is not."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import words as tool
from report_builder import shipped
from uzbek_cyrillic import to_cyrillic
from word_faults import faults, plural_faults
from word_files import ENGLISH, RUSSIAN, TRANSLATED, Catalogue, Entry, Text, digest

from polisbridge.adapters.access_data import shipped_access
from polisbridge.words import catalogues

SOURCE = Catalogue("en", "", 2, {"a": Entry("{day}: {name} pays"), "n": Entry(("{number} day", "{number} days"))})


def test_english_and_russian_have_the_same_words_and_places() -> None:
    english, russian = Catalogue.read(ENGLISH), Catalogue.read(RUSSIAN)

    assert english.entries.keys() == russian.entries.keys()
    assert {type(one.text) for one in english.entries.values()} == {str, tuple}


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_word_of_a_catalogue_has_a_fault(language: str) -> None:
    english, found = Catalogue.read(ENGLISH), Catalogue.read(language)
    told = {key: faults(language, key, one.text, english) for key, one in found.entries.items()}
    told |= {key: plural_faults(language, one.text, found.forms) or told[key] for key, one in found.entries.items()}

    assert {key: one for key, one in told.items() if one} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_word_is_translated_from_the_source_as_it_is_now(language: str) -> None:
    """`tools/words.py missing LANG` prints them with their English and Russian."""
    english, russian, found = Catalogue.read(ENGLISH), Catalogue.read(RUSSIAN), Catalogue.read(language)

    assert [key for key in english.entries if not found.fresh(key, english, russian)] == []
    assert found.entries.keys() <= english.entries.keys()


def test_names_that_data_bring_stand_in_the_catalogues_as_in_the_data() -> None:
    wanted = {
        f"term.{group}.{one.code}": one.words for group, found in shipped().vocabulary.items() for one in found.values()
    }
    matrix = shipped_access()
    wanted |= {f"actor.{role}": terms.title for role, terms in matrix.roles.items()}
    wanted |= {f"act.{row.action}": row.title for row in matrix.rows.values()}
    wanted |= {f"act.{row.action}.why": row.reason for row in matrix.rows.values()}

    for language in (ENGLISH, RUSSIAN):
        found = Catalogue.read(language).entries
        assert {key: found[key].text for key in wanted if key in found} == {
            key: one[language] for key, one in wanted.items()
        }


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("kk", "{day}: {name} төлейді", ""),
        ("kk", "", "empty"),
        ("kk", "{day} төлейді", "places ['day']"),
        ("kk", "{day: {name} төлейді", "a brace"),
        ("kk", "{day}: {name} төлейді ", "other spaces"),
        ("kk", "{day}: {name} төлeйді", "two scripts"),
        ("kk", "{day}: {name} пўлат", "no letter of this language"),
        ("tg", "{day}: {name} мепардозад ы", "no letter of this language"),
        ("be", "{day}: {name} плаціць и", "no letter of this language"),
        ("hy", "{day}: {name} վճարում է за", "no letter of this language"),
        ("kk", "{day}: {name} վճար", "Armenian letters"),
        ("uz_Latn", "{day}: {name} toʻlaydi, maʼlum", ""),
        ("uz_Latn", "{day}: {name} to'laydi", "U+02BB"),
        ("uz_Latn", "{day}: {name} ma’lum", "U+02BB"),
        ("uz_Latn", "{day}: {name} tўlaydi", "two scripts"),
        ("kk", ("{number} күн", "{number} күн"), "anything else has one text"),
    ],
)
def test_a_faulty_translation_is_told(language: str, text: Text, told: str) -> None:
    found = faults(language, "a", text, SOURCE)

    assert bool(found) is bool(told)
    assert told in " ".join(found)


def test_the_english_left_standing_and_a_strange_key_are_told() -> None:
    source = Catalogue("en", "", 2, {"a": Entry("This contract counts here.")})

    assert faults("kk", "a", "This contract counts here.", source) == ["is the English text"]
    assert faults("kk", "b", "шарт", source) == ["no such key"]


def test_plural_forms_are_counted() -> None:
    assert plural_faults("be", ("{number} дзень", "{number} дні", "{number} дзён"), 3) == []
    assert plural_faults("be", ("{number} дзень", "{number} дні"), 3) == ["2 plural forms, be has 3"]
    assert faults("be", "n", ("{number} дзень", "дні"), SOURCE) == ["places [], English has ['number']"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Catalogues of two words, in a folder of their own."""
    texts = {"en": ("Pay", "{number} day", "{number} days"), "ru": ("Плати", "{number} день", "{number} дней")}
    for language in ("en", "ru", "kk", "uz_Latn", "uz_Cyrl"):
        head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        head += '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        path = tmp_path / language / "LC_MESSAGES" / "polisbridge.po"
        path.parent.mkdir(parents=True)
        if language in texts:
            pay, one, other = texts[language]
            head += (
                f'\nmsgid "b"\nmsgstr "{pay}"\n\nmsgid "n"\nmsgid_plural "n"\nmsgstr[0] "{one}"\nmsgstr[1] "{other}"\n'
            )
        path.write_text(head, encoding="utf-8")
    monkeypatch.setattr(catalogues, "_LOCALES", tmp_path)
    return tmp_path


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["words.py", *words])
    tool._forms.cache_clear()
    return tool.main()


def test_a_batch_is_merged_but_for_its_faults(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = desk / "batch.py"
    batch.write_text('K = {"b": "Төле", "n": ("{number} күн",), "c": "бос"}', encoding="utf-8")

    assert run(monkeypatch, "merge", "kk", str(batch)) == 1
    told = capsys.readouterr()
    assert "1 merged, 2 refused" in told.out
    assert "kk c: no such key" in told.err
    assert "kk n: 1 plural forms, kk has 2" in told.err
    assert Catalogue.read("kk").entries["b"].text == "Төле"


def test_what_is_missing_is_told_and_comes_again_when_the_source_changes(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = desk / "batch.py"
    batch.write_text('K = {"b": "Төле", "n": ("{number} күн", "{number} күн")}', encoding="utf-8")
    assert run(monkeypatch, "check", "kk") == 1
    assert "kk: 2 not translated" in capsys.readouterr().out
    assert run(monkeypatch, "merge", "kk", str(batch)) == 0
    assert run(monkeypatch, "check", "kk") == 0

    english = Catalogue.read("en")
    english.entries["b"] = Entry("Pay now")
    english.write()
    capsys.readouterr()
    run(monkeypatch, "missing", "kk")
    told = capsys.readouterr()

    assert "b\n  en: 'Pay now'\n  ru: 'Плати'\n  kk (of an earlier text): 'Төле'\n" in told.out
    assert "1 of 2 to translate" in told.err


def test_a_key_that_the_source_no_longer_has_is_told(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    kazakh = Catalogue.read("kk")
    kazakh.entries["gone"] = Entry("кетті", "00000000")
    kazakh.write()

    assert run(monkeypatch, "check", "kk") == 1
    assert "kk gone: in no source catalogue" in capsys.readouterr().out
    assert desk.is_dir()


def test_a_catalogue_is_written_as_it_was_read(desk: Path) -> None:
    english, russian = Catalogue.read("en"), Catalogue.read("ru")
    kazakh = Catalogue.read("kk")
    kazakh.entries["b"] = Entry('«Төле»\n"бүгін" \\', digest("b", english, russian))
    kazakh.entries["n"] = Entry(("{number} күн", "{number} күн"), digest("n", english, russian))
    kazakh.write()
    path = desk / "kk" / "LC_MESSAGES" / "polisbridge.po"
    before = path.read_text(encoding="utf-8")

    again = Catalogue.read("kk")
    again.write()

    assert again.entries == kazakh.entries
    assert path.read_text(encoding="utf-8") == before


def test_cyrillic_uzbek_comes_from_the_latin_catalogue(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = desk / "batch.py"
    batch.write_text('K = {"b": "Toʻlang", "n": ("{number} kun", "{number} kun")}', encoding="utf-8")
    run(monkeypatch, "merge", "uz_Latn", str(batch))

    assert run(monkeypatch, "cyrillic") == 0
    assert run(monkeypatch, "check", "uz_Cyrl") == 0
    assert {key: one.text for key, one in Catalogue.read("uz_Cyrl").entries.items()} == {
        "b": "Тўланг",
        "n": ("{number} кун", "{number} кун"),
    }


def test_a_wrong_command_is_answered_with_the_help(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert [run(monkeypatch, *words) for words in ((), ("missing", "de"), ("merge", "kk"), ("merge", "ru", "x"))] == [
        2
    ] * 4
    assert "tools/words.py missing kk" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Sugʻurta shartnomasi", "Суғурта шартномаси"),
        ("yoʻq, yoʻnalish", "йўқ, йўналиш"),
        ("maʼlumot, eʼlon", "маълумот, эълон"),
        ("yevro, Yevropa, reyestr", "евро, Европа, реестр"),
        ("eng, aeroport, muzey", "энг, аэропорт, музей"),
        ("sentabr, sentabrda, obyekt", "сентябрь, сентябрда, объект"),
        ("parol, parolni", "пароль, паролни"),
        ("sertifikatsiz, litsenziya, ssenariy", "сертификатсиз, лицензия, сценарий"),
        ("OCHIQ, MDHning", "ОЧИҚ, МДҲнинг"),
        ("QR kod, PDFda, 2FAS", "QR код, PDF-да, 2FAS"),
        ("{day} kunigacha, {path}", "{day} кунигача, {path}"),
        ("`polisbridge trust sync` ni bajaring", "`polisbridge trust sync` ни бажаринг"),
        ("https://example.org/yoʻl manzili", "https://example.org/yoʻl манзили"),
        ("law/ dan, --cell", "law/ дан, --cell"),
    ],
)
def test_uzbek_is_written_in_cyrillic_letters(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic
