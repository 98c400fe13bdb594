"""What every page has: languages, security headers, errors in words, limits, and that the node's state is told."""

import logging
import re

import pytest
from web_node import SampleNode, Visitor

PAGES = ("/", "/check", "/verify", "/law", "/law/RU", "/law/p/ru.law_115_fz.patent.vhi", "/law/treaty/eaeu", "/compare")
TITLES = {
    "en": "Will my health insurance count where I work?",
    "ru": "Зачтут ли мою медицинскую страховку там, где я работаю?",
}


@pytest.fixture
def visitor() -> Visitor:
    return Visitor()


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_speaks_the_language_of_the_browser(path: str, language: str) -> None:
    found = Visitor(language=language).get(path)

    assert (found.status_code, f'<html lang="{language}">' in found.text) == (200, True)
    assert "web." not in found.text.replace("web.read", "")


@pytest.mark.parametrize("path", PAGES)
def test_public_pages_send_no_script_but_the_camera_s_and_none_from_elsewhere_may_run(
    visitor: Visitor, path: str
) -> None:
    found = visitor.get(path)

    scripts = re.findall("<script[^>]*>", found.text)
    assert scripts == (['<script src="/static/camera.js" defer>'] if path == "/verify" else [])
    assert "script-src 'self';" in found.headers["Content-Security-Policy"]
    assert found.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_first_page_tells_what_one_can_do(visitor: Visitor) -> None:
    text = visitor.get("/").text

    assert TITLES["en"] in text
    assert [f'href="/{area}"' in text for area in ("check", "verify", "law", "compare")] == [True] * 4


def test_a_chosen_language_is_remembered_and_leads_back_to_the_same_page() -> None:
    visitor = Visitor(language="en")
    found = visitor.get("/language/ru?back=/law/RU%3Fgate%3Dentry")

    assert (found.status_code, found.headers["location"]) == (302, "/law/RU?gate=entry")
    assert TITLES["ru"] in visitor.get("/").text


def test_a_language_in_the_address_is_remembered_too() -> None:
    visitor = Visitor(language="en")

    assert TITLES["ru"] in visitor.get("/?lang=ru").text
    assert TITLES["ru"] in visitor.get("/").text


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("en;q=0.5, ru-KZ;q=0.9", "ru"),
        ("ru;q=0, en", "en"),
        ("zz, qq", "en"),
        ("", "en"),
        (";;;,,,q=9;q=", "en"),
    ],
)
def test_the_browser_s_wish_is_weighed(visitor: Visitor, header: str, expected: str) -> None:
    assert TITLES[expected] in visitor.get("/", **{"Accept-Language": header}).text


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%09/evil.example",
        "/%0a/evil.example",
        "/a%0d%0aSet-Cookie:x=y",
        "javascript:alert(1)",
        "http:/evil.example",
        "//[evil",
        "",
    ],
)
def test_the_way_back_never_leaves_the_site(visitor: Visitor, elsewhere: str) -> None:
    found = visitor.get(f"/language/ru?back={elsewhere}")

    assert (found.status_code, found.headers["location"]) == (302, "/")
    assert "x=y" not in str(found.headers)


def test_a_language_without_words_is_not_there(visitor: Visitor) -> None:
    assert visitor.get("/language/xx").status_code == 404


@pytest.mark.parametrize("path", ["/", "/check", "/nowhere", "/static/style.css", "/health"])
def test_every_answer_carries_the_headers_that_protect(visitor: Visitor, path: str) -> None:
    headers = visitor.get(path).headers

    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "There is no such page"), ("ru", "Такой страницы нет")], ids=["en", "ru"]
)
def test_a_page_that_is_not_there_is_told_in_words(language: str, said: str) -> None:
    found = Visitor(language=language).get("/nowhere")

    assert (found.status_code, said in found.text) == (404, True)


@pytest.mark.parametrize(
    "path",
    [
        "/law/p/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/law/p/../../../etc/passwd",
        "/static/../site.py",
        "/static/%2e%2e/site.py",
        "/static/..%2fsite.py",
        "/law/XX",
        "/law/p/nothing",
        "/law/p/nothing/file",
        "/law/treaty/ru",
        "/law/RU?gate=nothing",
        "/%00",
        "/law/p/%ff",
        f"/law/p/{'a' * 5000}",
    ],
)
def test_a_path_that_leads_nowhere_ends_there(visitor: Visitor, path: str) -> None:
    found = visitor.get(path)

    assert (found.status_code, "Error 404" in found.text) == (404, True)


def test_a_form_without_its_token_is_refused_with_advice(visitor: Visitor) -> None:
    found = visitor.client.post("/check", data={"state": "RU"})

    assert (found.status_code, "Open the form again" in found.text) == (403, True)


def test_a_token_of_another_visitor_is_refused(visitor: Visitor) -> None:
    other = Visitor().token("/check")
    visitor.get("/check")

    assert visitor.client.post("/check", data={"_csrf_token": other}).status_code == 403


def test_a_method_that_a_page_does_not_know_is_refused(visitor: Visitor) -> None:
    found = visitor.client.put("/law", headers={"x-csrftoken": visitor.token("/check")})

    assert (found.status_code, sorted(found.headers["allow"].split(", "))) == (405, ["GET", "OPTIONS"])


def test_too_many_questions_in_a_minute_are_put_off_and_pages_are_still_shown() -> None:
    visitor = Visitor(most_a_minute=2)
    answers = [visitor.send("/check").status_code for _ in range(3)]

    assert answers == [422, 422, 429]
    assert visitor.get("/law").status_code == 200


def test_an_inner_error_is_shown_without_detail_and_logged_without_what_it_was_about(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor()
    token = visitor.token("/check")

    def fails(*asked: object) -> None:
        raise RuntimeError(f"secret of Ivanov, {asked}")

    monkeypatch.setattr(SampleNode, "product_terms", fails)
    with caplog.at_level(logging.ERROR):
        found = visitor.client.post("/check", data={"_csrf_token": token, "product": "1", "state": "RU"})

    assert (found.status_code, "Something went wrong here" in found.text) == (500, True)
    assert "Ivanov" not in found.text + caplog.text
    assert "RuntimeError at" in caplog.text


def test_a_database_that_is_away_is_told_and_it_goes_on_when_it_is_back() -> None:
    node = SampleNode(away=True)
    visitor = Visitor(node)
    away = visitor.get("/check")

    assert (away.status_code, "db.internal" in away.text) == (503, False)
    assert (visitor.get("/ready").status_code, visitor.get("/health").status_code) == (503, 200)
    assert visitor.get("/law").status_code == 200
    node.away = False
    assert (visitor.get("/check").status_code, visitor.get("/ready").status_code) == (200, 200)


def test_a_node_for_trying_out_says_so_on_every_page_and_a_real_one_does_not() -> None:
    said = "all insurers, contracts and people here are made up"

    assert said in Visitor().get("/law").text
    assert said not in Visitor(SampleNode(demo=False)).get("/law").text


def test_every_page_names_the_law_and_is_no_advice(visitor: Visitor) -> None:
    text = visitor.get("/").text

    assert visitor.node.book.hash[:12] in text
    assert "not legal advice" in text
