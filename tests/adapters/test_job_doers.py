"""What jobs do: the contracts on record decided, files decided, scenarios weighed, reports written."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from registry_builder import BOOK, RING, contract, later, note, registries, seller
from sqlalchemy import Engine, text

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.insured import SqlInsured
from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.job_doers import NodeDoers
from polisbridge.adapters.working import Worker
from polisbridge.app import RealWorld
from polisbridge.batch.makers import EmbeddedMakers
from polisbridge.core.jobs import Job, JobKind, JobState
from polisbridge.core.money import Rates
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.formats.tree import read_tree
from polisbridge.services import jobs as services
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.jobs import GivenFile
from polisbridge.services.portfolio_make import SyntheticOrder
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.report import PageKind

SCENARIO = Path(__file__).parents[2] / "samples" / "scenarios" / "draft_agreement.scenario.yaml"
COMMITTEE = Actor(ActorRole.EXECUTIVE_COMMITTEE, "secretary", 9)
HIRING = {"source": "registry", "states": ["RU", "KZ"], "gates": ["hiring"], "as_of": "2026-06-01"}


@pytest.fixture
def clerk(engine: Engine) -> Actor:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE thing, access, job CASCADE"))
    with registries(engine).change() as registry:
        insurer = seller(registry)
        for number in range(3):
            register(registry, NewContract(contract(f"T-{number}"), insurer), note())
    return Actor(ActorRole.INSURER_CLERK, "clerk", 1, "UZ", insurer)


def done(
    engine: Engine, actor: Actor, kind: JobKind, asked: Mapping[str, Any], file: Path | None = None
) -> tuple[SqlJobs, Job]:
    """Do a job; return it as it stands then."""
    jobs = SqlJobs(engine, RING)
    files = [] if file is None else [GivenFile(f"input/{file.name}", "text/plain", file)]
    number = services.submit(jobs, actor, kind, asked, later(0), files)
    laws = AppliedLaws(BOOK, Rates(()))
    doers = NodeDoers(RealWorld(), lambda: laws, SqlInsured(engine, RING), shipped_access())
    assert Worker(jobs, doers.all(), lambda: later(60)).do_one()
    found = jobs.get(number)
    assert found
    return jobs, found


def held(jobs: SqlJobs, job: Job, name: str) -> bytes:
    return b"".join(jobs.read(job.id, name))


def made(job: Job) -> list[str]:
    return [one.name for one in job.files if not one.name.startswith("input/")]


def test_the_contracts_on_record_are_decided_and_the_verdicts_handed_out(engine: Engine, clerk: Actor) -> None:
    jobs, job = done(engine, clerk, JobKind.PORTFOLIO_ASSESSMENT, {**HIRING, "language": "ru"})

    assert (job.state, job.failure) == (JobState.DONE, None)
    assert made(job) == ["reasons.csv", "verdicts.csv", "verdicts.parquet"]
    assert (job.answer["rows"], job.answer["law"]) == (18, BOOK.hash)
    assert sum(job.answer["verdicts"].values()) == 18
    table = pl.read_parquet(io.BytesIO(held(jobs, job, "verdicts.parquet")))
    assert len(table) == 18
    assert "B. R." not in held(jobs, job, "verdicts.csv").decode()
    assert held(jobs, job, "reasons.csv").decode("utf-8-sig").startswith("verdict,cause,provision,title,rows\n")


def test_a_file_sent_along_is_decided_and_what_cannot_be_read_comes_back(
    engine: Engine, clerk: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "persons.csv"
    rows = ["contract,person,state,gate,as_of,role,age", "A,p,RU,hiring,2026-06-01,worker,30", "B,p,XX,hiring,x,y,30"]
    path.write_text("\n".join(rows))

    jobs, job = done(engine, clerk, JobKind.PORTFOLIO_ASSESSMENT, {"source": "upload"}, path)

    assert job.state is JobState.DONE
    assert (job.answer["rows"], job.answer["decided"], job.answer["not_read"]) == (1, 1, 1)
    (told,) = [json.loads(line) for line in held(jobs, job, "not_read.ndjson").splitlines()]
    assert told["row"] == 1
    assert {one["column"] for one in told["faults"]} >= {"as_of", "role"}


def test_a_portfolio_in_parquet_comes_as_an_archive(engine: Engine, clerk: Actor, tmp_path: Path) -> None:
    order = SyntheticOrder(50, 1, date(2026, 6, 1), date(2026, 6, 1))
    EmbeddedMakers().generate(order, BOOK.vocabulary, tmp_path / "mine", lambda *_: None)
    path = tmp_path / "mine.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for one in sorted((tmp_path / "mine").rglob("*")):
            packed.write(one, one.relative_to(tmp_path))
        packed.writestr("../../outside.parquet", b"")

    _, job = done(engine, clerk, JobKind.PORTFOLIO_ASSESSMENT, {"source": "upload"}, path)

    assert (job.state, job.answer["rows"]) == (JobState.DONE, 50)


@pytest.mark.parametrize("sent", [b"PK\x03\x04 nothing", b"", zipfile.ZipFile])
def test_an_archive_that_is_none_fails_with_what_to_do(engine: Engine, clerk: Actor, tmp_path: Path, sent: Any) -> None:
    path = tmp_path / "mine.zip"
    if isinstance(sent, bytes):
        path.write_bytes(sent)
    else:
        with zipfile.ZipFile(path, "w") as packed:
            packed.writestr("readme.txt", b"hello")

    _, job = done(engine, clerk, JobKind.PORTFOLIO_ASSESSMENT, {"source": "upload"}, path)

    assert job.failure
    assert (job.state, job.failure.code) == (JobState.FAILED, "bad_input")
    assert job.failure.hint


def test_a_wrong_header_fails_with_every_fault_and_tells_nothing_of_the_machine(
    engine: Engine, clerk: Actor, tmp_path: Path
) -> None:
    path = tmp_path / "persons.csv"
    path.write_text("state,gait,as_off\nRU,hiring,2026-06-01\n")

    _, job = done(engine, clerk, JobKind.PORTFOLIO_ASSESSMENT, {"source": "upload"}, path)

    assert job.failure
    assert {one["found"] for one in job.failure.faults} == {"gait", "as_off"}
    assert "polisbridge-job" not in repr(job.failure)


def test_a_scenario_on_made_up_contracts_gives_sums_tables_and_a_report(engine: Engine, clerk: Actor) -> None:
    asked = {"source": "synthetic", "rows": 2_000, "scenario": read_tree(SCENARIO.read_bytes(), "s").tree}
    assert clerk
    jobs, job = done(engine, COMMITTEE, JobKind.SCENARIO_IMPACT, {**asked, "language": "ru", "as_of": "2027-06-01"})

    assert (job.state, job.failure) == (JobState.DONE, None)
    assert made(job) == [
        *("findings.csv", "impact.json", "needs.csv", "report.html", "report.pdf", "top_ups.csv", "verdicts.csv")
    ]
    assert job.answer["synthetic"] is True
    assert job.answer["changed"] > 0
    assert held(jobs, job, "report.pdf").startswith(b"%PDF")
    assert json.loads(held(jobs, job, "impact.json"))["decided"] == job.answer["decided"]


def test_the_committee_has_nothing_done_with_contracts_on_record(engine: Engine, clerk: Actor) -> None:
    scenario = read_tree(SCENARIO.read_bytes(), "s").tree
    assert clerk
    _, decided = done(engine, COMMITTEE, JobKind.PORTFOLIO_ASSESSMENT, HIRING)
    _, weighed = done(engine, COMMITTEE, JobKind.SCENARIO_IMPACT, {**HIRING, "scenario": scenario})

    assert [one.state for one in (decided, weighed)] == [JobState.FAILED, JobState.FAILED]


def test_an_insurer_has_a_scenario_weighed_on_its_contracts_and_gets_sums_without_persons(
    engine: Engine, clerk: Actor
) -> None:
    scenario = read_tree(SCENARIO.read_bytes(), "s").tree
    jobs, job = done(engine, clerk, JobKind.SCENARIO_IMPACT, {**HIRING, "scenario": scenario})

    assert (job.state, job.answer["rows"]) == (JobState.DONE, 18)
    everything = b"".join(held(jobs, job, name) for name in made(job) if not name.endswith(".pdf"))
    for said in (b"T-1", b"spouse-", b"B. R."):
        assert said not in everything


def test_the_report_on_the_approaches_is_written_in_both_forms(engine: Engine, clerk: Actor) -> None:
    assert clerk
    jobs, job = done(engine, COMMITTEE, JobKind.APPROACHES_REPORT, {"language": "ru"})

    assert (job.state, job.failure) == (JobState.DONE, None)
    assert made(job) == [f"report.{kind.value}" for kind in (PageKind.HTML, PageKind.PDF)]
    assert job.answer == {"law": BOOK.hash, "as_of": later(60).date().isoformat()}
    assert 'lang="ru"' in held(jobs, job, "report.html").decode()
