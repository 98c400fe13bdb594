"""Decisions per second: `core.decide` with full findings beside zen, CEL and JsonLogic on the same work.

All engines decide the same seeded occasions under the same invented law (benchmarks/law): twelve
requirements on one route, a duty and a treaty exemption. Every status of every occasion is compared first,
and a single disagreement ends the run with exit 1. Then the engines take turns for several passes.

Each engine gets its input in its own best form, made outside the timed part: Facts for us, JSON for zen, a
filled `cel.Context` for CEL, a dict for JsonLogic. The others return statuses only. We return findings with
what was found, what is missing and the remedy; a second row of ours stops at the statuses, as they do.
JsonLogic runs on a part of the occasions only, for it is slow.
"""

import argparse
import gc
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from time import perf_counter
from typing import Any

import bench_rivals as rivals
import cel
from bench_occasions import bench_law, occasions, plain

from polisbridge.core.applied import NOT_ENDED_AT, AppliedLaw
from polisbridge.core.codes import Outcome, Verdict
from polisbridge.core.condition import Truth
from polisbridge.core.decide import Decision, decide
from polisbridge.core.facts import Facts

SEED = 20261122
JSON_LOGIC_PART = 10  # JsonLogic decides one occasion in so many
OUTCOMES = {
    Outcome.MET: rivals.MET,
    Outcome.NOT_MET: rivals.NOT_MET,
    Outcome.UNDETERMINED: rivals.NOT_KNOWN,
    Outcome.NOT_APPLICABLE: rivals.NOT_CONCERNED,
}
VERDICTS = {
    Verdict.RECOGNISED: rivals.RECOGNISED,
    Verdict.NOT_RECOGNISED: rivals.NOT_RECOGNISED,
    Verdict.NOT_REQUIRED: rivals.NOT_REQUIRED,
    Verdict.UNDETERMINED: rivals.UNDETERMINED,
}
CODES: dict[Truth, int] = {True: rivals.MET, False: rivals.NOT_MET, None: rivals.NOT_KNOWN}


@dataclass(frozen=True)
class Contender:
    """One engine: how it decides, its inputs, how its answer reads as codes, and whether it is ours."""

    name: str
    run: Callable[[Any], Any]
    inputs: Sequence[Any]
    codes: Callable[[Any], rivals.Codes]
    ours: bool = False


def contenders(law: AppliedLaw, facts: Sequence[Facts]) -> list[Contender]:
    """Return all engines with their inputs ready."""
    setting = law.setting
    least, most = (
        setting.limit(Decimal(30_000), "EUR", minimum=True),
        setting.limit(Decimal(100), "EUR", minimum=False),
    )
    rules = rivals.rails(least, most)
    records = [plain(one) for one in facts]
    texts = [json.dumps(record).encode() for record in records]
    contexts = [cel.Context(record) for record in records]
    return [
        Contender("polisbridge, full findings", lambda one: decide(one, law), facts, finding_codes, ours=True),
        Contender("polisbridge, statuses only", statuses_only(law), facts, list, ours=True),
        Contender("zen, one expression", with_verdict(rivals.zen_expression(rules)), texts, list),
        Contender("zen, decision graph", with_verdict(rivals.zen_graph(rules)), texts, list),
        Contender("cel, one program", with_verdict(rivals.cel_program(rules)), contexts, list),
        Contender("json-logic (part)", with_verdict(rivals.json_logic_rules(rules)), records[::JSON_LOGIC_PART], list),
    ]


def with_verdict(engine: rivals.Engine) -> rivals.Engine:
    """Return the engine with the verdict in place of the three rules that only the verdict needs."""

    def run(record: object) -> rivals.Codes:
        codes = engine(record)
        return [*codes[:12], rivals.verdict(codes)]

    return run


