"""The Executive Committee's desk without scripts: what everybody may see, what only some may, and every wrong input."""

import re

import pytest
import yaml
from committee_scene import Scene, scene
from httpx import Response
from litestar.testing import TestClient
from people_builder import NOON, PASSWORD
from pyotp import TOTP
from sqlalchemy import Engine, text

from polisbridge.core.jobs import JobState
from polisbridge.formats.scenariofile import read_scenario
from polisbridge.formats.tree import read_tree

RUSSIAN_SUM = "ru.directive_3793_u.sum_insured"
RULE = {"asked": "1", "sum": RUSSIAN_SUM, "of": RUSSIAN_SUM, "was": "100000"}


class Browser:
    """Somebody's browser; without a login a visitor's."""

    def __init__(self, found: Scene, login: str = "") -> None:
        self.client = TestClient(found.site, raise_server_exceptions=False)
        self.client.headers["Accept-Language"] = "en"
        if login:
            secret = found.secrets[login]
            code = TOTP(secret).at(NOON) if secret else ""
            self.post("/sign-in", "/sign-in", login=login, password=PASSWORD, code=code)

    def get(self, path: str, **asked: str) -> Response:
        return self.client.get(path, params=asked or None, follow_redirects=False)

    def post(self, path: str, form: str, **fields: str) -> Response:
        found = re.search(r'name="_csrf_token" value="([^"]+)"', self.get(form).text)
        assert found, form
        return self.client.post(path, data={"_csrf_token": found[1], **fields}, follow_redirects=False)


@pytest.fixture(scope="module")
def found(engine: Engine) -> Scene:
    return scene(engine)


@pytest.fixture
def committee(found: Scene, engine: Engine) -> Browser:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM job"))
        connection.execute(text("UPDATE account SET last_step = NULL"))
    return Browser(found, "committee")


def table(page: str) -> list[list[str]]:
    """Return the words of a table's cells, row by row."""
    rows = re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL)
    return [
        [re.sub(r"<[^>]+>|\s+", " ", one).strip() for one in re.findall(r"<td.*?</td>", row, re.DOTALL)] for row in rows
    ]


def test_the_map_is_open_to_everybody_and_says_the_same_as_the_table(found: Scene) -> None:
    page = Browser(found).get("/committee", gate="work_permit", state="RU", way="into")

    assert page.status_code == 200
    lines = re.findall(r'aria-label="([^"]+): ([^"]+)"><g class="line', page.text)
    assert len(lines) == 2 * 6
    assert set(lines[:6]) == set(lines[6:])
    column = [row[0].lstrip("✓✗○?– ").strip() for row in table(page.text)[1:] if row]
    assert sorted(word for _, word in lines[:6]) == sorted(one for one in column if "the same state" not in one)


@pytest.mark.parametrize("gate", ["visa", "entry", "hiring", "residence", "clinic_attachment", "care"])
def test_every_gate_has_its_map_both_ways(found: Scene, gate: str) -> None:
    for way in ("into", "from"):
        page = Browser(found).get("/committee", gate=gate, state="KZ", way=way, person="child")
        assert page.status_code == 200
        assert page.text.count('class="line ') == 12


def test_a_line_leads_to_what_stands_in_the_way(found: Scene) -> None:
    browser = Browser(found)
    link = re.search(r'href="(/committee/corridor/UZ/RU[^"#]+)', browser.get("/committee").text)
    assert link

    page = browser.get(link[1].replace("&amp;", "&"))

    assert page.status_code == 200
    assert "Uzbekistan → Russia" in page.text
    assert re.search(r'id="work_permit".*?href="/law/p/ru\.', page.text, re.DOTALL)


@pytest.mark.parametrize(
    "path", ["/committee/corridor/UZ/UZ", "/committee/corridor/XX/RU", "/committee/corridor/RU/<b>"]
)
def test_a_corridor_that_is_none_is_not_there(found: Scene, path: str) -> None:
    assert Browser(found).get(path).status_code == 404


@pytest.mark.parametrize("path", ["/committee", "/committee/common", "/committee/questions"])
def test_wrong_choices_are_told_beside_their_fields(found: Scene, path: str) -> None:
    page = Browser(found).get(path, gate="<script>", state="ZZ")

    assert page.status_code == 422
    assert "<script>" not in page.text.replace('<script src="/static', "")
    assert 'href="#gate"' in page.text


@pytest.mark.parametrize("path", ["/committee/scenario", "/committee/cheapest", "/committee/cheapest/file?home=UZ"])
def test_what_costs_work_asks_who_one_is(found: Scene, engine: Engine, path: str) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET last_step = NULL"))
    visitor, worker = Browser(found).get(path), Browser(found, "bahrom").get(path)

    assert (visitor.status_code, visitor.headers["Location"].split("?")[0]) == (303, "/sign-in")
    assert worker.status_code == 403


def test_common_and_strictest_follow_from_the_chosen_states(found: Scene) -> None:
    browser = Browser(found)

    one = browser.get("/committee/common", state="RU", gate="work_permit").text
    all_of_them = browser.get("/committee/common").text

    assert "Reckoned for: Russia, on" in one
    assert "at least 100,000.00 RUB" in one
    assert "Nothing is asked by all of them." in all_of_them


