"""A real Chromium walks the officer's, the hospital's, the employer's and the worker's page; axe finds no fault."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyotp
import pytest
from people_builder import NOON, PASSWORD
from playwright.sync_api import Browser, expect, sync_playwright
from postgres import database
from test_in_a_browser import CHROMIUM, Walk, missing, walking
from web_node import ROOT


@dataclass(frozen=True)
class Served:
    """Where the site is, the folder with its certificate, and the second factors of its desks."""

    address: str
    folder: Path
    secrets: dict[str, str]


@pytest.fixture(scope="module")
def served(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("care")
    with database(server) as url:
        command = [sys.executable, str(ROOT / "tests" / "web_care_server.py"), url, str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                port, *secrets = running.stdout.readline().split()
                yield Served(f"http://127.0.0.1:{port}", folder, dict(one.split("=", 1) for one in secrets))
            finally:
                running.terminate()


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Browser]:
    assert served
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def sign_in(walk: Walk, served: Served, login: str, back: str) -> None:
    """Sign in, with a second factor where the desk has one."""
    walk.open(f"/sign-in?back={back}")
    walk.page.fill("#login", login)
    walk.page.fill("#password", PASSWORD)
    secret = served.secrets.get(login)
    walk.page.fill("#code", pyotp.TOTP(secret).at(NOON) if secret else "")
    walk.press("main form button.main")


def officer(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/verify")
    walk.press("main a[href='/verify/number']")
    page = walk.page
    walk.press("button.main")
    expect(page.locator(".faults li")).to_have_count(2)
    walk.look("number-faults")
    page.fill("#number", "C-1/worker")
    page.fill("#born", "1990-05-05")
    page.fill("#name", "Рахимов Бахром")
    page.select_option("#state", "RU")
    page.select_option("#gate", "work_permit")
    page.fill("#first", "2026-11-22")
    page.fill("#last", "2026-12-20")
    walk.press("button.main")
    expect(page.locator(".verified .answer")).to_have_count(1)
    walk.look("number-answer")
    walk.open("/verify/number")
    page.fill("#number", "C-1/worker")
    page.fill("#born", "1990-05-05")
    page.fill("#name", "Карапетян Арам")
    walk.press("button.main")
    expect(page.locator(".answer.refuse")).to_have_count(1)
    walk.look("number-other-name")


def hospital(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/hospital")
    page = walk.page
    page.select_option("#cause", "emergency")
    page.fill("#number", "C-1/worker")
    page.fill("#born", "1990-05-05")
    walk.look("hospital")
    walk.press("button.main >> nth=0")
    expect(page.locator(".answer.accept")).to_have_count(1)
    walk.look("hospital-patient")
    walk.open("/hospital")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.select_option("#cause", "planned")
    page.fill("#text", (walk.folder / "certificate.txt").read_text())
    walk.press("button[formaction='/hospital/certificate']")
    expect(page.locator(".verified .answer")).to_have_count(1)
    walk.look("hospital-certificate")


def employer(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/employer")
    expect(walk.page.locator(".cards > li")).to_have_count(1)
    walk.look("employer")
    walk.press("main a[href='/verify']")
    walk.page.set_input_files("#photo", walk.folder / "certificate.png")
    walk.press("button.main")
    expect(walk.page.locator(".answer.accept")).to_have_count(1)
    walk.look("employer-verified")


def worker(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/me")
    page = walk.page
    expect(page.locator("table.matrix")).to_have_count(1)
    page.fill("#employer-login", "employer")
    walk.press("form[action='/me/employers'] button")
    expect(page.locator("form[action='/me/employers/end']")).to_have_count(1)
    walk.look("worker")
    walk.press("form[action='/me/employers/end'] button")
    expect(page.locator("form[action='/me/employers/end']")).to_have_count(0)


def auditor(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/audit")
    expect(walk.page.locator("h1")).to_have_count(1)
    walk.look("audit")
    walk.press("nav.desk a[href='/audit?show=changes']")
    walk.page.select_option("#of", "insurer")
    walk.press("form.filter button")
    expect(walk.page.locator("tbody tr")).to_have_count(1)
    walk.look("audit-changes")


def clerk(walk: Walk, served: Served, login: str) -> None:
    sign_in(walk, served, login, "/duplicates")
    expect(walk.page.locator(".answer")).to_have_count(1)
    walk.look("duplicates")


WALKS = {"en": "phone", "ru": "desk", "uz_Latn": "phone", "hy": "desk"}
LOGINS: dict[Callable[[Walk, Served, str], None], str] = {
    officer: "verifier", hospital: "hospital_desk", employer: "employer", auditor: "auditor", clerk: "insurer_clerk", worker: "worker",
}  # fmt: skip


@pytest.mark.parametrize("language", WALKS)
@pytest.mark.parametrize("path", LOGINS, ids=lambda one: one.__name__)
def test_a_desk_is_walked(
    browser: Browser, served: Served, path: Callable[[Walk, Served, str], None], language: str
) -> None:
    with walking(browser, (served.address, served.folder), WALKS[language], language) as walk:
        login = LOGINS[path]
        path(walk, served, login if login == "worker" else f"{login}.{language}".lower())
