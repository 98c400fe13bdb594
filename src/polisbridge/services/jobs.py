"""Jobs given, done and looked at. A job is done by whichever worker takes it, on whichever machine, once.

A worker holds a job by a claim and shows signs of life; a job whose worker died is taken up again by another. Results
are kept together with the end of the job, so a worker that lost its claim can neither end it nor leave files.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from polisbridge.core.errors import ErrorCode, Fault, InputFaults, PolisbridgeError
from polisbridge.core.jobs import ENDED, Job, JobFailure, JobKind, JobOwner, owner_of
from polisbridge.core.roles import AccessAction, AccessMatrix, AccessSubject, Actor
from polisbridge.services.access import require

INPUT = "input/"  # how names of files that a job was given begin


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file to keep with a job."""

    name: str
    media_type: str
    path: Path


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that a worker holds, by a token of its own."""

    job: Job
    token: str


class JobStopped(Exception):
    """The work is to stop: the job was cancelled, or another worker has it, or the worker was told to end."""


class Jobs(Protocol):
    """Where jobs are kept. Errors of all: PolisbridgeError with `no_database` when it does not answer."""

    def submit(
        self,
        kind: JobKind,
        owner: JobOwner,
        asked: Mapping[str, Any],
        files: Sequence[GivenFile],
        now: datetime,
        once: str | None = None,
    ) -> int:
        """Keep a job with the files that it is given; return its number.

        Jobs of the same `once` are the same: the number of the first is returned.
        """

    def get(self, number: int) -> Job | None:
        """Return a job, None when there is none, or no longer."""

    def of(self, owner: JobOwner, before: int | None, most: int) -> Sequence[Job]:
        """Return the jobs of an owner, newest first, from below a number on."""

    def newest_done(self, kind: JobKind, asked: Mapping[str, Any]) -> Job | None:
        """Return the newest job of the kind that was done, whoever gave it, among those that asked for (part of) this."""

    def waiting(self) -> int:
        """Return how many jobs wait for a worker."""

    def claim(self, token: str, now: datetime) -> Claim | None:
        """Take the oldest job that waits or whose worker died; None when there is none.

        A job over which MOST_TRIES workers died fails instead.
        """

    def live(self, claim: Claim, done: int, total: int | None, now: datetime) -> bool:
        """Show a sign of life and how far the work is; False when the job is no longer this claim's."""

    def finish(self, claim: Claim, answer: Mapping[str, Any], files: Sequence[GivenFile], now: datetime) -> bool:
        """End a job as done, with its files, all or nothing; False when it is no longer this claim's."""

    def fail(self, claim: Claim, failure: JobFailure, now: datetime) -> bool:
        """End a job as failed; False when it is no longer this claim's."""

    def give_back(self, claim: Claim) -> None:
        """Let another worker have the job; nothing counts as tried."""

    def cancel(self, number: int, now: datetime) -> bool:
        """End a job that has not ended; its worker stops soon. False when it has ended already."""

    def read(self, number: int, name: str) -> Iterator[bytes]:
        """Yield the bytes of a file, piece by piece."""

    def sweep(self, now: datetime) -> int:
        """Drop jobs and files whose time is over; return how many jobs."""


class Work(Protocol):
    """What the doing of one job has at hand."""

    @property
    def job(self) -> Job:
        """The job."""

    @property
    def folder(self) -> Path:
        """An empty folder of the job's own, gone when it ends."""

    @property
    def now(self) -> datetime:
        """The instant at which the job was begun."""

    def progress(self, done: int, total: int) -> None:
        """Say how far it is. Raises JobStopped when the work is to stop."""

    def given(self) -> Sequence[Path]:
        """Return the files that the job was given, written to its folder, in the order of their names."""

    def keep(self, path: Path, name: str, media_type: str) -> None:
        """Keep a file as a result of the job, once it ends well."""


Doer: TypeAlias = Callable[[Work], Mapping[str, Any]]  # does a job; returns figures of the result


def submit(
    jobs: Jobs,
    actor: Actor,
    kind: JobKind,
    asked: Mapping[str, Any],
    now: datetime,
    files: Sequence[GivenFile] = (),
    once: str | None = None,
) -> int:
    """Keep a job of the actor, who must have been found allowed to give it; return its number."""
    return jobs.submit(kind, owner_of(actor), asked, files, now, once)


def own_job(jobs: Jobs, actor: Actor, number: int) -> Job:
    """Return the actor's job. Raises PolisbridgeError `not_found` when there is none or it is somebody else's."""
    found = jobs.get(number)
    if found is None or not found.owner.is_same(actor):
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"no job {number} of yours", hint="it may have expired")
    return found


ACTIONS: Mapping[JobKind, AccessAction] = {
    JobKind.PORTFOLIO_ASSESSMENT: AccessAction.RUN_PORTFOLIO,
    JobKind.SCENARIO_IMPACT: AccessAction.READ_STATISTICS,
    JobKind.APPROACHES_REPORT: AccessAction.COMPARE,
}


def may_submit(matrix: AccessMatrix, actor: Actor, kind: JobKind) -> None:
    """Raise AccessRefused unless the actor may have a job of the kind done on what is the actor's own."""
    require(matrix, actor, ACTIONS[kind], own_scope(actor))


def own_scope(actor: Actor) -> AccessSubject:
    """Return what is the actor's own: the organisation acted for and the state."""
    organisations = frozenset({actor.organisation} if actor.organisation is not None else ())
    return AccessSubject(actor.state, organisations)


def failure_of(error: PolisbridgeError, folder: Path) -> JobFailure:
    """Return why a job failed, as it is kept. What was found in a wrong file is kept with it, for its owner.

    Where on the machine the job's folder was is nobody's business.
    """
    faults = tuple(_fault(one) for one in error.faults) if isinstance(error, InputFaults) else ()
    return JobFailure(error.code.value, error.detail.replace(f"{folder}/", ""), error.hint, faults)


def _fault(one: Fault) -> Mapping[str, Any]:
    told: dict[str, Any] = {"where": one.path, "line": one.line, "code": one.code.value}
    return told | {"found": one.found, "expected": one.expected}


def cancel(jobs: Jobs, actor: Actor, number: int, now: datetime) -> Job:
    """Cancel the actor's job; one that has ended stays as it is. Returns it as it stands then."""
    job = own_job(jobs, actor, number)
    if job.state not in ENDED:
        jobs.cancel(number, now)
    return own_job(jobs, actor, number)
