"""The hospital's desk: only patients who came, what is paid for and by whom, seen by the patient, and over by itself."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from builder import LAW_FOLDER
from care_scene import BORN, Care, Desk
from people_builder import NOON
from registry_builder import contract
from sqlalchemy import Engine
from verify_scene import new_scene
from web_node import SampleNode

from polisbridge.core.registry import Visit
from polisbridge.core.roles import ActorRole
from polisbridge.core.statusbook import Note
from polisbridge.services.registry.finding import find_insured
from polisbridge.services.registry.persons import erase

WORKER = {"number": "C-1/worker", "born": "05.05.1990", "cause": "emergency"}
NUMBER = "/hospital/number"


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Care:
    care = Care(engine)
    care.put("V-1", "V")
    care.account("hospital.5", ActorRole.HOSPITAL_DESK, care.other_clinic, "RU")
    return care


@pytest.fixture
def care(scene: Care) -> Care:
    scene.forget_tries()
    return scene


def admitted(desk: Desk, **fields: str) -> str:
    """Note that a patient came; return the address of what is paid for."""
    answer = desk.post(NUMBER, "/hospital", **{**WORKER, **fields})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_patient_is_found_and_the_desk_sees_who_pays_what(care: Care) -> None:
    desk = Desk(care, "hospital_desk")
    text = desk.get(admitted(desk)).text

    assert 'class="answer accept"' in text
    for shown in ("Tashkent Insurance", "tel:+998712000000", "RAKHIMOV BAKHROM", "10 000 EUR", "yes, today"):
        assert shown.replace(" ", "\N{NO-BREAK SPACE}") in text or shown in text
    assert "RAKHIMOV BAKHROM" in desk.get("/hospital").text


def test_the_patient_sees_that_they_were_noted_and_looked_at(care: Care) -> None:
    desk = Desk(care, "hospital_desk")
    admitted(desk)
    before = care.looks()
    desk.get(admitted(desk))

    assert care.looks() == before + 4  # in the list of patients, looked up, noted, read
    log = Desk(care, "worker").get("/me").text.split('id="looked"')[1]
    assert all(one in log for one in ("what your insurance pays for", "noted that you came", "emergency care"))


def test_another_hospital_does_not_see_the_patient(care: Care) -> None:
    address = admitted(Desk(care, "hospital_desk"))
    other = Desk(care, "hospital.5")

    assert other.get(address).status_code == 404
    assert other.post(f"{address}/end", "/hospital").status_code == 404
    assert "RAKHIMOV" not in other.get("/hospital").text


@pytest.mark.parametrize("login", ["verifier", "employer", "authority", "worker", "insurer_clerk", ""])
def test_only_a_hospital_has_this_desk(care: Care, login: str) -> None:
    address, desk = admitted(Desk(care, "hospital_desk")), Desk(care, login)

    assert [desk.get(one).status_code for one in ("/hospital", address)] == [403 if login else 303] * 2


def test_a_visit_ends_by_itself_after_the_days_of_the_rule(care: Care) -> None:
    address = admitted(Desk(care, "hospital_desk"))
    days = care.people.matrix.limits.visit_days
    last, after = (SampleNode(at=NOON + timedelta(days=number)) for number in (days - 1, days))

    assert Desk(care, "hospital_desk", node=last).get(address).status_code == 200
    assert Desk(care, "hospital_desk", node=after).get(address).status_code == 404


def test_a_visit_is_ended_by_the_hospital(care: Care) -> None:
    desk = Desk(care, "hospital_desk")
    address = admitted(desk, number="C-1/spouse", born="1992-03-01")

    assert desk.post(f"{address}/end", "/hospital").status_code == 303
    assert desk.get(address).status_code == 404
    assert "RAKHIMOVA DILNOZA" not in desk.get("/hospital").text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"cause": ""}, "Choose"),
        ({"cause": "curiosity"}, "curiosity"),
        ({"born": "1990-05-06"}, "Nobody is on record"),
        ({"name": "Карапетян Арам"}, "Another name is on record"),
        ({"number": "", "born": ""}, "Type the number"),
    ],
)
def test_what_is_wrong_stands_beside_the_form_and_nobody_is_noted(
    care: Care, fields: dict[str, str], said: str
) -> None:
    answer = Desk(care, "hospital_desk").post(NUMBER, "/hospital", **{**WORKER, "number": "V-1", **fields})

    assert answer.status_code == 422
    assert said in answer.text
    with care.people.registries.read() as registry:
        held = registry.known(Visit, on=None, at=NOON, clinic=care.clinic)
        assert not [one for one in held if one.value.person not in care.persons.values()]


def test_what_a_patient_came_for_lies_sealed(care: Care) -> None:
    admitted(Desk(care, "hospital_desk"))
    with care.people.registries.read() as registry:
        held = list(registry.known(Visit, on=None, at=NOON, clinic=care.clinic))

    assert held
    assert not [one for one in held if b"emergency" in one.value.sealed]


def test_a_benefit_that_waits_and_a_state_without_cover_are_told(care: Care) -> None:
    waits = {"waiting_days": 400, "territory": frozenset({"KZ"})}
    terms = {**contract("WAIT").facts, **waits}
    care.put("WAIT", "W", facts=terms)
    desk = Desk(care, "hospital_desk")
    text = desk.get(admitted(desk, number="WAIT", cause="planned")).text

    assert 'class="answer refuse"' in text
    assert "does not pay in: Russia" in text
    assert re.search("not yet, from [^<]*2027", text)


def test_a_certificate_of_another_state_is_read_for_the_page_and_nothing_is_kept(care: Care, tmp_path: Path) -> None:
    scene = new_scene(tmp_path)
    node = SampleNode(scene.world.folder / "kit", LAW_FOLDER, at=scene.issue().certificate.issued)
    desk = Desk(care, "hospital_desk", node=node)
    sent = {"text": scene.issue().text, "cause": "planned"}
    text = desk.post("/hospital/certificate", "/hospital", **sent).text

    assert "WORKER ANNA" in text
    assert "nothing is kept here" in text
    broken = desk.post("/hospital/certificate", "/hospital", **{**sent, "text": sent["text"][:-30] + "A" * 30}).text
    assert ('class="answer refuse"' in broken, "WORKER ANNA" in broken) == (True, False)


def test_a_patient_whose_data_were_erased_is_shown_to_nobody(care: Care) -> None:
    care.put("ERASE", "E")
    desk = Desk(care, "hospital_desk")
    address = admitted(desk, number="ERASE")
    with care.people.registries.change() as registry:
        (found,) = find_insured(registry, "ERASE", BORN, at=NOON)
        erase(registry, found.person, Note("operator", NOON, "asked"))

    assert desk.get(address).status_code == 404
    assert "erased" in desk.get("/hospital").text