def statuses_only(law: AppliedLaw) -> rivals.Engine:
    """Return our compiled conditions alone, with the codes and the verdict that the others return."""
    (route,), (duty,), (exemption,) = law.routes, law.duties, law.exemptions
    places = [(applies, holds) for applies, holds, _ in route.requirements]
    evaluate, entry = law.run, route.route.holds_at

    def run(facts: Facts) -> rivals.Codes:
        truths = evaluate(facts)
        codes = [_code(truths[applies], truths[holds]) for applies, holds in places]
        last = NOT_ENDED_AT if truths[entry] is True else entry  # a contract that may take the route has not ended
        rest = [CODES[truths[at]] for at in (duty.applied.applies_at, exemption.applied.applies_at, last)]
        return [*codes, rivals.verdict(codes + rest)]

    return run


def _code(applies: Truth, holds: Truth) -> int:
    if applies is False:
        return rivals.NOT_CONCERNED
    return rivals.MET if holds else rivals.NOT_MET if applies and holds is False else rivals.NOT_KNOWN


def finding_codes(decision: Decision) -> rivals.Codes:
    """Return a decision of ours as the codes that the others return."""
    return [*(OUTCOMES[one.outcome] for one in decision.routes[0].findings), VERDICTS[decision.verdict]]


def disagreements(entrants: Sequence[Contender]) -> int:
    """Print every status in which an engine differs from our findings; return how many there are."""
    first = [entrants[0].codes(entrants[0].run(one)) for one in entrants[0].inputs]
    found = 0
    for other in entrants[1:]:
        step = len(first) // len(other.inputs)
        for index, record in enumerate(other.inputs):
            for name, ours, theirs in zip(
                (*rivals.REQUIREMENTS, "verdict"), first[index * step], other.codes(other.run(record)), strict=True
            ):
                if ours != theirs:
                    found += 1
                    print(f"DISAGREE occasion {index * step}, {name}: {ours}, {other.name} says {theirs}")
    return found


def measured(entrants: Sequence[Contender], passes: int) -> dict[str, list[float]]:
    """Return the decisions per second of every pass, the engines taking turns."""
    rates: dict[str, list[float]] = {one.name: [] for one in entrants}
    for _ in range(passes):
        for one in entrants:
            gc.collect()
            begin = perf_counter()
            for record in one.inputs:
                one.run(record)
            rates[one.name].append(len(one.inputs) / (perf_counter() - begin))
    return rates


def report(entrants: Sequence[Contender], rates: dict[str, list[float]]) -> None:
    """Print the table and how we stand to the fastest of the others."""
    middle = {name: median(found) for name, found in rates.items()}
    full = middle[entrants[0].name]
    print(f"{'engine':<28} {'decisions/s':>12} {'min..max':>20} {'to ours':>9}")
    for one in entrants:
        found = rates[one.name]
        print(
            f"{one.name:<28} {middle[one.name]:>12,.0f} {f'{min(found):,.0f}..{max(found):,.0f}':>20} {middle[one.name] / full:>9.3f}"
        )
    best = max((middle[one.name], one.name) for one in entrants if not one.ours)
    print(
        f"ours / best other = {full / best[0]:.1f} x with full findings, {middle[entrants[1].name] / best[0]:.1f} x statuses only ({best[1]})"
    )


def main() -> int:
    """Compare, measure and print; 1 when any engine disagrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20_000, help="occasions to decide")
    parser.add_argument("--passes", type=int, default=5, help="timed passes")
    asked = parser.parse_args()
    if asked.count % JSON_LOGIC_PART or asked.count < JSON_LOGIC_PART or asked.passes < 1:
        parser.error(f"--count is a multiple of {JSON_LOGIC_PART}, --passes at least 1")
    entrants = contenders(bench_law(), occasions(asked.count, SEED))
    wrong = disagreements(entrants)
    statuses = (len(rivals.REQUIREMENTS) + 1) * sum(len(one.inputs) for one in entrants[1:])
    print(
        f"{asked.count:,} occasions, {statuses:,} statuses compared, {wrong} disagreements; json-logic decides 1 in {JSON_LOGIC_PART}"
    )
    if wrong:
        return 1
    report(entrants, measured(entrants, asked.passes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
