"""A number and a birth date verified through the API: for offices with a key, graded names, on record, never a guess."""

from typing import Any

import pytest
from api_node import STAY, ApiOfTests
from care_scene import passports_of
from registry_builder import contract, note
from sqlalchemy import Engine, delete, func, select

from polisbridge.adapters.database.tables import ACCESS, LOOKUP
from polisbridge.services.registry.contracts import NewContract, register

ASKED = {"number": "C-1/worker", "born": "1990-05-05"}
PATH = "/v1/verifications"


@pytest.fixture(scope="module")
def shared(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> ApiOfTests:
    api = ApiOfTests(engine, tmp_path_factory.mktemp("kit"))
    terms = contract("C-1")
    with api.exchange.registries.change() as registry:
        register(registry, NewContract(terms, api.first, identities=passports_of(terms)), note())
    return api


@pytest.fixture
def api(shared: ApiOfTests, engine: Engine) -> ApiOfTests:
    with engine.begin() as connection:
        connection.execute(delete(LOOKUP))
    return shared


def record(api: ApiOfTests, key: str = "verifier", **more: Any) -> dict[str, Any]:
    answer = api.program(key).post(PATH, {**ASKED, **more})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["record"]
    return found


def test_the_register_answers_with_the_parts_of_the_role(api: ApiOfTests) -> None:
    found = record(api, name="Рахимов Бахром", stay=STAY)

    assert (found["standing"], found["holder"], found["name"]["grade"]) == ("in_force", "RAKHIMOV BAKHROM", "same")
    assert found["decision"]["state"] == "RU"
    assert {"number", "role", "territory"} & set(found) == set()
    assert {"number", "role", "territory"} <= set(record(api, "authority"))


def test_under_another_name_nothing_is_told_of_the_person(api: ApiOfTests) -> None:
    found = record(api, name="Карапетян Арам")

    assert set(found) == {"answer", "standing", "name"}
    assert found["answer"] == "refuse"


def test_a_wrong_number_and_a_wrong_day_are_the_same_problem(api: ApiOfTests) -> None:
    wrong = ({"number": "C-404"}, {"born": "1990-05-06"})
    answers = [api.program("verifier").post(PATH, {**ASKED, **one}) for one in wrong]

    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json() == answers[1].json()


@pytest.mark.parametrize(("key", "status"), [("", 401), ("clerk-1", 403), ("verifier", 200), ("authority", 200)])
def test_only_offices_may_ask(api: ApiOfTests, key: str, status: int) -> None:
    assert api.program(key).post(PATH, ASKED).status_code == status


@pytest.mark.parametrize(
    "body",
    [{"number": "C-1"}, {**ASKED, "text": "PB1:X"}, {**ASKED, "born": "05.05.1990"}, {**ASKED, "number": ""}],
)  # fmt: skip
def test_a_body_with_faults_is_refused_with_its_places(api: ApiOfTests, body: dict[str, Any]) -> None:
    answer = api.program("verifier").post(PATH, body)

    assert answer.status_code == 422
    assert answer.json()["faults"]


def test_who_guesses_has_to_wait_and_every_find_is_on_record(api: ApiOfTests, engine: Engine) -> None:
    with engine.connect() as connection:
        before = connection.execute(select(func.count()).select_from(ACCESS)).scalar_one()
    for number in range(20):
        api.program("verifier").post(PATH, {**ASKED, "number": f"X-{number}"})
    answer = api.program("verifier").post(PATH, ASKED)

    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_requests")
    record(api, "authority")
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(ACCESS)).scalar_one() == before + 1