def test_one_contract_is_found_told_in_words_and_given_as_a_file(committee: Browser) -> None:
    page = committee.get("/committee/cheapest", home="UZ", in_RU="work_permit")
    file = committee.get("/committee/cheapest/file", home="UZ", in_RU="work_permit")

    assert "One contract is enough everywhere: Russia" in page.text
    assert "100,000.00 RUB" in page.text
    contract = yaml.safe_load(file.text)
    assert (contract["home_state"], contract["sum_insured"]["currency"]) == ("UZ", "RUB")


def test_where_no_contract_can_do_it_stands_why(committee: Browser) -> None:
    page = committee.get("/committee/cheapest", home="UZ", in_KZ="work_permit")

    assert "No contract is enough" in page.text
    assert "What stands in the way" in page.text
    assert committee.get("/committee/cheapest/file", home="UZ", in_KZ="work_permit").status_code == 404


@pytest.mark.parametrize(
    "asked", [{"home": "XX", "in_RU": "baking"}, {"home": "RU", "in_RU": "work_permit"}, {"in_RU": ""}]
)
def test_a_wish_that_cannot_be_read_is_told(committee: Browser, asked: dict[str, str]) -> None:
    assert committee.get("/committee/cheapest", **asked).status_code == 422


def numbers(page: str) -> list[int]:
    found = re.findall(r'<li class="(?:gained|free|lost)"><strong>([\d,]+)</strong>', page)
    return [int(one.replace(",", "")) for one in found]


def test_a_higher_minimum_makes_people_lose_and_none_gain(committee: Browser) -> None:
    page = committee.get("/committee/scenario", **RULE, slide="100000", amount="300000")

    assert page.status_code == 200
    gained, free, lost = numbers(page.text)
    assert (gained, free) == (0, 0)
    assert lost > 0
    assert "at least 300,000.00 RUB" in page.text
    assert "Supposed, not law. The persons are made up." in page.text


def test_without_a_script_the_slider_counts_where_it_was_moved_and_the_typed_number_where_that_was(
    committee: Browser,
) -> None:
    slid = committee.get("/committee/scenario", **RULE, slide="200000", amount="100000").text
    typed = committee.get("/committee/scenario", **RULE, slide="100000", amount="200000").text

    assert 'value="200000" data-pair="amount"' in slid
    assert 'value="200000" data-pair="amount"' in typed
    assert numbers(slid) == numbers(typed)


def test_another_state_s_rule_is_taken_over(committee: Browser) -> None:
    rule, route = (
        "by.insurance_rules.foreign_contract.sum_insured_since_decree_108",
        "kz.clinic_attachment_rules.local_contract",
    )
    page = committee.get("/committee/scenario", asked="1", adopt=rule, route=route)

    assert page.status_code == 200
    assert "at least 10,000.00 EUR" in page.text


