"""Which language is spoken, what a missing word falls back to, and how each language writes numbers and days."""

from datetime import date
from html.parser import HTMLParser

import pytest
from babel import Locale

from polisbridge.words import LawText, Words, chosen, languages, matched, preferred
from polisbridge.words.catalogues import catalogue, chain, name, reviewed

NINE = ("en", "ru", "uz_Latn", "uz_Cyrl", "tg", "ky", "kk", "hy", "be")
REGION = ("AM", "BY", "KZ", "KG", "RU", "TJ", "UZ")
SCRIPTS = {"uz_Latn": ("a", "z"), "hy": ("\u0561", "\u0587"), "en": ("a", "z")}  # all others are Cyrillic
NUMBERS = (0, 1, 2, 5, 11, 21, 1_500_000)


def test_nine_languages_ship_the_source_first() -> None:
    assert languages() == NINE


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("uz", "uz_Latn"),
        ("uz-Latn-UZ", "uz_Latn"),
        ("uz_UZ", "uz_Latn"),
        ("uz-Cyrl", "uz_Cyrl"),
        ("uz-Cyrl-UZ", "uz_Cyrl"),
        ("uz_UZ.UTF-8@cyrillic", "uz_Cyrl"),
        ("UZ-CYRL", "uz_Cyrl"),
        ("be-BY", "be"),
        ("kk-KZ", "kk"),
        ("kk-Cyrl-KZ", "kk"),
        ("ky", "ky"),
        ("tg_TJ.UTF-8", "tg"),
        ("hy-AM", "hy"),
        ("ru_RU.KOI8-R", "ru"),
        ("en-GB", "en"),
        ("C", None),
        ("", None),
        ("-", None),
        ("u", None),
        ("uzb", None),
        ("de-DE", None),
    ],
)
def test_a_tag_or_locale_asks_for_a_language(tag: str, language: str | None) -> None:
    assert matched(tag) == language
    assert chosen(tag) == (language or "en")


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("uz", "uz_Latn"),
        ("de, kk-KZ;q=0.8, ru;q=0.9", "ru"),
        ("uz-Cyrl-UZ, uz;q=0.9, ru;q=0.8", "uz_Cyrl"),
        ("hy;q=0, be;q=0.1", "be"),
        ("de", None),
        ("*", None),
        (";;q=,", None),
        ("x" * 100_000, None),
    ],
)
def test_a_browser_asks_for_the_language_it_wants_most(header: str, language: str | None) -> None:
    assert preferred(header) == language


def test_a_word_that_is_missing_is_said_in_russian_and_then_in_english() -> None:
    assert [chain(one) for one in ("en", "ru", "hy")] == [("en",), ("ru", "en"), ("hy", "ru", "en")]
    assert Words("tg")("no.such.key") == "no.such.key"
    assert not Words("tg").has("no.such.key")


def test_a_law_text_is_given_in_russian_where_the_law_has_no_other_and_keeps_its_language() -> None:
    act = {"en": "Law <1>", "ru": "Закон <1>"}
    shown = Words("kk").text(act)

    assert isinstance(shown, LawText)
    assert (str(shown), shown.language) == ("Закон <1>", "ru")
    assert shown.__html__() == '<span lang="ru">Закон &lt;1&gt;</span>'
    assert shown.around("", ", 2").__html__() == '<span lang="ru">Закон &lt;1&gt;, 2</span>'


def test_a_law_text_in_the_language_of_the_page_is_plain() -> None:
    assert [type(Words(one).text({"en": "a", "ru": "б"})) for one in ("en", "ru")] == [str, str]
    assert Words("uz_Cyrl").text({"uz_Cyrl": "қонун", "ru": "закон"}) == "қонун"
    assert Words("en").text({"hy": "օրենք"}) == LawText("օրենք", "hy")
    assert Words("en").text({}) == ""


