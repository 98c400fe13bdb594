"""The auditor's page: every look, change and try is there, newest first and in pieces, and nothing of what the data say."""

import re

import pytest
from care_scene import Care, Desk
from registry_builder import contract
from sqlalchemy import Engine

from polisbridge.core.roles import ActorRole
from polisbridge.web.audit import MOST

NUMBER = "/verify/number"


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Care:
    care = Care(engine)
    care.account("auditor.ru", ActorRole.AUDITOR, None, "RU")
    return care


@pytest.fixture
def care(scene: Care) -> Care:
    scene.forget_tries()
    return scene


def test_looks_tries_and_changes_stand_there_without_what_the_data_say(care: Care) -> None:
    officer, hospital = Desk(care, "verifier"), Desk(care, "hospital_desk")
    officer.post(NUMBER, NUMBER, number="C-1/worker", born="1990-05-05")
    officer.post(NUMBER, NUMBER, number="C-404", born="1990-05-05")
    hospital.post("/hospital/number", "/hospital", number="C-1/worker", born="1990-05-05", cause="emergency")
    auditor = Desk(care, "auditor")
    looks, tries, changes, visits = (
        auditor.get(f"/audit?show={one}").text for one in ("looks", "tries", "changes", "changes&of=visit")
    )

    assert f"Person {care.persons['worker']}: verified by number and birth date" in looks
    assert "nobody was found" in tries
    assert "somebody was found" in tries
    assert "registered" in changes
    assert "the patient came" in visits
    every = looks + tries + changes + visits
    assert not re.search("RAKHIMOV|Рахимов|1990|AB1234567|C-1/worker", every)


def test_it_can_be_narrowed_to_one_account(care: Care) -> None:
    Desk(care, "verifier").post(NUMBER, NUMBER, number="C-1/worker", born="1990-05-05")
    Desk(care, "authority").post(NUMBER, NUMBER, number="C-1/worker", born="1990-05-05")
    text = Desk(care, "auditor").get("/audit?show=looks&who=authority").text

    assert "authority (Authority)" in text
    assert "verifier (" not in text


def test_it_goes_on_in_pieces_without_a_gap(care: Care) -> None:
    for number in range(MOST + 20):
        care.put(f"P-{number}", f"P{number}-", insured=contract("P").insured[:1])
    auditor = Desk(care, "auditor")
    first = auditor.get("/audit?show=changes&of=contract").text
    link = re.search(r'href="(/audit\?[^"]*before=\d+)"', first)
    assert link
    second = auditor.get(link[1].replace("&amp;", "&")).text
    numbers = re.findall(r"<td>contract (\d+)</td>", first + second)

    assert len(numbers) == len(set(numbers)) == MOST + 21


@pytest.mark.parametrize(
    "query", ["show=nonsense", "show=changes&of=account", "before=x", "before=" + "9" * 40, "who=%00%27"]
)
def test_an_address_that_makes_no_sense_breaks_nothing(care: Care, query: str) -> None:
    assert Desk(care, "auditor").get(f"/audit?{query}").status_code == 200


@pytest.mark.parametrize(("login", "status"), [("auditor", 200), ("auditor.ru", 403), ("authority", 403), ("worker", 403), ("", 303)])  # fmt: skip
def test_only_the_auditor_of_this_state_reads_it(care: Care, login: str, status: int) -> None:
    assert Desk(care, login).get("/audit").status_code == status
