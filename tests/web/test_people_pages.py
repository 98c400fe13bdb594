"""Who uses a node, by its pages on a real database: signing in and out, own data, who looked, accounts, the matrix."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from httpx import Response
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient
from people_builder import NOON, PASSWORD, at, code, opened, people
from registry_builder import contract, note, passports, seller
from sqlalchemy import Engine, delete, func, select, update
from web_node import SampleNode, Visitor

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.tables import ACCESS, ACCOUNT, SESSION
from polisbridge.core.registry import Enrolment
from polisbridge.core.roles import AccessAction, ActorRole
from polisbridge.services.people.accounts import TotpSecret
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.web.signed import PUBLIC
from polisbridge.web.site import create_site

WORKER, OTHER, HELPER, OPERATOR, FAR_CLERK = "bahrom", "dilnoza", "friend", "operator", "far.clerk"


class Scene:
    """A node with persons of a contract, and accounts of a worker, her husband, a helper and an operator."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.people = engine, people(engine)
        with self.people.registries.change() as registry:
            terms = contract("W-1")
            thing = register(registry, NewContract(terms, seller(registry), identities=passports(terms)), note())
            held = {one.code: one.value.person for one in registry.known(Enrolment, on=None, at=NOON, contract=thing)}
        self.worker, self.other = held["worker"], held["spouse"]
        opened(self.people, WORKER, thing=self.worker)
        opened(self.people, OTHER, thing=self.other)
        opened(self.people, HELPER, ActorRole.HELPER)
        self.factors: dict[str, TotpSecret | None] = {}
        self.operator_of("UZ", OPERATOR)
        _, self.factors[FAR_CLERK] = opened(self.people, FAR_CLERK, ActorRole.AUDITOR, state="RU")

    def operator_of(self, state: str, login: str) -> None:
        _, self.factors[login] = opened(self.people, login, ActorRole.NODE_OPERATOR, state=state)

    def looks(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(ACCESS)).scalar_one())