@pytest.mark.parametrize("language", NINE)
def test_the_plural_form_is_that_of_cldr(language: str) -> None:
    """A form in the catalogue per category of CLDR that whole numbers use; more forms only where they say the same."""
    rule = Locale.parse(language).plural_form
    told = {number: Words(language).plural("plain.not_yet", number) for number in NUMBERS}
    bare = {number: text.replace(Words(language).number(number), "#") for number, text in told.items()}

    for one in NUMBERS:
        assert {bare[other] for other in NUMBERS if rule(other) == rule(one)} == {bare[one]}
        assert Words(language).number(one) in told[one]


@pytest.mark.parametrize("language", ["ru", "be"])
def test_east_slavic_numbers_have_three_forms(language: str) -> None:
    bare = [Words(language).plural("count.faults", number).lstrip("0123456789\xa0 ") for number in NUMBERS]

    assert bare[0] == bare[3] == bare[4] == bare[6]
    assert bare[1] == bare[5]
    assert len(set(bare)) == 3


@pytest.mark.parametrize("language", NINE)
def test_every_month_is_named_in_letters_of_the_language(language: str) -> None:
    days = [Words(language).day(date(2026, month, 3)) for month in range(1, 13)]
    first, last = SCRIPTS.get(language, ("\u0430", "\u045f"))
    named = ["".join(letter for letter in day.lower() if first <= letter <= last) for day in days]

    assert len(set(named)) == 12
    assert all(len(month) >= 3 for month in named)
    assert all("2026" in day and "3" in day for day in days)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("uz_Latn", "2026-yil 3-may"),
        ("uz_Cyrl", "2026 йил 3 май"),
        ("tg", "3 майи 2026"),
        ("ky", "2026-ж. 3-май"),
        ("kk", "2026 жылғы 3 мамыр"),
        ("hy", "2026 թ. մայիսի 3"),
        ("be", "3 мая 2026 года"),
    ],
)
def test_a_day_is_written_so_that_endings_fit(language: str, written: str) -> None:
    assert Words(language).day(date(2026, 5, 3)) == written


@pytest.mark.parametrize("language", [one for one in NINE if one != "en"])
def test_money_has_its_decimals_after_a_comma_and_its_code(language: str) -> None:
    assert Words(language).amount(123_456_750, "RUB") == "1\xa0234\xa0567,50 RUB"


@pytest.mark.parametrize("language", NINE)
def test_states_are_named_in_the_language(language: str) -> None:
    first, last = SCRIPTS.get(language, ("\u0400", "\u04ff"))
    states = [Words(language).state(state) for state in (*REGION, "EU")]

    assert len(set(states)) == 8
    assert all(first <= state[-1] <= last for state in states)


def test_every_language_is_named_in_itself_and_tells_that_nobody_reviewed_it() -> None:
    names = [name(one) for one in NINE]

    assert names == [
        "English",
        "Русский",
        "Oʻzbekcha (lotin)",
        "Ўзбекча (кирилл)",
        "Тоҷикӣ",
        "Кыргызча",
        "Қазақша",
        "Հայերեն",
        "Беларуская",
    ]
    assert [one for one in NINE if reviewed(one)] == ["en"]


@pytest.mark.parametrize("language", [one for one in NINE if one not in ("en", "ru")])
def test_the_note_on_the_review_is_in_the_language_itself(language: str) -> None:
    assert catalogue(language).gettext("web.unreviewed") not in ("web.unreviewed", Words("ru")("web.unreviewed"))


def test_a_marked_text_is_one_element_whatever_it_holds() -> None:
    class Tags(HTMLParser):
        found: list[str] = []  # noqa: RUF012 - one parser, one test

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.found.append(f"{tag} {dict(attrs)}")

    Tags().feed(LawText("<script>\"'&", "uz_Cyrl").__html__())

    assert Tags.found == ["span {'lang': 'uz-Cyrl'}"]


def test_a_sentence_that_ends_in_an_abbreviated_year_has_one_full_stop() -> None:
    words = Words("ru")

    said = words("plain.by_when", day=words.day(date(2026, 5, 3)))

    assert (said.endswith("2026\u202fг."), "..." in words("plain.by_when", day="3...")) == (True, True)
