"""A second factor set up by its holder: offered, confirmed by a code, recovery codes shown once; a must for some roles."""

import re
from html import unescape

import pyotp
import pytest
from people_builder import NOON, PASSWORD, at, people
from sqlalchemy import Engine, select
from test_demo_sign_in import Scene
from test_people_pages import Browser

from polisbridge.adapters.database.tables import ACCOUNT, RECOVERY_CODE
from polisbridge.core.accounts import NewAccount
from polisbridge.core.roles import ActorRole
from polisbridge.services.people.accounts import open_account

FORM = "/account/second-factor"
NUMBERS = iter(range(10_000))


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Scene:
    return Scene(people(engine))


class Officer(Browser):
    """An officer who has signed in with a password alone, for the first time."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)  # type: ignore[arg-type] # only the people of it are used
        self.login = f"officer.{next(NUMBERS)}"
        open_account(scene.people, NewAccount(self.login, ActorRole.VERIFIER, "RU"), PASSWORD, factor=False)
        assert self.sign_in(self.login).status_code == 303


@pytest.fixture
def officer(scene: Scene) -> Officer:
    return Officer(scene)


def offered(browser: Browser) -> tuple[str, str]:
    """Return the secret that the page shows, and its sealed form."""
    text = browser.get(FORM).text
    shown = re.search(r'class="secret">([A-Z2-7 ]+)<', text)
    sealed = re.search(r'name="sealed" value="([^"]+)"', text)
    assert shown
    assert sealed
    return shown[1].replace(" ", ""), unescape(sealed[1])


def set_up(browser: Browser, **fields: str) -> tuple[str, list[str]]:
    """Set a second factor up; return its secret and the recovery codes."""
    secret, sealed = offered(browser)
    answer = browser.post(FORM, FORM, sealed=sealed, code=pyotp.TOTP(secret).at(browser.node.at), **fields)
    assert answer.status_code == 200, answer.text
    return secret, re.findall(r'<li class="secret">([^<]+)</li>', answer.text)


@pytest.mark.parametrize("path", ["/account", "/me", "/desk", "/accounts"])
def test_who_must_have_one_is_led_to_set_it_up_whatever_is_asked(officer: Officer, path: str) -> None:
    answer = officer.get(path)

    assert (answer.status_code, answer.headers["location"]) == (303, FORM)


def test_once_set_up_one_works_and_signs_in_with_it_from_then_on(officer: Officer, scene: Scene) -> None:
    secret, recovery = set_up(officer)
    assert officer.get("/account").status_code == 200
    assert (len(recovery), len(set(recovery))) == (10, 10)

    later = Browser(scene)  # type: ignore[arg-type]
    later.node.at = at(60)
    login = officer.login
    assert later.sign_in(login).status_code == 422
    code = pyotp.TOTP(secret).at(later.node.at)
    given = {"login": login, "password": PASSWORD}
    assert later.post("/sign-in", "/sign-in", code=code, **given).status_code == 303
    assert later.post("/sign-in", "/sign-in", code=recovery[3].lower(), **given).status_code == 303
    assert later.post("/sign-in", "/sign-in", code=recovery[3], **given).status_code == 422


def test_neither_secret_nor_recovery_codes_lie_open_in_the_database(officer: Officer, engine: Engine) -> None:
    secret, recovery = set_up(officer)
    with engine.connect() as connection:
        kept = [bytes(one) for one in connection.execute(select(ACCOUNT.c.second_factor)).scalars() if one]
        hashes = [bytes(one) for one in connection.execute(select(RECOVERY_CODE.c.hash)).scalars()]

    assert kept
    assert [one for one in kept if secret.encode() in one] == []
    assert [code for code in recovery if any(code.encode() in one for one in hashes)] == []


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "١٢٣٤٥٦", "1" * 10_000])
def test_a_wrong_code_keeps_nothing_and_the_same_key_stays_on_the_page(officer: Officer, code: str) -> None:
    secret, sealed = offered(officer)
    answer = officer.post(FORM, FORM, sealed=sealed, code=code)

    assert answer.status_code == 422
    assert f'value="{sealed}"' in answer.text
    assert officer.get("/account").headers["location"] == FORM
    assert pyotp.TOTP(secret).at(NOON) != code


@pytest.mark.parametrize("sealed", ["", "x", "é", "AAAA", "A" * 10_000])
def test_an_offer_that_is_none_of_ours_is_not_taken(officer: Officer, sealed: str) -> None:
    secret, _ = offered(officer)
    answer = officer.post(FORM, FORM, sealed=sealed, code=pyotp.TOTP(secret).at(NOON))

    assert answer.status_code == 422
    assert officer.get("/account").headers["location"] == FORM


def test_another_s_offer_and_an_old_one_are_not_taken(officer: Officer, scene: Scene) -> None:
    open_account(scene.people, NewAccount("stranger.1", ActorRole.VERIFIER, "RU"), PASSWORD, factor=False)
    stranger = Browser(scene)  # type: ignore[arg-type]
    stranger.sign_in("stranger.1")
    secret, sealed = offered(stranger)
    assert officer.post(FORM, FORM, sealed=sealed, code=pyotp.TOTP(secret).at(NOON)).status_code == 422

    stranger.node.at = at(31 * 60)
    answer = stranger.post(FORM, FORM, sealed=sealed, code=pyotp.TOTP(secret).at(stranger.node.at))

    assert answer.status_code == 422
    assert sealed not in answer.text


def test_a_second_one_needs_the_password_and_ends_the_other_sessions(officer: Officer, scene: Scene) -> None:
    first, _ = set_up(officer)
    elsewhere = Browser(scene)  # type: ignore[arg-type]
    elsewhere.node.at = officer.node.at = at(120)
    login = officer.login
    code = pyotp.TOTP(first).at(at(120))
    assert elsewhere.post("/sign-in", "/sign-in", login=login, password=PASSWORD, code=code).status_code == 303
    officer.node.at = elsewhere.node.at = at(180)
    secret, sealed = offered(officer)
    given = {"sealed": sealed, "code": pyotp.TOTP(secret).at(at(180))}

    assert officer.post(FORM, FORM, password=PASSWORD[::-1], **given).status_code == 422
    assert elsewhere.get("/account").status_code == 200
    assert officer.post(FORM, FORM, password=PASSWORD, **given).status_code == 200
    assert elsewhere.get("/account").headers["location"].startswith("/sign-in")
    assert officer.get("/account").status_code == 200


def test_a_worker_may_have_one_and_need_not(scene: Scene) -> None:
    open_account(scene.people, NewAccount("free.helper", ActorRole.HELPER, "UZ"), PASSWORD)
    helper = Browser(scene)  # type: ignore[arg-type]
    helper.sign_in("free.helper")

    assert helper.get("/account").status_code == 200
    secret, _ = set_up(helper)
    helper.node.at = at(60)
    assert helper.sign_in("free.helper").status_code == 422
    code = pyotp.TOTP(secret).at(at(60))
    assert helper.post("/sign-in", "/sign-in", login="free.helper", password=PASSWORD, code=code).status_code == 303


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_page_of_it_shows_a_key_in_place_of_words(officer: Officer, language: str) -> None:
    officer.client.headers["Accept-Language"] = language

    assert re.findall(r"\bweb\.[a-z_]+", officer.get(FORM).text) == []
