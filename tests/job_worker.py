"""A worker in a process of its own, for tests that kill it: `python job_worker.py URL LOG hang|once`.

Its job writes rows to a file; with `hang` it never comes to the end.
"""

import sys
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from registry_builder import RING

from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.database.server import connect
from polisbridge.adapters.working import Worker
from polisbridge.core.jobs import JobKind
from polisbridge.services.jobs import Work


def main(url: str, log: str, how: str) -> None:
    """Do one job if there is one."""

    def said(word: str) -> None:
        with Path(log).open("a") as file:
            file.write(f"{word}\n")

    def rows(work: Work) -> Mapping[str, Any]:
        path = work.folder / "rows.csv"
        path.write_text("1\n")
        work.keep(path, "rows.csv", "text/csv")
        said("begun")
        while how == "hang":
            work.progress(1, 3)
            time.sleep(0.05)
        path.write_text("1\n2\n3\n")
        said("ended")
        return {"rows": 3}

    engine = connect(url)
    jobs = SqlJobs(engine, RING)
    Worker(jobs, {JobKind.PORTFOLIO_ASSESSMENT: rows}, lambda: datetime.now(UTC)).do_one()  # noqa: TID251 - a real one
    engine.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:4])
