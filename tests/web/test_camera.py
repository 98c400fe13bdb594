"""The camera's pictures are read by the server, only the pages that scan may ask for it, and a real browser scans a code."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Playwright, expect, sync_playwright
from test_in_a_browser import CHROMIUM, SCREENS, missing
from verify_scene import new_scene
from web_node import ROOT, SampleNode, Visitor

from polisbridge.formats.qr import png, symbol_of

FRAMES, WIDTH, HEIGHT = 30, 1280, 960


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(SampleNode(tmp_path_factory.mktemp("kit")))


def test_a_picture_of_the_camera_is_read_and_one_without_a_code_says_nothing(visitor: Visitor, tmp_path: Path) -> None:
    text = new_scene(tmp_path).issue().text
    empty = io.BytesIO()
    Image.new("RGB", (640, 480), "grey").save(empty, "JPEG")
    sent = {"read": png(symbol_of(text)), "empty": empty.getvalue(), "broken": b"\xff\xd8\xff broken", "none": b""}
    answers = {name: visitor.send("/verify/picture", {"photo": ("frame.jpg", data)}) for name, data in sent.items()}

    assert {name: one.status_code for name, one in answers.items()} == {
        "read": 200,
        "empty": 204,
        "broken": 204,
        "none": 204,
    }
    assert answers["read"].text == text


def test_only_pages_that_scan_may_ask_for_the_camera(visitor: Visitor) -> None:
    policies = {
        path: visitor.get(path).headers["Permissions-Policy"].split(",")[0] for path in ("/verify", "/check", "/")
    }

    assert policies == {"/verify": "camera=(self)", "/check": "camera=()", "/": "camera=()"}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, str(ROOT / "tests" / "web_server.py"), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603 - our own program
        try:
            assert server.stdout
            yield f"http://127.0.0.1:{int(server.stdout.readline())}", folder
        finally:
            server.terminate()


def film(picture: Path, target: Path) -> None:
    """Write a film for a pretended camera: the picture lying on a grey table, as frames of JPEG."""
    code = Image.open(picture).convert("RGB")
    code.thumbnail((HEIGHT - 160, HEIGHT - 160))
    frame = Image.new("RGB", (WIDTH, HEIGHT), (120, 118, 110))
    frame.paste(code, ((WIDTH - code.width) // 2, (HEIGHT - code.height) // 2))
    one = io.BytesIO()
    frame.save(one, "JPEG", quality=90)
    target.write_bytes(one.getvalue() * FRAMES)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def browsers(playwright: Playwright, site: tuple[str, Path]) -> Browser:
    film(site[1] / "certificate.png", site[1] / "camera.mjpeg")
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={site[1] / 'camera.mjpeg'}",
    ]
    return playwright.chromium.launch(executable_path=CHROMIUM, args=flags)


def test_a_browser_scans_a_certificate_with_its_camera(browsers: Browser, site: tuple[str, Path]) -> None:
    context = browsers.new_context(viewport={"width": 320, "height": 640}, locale="en", permissions=["camera"])
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{site[0]}/verify")
    with page.expect_navigation(timeout=60_000):
        page.click("#camera .start")
        expect(page.locator("#camera video")).to_be_visible()
        SCREENS.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=SCREENS / "camera-en-phone.png", full_page=True)
    expect(page.locator(".answer.accept")).to_have_count(1)
    context.close()


def test_a_camera_that_is_refused_leaves_the_other_ways(playwright: Playwright, site: tuple[str, Path]) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    page = browser.new_page(locale="en")
    page.goto(f"{site[0]}/verify")
    page.click("#camera .start")
    expect(page.locator("#camera .said")).to_contain_text("The camera cannot be used")
    expect(page.locator("#photo")).to_be_visible()
    browser.close()


def test_without_scripts_there_is_no_button_that_does_nothing(visitor: Visitor) -> None:
    assert '<div class="camera noprint" id="camera" hidden' in visitor.get("/verify").text
