"""Remedies: the changes of a contract that turn findings to met, and how they change the Facts.

Changes only ever add cover, so those of several findings can be made together in any order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar

from polisbridge.core.days import whole_months
from polisbridge.core.facts import Absent, BenefitLine, Facts

R = TypeVar("R", Facts, BenefitLine)
Plain: TypeAlias = int | str | bool | Absent | frozenset[str]


class Action(StrEnum):
    """What a change does to a field."""

    SET = "set"
    ADD = "add"
    DROP = "drop"
    RAISE = "raise"
    LOWER = "lower"
    EVERY_LINE = "every_line"


class Lever(StrEnum):
    """What has to be moved: the contract, its paper, who issues it, or something outside any contract."""

    CONTRACT = "contract"
    DOCUMENT = "document"
    ISSUER = "issuer"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one field, of the contract or of the line of one `benefit`.

    `currency` is that of an amount. EVERY_LINE raises the limits in that currency that are lower.
    """

    field: str
    action: Action
    value: Plain
    lever: Lever = Lever.CONTRACT
    currency: str | None = None
    benefit: str | None = None


@dataclass(frozen=True, slots=True)
class TopUp:
    """All changes of one route together, as something an insurer can quote.

    `complete` says that they reach `recognised`; what no contract can change makes it False.
    """

    changes: tuple[Change, ...]
    complete: bool


def merged(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Return the changes with those of one field made one, in a fixed order: the further one wins.

    What concerns every line comes last, so that it reaches lines which the other changes add.
    """
    found: dict[tuple[str, ...], Change] = {}
    for change in changes:
        which = repr(change.value) if change.action is Action.SET else ""
        key = (change.benefit or "", change.field, change.action.value, change.currency or "", which)
        found[key] = _further(found[key], change) if key in found else change
    return tuple(found[key] for key in sorted(found, key=lambda key: (found[key].action is Action.EVERY_LINE, key)))


def _further(one: Change, other: Change) -> Change:
    if isinstance(one.value, frozenset) and isinstance(other.value, frozenset):
        return replace(one, value=one.value | other.value)
    if isinstance(one.value, int) and isinstance(other.value, int):
        pick = min if one.action is Action.LOWER else max
        return replace(one, value=pick(one.value, other.value))
    return other


def apply_changes(facts: Facts, changes: Iterable[Change]) -> Facts:
    """Return the Facts of the contract after the changes, with its term counted anew."""
    for change in changes:
        facts = _apply(facts, change)
    return with_term(facts)


def with_term(facts: Facts) -> Facts:
    """Return the Facts with `term_days` and `term_months` counted from the contract's first and last day."""
    term = term_of(facts.first_day, facts.last_day)
    return replace(facts, **term) if term else facts


def term_of(first: object, last: object) -> dict[str, Any]:
    """Return the term in days and in whole months between two day numbers; nothing when one is missing."""
    if not isinstance(first, int) or not isinstance(last, int):
        return {}
    return {"term_days": last - first + 1, "term_months": whole_months(first, last)}


def _apply(facts: Facts, change: Change) -> Facts:
    if change.action is Action.EVERY_LINE:
        return replace(facts, benefits=tuple(_raised(line, change) for line in facts.benefits or ()))
    if change.benefit is not None:
        return replace(facts, benefits=_with_line(facts.benefits or (), change))
    return _changed(facts, change)


def _raised(line: BenefitLine, change: Change) -> BenefitLine:
    low = isinstance(line.limit, int) and isinstance(change.value, int) and line.limit < change.value
    return replace(line, limit=change.value) if low and line.limit_currency == change.currency else line  # type: ignore[arg-type]


def _with_line(lines: tuple[BenefitLine, ...], change: Change) -> tuple[BenefitLine, ...]:
    at = next((i for i, line in enumerate(lines) if line.benefit == change.benefit), None)
    if at is None:
        return (*lines, _changed(BenefitLine(benefit=change.benefit, unlimited=False), change))
    return (*lines[:at], _changed(lines[at], change), *lines[at + 1 :])


def _changed(record: R, change: Change) -> R:
    held = getattr(record, change.field)
    values: dict[str, object] = {change.field: _new_value(held, change)}
    if change.currency is not None:
        values[f"{change.field}_currency"] = change.currency
        if getattr(record, f"{change.field}_currency") != change.currency:
            values[change.field] = change.value
    return replace(record, **values)  # type: ignore[arg-type]


def _new_value(held: object, change: Change) -> object:
    value, action = change.value, change.action
    if isinstance(value, frozenset):
        before = held if isinstance(held, frozenset) else frozenset()
        return before - value if action is Action.DROP else before | value
    if isinstance(value, int) and isinstance(held, int) and not isinstance(value, bool):
        wanted = {Action.RAISE: max, Action.LOWER: min}.get(action)
        return wanted(held, value) if wanted else value
    return value
