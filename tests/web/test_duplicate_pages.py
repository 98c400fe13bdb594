"""Persons who may stand twice on record are listed for their insurer's clerk with grade and reasons, and never made one."""

from dataclasses import replace

import pytest
from care_scene import Care, Desk, passports_of
from registry_builder import contract, note
from sqlalchemy import Engine

from polisbridge.core.registry import IdentityDocument
from polisbridge.services.registry.contracts import NewContract, register


@pytest.fixture(scope="module")
def care(engine: Engine) -> Care:
    """The worker stands there again, under a renewed passport and with the name in Cyrillic alone."""
    found, terms = Care(engine), contract("D-1")
    worker = passports_of(terms)["worker"]
    renewed = replace(worker, name="Рахимов Бахром", original_name="", document=IdentityDocument("UZ", "AC9999999"))
    other = replace(renewed, name="Карапетян Арам", document=IdentityDocument("AM", "XX0000001"))
    with found.people.registries.change() as registry:
        for number, who in (("D-1", renewed), ("D-2", other)):
            alone = replace(terms, number=number, insured=terms.insured[:1])
            register(registry, NewContract(alone, found.seller, identities={"worker": who}), note())
    return found


def test_a_pair_is_listed_with_grade_and_reasons_and_a_stranger_of_the_same_day_is_not(care: Care) -> None:
    before = care.looks()
    text = Desk(care, "insurer_clerk").get("/duplicates").text

    assert text.count('class="answer undetermined"') == 1
    assert all(one in text for one in ("RAKHIMOV BAKHROM", "AC9999999", "AB1234567", "document numbers differ"))
    assert "Карапетян" not in text
    assert care.looks() == before + 1


def test_nothing_is_joined(care: Care) -> None:
    pages = []
    for _ in range(2):
        care.forget_tries()
        pages.append(Desk(care, "insurer_clerk").get("/duplicates").text)

    assert pages[0] == pages[1]


@pytest.mark.parametrize(("login", "status"), [("verifier", 403), ("employer", 403), ("hospital_desk", 403), ("worker", 403), ("auditor", 403), ("", 303)])  # fmt: skip
def test_nobody_else_sees_them(care: Care, login: str, status: int) -> None:
    care.forget_tries()
    assert Desk(care, login).get("/duplicates").status_code == status