class Browser(Visitor):
    """Somebody with a browser without JavaScript at a node where one can sign in."""

    def __init__(self, scene: Scene, *, secure: bool = False, language: str = "en") -> None:
        self.scene, self.node = scene, SampleNode(at=NOON)
        site = create_site(self.node, secret="s" * 32, secure=secure, most_a_minute=10_000, people=scene.people)
        base = "https://testserver.local" if secure else "http://testserver.local"
        self.client = TestClient(site, base_url=base, raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = language

    def post(self, path: str, form: str, **fields: str) -> Response:
        """Send a form of a page, without following where it leads."""
        data = {"_csrf_token": self.token(form), **fields}
        return self.client.post(path, data=data, follow_redirects=False)

    def sign_in(self, login: str, password: str = PASSWORD, **fields: str) -> Response:
        given = code(self.scene.factors.get(login), self.node.at)
        return self.post("/sign-in", "/sign-in", **{"login": login, "password": password, "code": given, **fields})


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Scene:
    return Scene(engine)


@pytest.fixture
def browser(scene: Scene) -> Browser:
    with scene.engine.begin() as connection:
        connection.execute(delete(SESSION))
        connection.execute(update(ACCOUNT).values(failures=0, locked_until=None, last_step=None))
    return Browser(scene)


@contextmanager
def signed(scene: Scene, login: str) -> Iterator[Browser]:
    found = Browser(scene)
    assert found.sign_in(login).status_code == 303
    yield found


def test_a_worker_signs_in_and_sees_their_data_and_who_looked(browser: Browser) -> None:
    answer = browser.sign_in(WORKER, back="/me")
    assert (answer.status_code, answer.headers["location"]) == (303, "/me")
    shown = browser.get("/me")

    assert shown.status_code == 200
    assert "PERSON 0" in shown.text
    assert "W-1" in shown.text
    assert WORKER in shown.text.split('id="looked"')[1]
    assert shown.headers["Cache-Control"] == "no-store"


def test_every_look_at_a_person_is_on_record_before_it_is_shown(browser: Browser, scene: Scene) -> None:
    browser.sign_in(WORKER)
    before = scene.looks()
    browser.get("/me")
    browser.get(f"/me/{scene.worker}")

    assert scene.looks() == before + 2


@pytest.mark.parametrize("login", [WORKER, HELPER, OPERATOR, ""])
def test_nobody_sees_another_s_data_and_a_refusal_reads_nothing(scene: Scene, browser: Browser, login: str) -> None:
    if login:
        assert browser.sign_in(login).status_code == 303
    before = scene.looks()
    answer = browser.get(f"/me/{scene.other}")

    assert answer.status_code == (403 if login else 303)
    assert "PERSON 1" not in answer.text
    assert scene.looks() == before


def test_a_helper_sees_who_named_them_until_that_is_taken_back(scene: Scene, browser: Browser) -> None:
    browser.sign_in(WORKER)
    assert browser.post("/me/helpers", "/me", login=HELPER).status_code == 303
    assert HELPER in browser.get("/me").text
    with signed(scene, HELPER) as helper:
        assert f'href="/me/{scene.worker}"' in helper.get("/me").text
        shown = helper.get(f"/me/{scene.worker}")
        assert (shown.status_code, "PERSON 0" in shown.text) == (200, True)
        assert 'id="looked"' not in shown.text
        assert helper.get(f"/me/{scene.other}").status_code == 403
        assert HELPER in browser.get("/me").text.split('id="looked"')[1]

        browser.post("/me/helpers/end", "/me", login=HELPER)

        assert helper.get(f"/me/{scene.worker}").status_code == 403


def test_only_a_helper_can_be_named(scene: Scene, browser: Browser) -> None:
    browser.sign_in(WORKER)
    browser.post("/me/helpers", "/me", login=OTHER)
    with signed(scene, OTHER) as other:
        assert other.get(f"/me/{scene.worker}").status_code == 403


@pytest.mark.parametrize("path", ["/me", "/account", "/accounts"])
def test_a_visitor_is_led_to_sign_in_and_back(browser: Browser, path: str) -> None:
    answer = browser.get(path)

    assert answer.status_code == 303
    assert answer.headers["location"] == f"/sign-in?back=%2F{path[1:]}"


@pytest.mark.parametrize(
    "back", ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(browser: Browser, back: str) -> None:
    assert browser.sign_in(WORKER, back=back).headers["location"] == "/"


def test_whatever_is_wrong_the_page_is_the_same(browser: Browser) -> None:
    tries = [("nobody", PASSWORD), (WORKER, "wrong password here"), (OPERATOR, PASSWORD), ("' OR 1=1 --", "x" * 5_000)]
    pages = [browser.sign_in(login, password, code="") for login, password in tries]

    assert {one.status_code for one in pages} == {422}
    assert len({re.sub(r'name="_csrf_token" value="[^"]+"', "", one.text) for one in pages}) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"login": WORKER},
        {"login": "<script>alert(1)</script>", "password": PASSWORD},
        {"login": WORKER + "\0", "password": PASSWORD},
        {"login": "b\u0430hrom", "password": PASSWORD},
        {"login": "x" * 1_000_000, "password": PASSWORD},
        {"login": WORKER, "password": "п" * 500_000},
        {"login": WORKER, "password": "wrong", "code": "٠١٢٣٤٥"},
        {"login": OPERATOR, "password": PASSWORD, "code": "²²²²²²"},
        {"login": OPERATOR, "password": PASSWORD, "code": "0" * 100_000},
    ],
)
def test_a_hostile_form_signs_nobody_in_and_breaks_nothing(browser: Browser, fields: dict[str, str]) -> None:
    answer = browser.post("/sign-in", "/sign-in", **fields)

    assert answer.status_code == 422
    assert "<script" not in answer.text
    assert browser.get("/account").status_code == 303


def test_the_account_waits_after_wrong_attempts_by_the_form(browser: Browser) -> None:
    for _ in range(5):
        browser.sign_in(WORKER, "wrong password here")
    assert browser.sign_in(WORKER).status_code == 422
    browser.node.at = at(31)
    assert browser.sign_in(WORKER).status_code == 303


