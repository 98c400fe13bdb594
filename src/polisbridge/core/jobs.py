"""Jobs: work that takes longer than an answer may, as values. Who keeps and does them is `services.jobs`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from polisbridge.core.roles import Actor, ActorRole

LEASE = timedelta(seconds=60)  # without a sign of life for so long, a job is anybody's again
MOST_TRIES = 3  # by workers that died over it; then the job itself is taken to be what kills them
KEPT = timedelta(days=7)  # a job and its results, from the day on which it ended


class JobKind(StrEnum):
    """What is to be done. Published: never renamed."""

    PORTFOLIO_ASSESSMENT = "portfolio_assessment"
    SCENARIO_IMPACT = "scenario_impact"
    APPROACHES_REPORT = "approaches_report"


class JobState(StrEnum):
    """How far a job is; the last three are for ever."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobOwner:
    """Who gave the job, and with it who may see and cancel it: an account, or a machine by its key."""

    role: ActorRole
    name: str
    account: int | None = None
    state: str = ""
    organisation: int | None = None
    key: int | None = None

    def is_same(self, actor: Actor) -> bool:
        """Say whether the actor gave the job: the same account, or the same machine's key. Nobody is the same nobody."""
        if self.account is None and self.key is None:
            return False
        return (self.account, self.key) == (actor.account, actor.key)

    def actor(self) -> Actor:
        """Return the owner as who acts."""
        return Actor(self.role, self.name, self.account, self.state, self.organisation, key=self.key)


def owner_of(actor: Actor) -> JobOwner:
    """Return the actor as the owner of a job."""
    return JobOwner(actor.role, actor.name, actor.account, actor.state, actor.organisation, actor.key)


@dataclass(frozen=True, slots=True)
class JobFile:
    """A file that a job was given or that it made, by its name; `size` in bytes."""

    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class JobFailure:
    """Why a job failed: the code of an error (`core.errors.ErrorCode`), or of `JobTrouble`, and what it told.

    `faults` are those of an input, as plain values: where, line, code, found, expected.
    """

    code: str
    detail: str = ""
    hint: str = ""
    faults: tuple[Mapping[str, Any], ...] = ()


class JobTrouble(StrEnum):
    """Why a job failed that nobody is told more of."""

    INTERNAL = "internal"  # an error that nobody foresaw; the log tells where
    WORKER_LOST = "worker_lost"  # MOST_TRIES workers ended over it


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `done` of `total` are steps of its own (rows, parts); a total of None is not known yet.

    `answer` are figures of the result, without data of persons. `tries` counts workers that began it.
    """

    id: int
    kind: JobKind
    owner: JobOwner
    asked: Mapping[str, Any]
    state: JobState
    created: datetime
    done: int = 0
    total: int | None = None
    tries: int = 0
    ended: datetime | None = None
    expires: datetime | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    failure: JobFailure | None = None
    files: tuple[JobFile, ...] = ()

    def file(self, name: str) -> JobFile | None:
        """Return the file of that name, None when there is none."""
        return next((one for one in self.files if one.name == name), None)

    @property
    def percent(self) -> int | None:
        """How much is done, in whole percent rounded down; None while that is not known."""
        if self.state is JobState.DONE:
            return 100
        return None if not self.total else min(100, 100 * self.done // self.total)
