"""Jobs through the API: given once, done by a worker, looked at, cancelled and fetched by their sender alone."""

import io
from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from api_node import ApiOfTests, api_on, contract_sent
from registry_builder import RING
from sqlalchemy import Engine

from polisbridge.adapters.database.insured import SqlInsured
from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.job_doers import NodeDoers
from polisbridge.adapters.working import Worker
from polisbridge.app import RealWorld

HIRING = {
    "kind": "portfolio_assessment",
    "source": "registry",
    "states": ["RU"],
    "gates": ["hiring"],
    "as_of": "2026-06-01",
}
CSV = b"contract,person,state,gate,as_of,role,age\nA,p,RU,hiring,2026-06-01,worker,30\n"


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOfTests]:
    with api_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


def work(api: ApiOfTests, engine: Engine) -> None:
    doers = NodeDoers(RealWorld(), lambda: api.node.laws, SqlInsured(engine, RING), api.exchange.matrix)
    worker = Worker(SqlJobs(engine, RING), doers.all(), api.node.now)
    while worker.do_one():
        pass


def test_own_contracts_are_decided_and_the_verdicts_fetched(api: ApiOfTests, engine: Engine) -> None:
    clerk = api.program("clerk-1")
    assert clerk.post("/v1/contracts", contract_sent("J-1"), once="contract").status_code == 201

    given = clerk.post("/v1/jobs", HIRING, once="job 1".replace(" ", "-"))
    again = clerk.post("/v1/jobs", HIRING, once="job-1")
    waiting = clerk.get(given.headers["Location"])
    work(api, engine)
    done = clerk.get(given.headers["Location"])

    assert (given.status_code, again.status_code, given.json()) == (202, 202, again.json())
    assert (waiting.json()["state"], "percent" in waiting.json()) == ("waiting", False)
    told = done.json()
    assert (told["state"], told["percent"], told["answer"]["rows"]) == ("done", 100, 3)
    assert [one["name"] for one in told["files"]] == ["reasons.csv", "verdicts.csv", "verdicts.parquet"]
    fetched = clerk.get(told["files"][2]["href"])
    assert fetched.headers["Content-Type"].startswith("application/vnd.apache.parquet")
    assert len(pl.read_parquet(io.BytesIO(fetched.content))) == 3
    assert done.headers["ETag"]
    assert clerk.get(given.headers["Location"], **{"If-None-Match": done.headers["ETag"]}).status_code == 304


def test_a_file_is_sent_as_the_body(api: ApiOfTests, engine: Engine) -> None:
    clerk = api.program("clerk-1")

    given = clerk.post("/v1/jobs?language=ru", CSV, once="file-1", **{"Content-Type": "text/csv"})
    work(api, engine)

    told = clerk.get(given.headers["Location"]).json()
    assert (given.status_code, told["state"], told["answer"]["rows"]) == (202, "done", 1)
    assert all(not one["name"].startswith("input") for one in told["files"])
    assert clerk.get(f"/v1/jobs/{told['id']}/files/input%2Fportfolio.csv").status_code == 404


def test_a_job_that_fails_says_why_with_every_fault(api: ApiOfTests, engine: Engine) -> None:
    clerk = api.program("clerk-1")

    given = clerk.post("/v1/jobs", b"gait,as_off\n1,2\n", once="bad-1", **{"Content-Type": "text/csv"})
    work(api, engine)

    told = clerk.get(given.headers["Location"]).json()
    assert (told["state"], told["failure"]["code"], told["files"]) == ("failed", "bad_input", [])
    assert {one["found"] for one in told["failure"]["faults"]} == {"gait", "as_off"}


def test_cancelling_ends_a_job_that_waits(api: ApiOfTests, engine: Engine) -> None:
    clerk = api.program("clerk-1")
    given = clerk.post("/v1/jobs", HIRING, once="cancel-1")

    ended = clerk.client.delete(given.headers["Location"])
    work(api, engine)

    assert (ended.status_code, ended.json()["state"]) == (200, "cancelled")
    assert clerk.get(given.headers["Location"]).json()["state"] == "cancelled"