def test_a_planted_session_is_not_taken_over(browser: Browser) -> None:
    browser.client.cookies.set("session", "planted-by-an-attacker")
    assert browser.sign_in(WORKER).status_code == 303
    tokens = [one.value for one in browser.client.cookies.jar if one.name == "session"]

    assert "planted-by-an-attacker" not in tokens[-1:]
    stranger = Browser(browser.scene)
    stranger.client.cookies.set("session", "planted-by-an-attacker")
    assert stranger.get("/account").status_code == 303


@pytest.mark.parametrize("token", ["", "x", "' OR 1=1 --", "é" * 100, "a" * 3_000])
def test_what_is_no_session_is_a_visitor(scene: Scene, token: str) -> None:
    sent = {b"Cookie": f"session={token}".encode()}

    assert Browser(scene).client.get("/account", headers=sent, follow_redirects=False).status_code == 303


def test_signing_out_ends_the_session_for_good(browser: Browser) -> None:
    browser.sign_in(WORKER)
    token = browser.client.cookies["session"]
    assert browser.post("/sign-out", "/account").status_code == 303

    assert browser.get("/account").status_code == 303
    assert Browser(browser.scene).get("/account", Cookie=f"session={token}").status_code == 303


def test_signing_out_everywhere_ends_the_other_browser_too(browser: Browser, scene: Scene) -> None:
    browser.sign_in(WORKER)
    with signed(scene, WORKER) as elsewhere:
        browser.post("/sign-out", "/account", everywhere="1")

        assert elsewhere.get("/account").status_code == 303


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password", "/me/helpers", "/me/helpers/end", "/accounts/close"])  # fmt: skip
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_without_the_site_s_token_does_nothing(browser: Browser, path: str, token: str) -> None:
    browser.sign_in(OPERATOR)
    fields = {"login": OTHER, "password": PASSWORD, **({"_csrf_token": token} if token else {})}
    answer = browser.client.post(path, data=fields, follow_redirects=False)

    assert answer.status_code == 403
    assert browser.get("/account").status_code == 200


def test_a_password_is_changed_and_other_sessions_end(browser: Browser, scene: Scene) -> None:
    new = "a quite different phrase"
    with signed(scene, OTHER) as elsewhere:
        browser.sign_in(OTHER)
        answer = browser.post("/account/password", "/account", old=PASSWORD, new=new, again=new)
        assert (answer.status_code, "The password is changed" in answer.text) == (200, True)
        assert elsewhere.get("/account").status_code == 303
    assert browser.get("/account").status_code == 200
    back = browser.post("/account/password", "/account", old=new, new=PASSWORD, again=PASSWORD)
    assert back.status_code == 200


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "wrong password here", "new": "a quite different phrase", "again": "a quite different phrase"}, "This is not the password"),
        ({"old": PASSWORD, "new": "a quite different phrase", "again": "another"}, "differ"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "at least 12"),
        ({"old": PASSWORD, "new": "password12345", "again": "password12345"}, "easy to guess"),
    ],
)  # fmt: skip
def test_a_password_that_may_not_be_taken_is_not(browser: Browser, fields: dict[str, str], said: str) -> None:
    browser.sign_in(OTHER)
    answer = browser.post("/account/password", "/account", **fields)

    assert (answer.status_code, said in answer.text) == (422, True)
    assert not any(f'value="{value}"' in answer.text for value in fields.values())
    assert browser.sign_in(OTHER).status_code == 303


def test_an_operator_sees_and_closes_accounts_of_the_own_state_only(browser: Browser, scene: Scene) -> None:
    opened(scene.people, "to.close", ActorRole.HELPER)
    browser.sign_in(OPERATOR)
    shown = browser.get("/accounts").text
    assert ("to.close" in shown, FAR_CLERK in shown) == (True, False)

    assert browser.post("/accounts/close", "/accounts", login="to.close").status_code == 303
    for login in (FAR_CLERK, FAR_CLERK.upper(), f" {FAR_CLERK} "):
        assert browser.post("/accounts/close", "/accounts", login=login).status_code == 403

    with scene.people.accounts.change() as book:
        found = {one.login: one.closed for one in book.accounts()}
    assert (found["to.close"], found[FAR_CLERK]) == (True, False)


