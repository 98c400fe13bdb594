"""Cases for a drafted provision, made from its own condition: at every boundary and one beyond it, on its first and last day.

What a lawyer would write by hand is written here from the condition; the check of the law (`services.check_law`) judges
them as it judges those of people.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import product
from random import Random
from typing import Any

from polisbridge.core.bound import Applied
from polisbridge.core.codes import Gate, Outcome, Role, Scope
from polisbridge.core.condition import ALWAYS, And, AtLeast, Condition, InSet, Overlaps, Within, evaluate, walk
from polisbridge.core.errors import InputFaults
from polisbridge.core.facts import ITEM_TYPES, Facts, FieldType, field_types
from polisbridge.core.law import LawBook, Provision
from polisbridge.core.money import Rates
from polisbridge.core.mutate import boundaries
from polisbridge.core.vocabulary import FIELD_GROUPS, group_of
from polisbridge.formats.casefile import Case
from polisbridge.formats.factsfile import read_facts, write_facts
from polisbridge.formats.tree import Document, Tree
from polisbridge.services.boundary import Values, all_combinations, boundary_records, random_record, values_of
from polisbridge.services.check_law import bound, case_outcome

_STRANGE = ("XX", "YY")  # what boundary records hold for a code that is in no set
_PUBLIC: Mapping[str, tuple[str, ...]] = {
    "@state": ("NZ", "IS"),
    "@citizenship": ("NZ", "IS"),
    "@territory": ("NZ", "IS"),
    "@region": ("NZ-AUK", "IS-1"),
    "@language": ("mi", "is"),
    "@free": ("another one", "yet another"),
    "@gate": tuple(Gate),
    "@role": tuple(Role),
    "@scope": tuple(Scope),
}
_SAID = {Outcome.MET: "enough", Outcome.NOT_MET: "not enough", Outcome.UNDETERMINED: "cannot be said"}
_DRAWS, _STARTS, _MOST_LINES = 2_000, 4, 200
_NUMBERS = (FieldType.WHOLE, FieldType.MINOR, FieldType.DAY)
_ONE_DAY = timedelta(days=1)


def made_cases(book: LawBook, provision: Provision) -> list[dict[str, Tree]]:
    """Return the fewest cases found that reach every boundary of a provision, and its first and last day.

    Empty for a provision that asks nothing and concerns everybody.
    """
    day = provision.in_force.first or provision.in_force.last or date(2026, 1, 1)
    live = bound(book, provision, _case(Facts(), day))
    if not live or (live[0].applies == ALWAYS and live[0].holds == ALWAYS):
        found = [_Seen({}, Outcome.MET, frozenset())]
    else:
        found = list(_chosen(list(_seen(book, provision, live[0], day))))
    cases = [_written(number, one.facts, day, one.outcome) for number, one in enumerate(found, start=1)]
    return [*cases, *_at_the_edges(provision, found)]


@dataclass(frozen=True, slots=True)
class _Seen:
    """Facts as a case writes them, what the provision says of them, and which small changes of it they would notice."""

    facts: Mapping[str, Tree]
    outcome: Outcome
    notices: frozenset[object]


def _seen(book: LawBook, provision: Provision, one: Applied, day: date) -> Iterator[_Seen]:
    whole = one.holds if one.applies == ALWAYS else And((one.applies, one.holds))
    wanted = [(part, mutant) for part in ("applies", "holds") for mutant in boundaries(getattr(one, part))]
    for record in _records(whole):
        written = _sayable(write_facts(record), whole, book)
        facts = _read(written, book) if written is not None else None
        if facts is None or written is None:
            continue
        notices = {
            (part, mutant.what)
            for part, mutant in wanted
            if evaluate(getattr(one, part), facts) is not evaluate(mutant.condition, facts)
        }
        outcome = case_outcome(book, provision, _case(facts, day))
        yield _Seen(written, outcome, frozenset({*notices, outcome}))


def _records(whole: Condition) -> Iterator[Facts]:
    """Yield facts around the boundaries: each alone, and those in which whole sets and tables stand together."""
    yield from boundary_records(whole)
    values, random = _together(whole), Random(0)  # noqa: S311 - the same every time, and nothing secret
    drawn = [random_record(values, random) for _ in range(_DRAWS)]
    for truth in (True, False):
        for start in [one for one in drawn if evaluate(whole, one) is truth][:_STARTS]:
            yield start
            for name, choices in values.items():
                yield from (replace(start, **{name: value}) for value in choices)


def _together(whole: Condition) -> Values:
    """Return the values worth trying, with sets that hold all codes and all but one, and tables that hold every line."""
    values, types = values_of(whole), field_types(Facts)
    for name, choices in values.items():
        sets = [one for one in choices if isinstance(one, frozenset)]
        if sets:
            every = frozenset().union(*sets) - set(_STRANGE)
            choices += [every, *(every - {one} for one in sorted(every))]
        elif types[name] in _NUMBERS and not any(isinstance(one, int) for one in choices):
            choices.append(1)
    for name, lists in _tables(whole).items():
        values[name] += lists
    return values


def _tables(whole: Condition) -> dict[str, list[Any]]:
    """Return for each table tables of one line around the boundaries, and those that satisfy all parts, and all but one."""
    found: dict[str, list[Any]] = {}
    for name, nodes in _parts_on_tables(whole).items():
        lines = [(node, list(_lines(node, ITEM_TYPES[field_types(Facts)[name]]))) for node in nodes]
        good = [next((one for one in every if evaluate(node.each, one) is True), None) for node, every in lines]
        held = [one for one in good if one is not None]
        found[name] = [
            *((one,) for _, every in lines for one in every),
            tuple(held),
            *(tuple(held[:at] + held[at + 1 :]) for at in range(len(held))),
        ]
    return found


def _parts_on_tables(whole: Condition) -> dict[str, list[AtLeast]]:
    found: dict[str, list[AtLeast]] = {}
    for node, of in walk(whole):
        if isinstance(node, AtLeast) and of is Facts:
            found.setdefault(node.items.name, []).append(node)
    return found


def _lines(node: AtLeast, kind: type) -> Iterator[Any]:
    """Yield lines of a table around the boundaries of what each is asked."""
    values, random = values_of(node.each, kind), Random(0)  # noqa: S311
    if all_combinations(values) <= _MOST_LINES:
        yield from (kind(**dict(zip(values, chosen, strict=True))) for chosen in product(*values.values()))
    else:
        for _ in range(_MOST_LINES):
            yield kind(**{name: random.choice(choices) for name, choices in values.items()})


def _chosen(seen: list[_Seen]) -> Iterator[_Seen]:
    """Yield the fewest records, taken greedily, that together notice all that any of them notices."""
    left = {mark for one in seen for mark in one.notices}
    while left:
        best = max(seen, key=lambda one: (len(one.notices & left), -len(one.facts), str(sorted(one.facts.items()))))
        left -= best.notices
        yield best


def _at_the_edges(provision: Provision, found: list[_Seen]) -> Iterator[dict[str, Tree]]:
    """Yield cases on the last day in force and one day outside at either end."""
    first, last, facts = provision.in_force.first, provision.in_force.last, found[0]
    if first is not None:
        yield _edge("the day before", facts.facts, first - _ONE_DAY, Outcome.NOT_IN_FORCE)
    if last is not None:
        yield _edge("the last day", facts.facts, last, facts.outcome)
        yield _edge("the day after", facts.facts, last + _ONE_DAY, Outcome.NOT_IN_FORCE)


def edges_of_an_end(book: LawBook, provision: Provision, cases: Iterable[Case], last: date) -> list[dict[str, Tree]]:
    """Return the cases that a provision needs when it gets a last day: that day, and the day after."""
    known = list(cases)
    days, names = {one.as_of for one in known}, {one.name for one in known}
    facts = next((one.facts for one in known if one.expect is not Outcome.NOT_IN_FORCE), Facts())
    written, found = write_facts(facts), list[dict[str, Tree]]()
    if last not in days:
        outcome = case_outcome(book, provision, _case(facts, last))
        found.append(_edge(_free(f"the last day, {last}", names), written, last, outcome))
    if last + _ONE_DAY not in days:
        found.append(_edge(_free(f"the day after, {last}", names), written, last + _ONE_DAY, Outcome.NOT_IN_FORCE))
    return found


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else f"{name} (drafted)"


def _edge(name: str, facts: Mapping[str, Tree], day: date, expect: Outcome) -> dict[str, Tree]:
    return _tree(name, facts, day, expect)


def _written(number: int, facts: Mapping[str, Tree], day: date, expect: Outcome) -> dict[str, Tree]:
    shown = ", ".join(f"{name} {_short(value)}" for name, value in facts.items()) or "nothing known"
    return _tree(f"{number}, {_SAID.get(expect, expect.value)} - {shown}"[:100], facts, day, expect)


def _short(value: Tree) -> str:
    return (
        " and ".join(map(_short, value)) if isinstance(value, list) else "a line" if isinstance(value, dict) else value
    )


def _tree(name: str, facts: Mapping[str, Tree], day: date, expect: Outcome) -> dict[str, Tree]:
    said = {"facts": dict(facts)} if facts else {}
    return {"name": name, "as_of": day.isoformat(), **said, "expect": expect.value}


def _case(facts: Facts, day: date) -> Case:
    return Case("", 1, day, facts, Outcome.MET, Rates())


def _read(written: Mapping[str, Tree], book: LawBook) -> Facts | None:
    """Return the facts as the strict reader takes them; None when it does not."""
    try:
        return read_facts(Document("case", written, {}), book.vocabulary)
    except InputFaults:
        return None


def _sayable(tree: Mapping[str, Tree], whole: Condition, book: LawBook) -> dict[str, Tree] | None:
    """Return facts in which a code of no list is one that lists know and the condition does not name."""
    named = {code for node, _ in walk(whole) if isinstance(node, InSet | Overlaps | Within) for code in node.codes}

    def said(field: str, value: Tree) -> Tree:
        if isinstance(value, dict):
            return {name: said(name, one) for name, one in value.items()}
        if isinstance(value, list):
            return [said(field, one) for one in value]
        return _another(field, _STRANGE.index(value), named, book) if value in _STRANGE else value

    try:
        return {name: said(name, value) for name, value in tree.items()}
    except LookupError:
        return None


def _another(field: str, which: int, named: set[str], book: LawBook) -> str:
    """Return a code of the field's list that the condition does not name. Raises LookupError when there is none."""
    if field not in FIELD_GROUPS:
        raise LookupError(field)
    group = group_of(field)
    words = _PUBLIC.get(group) or tuple(sorted(book.vocabulary.get(group, {})))
    return [str(one) for one in words if one not in named][which]
