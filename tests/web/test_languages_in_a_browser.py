"""A real Chromium reads the same pages in each of the nine languages, on a phone or at a desk; axe finds no fault.

Screenshots are kept below build/screens for people to look at.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from test_in_a_browser import CHROMIUM, SIZES, Walk, serving, walking

from polisbridge.words import Words, languages
from polisbridge.words.catalogues import name


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    with serving(tmp_path_factory.mktemp("languages")) as found:
        yield found


@pytest.fixture(scope="module")
def browser(site: tuple[str, Path]) -> Iterator[Browser]:
    assert site
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def ask(walk: Walk) -> None:
    page = walk.page
    walk.open("/check")
    walk.look("check")
    page.select_option("#product", walk.product("russian_migrant_policy_short"))
    page.select_option("#state", "RU")
    page.select_option("#citizenship", "UZ")
    page.fill("#born", "1990-05-17")
    page.select_option("#gate", "work_permit")
    walk.press("button.main")
    expect(page.locator("article.answer")).to_have_count(1)
    walk.look("check-answer")


@pytest.mark.parametrize(("place", "language"), list(enumerate(languages())))
def test_the_pages_read_well_in_every_language(
    browser: Browser, site: tuple[str, Path], place: int, language: str
) -> None:
    tag, words = language.replace("_", "-"), Words(language)
    with walking(browser, site, list(SIZES)[place % 2], tag) as walk:
        page = walk.page
        walk.open("/")
        expect(page.locator("html")).to_have_attribute("lang", tag)
        expect(page.locator(".languages summary")).to_have_text(name(language))
        page.click(".languages summary")
        expect(page.locator(".languages a")).to_have_count(len(languages()))
        walk.look("languages")
        ask(walk)
        walk.open("/law/p/ru.law_115_fz.patent.vhi")
        expect(page.locator("h1 span[lang=ru]")).to_have_count(0 if language in ("en", "ru") else 1)
        expect(page.locator("footer")).to_contain_text(words("web.not_advice"))
        note = page.get_by_text(words("web.unreviewed"))
        expect(note).to_have_count(0 if language == "en" else 1)
        walk.look("law-provision")


def test_the_language_chosen_is_kept_on_the_next_page(browser: Browser, site: tuple[str, Path]) -> None:
    with walking(browser, site, "phone", "de") as walk:
        page = walk.page
        walk.open("/law/RU?gate=entry")
        expect(page.locator("html")).to_have_attribute("lang", "en")
        page.click(".languages summary")
        walk.press(".languages a[hreflang='uz-Cyrl']")
        expect(page.locator("html")).to_have_attribute("lang", "uz-Cyrl")
        assert page.url.endswith("/law/RU?gate=entry")
        walk.open("/verify")
        expect(page.locator("html")).to_have_attribute("lang", "uz-Cyrl")
