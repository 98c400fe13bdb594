"""The mutation gate: boundary records must catch every mistake that an encoder of law could make.

For each provision records are generated from its condition; then the condition is changed in every small
way, and each change that makes any difference must show on some record. The smallest set of records that
shows them all is what ships with the law as vectors.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from polisbridge.core.bound import Applied, bind
from polisbridge.core.checks import Setting
from polisbridge.core.compiled import compile_conditions
from polisbridge.core.condition import ALWAYS, Condition, Truth, evaluate
from polisbridge.core.facts import Facts
from polisbridge.core.law import LawBook, Provision
from polisbridge.core.mutate import Mutant, mutants
from polisbridge.services.boundary import all_combinations, all_records, boundary_records, random_record, values_of

_EXHAUSTIVE = 20_000  # combinations up to which a mutant's equivalence is proved by trying them all
_RANDOM = 4_000


@dataclass(frozen=True, slots=True)
class Vector:
    """One record, and what a part of a provision (`applies` or `holds`) says of it."""

    provision: str
    part: str
    facts: Facts
    truth: Truth


@dataclass(frozen=True, slots=True)
class GateResult:
    """What became of all mutants of one condition; `survived` make a difference that no record showed."""

    provision: str
    part: str
    killed: int
    equivalent: int
    survived: tuple[str, ...]
    vectors: tuple[Vector, ...]


def conditions_of(book: LawBook, provision: Provision) -> Iterator[tuple[str, Condition]]:
    """Yield the parts of a provision that say something: whom it concerns, and what it asks."""
    one: Applied = bind(
        provision, provision.citation.evidence, ALWAYS, Setting(wider_benefits=book.wider_benefits()), 0
    )
    for part, condition in (("applies", one.applies), ("holds", one.holds)):
        if condition != ALWAYS:
            yield part, condition


def gate(book: LawBook, provision: Provision) -> Iterator[GateResult]:
    """Yield the result for each part of a provision."""
    for part, condition in conditions_of(book, provision):
        yield _gate(provision.id, part, condition)


def _gate(provision: str, part: str, condition: Condition) -> GateResult:
    records = boundary_records(condition)
    changed = list(mutants(condition))
    run = compile_conditions([condition, *[mutant.condition for mutant in changed]])
    answers = [run(record) for record in records]
    noticed = {i: [at for at, row in enumerate(answers) if row[i + 1] is not row[0]] for i in range(len(changed))}
    chosen = _fewest(noticed)
    silent = [changed[i] for i, where in noticed.items() if not where]
    survived, late = _survivors(condition, silent)
    vectors = [Vector(provision, part, records[at], answers[at][0]) for at in chosen]
    vectors += [Vector(provision, part, record, evaluate(condition, record)) for record in late]
    equivalent = len(silent) - len(survived) - len(late)
    return GateResult(provision, part, len(changed) - equivalent - len(survived), equivalent, survived, tuple(vectors))


def _fewest(noticed: dict[int, list[int]]) -> list[int]:
    """Return few records that together notice every mutant that any of them does (greedy cover)."""
    by_record: dict[int, set[int]] = {}
    for mutant, where in noticed.items():
        for at in where:
            by_record.setdefault(at, set()).add(mutant)
    open_, chosen = {mutant for mutant, where in noticed.items() if where}, []
    while open_:
        best = max(by_record, key=lambda at: (len(by_record[at] & open_), -at))
        chosen.append(best)
        open_ -= by_record[best]
    return sorted(chosen)


def _survivors(condition: Condition, silent: list[Mutant]) -> tuple[tuple[str, ...], list[Facts]]:
    """Return the mutants whose equivalence could not be shown, and records that do notice some after all."""
    survived, found = [], []
    for mutant in silent:
        values = values_of(condition)
        for name, choices in values_of(mutant.condition).items():
            values[name] = list({repr(value): value for value in [*values.get(name, []), *choices]}.values())
        record = _difference(condition, mutant.condition, values)
        if record is not None:
            found.append(record)
        elif all_combinations(values) > _EXHAUSTIVE:
            survived.append(mutant.what)
    return tuple(survived), found


def _difference(one: Condition, other: Condition, values: dict[str, list[object]]) -> Facts | None:
    """Return a record on which two conditions differ: of all combinations, or of many when there are too many."""
    run = compile_conditions([one, other])
    if all_combinations(values) <= _EXHAUSTIVE:
        records = all_records(values)
    else:
        random = Random(2)  # noqa: S311 - a fixed sequence, not a secret
        records = (random_record(values, random) for _ in range(_RANDOM))
    for record in records:
        before, after = run(record)
        if before is not after:
            return record
    return None
