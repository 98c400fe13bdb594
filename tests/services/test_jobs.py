"""Jobs: each done once, by whichever worker lives; seen and cancelled by who gave them alone."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from registry_builder import RING, START, later
from sqlalchemy import Engine, select, update

from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.database.reseal import reseal
from polisbridge.adapters.database.sealing import KeyRing
from polisbridge.adapters.database.tables import JOB, JOB_PIECE
from polisbridge.adapters.working import Worker
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.jobs import KEPT, LEASE, MOST_TRIES, Job, JobKind, JobState, owner_of
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.services import jobs as services
from polisbridge.services.jobs import GivenFile, Work

CLERK = Actor(ActorRole.INSURER_CLERK, "clerk", 1, "UZ", 7)
OTHER = Actor(ActorRole.INSURER_CLERK, "other", 2, "UZ", 7)
MACHINE = Actor(ActorRole.INSURER_CLERK, "key first", None, "UZ", 7, key=4)
KIND = JobKind.PORTFOLIO_ASSESSMENT
PROGRAM = Path(__file__).parents[1] / "job_worker.py"


@pytest.fixture
def jobs(engine: Engine) -> SqlJobs:
    with engine.begin() as connection:
        connection.execute(JOB.delete())
    return SqlJobs(engine, RING)


def given(jobs: SqlJobs, actor: Actor = CLERK, files: tuple[GivenFile, ...] = (), **asked: Any) -> int:
    return services.submit(jobs, actor, KIND, asked, START, files)


def worker(jobs: SqlJobs, doer: services.Doer, at: datetime = START) -> Worker:
    return Worker(jobs, {KIND: doer}, lambda: at)


def job(jobs: SqlJobs, number: int) -> Job:
    found = jobs.get(number)
    assert found is not None
    return found


def echo(work: Work) -> Mapping[str, Any]:
    """Give back the files of the job in capitals."""
    for path in work.given():
        path.write_bytes(path.read_bytes().upper())
        work.keep(path, path.name, "text/plain")
    work.progress(1, 1)
    return {"said": work.job.asked["word"]}


def test_a_job_is_done_and_its_files_are_there(jobs: SqlJobs, engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"abc" * 700_000)
    number = given(jobs, files=(GivenFile("input/one.txt", "text/plain", tmp_path / "one"),), word="hello")

    assert worker(jobs, echo).do_one()

    found = job(jobs, number)
    assert (found.state, found.percent, found.answer, found.tries) == (JobState.DONE, 100, {"said": "hello"}, 1)
    assert [(one.name, one.size) for one in found.files] == [("input/one.txt", 2_100_000), ("one.txt", 2_100_000)]
    assert b"".join(jobs.read(number, "one.txt")) == b"ABC" * 700_000
    with engine.connect() as connection:
        pieces = connection.execute(select(JOB_PIECE.c.sealed)).scalars().all()
    assert len(pieces) == 6
    assert not any(b"abcabc" in bytes(one) or b"ABCABC" in bytes(one) for one in pieces)


def test_without_a_job_there_is_nothing_to_do(jobs: SqlJobs) -> None:
    assert not worker(jobs, echo).do_one()


def test_what_is_wrong_with_the_input_is_told_with_every_fault(jobs: SqlJobs) -> None:
    def doer(_: Work) -> Mapping[str, Any]:
        raise InputFaults([Fault("f", line, "state", FaultCode.UNKNOWN_CODE, "XX", "a state") for line in (2, 1)])

    number = given(jobs)
    worker(jobs, doer).do_one()

    found = job(jobs, number)
    assert found.failure
    assert (found.state, found.failure.code) == (JobState.FAILED, "bad_input")
    told = {"where": "state", "code": "unknown_code", "found": "XX", "expected": "a state"}
    assert list(found.failure.faults) == [{**told, "line": 1}, {**told, "line": 2}]


def test_an_error_that_nobody_foresaw_ends_the_job_and_not_the_worker(
    jobs: SqlJobs, caplog: pytest.LogCaptureFixture
) -> None:
    def doer(_: Work) -> Mapping[str, Any]:
        raise ValueError("passport AA0000001")

    number = given(jobs)

    assert worker(jobs, doer).do_one()
    found = job(jobs, number)
    assert found.failure
    assert (found.state, found.failure.code, found.failure.detail) == (JobState.FAILED, "internal", "")
    assert "ValueError" in caplog.text
    assert "AA0000001" not in caplog.text


def test_a_job_in_hand_is_taken_by_nobody_else_until_its_lease_is_over(jobs: SqlJobs) -> None:
    number = given(jobs)
    first = jobs.claim("first", START)

    assert first
    assert jobs.claim("second", START + LEASE) is None
    second = jobs.claim("second", START + LEASE + timedelta(seconds=1))
    assert second
    assert (second.job.id, second.job.tries) == (number, 2)
    assert not jobs.live(first, 1, 2, later(120))
    assert not jobs.finish(first, {"who": "first"}, (), later(120))
    assert jobs.finish(second, {"who": "second"}, (), later(121))
    assert job(jobs, number).answer == {"who": "second"}


def test_a_sign_of_life_keeps_the_job(jobs: SqlJobs) -> None:
    given(jobs)
    claim = jobs.claim("first", START)
    assert claim

    assert jobs.live(claim, 5, 10, START + LEASE)

    assert jobs.claim("second", START + LEASE * 2) is None
    assert job(jobs, claim.job.id).percent == 50


def test_a_job_over_which_workers_die_is_given_up(jobs: SqlJobs) -> None:
    number, at = given(jobs), START
    for _ in range(MOST_TRIES):
        assert jobs.claim("dies", at)
        at += LEASE * 2

    assert jobs.claim("lives", at) is None
    found = job(jobs, number)
    assert found.failure
    assert (found.state, found.failure.code) == (JobState.FAILED, "worker_lost")


def test_of_many_workers_each_takes_another_job(jobs: SqlJobs) -> None:
    numbers = [given(jobs, word=str(at)) for at in range(20)]
    taken = list[int]()

    def take(name: str) -> None:
        while (claim := jobs.claim(name, START)) is not None:
            taken.append(claim.job.id)

    threads = [threading.Thread(target=take, args=(f"worker {at}",)) for at in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert sorted(taken) == numbers


def test_a_cancelled_job_stops_and_stays_cancelled(jobs: SqlJobs) -> None:
    number = given(jobs)

    def doer(work: Work) -> Mapping[str, Any]:
        services.cancel(jobs, CLERK, number, later(1))
        for step in range(10_000):
            work.progress(step, 10_000)
            time.sleep(0.01)
        return {"not": "reached"}

    worker(jobs, doer).do_one()

    found = job(jobs, number)
    assert (found.state, found.answer) == (JobState.CANCELLED, {})
    assert jobs.claim("next", START + LEASE * 2) is None


def test_cancelling_what_has_ended_changes_nothing(jobs: SqlJobs) -> None:
    number = given(jobs, word="x")
    worker(jobs, echo).do_one()

    assert services.cancel(jobs, CLERK, number, later(5)).state is JobState.DONE


def test_a_worker_that_is_told_to_end_gives_its_job_back(jobs: SqlJobs) -> None:
    number = given(jobs)
    one = worker(jobs, echo)

    def doer(work: Work) -> Mapping[str, Any]:
        one.told_to_end.set()
        work.progress(1, 2)
        return {}

    one._doers = {KIND: doer}
    one.run()

    found = job(jobs, number)
    assert (found.state, found.tries) == (JobState.WAITING, 0)


@pytest.mark.parametrize("stranger", [OTHER, MACHINE, replace(CLERK, account=3)], ids=["account", "machine", "number"])
def test_a_job_of_somebody_else_does_not_exist(jobs: SqlJobs, stranger: Actor) -> None:
    number = given(jobs)

    with pytest.raises(PolisbridgeError) as caught:
        services.own_job(jobs, stranger, number)
    assert caught.value.code is ErrorCode.NOT_FOUND
    with pytest.raises(PolisbridgeError) as caught:
        services.cancel(jobs, stranger, number, START)
    assert caught.value.code is ErrorCode.NOT_FOUND
    assert job(jobs, number).state is JobState.WAITING


def test_a_machine_finds_its_own_jobs_again_by_its_key(jobs: SqlJobs) -> None:
    numbers = [given(jobs, MACHINE) for _ in range(3)]
    given(jobs, CLERK)
    given(jobs, replace(MACHINE, key=5))

    owner = owner_of(MACHINE)
    assert [one.id for one in jobs.of(owner, None, 2)] == numbers[:0:-1]
    assert [one.id for one in jobs.of(owner, numbers[1], 2)] == numbers[:1]


def test_a_job_that_is_sent_again_is_there_once(jobs: SqlJobs) -> None:
    first = services.submit(jobs, CLERK, KIND, {}, START, once="key 1")
    again = services.submit(jobs, CLERK, KIND, {}, START, once="key 1")
    other = services.submit(jobs, CLERK, KIND, {}, START, once="key 2")

    assert first == again != other
    assert len(jobs.of(owner_of(CLERK), None, 10)) == 2


def test_jobs_are_dropped_with_their_files_when_their_time_is_over_but_the_newest_report_stays(
    jobs: SqlJobs, engine: Engine, tmp_path: Path
) -> None:
    (tmp_path / "r").write_bytes(b"report")

    def doer(work: Work) -> Mapping[str, Any]:
        work.keep(tmp_path / "r", "report.html", "text/html")
        return {}

    kinds = (KIND, JobKind.APPROACHES_REPORT, JobKind.APPROACHES_REPORT)
    numbers = [services.submit(jobs, CLERK, kind, {"language": "ru"}, START) for kind in kinds]
    one = Worker(jobs, dict.fromkeys(JobKind, doer), lambda: START)
    while one.do_one():
        pass

    assert jobs.sweep(START + KEPT) == 0
    assert jobs.sweep(START + KEPT + timedelta(seconds=1)) == 2
    assert [jobs.get(number) is not None for number in numbers] == [False, False, True]
    newest = jobs.newest_done(JobKind.APPROACHES_REPORT, {"language": "ru"})
    assert newest
    assert newest.id == numbers[-1]
    with engine.connect() as connection:
        assert len(connection.execute(select(JOB_PIECE)).all()) == 1


def test_a_worker_killed_in_the_middle_loses_nothing_and_the_result_is_there_once(
    jobs: SqlJobs, engine: Engine, database_url: str, tmp_path: Path
) -> None:
    number, log = given(jobs), tmp_path / "log"

    def started(*arguments: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, str(PROGRAM), database_url, str(log), *arguments])  # noqa: S603

    with started("hang") as first:
        _wait_for(lambda: log.is_file() and b"begun" in log.read_bytes())
        os.kill(first.pid, signal.SIGKILL)
    assert job(jobs, number).state is JobState.RUNNING
    with engine.begin() as connection:  # the lease runs out
        connection.execute(update(JOB).values(heartbeat=JOB.c.heartbeat - LEASE * 2))
    with started("once") as second, started("once") as third:
        assert second.wait() == third.wait() == 0

    found = job(jobs, number)
    assert (found.state, found.tries, found.answer) == (JobState.DONE, 2, {"rows": 3})
    assert [one.name for one in found.files] == ["rows.csv"]
    assert b"".join(jobs.read(number, "rows.csv")) == b"1\n2\n3\n"
    assert log.read_text().split() == ["begun", "begun", "ended"]


def _wait_for(happened: Any) -> None:
    for _ in range(600):
        if happened():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_files_and_failures_are_sealed_anew_with_a_new_key(jobs: SqlJobs, engine: Engine, tmp_path: Path) -> None:
    def doer(_: Work) -> Mapping[str, Any]:
        raise InputFaults([Fault("f", 1, "state", FaultCode.UNKNOWN_CODE, "XX", "a state")])

    (tmp_path / "one").write_bytes(b"abc")
    number = given(jobs, files=(GivenFile("input/one.txt", "text/plain", tmp_path / "one"),))
    worker(jobs, doer).do_one()
    old, new = bytes(range(32)), bytes(range(1, 33))

    reseal(engine, KeyRing({"seal-1.key": old, "seal-2.key": new}, bytes(32)), lambda *_: None)

    later_jobs = SqlJobs(engine, KeyRing({"seal-2.key": new}, bytes(32)))
    assert b"".join(later_jobs.read(number, "input/one.txt")) == b"abc"
    failure = job(later_jobs, number).failure
    assert failure
    assert failure.faults[0]["found"] == "XX"
