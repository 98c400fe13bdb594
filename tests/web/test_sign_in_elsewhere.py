"""Signing in at a provider of OpenID Connect by real HTTP: roles from claims, and everything that is not as it must be refused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from httpx import Response
from oidc_provider import CLIENT, SECRET, Provider, providing
from people_builder import NOON, PASSWORD, at, people
from registry_builder import seller
from sqlalchemy import Engine, delete
from test_demo_sign_in import Scene
from test_people_pages import Browser
from web_node import SampleNode

from polisbridge.adapters.database.tables import ACCOUNT
from polisbridge.adapters.oidc import OpenIdProvider
from polisbridge.core.accounts import Account
from polisbridge.core.errors import InputFaults
from polisbridge.core.roles import ActorRole
from polisbridge.formats.oidcfile import read_oidc
from polisbridge.formats.tree import read_tree
from polisbridge.services.people import accounts
from polisbridge.web.site import create_site

pytestmark = pytest.mark.enable_socket
SITE = "http://testserver.local"
FILE = """
title: {en: "Ministry account", ru: "Учётная запись министерства"}
issuer: ISSUER
client_id: polisbridge
address: http://localhost:8400/
roles:
  - {claim: groups, value: clerks, role: insurer_clerk, state: UZ, of: insurer of tests}
  - {claim: groups, value: officers, role: verifier, state: RU}
  - {claim: helper, value: "yes", role: helper, state: UZ}
