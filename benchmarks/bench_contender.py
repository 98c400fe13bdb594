"""What every contender over a portfolio does alike: run one job in its own process and say what it cost.

A contender is a program that is called with a job, the portfolio's folder and a folder to write to. It prints one line of
JSON: the seconds of the job, by the wall and of all processors, from the folder on disk to the whole result, without starting Python and importing. A job that
gives a report returns it, and it is kept in the folder as JSON. Jobs over rows that lie in memory are made ready before the
clock starts.
"""

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from time import perf_counter, process_time
from typing import TypeAlias

Report: TypeAlias = dict[str, object]
Job: TypeAlias = Callable[[Path, Path], Report | None]

THREADS = 2
REPORT = "report.json"
# The findings of the invented law in the order in which the result packs them, two bits each.
FINDINGS = (
    "entry", "benefits", "deductible", "exclusions", "insurer", "language", "period", "person",
    "premium", "sum_insured", "term", "territory", "waiting", "duty", "exemption",
)  # fmt: skip
NOT_MET, MET, UNDETERMINED, NOT_APPLICABLE = 0, 1, 2, 3
NOT_RECOGNISED, RECOGNISED, UNDECIDED, NOT_REQUIRED = 0, 1, 2, 3
# What the rates of the day make of EUR 30 000 and EUR 100, in minor units.
LEAST = {"EUR": 3_000_000, "KZT": 1_690_230_000, "RUB": 291_388_822, "USD": 3_261_608}
MOST = {"EUR": 10_000, "KZT": 5_634_100, "RUB": 971_296, "USD": 10_872}


def report(verdicts: Mapping[int, int], not_met: Mapping[str, int], undetermined: Mapping[str, int]) -> Report:
    """Return the counts in one form: by verdict code, and by finding."""
    return {
        "verdicts": {str(code): verdicts.get(code, 0) for code in range(4)},
        "not_met": {name: int(not_met[name]) for name in FINDINGS},
        "undetermined": {name: int(undetermined[name]) for name in FINDINGS},
    }


def contend(jobs: Mapping[str, Job], made_ready: Mapping[str, Callable[[Path], Job]] | None = None) -> None:
    """Run the job that the command line names; those made ready get the portfolio before the clock starts."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=[*jobs, *(made_ready or ())])
    parser.add_argument("portfolio", type=Path)
    parser.add_argument("into", type=Path)
    asked = parser.parse_args()
    asked.into.mkdir(parents=True)
    job = jobs[asked.job] if asked.job in jobs else (made_ready or {})[asked.job](asked.portfolio)
    begin, begin_cpu = perf_counter(), process_time()
    found = job(asked.portfolio, asked.into)
    seconds, cpu = perf_counter() - begin, process_time() - begin_cpu
    if found is not None:
        (asked.into / REPORT).write_text(json.dumps(found))
    print(json.dumps({"seconds": seconds, "cpu": cpu}))
