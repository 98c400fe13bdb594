"""Nothing sealed of a person is opened for a page or a program without a new entry that the person can see.

The node's seals are watched: every field that is opened while a request is answered has to belong to somebody of whom
the request recorded a look, or to their family, whom the law of a family's contract needs.
"""

from contextlib import AbstractContextManager

import pytest
from care_scene import Care, Desk
from look_watch import Watched, recorded, watched
from people_builder import NOON, QUICK, people
from registry_builder import RING
from sqlalchemy import Engine

from polisbridge.adapters.people import people_of
from polisbridge.core.registry import RegisteredPerson
from polisbridge.services.registry.ports import use_of


@pytest.fixture(scope="module")
def care(engine: Engine) -> Care:
    people(engine)
    found = Care(engine)
    ring = watched()
    assert ring.hashed("a", "b") == RING.hashed("a", "b")
    found.people = people_of(engine, ring, QUICK)
    return found


def looks(care: Care) -> AbstractContextManager[list[set[int]]]:
    assert isinstance(care.people.sealer, Watched)
    return recorded(care.engine, care.people.sealer)


def family(care: Care, persons: set[int]) -> set[int]:
    """Return persons with those who are insured together with them as a family, without whom no law can be applied."""
    everybody = set(care.persons.values())
    return persons | (everybody if persons & everybody else set())


NUMBER = {"number": "C-1/worker", "born": "1990-05-05"}
ASKED: list[tuple[str, str, dict[str, str] | None]] = [
    ("verifier", "/verify/number", NUMBER),
    ("verifier", "/verify/number", {**NUMBER, "name": "Карапетян Арам"}),
    ("authority", "/verify/number", {**NUMBER, "state": "RU", "gate": "work_permit"}),
    ("hospital_desk", "/hospital/number", {**NUMBER, "cause": "planned"}),
    ("hospital_desk", "/hospital", None),
    ("employer", "/verify/number", NUMBER),
    ("employer", "/employer", None),
    ("worker", "/me", None),
    ("auditor", "/audit", None),
    ("auditor", "/audit?show=changes&of=visit", None),
]


@pytest.mark.parametrize(("login", "path", "form"), ASKED)
def test_a_page_that_opens_a_person_s_data_records_the_look(
    care: Care, login: str, path: str, form: dict[str, str] | None
) -> None:
    care.forget_tries()
    desk = Desk(care, login)
    with looks(care) as found:
        answer = desk.get(path) if form is None else desk.post(path, path.rsplit("/number", 1)[0] or path, **form)
    assert answer.status_code in (200, 303)
    opened, looked = found

    assert opened <= family(care, looked)
    assert bool(opened) == (login != "auditor")


def test_the_patient_s_page_records_the_look_too(care: Care) -> None:
    care.forget_tries()
    desk = Desk(care, "hospital_desk")
    where = desk.post("/hospital/number", "/hospital", **NUMBER, cause="planned").headers["location"]
    with looks(care) as found:
        assert desk.get(where).status_code == 200
    opened, looked = found

    assert opened
    assert opened <= family(care, looked)


PUBLIC = ["/", "/check", "/verify", "/law", "/compare", "/access", "/sign-in", "/health", "/ready"]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_public_page_opens_nothing(care: Care, path: str) -> None:
    with looks(care) as found:
        assert Desk(care).get(path).status_code == 200

    assert found == [set(), set()]


def test_who_is_refused_opens_nothing_and_is_not_recorded_as_having_looked(care: Care) -> None:
    care.forget_tries()
    for login in ("", "worker", "verifier", "employer", "auditor"):
        desk = Desk(care, login)
        with looks(care) as found:
            for path in (f"/me/{care.persons['spouse']}", "/hospital", "/hospital/patient/1", "/me/999999"):
                assert desk.get(path).status_code in (303, 403, 404)
        assert found == [set(), set()]


def test_the_watch_sees_what_is_opened(care: Care) -> None:
    with looks(care) as found, care.people.registries.read() as registry:
        held = next(registry.known(RegisteredPerson, on=None, at=NOON, thing=care.persons["worker"]))
        registry.sealer.open(held.value.sealed, use_of(RegisteredPerson, held.thing))

    assert found == [{care.persons["worker"]}, set()]
