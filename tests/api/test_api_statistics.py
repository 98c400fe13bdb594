"""Counts and drafts through the API: of the sender's own, small numbers withheld, nothing for others."""

from collections.abc import Iterator

import pytest
from api_node import ApiOfTests, Program, api_on, contract_sent
from drafting_builder import change, official
from sqlalchemy import Engine

from polisbridge.services.drafting import drafts


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOfTests]:
    with api_on(engine, tmp_path_factory.mktemp("kit")) as found:
        clerk = found.program("clerk-1")
        for number in range(6):
            assert clerk.post("/v1/contracts", contract_sent(f"C-{number}"), f"once-{number}").status_code == 201
        yield found


def asked(program: Program) -> dict[str, object]:
    answer = program.get("/v1/statistics")
    assert answer.status_code == 200
    return answer.json()  # type: ignore[no-any-return]


def test_an_insurer_sees_counts_of_its_own_contracts_and_no_small_number(api: ApiOfTests) -> None:
    told = asked(api.program("clerk-1"))

    assert told["contracts"] == {"rows": [{"key": ["UZ"], "number": 6}], "total": 6}
    assert told["persons"]["role"]["total"] == 18  # type: ignore[index]
    assert asked(api.program("clerk-2"))["contracts"] == {"rows": [], "total": 0}


def test_an_authority_sees_those_of_its_state(api: ApiOfTests) -> None:
    told = asked(api.program("authority"))

    assert (told["state"], told["least"], told["contracts"]) == ("RU", 5, {"rows": [], "total": 0})


def test_a_verifier_and_a_stranger_see_none(api: ApiOfTests) -> None:
    assert api.program("verifier").get("/v1/statistics").status_code == 403
    assert api.program().get("/v1/statistics").status_code == 401
    assert api.program("clerk-1").get("/v1/drafts").status_code == 403


def test_an_authority_lists_the_drafts_of_its_state(api: ApiOfTests) -> None:
    desk = api.exchange.authority
    assert desk is not None
    number = drafts.open_draft(desk.drafting, official(3), *change())

    (found,) = api.program("authority").get("/v1/drafts").json()["items"]
    assert (found["id"], found["status"], found["version"]) == (number, "open", 1)
    assert found["change"]["with"]["amount"] == "200000"