"""
BACK = "http://localhost:8400/sign-in/back"


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Scene:
    found = people(engine)
    with found.registries.change() as registry:
        seller(registry)
    return Scene(found)


@pytest.fixture
def provider(scene: Scene, engine: Engine) -> Iterator[Provider]:
    with engine.begin() as connection:
        connection.execute(delete(ACCOUNT))
    assert scene
    with providing(BACK, NOON) as found:
        found.claims = {"groups": ["clerks"], "amr": ["pwd", "otp"], "preferred_username": "Clerk.7"}
        yield found


class Elsewhere(Browser):
    """A browser at a site where one can sign in elsewhere."""

    def __init__(self, scene: Scene, provider: Provider, secret: str = SECRET) -> None:
        super().__init__(scene)  # type: ignore[arg-type] # only the people of it are used
        self.provider = provider
        terms = read_oidc(read_tree(FILE.replace("ISSUER", provider.address).encode(), "oidc.yaml"))
        self.node = SampleNode(at=NOON)
        elsewhere = OpenIdProvider(terms, secret)
        site = create_site(self.node, secret="s" * 32, most_a_minute=10_000, people=scene.people, provider=elsewhere)
        self.client.app = self.client._transport.app = site  # type: ignore[attr-defined]

    def away(self, back: str = "/desk") -> str:
        """Go to the provider, which says yes; return the path and query with which it sends the browser back."""
        answer = self.get(f"/sign-in/elsewhere?back={back}")
        assert answer.status_code == 303
        found = urlsplit(httpx.get(answer.headers["location"]).headers["location"])
        return f"{found.path}?{found.query}"

    def enter(self, back: str = "/desk", **changed: str) -> Response:
        path = urlsplit(self.away(back))
        query = {name: values[0] for name, values in parse_qs(path.query).items()} | changed
        return self.get(f"{path.path}?{urlencode(query)}")

    def account(self) -> Account:
        with self.scene.people.accounts.change() as book:
            (found,) = book.accounts()
        return found


def test_who_the_provider_vouches_for_acts_in_the_role_of_their_claims(scene: Scene, provider: Provider) -> None:
    browser = Elsewhere(scene, provider)
    assert "Ministry account" in browser.get("/sign-in").text
    answer = browser.enter("/access")

    assert (answer.status_code, answer.headers["location"]) == (303, "/access")
    found = browser.account()
    assert (found.login, found.role, found.state, found.elsewhere) == ("clerk.7", "insurer_clerk", "UZ", True)
    own = browser.get("/account")
    assert (own.status_code, "clerk.7" in own.text, 'action="/account/password"' in own.text) == (200, True, False)


def test_the_role_is_that_of_today_and_who_lost_it_may_not_enter(scene: Scene, provider: Provider) -> None:
    first, second, third = (Elsewhere(scene, provider) for _ in range(3))
    assert first.enter().status_code == 303
    provider.claims["groups"] = ["officers"]
    assert second.enter().status_code == 303
    assert (second.account().role, second.account().state, second.account().thing) == ("verifier", "RU", None)
    assert first.get("/account").status_code == 303
    provider.claims["groups"] = ["cleaners"]

    assert third.enter().status_code == 403
    assert third.get("/account").headers["location"].startswith("/sign-in")


def test_a_closed_account_stays_closed_whatever_the_provider_says(scene: Scene, provider: Provider) -> None:
    browser = Elsewhere(scene, provider)
    browser.enter()
    accounts.close(scene.people, "clerk.7")

    assert Elsewhere(scene, provider).enter().status_code == 403


def test_nobody_takes_over_an_account_of_the_same_name_nor_enters_with_a_password(
    scene: Scene, provider: Provider
) -> None:
    from polisbridge.core.accounts import NewAccount  # noqa: PLC0415

    accounts.open_account(scene.people, NewAccount("clerk.7", ActorRole.HELPER, "UZ"), PASSWORD)
    browser = Elsewhere(scene, provider)
    assert browser.enter().status_code == 303
    with scene.people.accounts.change() as book:
        logins = {one.login: one.elsewhere for one in book.accounts()}
    assert sorted(logins.values()) == [False, True]
    made = next(login for login, elsewhere in logins.items() if elsewhere)

    stranger = Elsewhere(scene, provider)
    for password in ("", PASSWORD):
        assert stranger.post("/sign-in", "/sign-in", login=made, password=password, code="").status_code == 422


@pytest.mark.parametrize(
    "lies",
    [
        {"token": {"aud": "another client"}},
        {"token": {"aud": [CLIENT, "another client"]}},
        {"token": {"aud": [CLIENT, "another client"], "azp": "another client"}},
        {"token": {"azp": "another client"}},
        {"token": {"iss": "https://elsewhere.example"}},
        {"token": {"exp": int(NOON.timestamp()) - 61}},
        {"token": {"iat": int(NOON.timestamp()) + 120}},
        {"token": {"nonce": "another"}},
        {"token": {"nonce": None}},
        {"token": {"exp": None}},
        {"token": {"aud": None}},
        {"token": {"sub": None}},
        {"token": {"sub": ""}},
        {"token": {"amr": None}},
        {"token": {"amr": "otp"}},
        {"token": {"amr": ["pwd"]}},
        {"token": {"groups": None}},
        {"signature": "none"},
        {"signature": "shared"},
        {"signature": "stranger"},
        {"answer": {"state": "another"}},
        {"answer": {"state": ""}},
        {"answer": {"code": "code-of-somebody-else"}},
        {"answer": {"iss": "https://elsewhere.example"}},
        {"answer": {"error": "access_denied"}},
    ],
    ids=str,
)
def test_what_is_not_as_it_must_be_lets_nobody_in(scene: Scene, provider: Provider, lies: dict[str, Any]) -> None:
    provider.lies = lies
    browser = Elsewhere(scene, provider)
    answer = browser.enter()

    assert answer.status_code == 403
    assert "did not let you in" in answer.text
    assert browser.get("/account").headers["location"].startswith("/sign-in")
    with scene.people.accounts.change() as book:
        assert list(book.accounts()) == []


def test_an_answer_counts_once_and_in_the_browser_that_asked(scene: Scene, provider: Provider) -> None:
    browser, victim = Elsewhere(scene, provider), Elsewhere(scene, provider)
    path = browser.away()
    assert victim.get(path).status_code == 403
    victim.get("/sign-in/elsewhere")
    assert victim.get(path).status_code == 403

    assert browser.get(path).status_code == 303
    assert browser.get(path).status_code == 403


def test_an_answer_that_took_too_long_is_refused(scene: Scene, provider: Provider) -> None:
    browser = Elsewhere(scene, provider)
    path = browser.away()
    browser.node.at = provider.now = NOON + timedelta(minutes=11)

    assert browser.get(path).status_code == 403


def test_a_client_with_another_secret_is_refused_by_the_provider(scene: Scene, provider: Provider) -> None:
    assert Elsewhere(scene, provider, SECRET[::-1]).enter().status_code == 403


@pytest.mark.parametrize("back", ["https://elsewhere.example", "//elsewhere.example", "/%5Celsewhere.example"])
def test_the_way_back_never_leads_to_another_site(scene: Scene, provider: Provider, back: str) -> None:
    assert Elsewhere(scene, provider).enter(back).headers["location"] == "/"


def test_a_new_key_of_the_provider_is_found_without_a_restart(scene: Scene, provider: Provider) -> None:
    browser = Elsewhere(scene, provider)
    assert browser.enter().status_code == 303
    provider.new_key()

    assert browser.enter().status_code == 303


def test_a_provider_that_does_not_answer_or_is_another_is_told_as_away(scene: Scene, provider: Provider) -> None:
    browser = Elsewhere(scene, provider)
    provider.lies = {"discovery": "https://elsewhere.example"}
    assert browser.get("/sign-in/elsewhere").status_code == 503
    gone = Elsewhere(scene, provider)
    gone.provider.address = "http://127.0.0.1:9"
    assert Elsewhere(scene, gone.provider).get("/sign-in/elsewhere").status_code == 503


def test_who_loses_the_second_factor_at_the_provider_needs_none_for_a_role_without(
    scene: Scene, provider: Provider
) -> None:
    provider.claims = {"helper": "yes", "amr": ["pwd"]}
    browser = Elsewhere(scene, provider)

    assert browser.enter().status_code == 303
    assert browser.account().role is ActorRole.HELPER


def test_where_no_provider_is_set_there_is_no_such_page(scene: Scene) -> None:
    browser = Browser(scene)  # type: ignore[arg-type]
    browser.node.at = at(1)

    assert browser.get("/sign-in/elsewhere").status_code == 404
    assert browser.get("/sign-in/back?code=1&state=2").status_code == 404


def test_all_faults_of_the_file_are_told_at_once() -> None:
    wrong = """
title: {en: One}
issuer: http://elsewhere.example
client_id: polisbridge
address: https://node.example/?a=1
scopes: [profile]
roles:
  - {claim: groups, value: a, role: worker, state: UZ}
  - {claim: groups, value: b, role: insurer_clerk, state: XX}
  - {claim: groups, value: c, role: verifier, state: RU, of: somebody}
"""
    with pytest.raises(InputFaults) as caught:
        read_oidc(read_tree(wrong.encode(), "oidc.yaml"))

    assert {one.path for one in caught.value.faults} >= {
        *("issuer", "address", "scopes", "roles[0].role", "roles[1].state", "roles[1].of", "roles[2].of")
    }
