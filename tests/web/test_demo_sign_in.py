"""Accounts to try out: each signs in by its button with its code of the moment; with real data there are none."""

import re

import pytest
from people_builder import NOON, at, people
from sqlalchemy import Engine
from test_people_pages import Browser
from web_node import SAMPLES, SampleNode

from polisbridge.adapters.folder import read_folder
from polisbridge.core.statusbook import Note
from polisbridge.services.people.demo import ACCOUNTS, PASSWORD, open_demo
from polisbridge.services.people.ports import People
from polisbridge.services.registry.seed import seed_samples

LOGINS = [one.login for one in ACCOUNTS]


class Scene:
    """What a browser of these pages needs of a node: who uses it."""

    factors: dict[str, None] = {}  # noqa: RUF012 - empty

    def __init__(self, found: People) -> None:
        self.people = found


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Scene:
    found, note = people(engine), Note("tests", NOON, "samples")
    with found.registries.change() as registry:
        seed_samples(registry, read_folder(SAMPLES), SampleNode().book, note)
    assert open_demo(found, note) == len(ACCOUNTS)
    return Scene(found)


def visitor(scene: Scene, *, demo: bool = True) -> Browser:
    browser = Browser(scene)  # type: ignore[arg-type] # only the people of it are used
    browser.node.demo = demo
    return browser


def test_opening_them_again_opens_nothing(scene: Scene) -> None:
    assert open_demo(scene.people, Note("tests", NOON, "again")) == 0


@pytest.mark.parametrize("login", LOGINS)
def test_every_account_signs_in_by_its_button_and_is_led_to_its_desk(scene: Scene, login: str) -> None:
    browser = visitor(scene)
    shown = browser.get("/sign-in").text
    answer = browser.post("/sign-in/demo", "/sign-in", login=login)

    assert all(f'value="{one}"' in shown for one in LOGINS)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert login in browser.get("/account").text


def test_what_the_page_tells_can_be_typed_by_hand(scene: Scene) -> None:
    browser = visitor(scene)
    browser.node.at = at(3_600)
    text = browser.get("/sign-in").text
    code = re.search(r"demo\.auditor · code (\d{6})", text)
    assert PASSWORD in text
    assert code

    answer = browser.post("/sign-in", "/sign-in", login="demo.auditor", password=PASSWORD, code=code[1])

    assert answer.status_code == 303


def test_a_code_counts_once_so_the_third_sign_in_of_one_moment_waits(scene: Scene) -> None:
    browsers = [visitor(scene) for _ in range(3)]
    for one in browsers:
        one.node.at = at(7_200)
    done = [one.post("/sign-in/demo", "/sign-in", login="demo.operator").status_code for one in browsers]
    browsers[2].node.at = at(7_260)

    assert done == [303, 303, 422]
    assert browsers[2].post("/sign-in/demo", "/sign-in", login="demo.operator").status_code == 303


def test_a_node_with_real_data_shows_and_opens_none_of_them(scene: Scene) -> None:
    browser = visitor(scene, demo=False)
    shown = browser.get("/sign-in").text

    assert [one for one in (*LOGINS, PASSWORD) if one in shown] == []
    assert browser.post("/sign-in/demo", "/sign-in", login="demo.operator").status_code == 404
    assert browser.get("/account").status_code == 303


def test_no_other_account_is_entered_without_its_password(scene: Scene) -> None:
    assert visitor(scene).post("/sign-in/demo", "/sign-in", login="nobody").status_code == 422
