"""A worker: takes jobs one after the other and does them, with signs of life; it ends when it is told to or left alone.

Told to end (SIGTERM, SIGINT), it gives its job back at the next step of the work. A worker that is killed gives
nothing back; its job is taken up by another one when its lease is over (`core.jobs.LEASE`).
"""

import logging
import os
import secrets
import signal
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.jobs import Job, JobFailure, JobKind, JobTrouble
from polisbridge.services.jobs import INPUT, Claim, Doer, GivenFile, Jobs, JobStopped, failure_of

BEAT = 1.0  # seconds between signs of life, which also tell how far the work is
PAUSE = 1.0  # seconds between looks for a job
_SWEEP_EVERY = 600  # looks without a job between two sweeps
_LOG = logging.getLogger("polisbridge.jobs")


class HeldWork:
    """The work on one job (`services.jobs.Work`): a thread shows signs of life while it lasts."""

    def __init__(
        self, jobs: Jobs, claim: Claim, folder: Path, clock: Callable[[], datetime], told_to_end: Event
    ) -> None:
        self.job: Job = claim.job
        self.folder, self.now = folder, clock()
        self.kept: list[GivenFile] = []
        self._jobs, self._claim, self._clock, self._told_to_end = jobs, claim, clock, told_to_end
        self._lost, self._over = Event(), Event()
        self._far: tuple[int, int | None] = (0, None)
        self._heart = Thread(target=self._beat, daemon=True)

    def __enter__(self) -> Self:
        """Begin to show signs of life."""
        self._heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End that."""
        self._over.set()
        self._heart.join()

    def progress(self, done: int, total: int) -> None:
        """Say how far it is. Raises JobStopped when the work is to stop."""
        self._far = (done, total)
        if self._lost.is_set() or self._told_to_end.is_set():
            raise JobStopped

    def given(self) -> Sequence[Path]:
        """Return the files that the job was given, written to its folder, in the order of their names."""
        found = list[Path]()
        for one in self.job.files:
            if one.name.startswith(INPUT):
                path = self.folder / one.name.removeprefix(INPUT)
                with path.open("wb") as file:
                    file.writelines(self._jobs.read(self.job.id, one.name))
                found.append(path)
        return found

    def keep(self, path: Path, name: str, media_type: str) -> None:
        """Keep a file as a result of the job, once it ends well."""
        self.kept.append(GivenFile(name, media_type, path))

    def _beat(self) -> None:
        while not self._over.wait(BEAT):
            try:
                if not self._jobs.live(self._claim, *self._far, self._clock()):
                    self._lost.set()
                    return
            except PolisbridgeError:  # no database: the lease decides
                continue


class Worker:
    """Does jobs in this process."""

    def __init__(self, jobs: Jobs, doers: Mapping[JobKind, Doer], clock: Callable[[], datetime]) -> None:
        self._jobs, self._doers, self._clock = jobs, doers, clock
        self.token = f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(8)}"
        self.told_to_end = Event()

    def run(self, parent: int | None = None) -> None:
        """Do jobs until told to end, or until the process `parent` is no longer the one that started this one."""
        looks = 0
        while not self.told_to_end.is_set() and (parent is None or os.getppid() == parent):
            try:
                if looks % _SWEEP_EVERY == 0:
                    self._jobs.sweep(self._clock())
                looks += 1
                if self.do_one():
                    continue
            except PolisbridgeError as exc:
                if exc.code is not ErrorCode.NO_DATABASE:
                    raise
                _LOG.warning("the database does not answer")
            self.told_to_end.wait(PAUSE)

    def do_one(self) -> bool:
        """Do one job if there is one; say whether there was. When the database goes away it is left to its lease."""
        claim = self._jobs.claim(self.token, self._clock())
        if claim is None:
            return False
        _LOG.info("job %d (%s) begun, try %d", claim.job.id, claim.job.kind.value, claim.job.tries)
        with tempfile.TemporaryDirectory(prefix="polisbridge-job-") as folder:
            with HeldWork(self._jobs, claim, Path(folder), self._clock, self.told_to_end) as work:
                failure = self._done(work, claim)
            if failure is not None:
                self._jobs.fail(claim, failure, self._clock())
        _LOG.info("job %d over%s", claim.job.id, f", failed: {failure.code}" if failure else "")
        return True

    def _done(self, work: HeldWork, claim: Claim) -> JobFailure | None:
        """Do the work and keep what it made; return why it failed, None when it did not."""
        try:
            answer = self._doers[claim.job.kind](work)
            self._jobs.finish(claim, answer, work.kept, self._clock())
        except JobStopped:
            self._jobs.give_back(claim)  # changes nothing of a job that was cancelled, or is another's
        except PolisbridgeError as exc:
            if exc.code is ErrorCode.NO_DATABASE:
                raise
            return failure_of(exc, work.folder)
        except Exception as exc:  # noqa: BLE001 - whatever it was: the job ends, the worker goes on
            steps = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(exc.__traceback__)]
            _LOG.error("job %d: %s at %s", claim.job.id, type(exc).__name__, " < ".join(reversed(steps)))
            return JobFailure(JobTrouble.INTERNAL.value)
        return None


def end_when_told(worker: Worker) -> None:
    """Let SIGTERM and SIGINT tell the worker to end."""
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: worker.told_to_end.set())