def test_jobs_of_others_do_not_exist(api: ApiOfTests) -> None:
    given = api.program("clerk-1").post("/v1/jobs", HIRING, once="mine-1").headers["Location"]

    for stranger in ("clerk-2", "authority", "committee", "nameless"):
        program = api.program(stranger)
        assert program.get(given).status_code == 404
        assert program.client.delete(given).status_code == 404
        assert program.get(f"{given}/files/verdicts.csv").status_code == 404
        assert program.get("/v1/jobs").json()["items"] == []
    assert api.program().get(given).status_code == 401


def test_the_list_comes_in_pieces_newest_first(api: ApiOfTests) -> None:
    clerk = api.program("clerk-2")
    numbers = [clerk.post("/v1/jobs", HIRING, once=f"list-{at}").json()["id"] for at in range(3)]

    first = clerk.get("/v1/jobs?most=2").json()
    rest = clerk.get(f"/v1/jobs?most=2&after={first['next']}").json()

    assert [one["id"] for one in first["items"] + rest["items"]] == numbers[::-1]
    assert "next" not in rest


@pytest.mark.parametrize(
    ("key", "kind", "status"),
    [
        ("committee", "portfolio_assessment", 403),
        ("committee", "scenario_impact", 202),
        ("committee", "approaches_report", 202),
        ("verifier", "portfolio_assessment", 403),
        ("verifier", "scenario_impact", 403),
        ("verifier", "approaches_report", 202),
        ("authority", "portfolio_assessment", 202),
        ("", "approaches_report", 401),
    ],
)
def test_who_may_give_which_job_is_the_matrix(api: ApiOfTests, key: str, kind: str, status: int) -> None:
    drop = {"do": "drop", "provision": "ru.law_115_fz.patent.vhi.insurer_created_in_russia"}
    scenario = {"scenario": "s", "title": {"en": "t", "ru": "t"}, "made": "2026-11-22", "changes": [drop]}
    bodies: dict[str, dict[str, Any]] = {
        "portfolio_assessment": HIRING,
        "scenario_impact": {"kind": kind, "source": "synthetic", "rows": "100", "scenario": scenario},
        "approaches_report": {"kind": kind, "language": "ru"},
    }

    given = api.program(key).post("/v1/jobs", bodies[kind], once=f"who-{key}-{kind}")

    assert given.status_code == status, given.text


def test_the_committee_has_no_contracts_on_record_to_weigh_a_scenario_on(api: ApiOfTests) -> None:
    drop = {"do": "drop", "provision": "ru.law_115_fz.patent.vhi.insurer_created_in_russia"}
    scenario = {"scenario": "s", "title": {"en": "t", "ru": "t"}, "made": "2026-11-22", "changes": [drop]}
    body = {**HIRING, "kind": "scenario_impact", "scenario": scenario}

    answers = [api.program(key).post("/v1/jobs", body, once=f"weigh-{key}") for key in ("committee", "authority")]

    assert [one.status_code for one in answers] == [403, 202], answers[0].text


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, {"kind"}),
        ({"kind": "baking"}, {"kind"}),
        ({"kind": "portfolio_assessment", "source": "registry"}, {"states", "gates"}),
        ({**HIRING, "states": ["XX", "RU"], "days": "0", "language": "zz"}, {"states[0]", "days", "language"}),
        ({**HIRING, "source": "upload"}, {"source"}),
        ({**HIRING, "source": "synthetic"}, {"source"}),
        ({**HIRING, "hello": "1"}, {"hello"}),
        (
            {"kind": "scenario_impact", "source": "synthetic", "rows": "0", "scenario": {"scenario": "x"}},
            {"rows", "scenario: 3"},
        ),
        (
            {"kind": "scenario_impact", "source": "synthetic", "scenario": {"scenario": "x"}},
            {"scenario: 3"},
        ),
    ],
)
def test_every_fault_of_what_is_asked_is_told_at_once(api: ApiOfTests, body: Any, where: set[str]) -> None:
    refused = api.program("authority").post("/v1/jobs", body, once="faults")

    assert refused.status_code == 422
    places = [one["where"] if one["where"] != "(whole file)" else one["expected"] for one in refused.json()["faults"]]
    assert {one if places.count(one) == 1 else f"{one}: {places.count(one)}" for one in places} == where
