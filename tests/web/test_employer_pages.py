"""The employer's desk: own workers only, no family and nothing of health; whose cover ends soon; each look on record."""

from dataclasses import replace
from datetime import date

import pytest
from care_scene import Care, Desk
from registry_builder import contract, note
from sqlalchemy import Engine

from polisbridge.core.contract import Period
from polisbridge.core.registry import Employer
from polisbridge.core.roles import ActorRole
from polisbridge.services.registry.organisations import keep


@pytest.fixture(scope="module")
def scene(engine: Engine) -> Care:
    care = Care(engine)
    with care.people.registries.change() as registry:
        other = keep(registry, "RU/Farm", Employer("RU", {"en": "Farm LLC"}), Period(), note())
    care.account("farm", ActorRole.EMPLOYER, other, "RU")
    soon = contract("SOON")
    workers = (replace(soon.insured[0], period=Period(None, date(2026, 12, 5))), *soon.insured[1:])
    care.put("SOON", "S", employer=care.employer, insured=workers)
    care.put(
        "OVER",
        "O",
        employer=care.employer,
        period=Period(date(2025, 1, 1), date(2025, 12, 31)),
        insured=soon.insured[:1],
    )
    return care


@pytest.fixture
def care(scene: Care) -> Care:
    scene.forget_tries()
    return scene


def test_an_employer_sees_its_workers_and_whether_it_is_enough_for_the_work(care: Care) -> None:
    text = Desk(care, "employer").get("/employer").text

    assert text.count("RAKHIMOV BAKHROM") == 3
    assert "Insured today" in text
    assert "Insurance has ended" in text
    assert "hiring" in text.lower()
    assert "Ends in 13 days" in text


def test_neither_family_nor_benefits_nor_birth_dates_are_shown(care: Care) -> None:
    text = Desk(care, "employer").get("/employer").text

    assert not [
        one for one in ("DILNOZA", "MALIK", "emergency", "05.05.1990", "1990", "AB1234567", "dental") if one in text
    ]


def test_the_list_can_be_narrowed_to_what_needs_something(care: Care) -> None:
    desk = Desk(care, "employer")

    assert desk.get("/employer?show=soon").text.count("RAKHIMOV BAKHROM") == 1
    assert "Insurance has ended" in desk.get("/employer?show=trouble").text
    assert desk.get("/employer?show=nonsense&page=x").status_code == 200
    assert desk.get("/employer?page=99").status_code == 404


def test_a_worker_sees_that_the_employer_looked(care: Care) -> None:
    before = care.looks()
    Desk(care, "employer").get("/employer")

    assert care.looks() == before + 1
    assert "as your employer" in Desk(care, "worker").get("/me").text


@pytest.mark.parametrize(("login", "status"), [("worker", 403), ("verifier", 403), ("hospital_desk", 403), ("insurer_clerk", 404), ("authority", 403), ("", 303)])  # fmt: skip
def test_nobody_else_has_this_desk(care: Care, login: str, status: int) -> None:
    assert Desk(care, login).get("/employer").status_code == status


def test_another_employer_sees_a_worker_only_while_the_worker_lets_it(care: Care) -> None:
    worker, farm = Desk(care, "worker"), Desk(care, "farm")
    assert "RAKHIMOV" not in farm.get("/employer").text

    assert worker.post("/me/employers", "/me", login="farm").status_code == 303
    assert "Farm LLC" in worker.get("/me").text
    assert farm.get("/employer").text.count("RAKHIMOV BAKHROM") == 1

    assert worker.post("/me/employers/end", "/me", login="farm", employer=str(_farm(care))).status_code == 303
    assert "RAKHIMOV" not in farm.get("/employer").text


def _farm(care: Care) -> int:
    with care.people.registries.read() as registry:
        found = registry.find(Employer, "RU/Farm")
    assert found is not None
    return found
