"""A clerk at the insurer's desk in a real Chromium: a product checked while it is typed, a contract, a certificate, its card.

`/verify` of the same node accepts the card, and refuses it once it is suspended. In four languages, on a phone and a desk.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest
from people_builder import PASSWORD
from playwright.sync_api import Browser, expect, sync_playwright
from postgres import database
from test_in_a_browser import CHROMIUM, Walk, missing, walking
from web_node import ROOT

WALKS = [("desk", "en"), ("phone", "ru"), ("phone", "uz_Latn"), ("desk", "hy")]
HEAD = "contract,product,from,to,role,name,original_name,born,citizenship,document_state,document"
PRODUCT = "uzbek_home_contract"
Served = tuple[str, dict[str, str], Path]


@pytest.fixture(scope="module")
def served(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The address of the site, the second factors of its clerks, and a folder for files."""
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    folder, logins = tmp_path_factory.mktemp("insurer"), [f"clerk-{language.lower()}" for _, language in WALKS]
    with database(server) as url:
        command = [sys.executable, str(ROOT / "tests" / "insurer_server.py"), url, str(folder / "node"), *logins]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                port, *secrets = running.stdout.readline().split()
                yield f"http://127.0.0.1:{port}", dict(zip(logins, secrets, strict=True)), folder
            finally:
                running.terminate()


@pytest.fixture(scope="module")
def browser(served: Served) -> Iterator[Browser]:
    assert served
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


def today() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - the server under test lives by the machine's clock


def sign_in(walk: Walk, login: str, secret: str) -> None:
    walk.open("/sign-in?back=/insurer")
    walk.page.fill("#login", login)
    walk.page.fill("#password", PASSWORD)
    walk.page.fill("#code", pyotp.TOTP(secret).at(today()))
    walk.press("button.main")


def product(walk: Walk, code: str) -> None:
    """Make a product like another one; the check follows what is typed."""
    page = walk.page
    walk.open("/insurer/products")
    walk.look("insurer-products")
    walk.press("tr:has(td:text-is('uzbek_home_contract')) a[href*='like=']")
    page.fill("#code", code)
    page.fill("#title_en", f"Product {code}")
    check = page.locator("#precheck")
    before = check.text_content() or ""
    page.uncheck("#territory_RU")
    expect(check).not_to_have_text(before)
    walk.look("insurer-product-typed")
    page.check("#territory_RU")
    expect(check).to_have_text(before)
    walk.press("form[data-live] button.main")
    expect(page.locator("h1")).to_have_count(1)


def contract(walk: Walk, number: str) -> None:
    page = walk.page
    walk.open("/insurer/contracts/new")
    walk.press("button.main")
    walk.look("insurer-contract-faults")
    page.fill("#number", number)
    page.select_option("#product", label=f"Product {number.rpartition('-')[0].lower()}")
    page.fill("#name-1", "RUSTAMOV BAHROM")
    page.fill("#born-1", "1988-07-21")
    page.fill("#document-1", f"FA{abs(hash(number)) % 10_000_000:07d}")
    walk.press("button[name=more]")
    page.select_option("#role-2", "spouse")
    page.fill("#name-2", "RUSTAMOVA DILNOZA")
    page.fill("#born-2", "1990-11-02")
    walk.look("insurer-contract-new")
    walk.press("button.main")
    walk.press("form[action$='/certificates'] button.main")
    expect(page.locator("a[href^='/insurer/certificates/']").nth(1)).to_be_visible()
    walk.look("insurer-contract")


def verified(walk: Walk, text: str) -> str:
    """Verify a certificate's text in a window of its own; return the class of the answer."""
    other = walk.page.context.new_page()
    other.goto(f"{walk.address}/verify")
    other.fill("#text", text)
    with other.expect_navigation():
        other.click("main form button.main")
    expect(other.locator("article.answer, .answer").first).to_be_visible()
    found = other.locator(".answer").first.get_attribute("class") or ""
    other.close()
    return found


@pytest.mark.parametrize(("size", "language"), WALKS)
def test_a_clerk_checks_a_product_makes_a_contract_issues_prints_and_suspends(
    browser: Browser, served: Served, size: str, language: str
) -> None:
    address, secrets, folder = served
    login = f"clerk-{language.lower()}"
    with walking(browser, (address, folder), size, language) as walk:
        page = walk.page
        page.context.set_extra_http_headers({"Accept-Language": language.replace("_", "-")})
        sign_in(walk, login, secrets[login])
        product(walk, f"walk-{language}".lower())
        contract(walk, f"WALK-{language}-{size}")
        walk.press("a[href^='/insurer/certificates/']")
        walk.look("insurer-certificate")
        card = page.context.request.get(f"{page.url}/card.pdf")
        assert (card.status, card.body()[:5]) == (200, b"%PDF-")
        text = page.locator("#text").text_content() or ""
        assert "accept" in verified(walk, text)
        page.fill("#why", "asked by the policyholder")
        walk.press("button[value=suspend]")
        expect(page.locator(".standing .suspended")).to_have_count(1)
        assert "refuse" in verified(walk, text)
        walk.look("insurer-certificate-suspended")
        walk.open("/insurer")
        walk.look("insurer-start")
        walk.open("/insurer/certificates?show=suspended")
        walk.look("insurer-certificates")
        upload(walk, folder, language)


def upload(walk: Walk, folder: Path, language: str) -> None:
    """Send a file with faults, take the good rows, issue for all and open the cards."""
    page = walk.page
    first, last = (today().date(), today().date() + timedelta(days=300))
    row = f"{PRODUCT},{first},{last}"
    file = folder / f"group-{language}.csv"
    lines = [
        f"G-{language}-{one},{row},worker,KARIMOV ALISHER,,1990-05-17,UZ,UZ,{language[:2].upper()}00000{one}"
        for one in range(6)
    ]
    wrong = [
        f"B-{language}-1,{row},uncle,Каримов,,yesterday,XX,UZ,ZZ1",
        f"B-{language}-2,none,{first},2020-01-01,worker,KARIMOV,,1990-05-17,UZ,,",
    ]
    file.write_text("\n".join([HEAD, *lines, *wrong]), encoding="utf-8")
    walk.open("/insurer/upload")
    walk.look("insurer-upload")
    page.set_input_files("#file", file)
    walk.press("button.main")
    expect(page.locator(".wrong-cell")).to_have_count(6)
    walk.look("insurer-upload-faults")
    page.check("#without_faulty")
    walk.press("button.main")
    expect(page.locator("#registered")).to_be_visible()
    walk.press("form[action$='/certificates'] button.main")
    expect(page.locator("a[href*='cards.pdf']")).to_have_count(1)
    walk.look("insurer-uploaded")
    cards = page.context.request.get(walk.address + (page.locator("a[href*='cards.pdf']").get_attribute("href") or ""))
    assert (cards.status, cards.body()[:5]) == (200, b"%PDF-")
