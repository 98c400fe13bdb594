"""A real Chromium signs in, on a phone and a desk, in English and Russian, without scripts; axe finds no fault."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from people_builder import NOON, PASSWORD
from playwright.sync_api import Browser, expect, sync_playwright
from postgres import database
from test_in_a_browser import CHROMIUM, LANGUAGES, SIZES, Walk, missing, walking
from web_node import ROOT


@pytest.fixture(scope="module")
def served(server: str) -> Iterator[tuple[str, str]]:
    """The address of the site, and the secret of the operator's second factor."""
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    with database(server) as url:
        command = [sys.executable, str(ROOT / "tests" / "web_people_server.py"), url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                port, secret = running.stdout.readline().split()
                yield f"http://127.0.0.1:{port}", secret
            finally:
                running.terminate()


@pytest.fixture(scope="module")
def browser(served: tuple[str, str]) -> Iterator[Browser]:
    assert served
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def sign_in(walk: Walk, login: str, code: str = "") -> None:
    walk.page.fill("#login", login)
    walk.page.fill("#password", PASSWORD)
    walk.page.fill("#code", code)
    walk.press("button.main")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
def test_a_worker_signs_in_sees_who_looked_names_a_helper_and_leaves(
    browser: Browser, served: tuple[str, str], size: str, language: str
) -> None:
    with walking(browser, (served[0], Path()), size, language) as walk:
        page = walk.page
        walk.open("/")
        walk.press("footer a[href='/account']")
        sign_in(walk, "nobody")
        expect(page.locator(".faults li")).to_have_count(1)
        walk.look("sign-in-wrong")
        sign_in(walk, "bahrom")
        expect(page.locator("form[action='/sign-out']")).to_have_count(1)
        walk.look("account")
        walk.press("main a[href='/me']")
        page.fill("#login", "friend")
        walk.press("form[action='/me/helpers'] button")
        expect(page.locator("form[action='/me/helpers/end']")).to_have_count(1)
        walk.look("my-data")
        walk.press("form[action='/me/helpers/end'] button")
        expect(page.locator("form[action='/me/helpers/end']")).to_have_count(0)
        walk.open("/account")
        walk.press("form[action='/sign-out'] button.main")
        page.wait_for_url(f"{walk.address}/")
        walk.open("/access")
        walk.look("access")
        page.goto(f"{walk.address}/me")
        assert "/sign-in" in page.url


def test_an_operator_signs_in_with_a_second_factor_and_is_shown_accounts_but_no_person(
    browser: Browser, served: tuple[str, str]
) -> None:
    with walking(browser, (served[0], Path()), "phone", "en") as walk:
        walk.open("/sign-in?back=/accounts")
        sign_in(walk, "operator", pyotp.TOTP(served[1]).at(NOON))
        expect(walk.page.locator("tbody tr")).to_have_count(3)
        walk.look("accounts")
        answer = walk.page.goto(f"{walk.address}/me")
        assert answer
        assert answer.status == 403
        walk.look("not-allowed")