@pytest.mark.parametrize("login", [WORKER, HELPER, FAR_CLERK])
def test_nobody_else_sees_accounts(browser: Browser, login: str) -> None:
    browser.sign_in(login)

    assert browser.get("/accounts").status_code == 403


def test_the_cookie_of_a_session_cannot_be_read_or_sent_from_elsewhere(scene: Scene) -> None:
    plain = Browser(scene).sign_in(WORKER).headers["set-cookie"].lower()
    behind_https = Browser(scene, secure=True).sign_in(WORKER).headers["set-cookie"].lower()

    assert ["httponly" in plain, "samesite=lax" in plain, "secure" in plain] == [True, True, False]
    assert behind_https.startswith("__host-session=")
    assert ["httponly" in behind_https, "secure" in behind_https, "path=/" in behind_https] == [True] * 3
    assert "domain=" not in behind_https


@pytest.mark.parametrize(("language", "said"), [("en", "Who may do what"), ("ru", "Кто что вправе делать")])
def test_the_matrix_is_a_page_for_everybody(scene: Scene, language: str, said: str) -> None:
    text = Browser(scene, language=language).get("/access").text

    assert said in text
    for row in shipped_access().rows.values():
        assert row.reason[language].split("'")[0] in text


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", ["/sign-in", "/access", "/account", "/me", "/accounts", "/me/999999"])
def test_no_page_shows_a_key_in_place_of_words(browser: Browser, scene: Scene, path: str, language: str) -> None:
    browser = Browser(scene, language=language)
    browser.sign_in(OPERATOR if path == "/accounts" else WORKER)

    assert re.findall(r"\b(?:web|access|account)\.[a-z_]+", browser.get(path).text) == []


def pages(site: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in site.routes:
        for one in getattr(route, "route_handlers", []):
            if one.http_methods != {"OPTIONS"}:
                yield route.path, one


def test_every_page_names_its_action_itself_or_is_public_by_its_address(scene: Scene) -> None:
    found = list(pages(create_site(SampleNode(), people=scene.people)))
    silent = {path.split("/")[1] for path, one in found if not isinstance(one.opt.get("action"), AccessAction)}

    assert silent - {"v1", "fhir"} <= set(PUBLIC)
    assert len(found) > len(silent) + 10


@pytest.mark.parametrize("path", ["/", "/check", "/verify", "/law", "/compare", "/static/style.css", "/health"])
def test_a_public_page_asks_the_matrix_too(scene: Scene, path: str) -> None:
    browser = Browser(scene)
    assert browser.get(path).status_code == 200
    rows = {action: replace(row, scopes={}) for action, row in shipped_access().rows.items()}
    browser.scene.people, before = replace(scene.people, matrix=replace(shipped_access(), rows=rows)), scene.people
    try:
        assert Browser(scene).get(path).status_code == 303
    finally:
        scene.people = before


def test_a_page_that_names_no_action_is_refused(scene: Scene) -> None:
    @get("/forgotten", sync_to_thread=False)
    def forgotten() -> str:
        return "secret"

    site = create_site(SampleNode(), people=scene.people)
    site.register(forgotten)
    answer = TestClient(site).get("/forgotten")

    assert (answer.status_code, "secret" in answer.text) == (404, False)


def test_a_site_without_accounts_has_no_door_to_them() -> None:
    visitor = Visitor()

    assert visitor.get("/sign-in").status_code == 404
    assert "/sign-in" not in visitor.get("/").text


@pytest.mark.parametrize(("who", "desk"), [(WORKER, "/me"), (HELPER, "/me"), (OPERATOR, "/accounts")])
def test_my_desk_leads_to_where_one_works(scene: Scene, who: str, desk: str) -> None:
    with signed(scene, who) as browser:
        found = browser.client.get("/desk", follow_redirects=False)
    assert (found.status_code, found.headers["location"]) == (303, desk)
