"""The authority's desk on a real database: own law, drafts with all faults at once, four eyes, and what is in use then."""

import re
from collections.abc import Iterator

import pytest
from authority_scene import AuthorityScene, Desk
from drafting_builder import QUESTION, SUM
from httpx import Response
from sqlalchemy import Engine, text

from polisbridge.core.checks import KINDS
from polisbridge.core.roles import ActorRole
from polisbridge.web.authority_fields import parameter_fields, parameters_of, values_of
from polisbridge.words import Words

NEW = f"{SUM}_from_2027_01_01"
TWICE = {
    "do": "change",
    "provision": SUM,
    "with-amount": "200 000",
    "with-currency": "RUB",
    "with-per": "person",
    "with-rate_day": "assessed",
    "first": "01.01.2027",
    "title-en": "The sum insured is at least RUB 200,000",
    "title-ru": "Страховая сумма не менее 200 000 рублей",
    "act-en": "Directive No. 7000-U",
    "act-ru": "Указание № 7000-У",
    "url": "https://cbr.example/7000",
    "evidence": "primary",
    "checked": "2026-11-22",
}


@pytest.fixture(scope="module")
def scene(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> AuthorityScene:
    found = AuthorityScene(engine, tmp_path_factory.mktemp("node"))
    found.official("first")
    found.official("second")
    found.official("minsk", "BY")
    found.official("clerk", role=ActorRole.VERIFIER)
    found.official("other.clerk", role=ActorRole.VERIFIER)
    return found


@pytest.fixture(scope="module")
def first(scene: AuthorityScene) -> Desk:
    return Desk(scene, "first")


@pytest.fixture(scope="module")
def second(scene: AuthorityScene) -> Desk:
    return Desk(scene, "second")


@pytest.fixture(autouse=True)
def without_drafts(scene: AuthorityScene) -> Iterator[None]:
    yield
    with scene.engine.begin() as connection:
        connection.execute(text("TRUNCATE draft, draft_step, law_release, law_release_file"))
    scene.node.law.changed()


def written(desk: Desk, **other: str) -> str:
    """Save a draft; return its address."""
    answer = desk.post("/authority/drafts", f"/authority/drafts/new?provision={SUM}", **{**TWICE, **other})
    assert answer.status_code == 303, told(answer)
    return answer.headers["location"]


def told(answer: Response) -> list[tuple[str, str]]:
    """Return the fields that the summary of faults leads to, with what is said."""
    return re.findall(r'<li><a href="#([^"]+)">([^<]+)</a></li>', answer.text)


def test_own_law_shows_every_provision_with_citation_days_and_what_can_be_done(
    first: Desk, scene: AuthorityScene
) -> None:
    page = first.get("/authority").text

    for one in scene.node.book.of_state("RU"):
        assert f'href="/law/p/{one.id}"' in page
    assert f"/authority/drafts/new?provision={SUM}" in page
    assert "Directive No. 3793-U" in page
    assert "by.insurance_rules" not in page


def test_a_visitor_is_led_to_the_door_and_another_role_is_refused(scene: AuthorityScene) -> None:
    assert Desk(scene).get("/authority").headers["location"].startswith("/sign-in")
    assert Desk(scene, "clerk").get("/authority").status_code == 403


def test_a_draft_is_saved_shown_and_published_by_a_second_official(
    first: Desk, second: Desk, scene: AuthorityScene
) -> None:
    address = written(first)
    page = first.get(address).text
    assert "in_force: {from: 2016-01-31, to: 2026-12-31}" in page
    assert "From Jan 1, 2027 asked: The sum insured is at least RUB 200,000" in page
    assert first.post(f"{address}/propose", address, version="1").status_code == 303
    refused = first.post(f"{address}/publish", address, version="2")
    assert (refused.status_code, "Another official has to approve it" in refused.text) == (422, True)
    assert scene.node.book.get(NEW) is None

    assert second.post(f"{address}/publish", address, version="2").headers["location"] == "/authority/history"

    assert scene.node.book.get(NEW) is not None
    assert second.get(f"/law/p/{NEW}").status_code == 200
    history = second.get("/authority/history").text
    assert re.search(r"<td>first</td><td>second</td>", history)
    own = second.get("/authority").text
    assert own.count("Changed here: written by first, approved by second") == 3
    assert second.get("/authority/releases/1").status_code == 200
    assert second.get("/authority/releases/2").status_code == 404


def test_everything_that_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(first: Desk) -> None:
    wrong = {
        "with-amount": "much",
        "first": "soon",
        "title-ru": "",
        "url": "ftp://x",
        "act-en": "",
        "checked": "2027-05-05",
    }
    answer = first.post("/authority/drafts", f"/authority/drafts/new?provision={SUM}", **{**TWICE, **wrong})

    assert answer.status_code == 422
    assert {field for field, _ in told(answer)} == {"with-amount", "first", "title-ru", "url", "act-en", "checked"}
    assert 'value="much"' in answer.text
    assert first.get("/authority/drafts").text.count("/authority/drafts/") == 0 + first.get(
        "/authority/drafts"
    ).text.count("/authority/drafts/new")


@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e9", "-5", "'; DROP TABLE draft", "9" * 400, "١٢"])
def test_what_is_no_amount_is_refused_with_everything_else(first: Desk, written: str) -> None:
    wrong = {"with-amount": written, "url": ""}
    answer = first.post("/authority/drafts", f"/authority/drafts/new?provision={SUM}", **{**TWICE, **wrong})

    assert (answer.status_code, {field for field, _ in told(answer)}) == (422, {"with-amount", "url"})


def test_hostile_words_stay_words(first: Desk) -> None:
    words = {
        "title-en": "a\x00b<script>alert(1)</script>",
        "title-ru": "{{ 7*7 }}: - [x]",
        "act-en": "x\ny: z",
        "act-ru": "~",
    }
    page = first.get(written(first, **words)).text

    assert "<script>" not in page
    assert "{{ 7*7 }}: - [x]" in page
    assert first.post("/authority/drafts/1/return", "/account", version="x", why="\x00").status_code in (404, 422)


def test_a_stricter_rule_too_soon_says_the_earliest_day(first: Desk) -> None:
    answer = first.post(
        "/authority/drafts", f"/authority/drafts/new?provision={SUM}", **{**TWICE, "first": "2026-11-23"}
    )

    assert told(answer) == [
        (
            "first",
            "First day of the new rule: A stricter rule has to be announced two days before. The earliest day: Nov 25, 2026",
        )
    ]


def test_a_second_draft_of_the_same_rule_is_refused_with_what_was_typed(first: Desk, second: Desk) -> None:
    written(first)
    answer = second.post("/authority/drafts", f"/authority/drafts/new?provision={SUM}", **TWICE)

    assert answer.status_code == 422
    assert "A colleague has a draft for this rule" in answer.text
    assert 'value="200 000"' in answer.text


def test_a_draft_is_changed_and_an_older_version_of_it_decides_nothing(first: Desk, second: Desk) -> None:
    address = written(first)
    changed = {**TWICE, "with-amount": "150000", "version": "1"}
    assert first.post(address, f"{address}/edit", **changed).status_code == 303

    late = second.post(address, f"{address}/edit", **changed)
    assert (late.status_code, "Somebody changed this meanwhile" in late.text) == (422, True)
    assert "150,000.00 RUB" in first.get(address).text


def test_another_state_finds_no_draft_and_no_law_of_others_to_change(first: Desk, scene: AuthorityScene) -> None:
    address = written(first)
    minsk = Desk(scene, "minsk")

    assert minsk.get(address).status_code == 404
    assert minsk.get(f"{address}/edit").status_code == 404
    assert minsk.get(f"/authority/drafts/new?provision={SUM}").status_code == 404
    assert minsk.post("/authority/drafts", "/account", **TWICE).status_code == 404


def test_a_question_is_answered(first: Desk) -> None:
    fields = {"do": "answer", "provision": QUESTION, "first": "2027-01-01", "answer-en": "Yes.", "answer-ru": "Да."}
    answer = first.post("/authority/drafts", f"/authority/drafts/new?provision={QUESTION}", **fields)

    assert answer.status_code == 303
    assert "reading:" in first.get(answer.headers["location"]).text
    empty = first.post(
        "/authority/drafts", f"/authority/drafts/new?provision={QUESTION}", **{**fields, "answer-ru": " "}
    )
    assert [field for field, _ in told(empty)] == ["answer-ru"]


def test_a_requirement_is_added_in_two_steps(first: Desk) -> None:
    route = "ru.law_115_fz.patent.vhi"
    form = first.get(f"/authority/drafts/new?do=add&route={route}&check=covers_benefits").text
    assert "with-benefits-emergency_care" in form

    fields = {**TWICE, "do": "add", "provision": "", "routes": route, "check": "covers_benefits"}
    answer = first.post("/authority/drafts", "/account", **fields, **{"with-benefits-inpatient": "yes"})
    assert answer.status_code == 303
    assert "covers_benefits_from_2027_01_01" in first.get(answer.headers["location"]).text


@pytest.mark.parametrize("check", sorted(KINDS))
def test_every_kind_of_requirement_has_a_form_with_words_for_all_its_parameters(
    check: str, scene: AuthorityScene
) -> None:
    for language in ("en", "ru"):
        words = Words(language)
        for one in parameter_fields(check, scene.node.book, words):
            assert not one.label.startswith("web.")
            assert not [option for option in one.options if option.name.startswith("web.")]


def test_what_a_law_file_says_comes_back_unchanged_from_the_form(scene: AuthorityScene) -> None:
    from polisbridge.core.law import Requirement  # noqa: PLC0415
    from polisbridge.formats.tree import read_tree  # noqa: PLC0415

    words, book, files = Words("en"), scene.node.book, scene.node.law_files()
    for one in book.provisions:
        if isinstance(one, Requirement):
            name = f"{one.id.replace('.', '/')}.yaml"
            tree = read_tree(files[name], name).tree.get("with", {})
            again = parameters_of(one.check.name, values_of(one.check.name, tree, book, words), book, words)
            listed = {key: sorted(value) if isinstance(value, list) else value for key, value in again.items()}
            wanted = {key: sorted(value) if isinstance(value, list) else value for key, value in tree.items()}
            assert {key: value for key, value in listed.items() if key in wanted} == {
                key: [value] if isinstance(listed.get(key), list) and isinstance(value, str) else value
                for key, value in wanted.items()
                if value != "false"
            }, one.id


def test_insurers_are_listed_and_admitted_with_all_faults_at_once(first: Desk, second: Desk) -> None:
    page = first.get("/authority/insurers").text
    assert "Russian insurer (sample)" in page
    assert "Insurer in Uzbekistan" not in page
    empty = first.post("/authority/insurers", do="admit", first="2026-01-01", key="")
    assert empty.status_code == 422
    assert {field for field, _ in told(empty)} == {"first", "name", "number", "lines"}

    fields = {"do": "admit", "first": "2026-11-22", "name": "New Insurer", "number": "SL 4711", "line-health": "yes"}
    address = first.post("/authority/insurers", **fields).headers["location"]
    assert second.post("/authority/insurers", **fields).status_code == 422
    assert first.post(f"{address}/publish", "/account", version="2").status_code == 422
    assert second.post(f"{address}/publish", address, version="2").headers["location"] == "/authority/insurers"
    assert "SL 4711" in second.get("/authority/insurers").text


def test_a_key_that_is_none_is_refused_beside_its_field(first: Desk) -> None:
    fields = {"do": "admit", "first": "2026-11-22", "name": "Another", "number": "1", "line-health": "yes"}
    token = {"_csrf_token": first.token("/authority/insurers")}
    answer = first.client.post("/authority/insurers", data={**fields, **token}, files={"key": ("key.pem", b"no key")})

    assert (answer.status_code, [field for field, _ in told(answer)]) == (422, ["key"])


def test_statistics_show_counts_of_the_own_state_and_withhold_small_ones(first: Desk, scene: AuthorityScene) -> None:
    page = first.get("/authority/statistics").text
    rows = first.get("/authority/statistics.csv").text.splitlines()

    assert rows[0] == "table,key,key_2,number"
    assert "contracts,RU,,5" in rows
    assert "persons_by_role,worker,,5" in rows
    assert "persons_by_role,child,," in rows
    assert not [row for row in rows if row.rpartition(",")[2] in ("1", "2", "3", "4")]
    assert not [row for row in rows if row.startswith("contracts,UZ")]
    assert "not told" in page
    assert Desk(scene, "other.clerk").get("/authority/statistics").status_code == 403


def test_the_effect_on_made_up_persons_is_labelled_and_counts_who_loses(first: Desk) -> None:
    page = first.get(f"{written(first)}/effect").text

    assert "These 20,000 persons are made up" in page
    assert re.search(r"No longer enough: \d+ of 20,000", page)
    assert "Russia → Russia" in page
    assert "ru_migrant" in page


def test_the_effect_on_contracts_on_record_is_recorded_for_each_person_and_small_numbers_are_withheld(
    first: Desk, scene: AuthorityScene
) -> None:
    address = written(first)
    before = looks(scene)

    page = first.post(f"{address}/record", f"{address}/effect").text

    assert looks(scene) - before == 10
    assert "No longer enough: fewer than 5 of" in page
    assert "not told" in page


def looks(scene: AuthorityScene) -> int:
    with scene.engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM access WHERE purpose = 'draft_effect'")).scalar_one())


def test_the_bundle_goes_to_no_visitor(scene: AuthorityScene) -> None:
    assert Desk(scene).get("/authority/releases/1").status_code == 303


def test_how_sure_a_rule_is_has_to_be_said_and_is_not_taken_for_granted(first: Desk) -> None:
    form = f"/authority/drafts/new?provision={SUM}"
    sent = first.post("/authority/drafts", form, **{**TWICE, "evidence": ""})

    assert re.search(r'<select id="evidence"[^>]*>\s*<option value="">', first.get(form).text)
    assert [field for field, _ in told(sent)] == ["evidence"]
