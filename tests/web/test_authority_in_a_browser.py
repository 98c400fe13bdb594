"""A real Chromium drafts law, sees faults, files side by side and the effect; a second official approves; /check follows."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from drafting_builder import NOON, SUM
from people_builder import PASSWORD
from playwright.sync_api import Browser, expect, sync_playwright
from postgres import database
from test_in_a_browser import CHROMIUM, Walk, missing, walking
from web_node import ROOT

POLICY = "Policy of a Russian insurer for the work patent"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture
def served(server: str, template: str, tmp_path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a site of its own, and the secrets of the officials' second factors."""
    with database(server, template) as url:
        command = [sys.executable, str(ROOT / "tests" / "web_authority_server.py"), url, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                port, first, second = running.stdout.readline().split()
                yield f"http://127.0.0.1:{port}", {"first": first, "second": second}
            finally:
                running.terminate()


def sign_in(walk: Walk, login: str, secret: str) -> None:
    walk.open("/sign-in?back=/authority")
    walk.page.fill("#login", login)
    walk.page.fill("#password", PASSWORD)
    walk.page.fill("#code", pyotp.TOTP(secret).at(NOON))
    walk.press("button.main")


def check(walk: Walk, day: str) -> str:
    """Return the answer of the public page for a policy of 100 000 roubles on a day."""
    page = walk.page
    walk.open("/check?state=RU&gate=work_permit")
    product = page.locator("#product option", has_text=POLICY).first.get_attribute("value")
    page.select_option("#product", product)
    page.select_option("#citizenship", "UZ")
    page.fill("#born", "1990-05-17")
    page.locator("details:has(#as_of) > summary").click()
    page.locator("details:has(#cover_first):not([open]) > summary").evaluate_all(
        "all => all.forEach(one => one.click())"
    )
    days = {"first": day, "last": day, "as_of": day, "cover_first": "2026-04-01", "cover_last": "2027-03-31"}
    for name, value in days.items():
        page.fill(f"#{name}", value)
    walk.press("button.main")
    article = page.locator("article.answer")
    expect(article).to_have_count(1)
    return str(article.get_attribute("class")).split()[-1]


def draft_with_faults_then_right(walk: Walk) -> str:
    """Fill the form for a higher sum, wrongly and then rightly; return the address of the draft."""
    page = walk.page
    walk.press(f"a[href='/authority/drafts/new?provision={SUM}']")
    walk.look("authority-form")
    page.fill("#with-amount", "much")
    page.fill("#first", "2026-11-23")
    walk.press("form button.main")
    expect(page.locator(".faults li")).not_to_have_count(0)
    walk.look("authority-faults")
    filled = {
        "#with-amount": "200000",
        "#first": "2027-01-01",
        "#title-en": "The sum insured is at least RUB 200,000",
        "#title-ru": "Страховая сумма не менее 200 000 рублей",
        "#act-en": "Directive No. 7000-U of 2026-11-20",
        "#act-ru": "Указание № 7000-У от 20.11.2026",
        "#url": "https://cbr.example/7000",
    }
    for field, text in filled.items():
        page.fill(field, text)
    page.select_option("#evidence", "primary")
    walk.press("form button.main")
    expect(page.locator("table.diff ins")).not_to_have_count(0)
    walk.look("authority-draft")
    return page.url


def see_effect_and_propose(walk: Walk, draft: str) -> None:
    """Look at the effect on made-up persons and on record, then propose the draft; who proposed cannot publish."""
    page = walk.page
    walk.press("a[href$='/effect']")
    expect(page.locator("p.effect")).not_to_have_count(0)
    walk.look("authority-effect")
    walk.press("form[action$='/record'] button")
    walk.look("authority-effect-record")
    page.goto(draft)
    walk.press("form[action$='/propose'] button")
    walk.look("authority-proposed-own")
    expect(page.locator("form[action$='/publish']")).to_have_count(0)


def publish(walk: Walk, draft: str) -> None:
    """Publish the draft as the second official."""
    walk.page.goto(draft)
    walk.look("authority-proposed")
    walk.press("form[action$='/publish'] button")
    expect(walk.page.locator("tbody tr")).to_have_count(1)
    walk.look("authority-history")


def see_the_rest(walk: Walk) -> None:
    """Open statistics, insurers with an admission, and the forms for a new requirement."""
    page = walk.page
    walk.open("/authority/statistics")
    walk.look("authority-statistics")
    walk.open("/authority/insurers")
    walk.look("authority-insurers")
    page.fill("#name", "Insurer of the north")
    page.fill("#number", "SL 4711")
    page.check("#line-health")
    walk.press("form[enctype] button.main")
    expect(page.locator("dl.facts dd")).not_to_have_count(0)
    walk.look("authority-admission")
    walk.open("/authority/drafts/new?do=add")
    walk.look("authority-add")
    walk.open("/authority/drafts/new?do=add&route=ru.law_115_fz.patent.vhi&check=covers_benefits")
    walk.look("authority-add-form")


@pytest.mark.parametrize(("language", "size"), [("en", "desk"), ("ru", "phone"), ("uz-Latn", "phone"), ("hy", "desk")])
def test_a_requirement_is_raised_by_two_officials_and_the_public_answer_follows_from_that_day_on(
    browser: Browser, served: tuple[str, dict[str, str]], language: str, size: str
) -> None:
    address, secrets = served
    with walking(browser, (address, Path()), size, language) as walk:
        before = check(walk, "2027-01-15")
        sign_in(walk, "first", secrets["first"])
        expect(walk.page.locator("nav.desk a[aria-current]")).to_have_count(1)
        walk.look("authority")
        draft = draft_with_faults_then_right(walk)
        see_effect_and_propose(walk, draft)
        walk.open("/account")
        walk.press("form[action='/sign-out'] button.main")
        sign_in(walk, "second", secrets["second"])
        publish(walk, draft)
        see_the_rest(walk)
        after = (check(walk, "2026-12-31"), check(walk, "2027-01-15"))
        assert (before, *after) == ("recognised", "recognised", "not_recognised")
