"""Changes of a contract that make a condition true or false, read off the condition.

Remedies meet requirements; this is for open questions, which only concern some contracts: a contract that such
a question does not concern is not held back by it.
"""

from collections.abc import Iterator, Sequence
from itertools import islice, product

from polisbridge.core.codes import Scope
from polisbridge.core.condition import (
    And,
    Compare,
    Condition,
    Const,
    Field,
    InSet,
    IsTrue,
    Known,
    Not,
    Or,
    Overlaps,
    Within,
    evaluate,
)
from polisbridge.core.facts import ABSENT, Facts
from polisbridge.core.law import LawBook
from polisbridge.core.remedy import Action, Change, Plain
from polisbridge.core.vocabulary import group_of
from polisbridge.services.compare.offer import lever_of, own_fields

_MOST = 8  # alternatives per condition; more would only be other words for the same
_NOT_CHANGED = frozenset({"home_state", "contract_kind", "insurer_state", "concluded"})


def changes_towards(condition: Condition, facts: Facts, book: LawBook, *, wanted: bool) -> list[tuple[Change, ...]]:
    """Return alternative changes after which the condition is as wanted; none where no contract can do it."""
    if evaluate(condition, facts) is wanted:
        return [()]
    return list(islice(_towards(condition, facts, book, wanted=wanted), _MOST))


def _towards(condition: Condition, facts: Facts, book: LawBook, *, wanted: bool) -> Iterator[tuple[Change, ...]]:
    match condition:
        case Not(part):
            yield from changes_towards(part, facts, book, wanted=not wanted)
        case And(parts) | Or(parts):
            each = [changes_towards(part, facts, book, wanted=wanted) for part in parts]
            if isinstance(condition, And) == wanted:
                yield from (sum(chosen, ()) for chosen in product(*each))
            else:
                yield from (one for found in each for one in found)
        case _:
            yield from ((change,) for change in _leaf(condition, facts, book, wanted=wanted))


def _leaf(condition: Condition, facts: Facts, book: LawBook, *, wanted: bool) -> Iterator[Change]:
    match condition:
        case Overlaps(Field(name), codes) if wanted:
            host_first = sorted(codes, key=lambda code: (code != facts.state, code))
            yield from _changes(name, Action.ADD, [frozenset({code}) for code in host_first])
        case Overlaps(Field(name), codes):
            yield from _changes(name, Action.DROP, [codes])
        case Within(Field(name), codes) if wanted:
            yield from _changes(name, Action.DROP, [(getattr(facts, name) or frozenset()) - codes])
        case InSet(Field(name), codes):
            known = sorted(codes) if wanted else [one for one in _words(name, book) if one not in codes]
            yield from _changes(name, Action.SET, known)
        case IsTrue(Field(name)):
            yield from _changes(name, Action.SET, [wanted])
        case Known(Field(name)) if not wanted:
            yield from _changes(name, Action.SET, [ABSENT])
        case Compare(Field(name), op, Const(value)) if wanted and op != "==" and isinstance(value, int):
            yield from _changes(name, Action.RAISE if op == ">=" else Action.LOWER, [value])


def _words(name: str, book: LawBook) -> list[str]:
    """Return the words that a code field may hold, of the lists that are short enough to try."""
    group = group_of(name)
    return [scope.value for scope in Scope] if group == "@scope" else list(book.vocabulary.get(group, {}))


def _changes(name: str, action: Action, values: Sequence[Plain]) -> Iterator[Change]:
    if name in own_fields() and name not in _NOT_CHANGED:
        yield from (Change(name, action, value, lever_of(name)) for value in values)
