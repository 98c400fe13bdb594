"""Verify by number and birth date: for offices, never a guess, graded names, each role its parts, each look on record."""

import re
from dataclasses import replace

import pytest
from care_scene import Care, Desk
from registry_builder import contract
from sqlalchemy import Engine

from polisbridge.core.roles import ActorRole

NUMBER = "/verify/number"
RIGHT = {"number": "C-1/worker", "born": "05.05.1990"}


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Care:
    return Care(engine)


@pytest.fixture
def care(scene: Care) -> Care:
    scene.forget_tries()
    return scene


def asked(desk: Desk, **fields: str) -> str:
    return desk.post(NUMBER, NUMBER, **{**RIGHT, **fields}).text


def test_an_officer_is_told_that_somebody_is_insured_and_enough_for_an_occasion(care: Care) -> None:
    desk = Desk(care, "verifier")
    text = asked(desk, state="RU", gate="entry", region="RU-MOW", first="2026-11-22", last="2026-12-20")

    assert re.search('class="answer (accept|refuse|undetermined)"', text)
    assert "RAKHIMOV BAKHROM · Рахимов Бахром" in text
    assert 'id="why-1"' in text
    assert "Data of this register" in text
    assert 'class="answer accept"' in asked(desk)


def test_the_same_is_said_of_a_wrong_number_and_a_wrong_day(care: Care) -> None:
    desk = Desk(care, "verifier")
    pages = [asked(desk, number="C-404/worker"), asked(desk, born="06.05.1990"), asked(desk, number="C-1/child")]
    said = {re.sub(r'value="[^"]*"', "", one) for one in pages}

    assert len(said) == 1
    assert "Nobody is on record here" in said.pop()
    assert "RAKHIMOV" not in "".join(pages)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("Рахимов Бахром", "accept", "The name fits the one on record"),
        ("RAHIMOV BAHROM", "accept", "The name fits the one on record"),
        ("Рахимова Бахром", "accept", "perhaps in another spelling"),
        ("Каримов Бахром", "undetermined", "The name is doubtful"),
        ("Карапетян Арам", "refuse", "Another name is on record"),
    ],
)
def test_a_name_is_graded_across_scripts(care: Care, name: str, answer: str, said: str) -> None:
    text = asked(Desk(care, "verifier"), name=name)

    assert f'class="answer {answer}"' in text
    assert said in text


def test_under_another_name_nothing_of_the_person_is_shown(care: Care) -> None:
    text = asked(Desk(care, "authority"), name="KARAPETYAN ARAM")

    assert not re.search("RAKHIMOV|Рахимов|Tashkent Insurance|31.12.2026|C-1/worker</dd>", text)


SHOWN = {
    "number": "C-1/worker</dd>",
    "born": "Date of birth</dt>",
    "insurer": "Tashkent Insurance",
    "role": "Role</dt>",
}


@pytest.mark.parametrize(
    ("role", "parts"),
    [
        (ActorRole.VERIFIER, {"born", "insurer"}),
        (ActorRole.EMPLOYER, set()),
        (ActorRole.HOSPITAL_DESK, {"number", "born", "insurer"}),
        (ActorRole.AUTHORITY, {"number", "born", "insurer", "role"}),
    ],
)
def test_each_role_sees_its_parts(care: Care, role: ActorRole, parts: set[str]) -> None:
    text = asked(Desk(care, role.value))

    assert "RAKHIMOV BAKHROM" in text
    assert {name for name, mark in SHOWN.items() if mark in text} == parts


@pytest.mark.parametrize(("login", "status"), [("", 303), ("worker", 403), ("helper", 403), ("insurer_clerk", 403), ("auditor", 403)])  # fmt: skip
def test_nobody_else_may_guess(care: Care, login: str, status: int) -> None:
    desk, before = Desk(care, login), care.looks()

    assert desk.get(NUMBER).status_code == status
    data = {"_csrf_token": desk.token("/verify"), **RIGHT}
    assert desk.client.post(NUMBER, data=data, follow_redirects=False).status_code == status
    assert NUMBER not in desk.get("/verify").text
    assert care.looks() == before


def test_every_look_is_on_record_for_the_person(care: Care) -> None:
    before = care.looks()
    asked(Desk(care, "verifier"))

    assert care.looks() == before + 1
    worker = Desk(care, "worker").get("/me").text.split('id="looked"')[1]
    assert "verified by number and birth date" in worker
    assert "verifier" in worker


def test_who_finds_nobody_too_often_has_to_wait_an_hour(care: Care) -> None:
    desk = Desk(care, "verifier")
    for one in range(19):
        asked(desk, number=f"X-{one}")
    assert 'class="answer accept"' in asked(desk)
    asked(desk, name="Карапетян Арам")
    before = care.looks()

    assert "Wait an hour" in asked(desk)
    assert care.looks() == before
    assert 'class="answer accept"' in asked(Desk(care, "authority"))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"number": ""}, "Type the number"),
        ({"born": ""}, "Type the birth date"),
        ({"born": "31.02.1990"}, "31.02.1990"),
        ({"state": "RU"}, "gate"),
        ({"number": "<script>alert(1)</script>"}, "Nobody is on record"),
        ({"number": "C-1/worker\0"}, "Nobody is on record"),
        ({"name": "x" * 100_000}, "The name"),
    ],
)
def test_a_form_with_faults_comes_back_with_what_was_typed(care: Care, fields: dict[str, str], said: str) -> None:
    answer = Desk(care, "verifier").post(NUMBER, NUMBER, **{**RIGHT, **fields})

    assert answer.status_code in (200, 422)
    assert said in answer.text
    assert "<script>alert" not in answer.text


def test_twins_of_one_contract_are_told_apart_by_name_or_full_number_only(care: Care) -> None:
    worker, spouse, _ = contract("TWINS").insured
    care.put("TWINS", "T", insured=(worker, replace(spouse, born=worker.born)))
    desk = Desk(care, "verifier")

    assert "Several persons fit" in asked(desk, number="TWINS")
    assert "RAKHIMOVA DILNOZA" in asked(desk, number="TWINS", name="Рахимова Дилноза")
    assert "RAKHIMOV BAKHROM" in asked(desk, number="TWINS/worker")
