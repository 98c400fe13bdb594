"""A real Chromium walks the site in English and Russian, on a phone and a desk; axe finds no fault.

The pages send no script and forbid all; JavaScript is on only so that axe can run.

Screenshots are kept below build/screens for people to look at.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from web_node import ROOT

SCREENS = ROOT / "build" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
SIZES = {"phone": (320, 640), "desk": (1280, 900)}
LANGUAGES = ("en", "ru")
PATIENCE = 60_000  # ms for what the walk waits for: other tests and a cluster share the machine
expect.set_options(timeout=PATIENCE)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN_AXE = "tags => axe.run(document, {runOnly: tags}).then(found => found.violations.map(one => \
    `${one.id}: ${one.nodes.map(node => node.target.join(' ')).slice(0, 3).join(' | ')}`))"


def missing() -> str:
    """Return what the walk lacks on this machine, empty when nothing."""
    if not CHROMIUM:
        return "no Chromium is installed (apt-get install chromium)"
    return "" if AXE.is_file() else "axe-core is not installed (npm ci)"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of the site, and the folder with certificates to verify."""
    with serving(tmp_path_factory.mktemp("site")) as found:
        yield found


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Path]]:
    """Serve the site while the block runs; skip the test where the machine lacks what a walk needs."""
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    command = [sys.executable, str(ROOT / "tests" / "web_server.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own program
        try:
            assert server.stdout
            yield f"http://127.0.0.1:{int(server.stdout.readline())}", folder
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def browser(site: tuple[str, Path]) -> Iterator[Browser]:
    assert site
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


class Walk:
    """One visitor with one language and one size of screen."""

    def __init__(self, page: Page, address: str, folder: Path, name: str) -> None:
        self.page, self.address, self.folder, self.name = page, address, folder, name
        self.faults: list[str] = []

    def look(self, name: str) -> None:
        """Keep a screenshot, and hold the page against axe and the width of the screen."""
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}-{self.name}.png", full_page=True)
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.faults += [f"{name}: {one}" for one in self.page.evaluate(_RUN_AXE, RULES)]
        if self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            self.faults.append(f"{name}: wider than the screen")

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer
        assert (path, answer.status) == (path, 200)

    def press(self, selector: str) -> None:
        """Click what leads to another page, and wait until that page is there."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def product(self, sample: str) -> str:
        found = sorted((ROOT / "samples").glob("*.contract.yaml"))
        return str(1 + [path.name for path in found].index(f"{sample}.contract.yaml"))


@contextmanager
def walking(
    browser: Browser, site: tuple[str, Path], size: str, language: str, scheme: str = "light"
) -> Iterator[Walk]:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        locale=language,
        color_scheme="dark" if scheme == "dark" else "light",
    )
    context.set_default_timeout(PATIENCE)
    try:
        walk = Walk(context.new_page(), *site, f"{language}-{size}-{scheme}")
        yield walk
        assert walk.faults == []
    finally:
        context.close()


def check(walk: Walk) -> None:
    page = walk.page
    walk.open("/")
    walk.look("home")
    walk.press("main a[href='/check']")
    walk.look("check")
    walk.press("button.main")
    expect(page.locator(".faults li")).to_have_count(2)
    walk.look("check-faults")
    page.select_option("#product", walk.product("russian_migrant_policy_short"))
    page.select_option("#state", "RU")
    page.select_option("#citizenship", "UZ")
    page.fill("#born", "1990-05-17")
    page.select_option("#gate", "work_permit")
    walk.press("button.main")
    expect(page.locator("article.answer")).to_have_count(1)
    walk.look("check-answer")
    walk.press("button[formaction='/check/everywhere']")
    assert page.locator("button.cell").count() > 60
    walk.look("check-everywhere")
    walk.press("button[value='KZ:hiring']")
    expect(page.locator("article.answer")).to_have_count(1)


def family(walk: Walk) -> None:
    page = walk.page
    walk.open("/check?state=RU&gate=entry")
    page.set_input_files("#file", ROOT / "samples" / "family_in_russia.contract.yaml")
    walk.press("button.main")
    expect(page.locator("article.answer")).to_have_count(4)
    walk.look("check-family")


def law(walk: Walk) -> None:
    walk.open("/law")
    walk.look("law")
    walk.press("a[href='/law/RU?gate=work_permit']")
    walk.look("law-state")
    walk.press("a[href='/law/p/ru.law_115_fz.patent.vhi']")
    walk.look("law-provision")
    walk.open("/law/treaty/eaeu")
    walk.look("law-treaty")


def verify(walk: Walk) -> None:
    page = walk.page
    walk.open("/verify")
    walk.look("verify")
    page.set_input_files("#photo", walk.folder / "certificate.png")
    walk.press("button.main")
    expect(page.locator(".answer.accept")).to_have_count(1)
    walk.look("verify-accepted")
    walk.open("/verify")
    text = (walk.folder / "certificate.txt").read_text()
    page.fill("#text", text[:-40] + "A" * 40)
    walk.press("button.main")
    expect(page.locator(".answer.refuse")).to_have_count(1)
    walk.look("verify-refused")


def compare(walk: Walk) -> None:
    walk.open("/compare")
    walk.look("compare")


def errors(walk: Walk) -> None:
    walk.page.goto(f"{walk.address}/nowhere")
    walk.look("error")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", [check, family, law, verify, compare, errors], ids=lambda one: one.__name__)
def test_every_page_can_be_used_and_axe_finds_no_fault(
    browser: Browser, site: tuple[str, Path], path: Callable[[Walk], None], size: str, language: str
) -> None:
    with walking(browser, site, size, language) as walk:
        path(walk)


@pytest.mark.parametrize("path", [check, verify], ids=lambda one: one.__name__)
def test_it_can_be_read_in_the_dark(browser: Browser, site: tuple[str, Path], path: Callable[[Walk], None]) -> None:
    with walking(browser, site, "desk", "en", "dark") as walk:
        path(walk)


def test_on_paper_stands_the_answer_without_what_only_a_screen_needs(browser: Browser, site: tuple[str, Path]) -> None:
    with walking(browser, site, "desk", "en") as walk:
        family(walk)
        walk.page.emulate_media(media="print")
        walk.page.pdf(path=SCREENS / "check-family.pdf", format="A4")
        shown = [
            walk.page.locator(one).first.is_visible() for one in ("header nav", ".again", "article.answer", "footer")
        ]
        assert shown == [False, False, True, True]


def test_the_keyboard_reaches_the_content_first(browser: Browser, site: tuple[str, Path]) -> None:
    with walking(browser, site, "desk", "en") as walk:
        walk.open("/check")
        walk.page.keyboard.press("Tab")
        assert walk.page.locator(":focus").get_attribute("class") == "skip"
        walk.page.keyboard.press("Enter")
        walk.page.keyboard.press("Tab")
        assert walk.page.locator(":focus").get_attribute("id") == "product"
