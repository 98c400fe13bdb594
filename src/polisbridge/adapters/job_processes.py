"""Workers as processes beside a serving one: started with it, started again when they die, ended with it."""

import logging
import subprocess
import sys
from threading import Event, Thread

_PROGRAM = "from polisbridge.app import work; work()"
_PATIENCE = 20  # seconds to give a job back
_PAUSE = 1.0  # seconds between looks whether all live
_LOG = logging.getLogger("polisbridge.jobs")


class JobProcesses:
    """So many workers, while the context lasts. They read what they need from the environment (`serving.served`)."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._over, self._running = Event(), list[subprocess.Popen[bytes]]()
        self._watch = Thread(target=self._keep_alive, name="workers", daemon=True)

    def __enter__(self) -> None:
        """Start them."""
        self._running = [_started() for _ in range(self._number)]
        self._watch.start()

    def __exit__(self, *_: object) -> None:
        """Tell them to end, and wait until they have; one that does not is killed."""
        self._over.set()
        self._watch.join()
        for one in self._running:
            one.terminate()
        for one in self._running:
            try:
                one.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                one.kill()
                one.wait()

    def _keep_alive(self) -> None:
        while not self._over.wait(_PAUSE):
            for at, one in enumerate(self._running):
                if one.poll() is not None:
                    _LOG.warning("a worker ended with %d, another begins", one.returncode)
                    self._running[at] = _started()


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _PROGRAM])  # noqa: S603 - our own program
