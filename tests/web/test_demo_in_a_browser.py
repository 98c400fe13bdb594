"""A real Chromium tries a node out: enters by a button, and an officer sets up the second factor; axe finds no fault."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pyotp
import pytest
from people_builder import PASSWORD
from playwright.sync_api import Browser, expect, sync_playwright
from postgres import database
from test_in_a_browser import CHROMIUM, missing, walking
from web_node import ROOT

WALKS = [("phone", "en", 0), ("desk", "ru", 1), ("phone", "uz-Latn", 2), ("desk", "hy", 3)]


@pytest.fixture(scope="module")
def served(server: str) -> Iterator[str]:
    """The address of the site."""
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    with database(server) as url:
        command = [sys.executable, str(ROOT / "tests" / "web_demo_server.py"), url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                yield f"http://127.0.0.1:{int(running.stdout.readline())}"
            finally:
                running.terminate()


@pytest.fixture(scope="module")
def browser(served: str) -> Iterator[Browser]:
    assert served
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.mark.parametrize(("size", "language", "number"), WALKS)
def test_an_account_to_try_out_is_entered_by_its_button(
    browser: Browser, served: str, size: str, language: str, number: int
) -> None:
    login = ("demo.worker", "demo.auditor", "demo.helper", "demo.committee")[number]
    with walking(browser, (served, Path()), size, language) as walk:
        walk.open("/sign-in")
        walk.look("demo-sign-in")
        walk.press(f"form:has(input[value='{login}']) button")
        walk.open("/account")
        expect(walk.page.locator("main")).to_contain_text(login)
        walk.look("demo-account")


@pytest.mark.parametrize(("size", "language", "number"), WALKS)
def test_an_officer_sets_up_the_second_factor_at_the_first_sign_in(
    browser: Browser, served: str, size: str, language: str, number: int
) -> None:
    with walking(browser, (served, Path()), size, language) as walk:
        page = walk.page
        walk.open("/sign-in")
        page.fill("#login", f"officer.{number}")
        page.fill("#password", PASSWORD)
        walk.press("form[action='/sign-in'] button.main")
        page.wait_for_url("**/account/second-factor")
        page.fill("#code", "000000")
        walk.press("form[action='/account/second-factor'] button.main")
        expect(page.locator(".faults li")).to_have_count(1)
        walk.look("second-factor")
        secret = (page.locator(".secret").text_content() or "").replace(" ", "")
        page.fill("#code", pyotp.TOTP(secret).at(datetime.now(UTC)))  # noqa: TID251 - the site runs by this clock
        walk.press("form[action='/account/second-factor'] button.main")
        expect(page.locator("li.secret")).to_have_count(10)
        walk.look("second-factor-kept")
