"""How long one answer takes from a cold start: `polisbridge contract assess` as a fresh process, many times.

An empty Python process is timed beside it, in turns. Then one more run tells where the time goes: per
package the time spent on importing it, all that it imports included (`python -X importtime`).
"""

import argparse
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from statistics import median
from time import perf_counter

CONTRACT = Path(__file__).parent / "contract.yaml"
PROGRAM = "from polisbridge.app import main; main()"
ARGUMENTS = (
    "contract", "assess", str(CONTRACT),
    "--state", "BY", "--gate", "entry", "--from", "2026-06-10", "--to", "2026-09-30", "--as-of", "2026-06-01",
)  # fmt: skip
DECIDED = (0, 1, 3)  # yes, no, undetermined; anything else is an error
SHOWN = 10


def run(*command: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments; stop with its own words when it fails."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False, env=environment)  # noqa: S603 - fixed arguments
    if done.returncode not in DECIDED or not (done.stdout or command[-1] == "pass"):
        sys.exit(f"exit {done.returncode}: {done.stderr}")
    return done


def timed(*command: str) -> float:
    """Return the seconds that one fresh process takes."""
    begin = perf_counter()
    run(*command)
    return perf_counter() - begin


def import_times(text: str) -> tuple[Counter[str], int]:
    """Return the microseconds spent on importing each package, what it imports included, and on all together.

    `-X importtime` prints a module after those that it imports, indented by depth; read from the end, each
    module follows its importer. A module imported by one of its own package is not counted again.
    """
    spent: Counter[str] = Counter()
    total, above = 0, list[str]()
    for line in reversed([line for line in text.splitlines() if line.startswith("import time:")]):
        own, cumulative, name = line.removeprefix("import time:").split("|")
        if not own.strip().isdigit():  # the heading
            continue
        depth, package = (len(name) - len(name.lstrip()) - 1) // 2, name.strip().split(".")[0]
        del above[depth:]
        total += int(own)
        spent[package] += 0 if package in above else int(cumulative)
        above.append(package)
    return spent, total


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15, help="fresh processes of each")
    runs = max(1, parser.parse_args().runs)
    commands = {"contract assess": ("-c", PROGRAM, *ARGUMENTS), "python -c pass": ("-c", "pass")}
    for command in commands.values():  # one run unmeasured, so that files are in memory for both
        run(*command)
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            times[name].append(timed(*command))
    print(f"{'seconds, fresh process':<24} {'min':>7} {'median':>7} {'max':>7}   ({runs} runs)")
    for name, found in times.items():
        print(f"{name:<24} {min(found):>7.3f} {median(found):>7.3f} {max(found):>7.3f}")
    spent, total = import_times(run("-X", "importtime", "-c", PROGRAM, *ARGUMENTS).stderr)
    print(
        f"\nimports take {total / 1e6:.3f} s in one traced run (tracing slows them); packages with all that they import:"
    )
    for package, microseconds in spent.most_common(SHOWN):
        print(f"{package:<24} {microseconds / 1e6:>7.3f}")


if __name__ == "__main__":
    main()