def test_the_draft_agreement_changes_answers_between_its_parties_only(committee: Browser) -> None:
    page = committee.client.get(
        "/committee/scenario", params=[("asked", "1"), ("party", "RU"), ("party", "UZ"), ("settled", "yes")]
    )

    assert page.status_code == 200
    moved = re.search(r'id="by-law".*', page.text, re.DOTALL)
    assert moved
    names = set(re.findall(r'<th scope="row">(\w+ → \w+)</th>', moved[0]))
    assert names == {"Russia → Uzbekistan", "Uzbekistan → Russia"}


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({**RULE, "amount": "many"}, "amount"),
        ({**RULE, "amount": "-5"}, "amount"),
        ({**RULE, "amount": "9" * 40}, "amount"),
        ({"asked": "1", "sum": "none.such"}, "sum"),
        ({"asked": "1", "adopt": RUSSIAN_SUM}, "route"),
        ({"asked": "1", "adopt": "none", "route": "none"}, "adopt"),
        ({"asked": "1", "party": "RU"}, "party-RU"),
        ({"asked": "1", "from": "someday"}, "from"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_beside_its_field(
    committee: Browser, asked: dict[str, str], field: str
) -> None:
    page = committee.get("/committee/scenario", **asked)

    assert page.status_code == 422
    assert f'href="#{field}"' in page.text
    assert f'id="{field}"' in page.text


def test_the_rule_is_given_as_a_file_that_the_program_reads(committee: Browser, found: Scene) -> None:
    asked = {**RULE, "slide": "100000", "amount": "250000"}

    file = committee.get("/committee/scenario/file", **asked)

    book = found.site.state.node.book
    scenario = read_scenario(read_tree(file.content, "draft.yaml"), book)
    assert [type(one).__name__ for one in scenario.changes] == ["Changed"]
    assert committee.get("/committee/scenario/file", asked="1").status_code == 404


def test_the_same_rule_is_weighed_on_many_in_the_background(committee: Browser, found: Scene) -> None:
    page = f"/committee/scenario?asked=1&sum={RUSSIAN_SUM}&of={RUSSIAN_SUM}&was=100000&slide=100000&amount=250000"
    given = committee.post("/committee/scenario/large", page, **RULE, amount="250000", slide="100000")
    number = int(given.headers["Location"].rsplit("/", 1)[1])

    job = found.jobs.get(number)

    assert (given.status_code, job is not None and job.asked["rows"]) == (303, 200_000)
    assert job
    assert job.asked["scenario"]["changes"][0]["with"] == {"amount": "250000"}
    assert "Waiting for its turn" in committee.get(f"/jobs/{number}").text


def test_questions_are_letters_to_each_state_and_can_be_narrowed(found: Scene) -> None:
    browser = Browser(found)

    everything, some = browser.get("/committee/questions").text, browser.get("/committee/questions", only="blocks").text
    one = browser.get("/committee/questions", state="KZ").text

    assert everything.count('<section class="letter"') == 7
    assert 0 < some.count("<li><p") < everything.count("<li><p")
    assert re.findall(r'<section class="letter" id="(\w+)"', one) == ["KZ"]
    assert "To the competent authority: Kazakhstan" in one


def test_a_report_is_ordered_done_and_kept_for_everybody(committee: Browser, found: Scene) -> None:
    before = committee.get("/committee/report").text
    given = committee.post("/committee/report", "/committee/report", language="en")
    waiting = committee.get(given.headers["Location"]).text
    assert found.worker.do_one()
    done = committee.get(given.headers["Location"]).text
    visitor = Browser(found)

    assert before.count("None has been written yet.") == 2
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert "data-refresh" in waiting
    assert "data-refresh" not in done
    assert "report.pdf" in done
    assert f"law {found.site.state.node.book.hash[:12]}" in visitor.get("/committee/report").text
    pdf = visitor.get("/committee/report/en/pdf")
    assert (pdf.headers["Content-Disposition"], pdf.content[:4]) == (
        'attachment; filename="approaches-en.pdf"',
        b"%PDF",
    )
    assert visitor.get("/committee/report/ru/pdf").status_code == 404
    assert visitor.get("/committee/report/en/exe").status_code == 404
    assert committee.post("/committee/report", "/committee/report", language="zz").status_code == 404


def test_a_job_is_its_giver_s_alone_and_can_be_cancelled(committee: Browser, found: Scene) -> None:
    given = committee.post("/committee/report", "/committee/report", language="en").headers["Location"]
    other = Browser(found, "another")

    assert other.get(given).status_code == 404
    assert other.get(f"{given}/files/report.pdf").status_code == 404
    assert other.post(f"{given}/cancel", "/account").status_code == 404
    assert Browser(found).get(given).status_code == 303
    assert given in committee.get("/jobs").text
    assert given not in other.get("/jobs").text
    assert committee.post(f"{given}/cancel", given).status_code == 303
    job = found.jobs.get(int(given.rsplit("/", 1)[1]))
    assert job
    assert job.state is JobState.CANCELLED
    assert "Cancelled" in committee.get(given).text


@pytest.mark.parametrize("path", ["/jobs/0", "/jobs/99999999999999999999", "/jobs/7777", "/jobs/1/files/..%2Fx"])
def test_a_job_that_is_none_is_not_there(committee: Browser, path: str) -> None:
    assert committee.get(path).status_code == 404


def test_an_authority_has_the_contracts_of_its_state_decided_and_a_committee_none(found: Scene, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET last_step = NULL"))
    authority, committee = Browser(found, "authority"), Browser(found, "committee")
    chosen = {"state_RU": "yes", "state_KZ": "yes", "gate_hiring": "yes", "as_of": "2026-12-01", "days": "30"}

    given = authority.post("/jobs/new", "/jobs/new", **chosen)

    assert given.status_code == 303
    job = found.jobs.get(int(given.headers["Location"].rsplit("/", 1)[1]))
    assert job
    assert (job.asked["states"], job.asked["gates"], job.asked["days"]) == (["KZ", "RU"], ["hiring"], 30)
    assert "/jobs/new" in authority.get("/jobs").text
    assert "/jobs/new" not in committee.get("/jobs").text
    assert committee.get("/jobs/new").status_code == 403
    assert Browser(found).get("/jobs/new").status_code == 303


def test_every_fault_of_the_form_for_many_contracts_is_told(found: Scene, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET last_step = NULL"))
    authority = Browser(found, "authority")

    page = authority.post("/jobs/new", "/jobs/new", as_of="yesterday", days="0")

    assert page.status_code == 422
    assert set(re.findall(r'<li><a href="#(\w+)"', page.text)) == {"states", "gates", "as_of", "days"}


@pytest.mark.parametrize(("name", "status"), [("people.csv", 303), ("people.ZIP", 303), ("people.exe", 422), ("", 422)])
def test_a_file_is_taken_by_its_ending(found: Scene, engine: Engine, name: str, status: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE account SET last_step = NULL"))
    authority = Browser(found, "authority")
    token = re.search(r'name="_csrf_token" value="([^"]+)"', authority.get("/jobs/new").text)
    assert token

    given = authority.client.post(
        "/jobs/new", data={"_csrf_token": token[1]}, files={"file": (name, b"state\nRU\n")}, follow_redirects=False
    )

    assert given.status_code == status
