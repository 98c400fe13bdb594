"""A real Chromium walks the Executive Committee's desk: the map, what stands in the way, a rule moved, letters, a report."""

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
from test_in_a_browser import CHROMIUM, SCREENS, Walk, missing, walking
from web_node import ROOT


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if why := missing():
        if os.environ.get("CI") or os.environ.get("POLISBRIDGE_CHECK"):
            pytest.fail(why)
        pytest.skip(why)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])


@pytest.fixture
def served(server: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The address of a site of its own, and the secrets of second factors by login."""
    with database(server) as url:
        command = [sys.executable, str(ROOT / "tests" / "web_committee_server.py"), url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:  # noqa: S603 - our own program
            try:
                assert running.stdout
                port, committee, authority = running.stdout.readline().split()
                yield f"http://127.0.0.1:{port}", {"committee": committee, "authority": authority}
            finally:
                running.terminate()


@pytest.mark.parametrize(("language", "size"), [("en", "desk"), ("ru", "phone"), ("uz-Latn", "phone"), ("hy", "desk")])
def test_the_committee_looks_at_the_map_moves_a_rule_prints_letters_and_has_a_report_written(
    browser: Browser, served: tuple[str, dict[str, str]], language: str, size: str
) -> None:
    address, secrets = served
    with walking(browser, (address, Path()), size, language) as walk:
        _sign_in(walk, "committee", secrets)
        walk.page.wait_for_url("**/committee")
        _map(walk)
        _agreement(walk)
        _rule(walk)
        _letters(walk)
        _report(walk)


@pytest.mark.parametrize(("language", "size"), [("uz-Latn", "desk"), ("ru", "phone")])
def test_an_authority_has_many_contracts_checked_and_takes_the_answers_along(
    browser: Browser, served: tuple[str, dict[str, str]], language: str, size: str, tmp_path: Path
) -> None:
    address, secrets = served
    with walking(browser, (address, Path()), size, language) as walk:
        page = walk.page
        _sign_in(walk, "authority", secrets, back="/jobs")
        walk.press("a[href='/jobs/new']")
        page.fill("#days", "never")
        walk.press("button.main")
        expect(page.locator(".faults li")).to_have_count(3)
        walk.look("jobs-new-faults")
        file = tmp_path / "people.csv"
        file.write_text("contract,state,gate,as_of,role\nA,RU,hiring,2026-06-01,worker\nB,ZZ,hiring,no day,worker\n")
        page.set_input_files("#file", file)
        walk.press("button.main")
        expect(page.locator("#job .job-done")).to_have_count(1, timeout=90_000)
        walk.look("jobs-done")
        with page.expect_download() as download:
            page.click("a[href$='/files/verdicts.csv']")
        assert download.value.path().read_text(encoding="utf-8-sig").count("\n") == 2
        file.write_text("gait\nRU\n")
        walk.open("/jobs/new")
        page.set_input_files("#file", file)
        walk.press("button.main")
        expect(page.locator("#job .job-failed")).to_have_count(1, timeout=90_000)
        walk.look("jobs-failed")


def _sign_in(walk: Walk, login: str, secrets: dict[str, str], back: str = "/desk") -> None:
    walk.open(f"/sign-in?back={back}")
    walk.page.fill("#login", login)
    walk.page.fill("#password", PASSWORD)
    walk.page.fill("#code", pyotp.TOTP(secrets[login]).at(NOON))
    walk.press("button.main")


def _map(walk: Walk) -> None:
    page = walk.page
    shown = f"svg.corridors.{'narrow' if walk.name.split('-')[-2] == 'phone' else 'wide'}"
    expect(page.locator(f"{shown} .line")).to_have_count(6)
    walk.look("committee-map")
    walk.press(f"{shown} a[href*='state=KZ']")
    expect(page.locator(f"{shown} .tile.chosen")).to_have_count(1)
    page.select_option("#gate", "hiring")
    walk.press("form.filter button.main")
    walk.press(f"{shown} a[href^='/committee/corridor/UZ/KZ']")
    expect(page.locator("#hiring")).to_have_count(1)
    walk.look("committee-corridor")


def _agreement(walk: Walk) -> None:
    walk.open("/committee/common?state=RU&state=BY&state=KZ")
    walk.look("committee-common")
    walk.open("/committee/cheapest")
    walk.press("form.filter button.main")
    expect(walk.page.locator("section.answer")).to_have_count(1)
    walk.look("committee-cheapest")
    walk.open("/compare")
    walk.look("committee-compare")


def _rule(walk: Walk) -> None:
    page = walk.page
    walk.open("/committee/scenario")
    walk.look("committee-scenario")
    page.select_option("#sum", "ru.directive_3793_u.sum_insured")
    page.wait_for_url("**sum=ru.directive**")
    page.evaluate(
        "one => { one.value = 300000; one.dispatchEvent(new Event('input', {bubbles: true})); }",
        page.query_selector("#slide"),
    )
    expect(page.locator("#amount")).to_have_value("300000")
    expect(page.locator("#result .figures.told li")).to_have_count(3, timeout=30_000)
    for state in ("RU", "UZ", "KZ"):
        page.check(f"#party-{state}")
    walk.press("form.filter button.main")
    expect(page.locator("#result .figures.told li")).to_have_count(3, timeout=30_000)
    walk.look("committee-scenario-result")


def _letters(walk: Walk) -> None:
    walk.open("/committee/questions?state=KZ")
    expect(walk.page.locator("section.letter")).to_have_count(1)
    walk.look("committee-questions")
    walk.open("/committee/questions")
    walk.page.emulate_media(media="print")
    walk.page.pdf(path=SCREENS / f"committee-letters-{walk.name}.pdf", format="A4")
    expect(walk.page.locator("section.letter .paper").first).to_be_visible()
    walk.page.emulate_media(media="screen")


def _report(walk: Walk) -> None:
    page = walk.page
    walk.open("/committee/report")
    walk.press("form:has(input[value=ru]) button")
    page.wait_for_url("**/jobs/*")
    expect(page.locator("#job .job-done")).to_have_count(1, timeout=90_000)
    walk.look("committee-job")
    walk.open("/jobs")
    walk.look("committee-jobs")
    walk.open("/committee/report")
    expect(page.locator("a[href='/committee/report/ru/pdf']")).to_have_count(1)
    walk.look("committee-report")
