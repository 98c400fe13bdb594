"""Is a stricter law announced in time? Two versions of the same law compared, 48 hours of notice.

Stricter is what a contract that was enough may fail: a requirement or duty that is new or changed and not
proven to ask no more than one before it, and a route or exemption that ends. Bringing a route with its own
requirements is not stricter: nobody lost anything.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

from polisbridge.core.checks import Setting
from polisbridge.core.condition import ALWAYS
from polisbridge.core.law import Duty, Exemption, LawBook, Provision, Requirement, Route

NOTICE = timedelta(hours=48)
EASTERNMOST = timedelta(hours=12)  # a day begins on the Pacific coast of Russia twelve hours before UTC


def first_day_allowed(now: datetime) -> date:
    """Return the first day that begins, wherever in the region, at least 48 hours after the instant."""
    least = now + NOTICE + EASTERNMOST
    return least.date() if least.time() == least.time().min else least.date() + timedelta(days=1)


def too_soon(before: LawBook, after: LawBook, setting: Setting, now: datetime) -> tuple[Provision, ...]:
    """Return the provisions that make the law stricter on a day too near, in order of id."""
    span = now.date(), first_day_allowed(now) - timedelta(days=1)
    found = [*_begins(before, after, setting, span), *_ends(before, after, span)]
    return tuple(sorted(found, key=lambda one: one.id))


def _begins(before: LawBook, after: LawBook, setting: Setting, span: tuple[date, date]) -> Iterator[Provision]:
    for new in after.provisions:
        bites = _within(new, span)
        if bites is None:
            continue
        if (isinstance(new, Requirement) and not _asked_already(before, new, setting, bites)) or (
            isinstance(new, Duty) and not _bound_already(before, new, bites)
        ):
            yield new


def _asked_already(before: LawBook, new: Requirement, setting: Setting, bites: tuple[date, date]) -> bool:
    """Say whether every route that existed was already asked as much on all of these days."""
    routes = {route for route in new.routes if before.get(route) is not None}
    return all(
        any(
            isinstance(old, Requirement)
            and route in old.routes
            and _as_strict(old, new, setting)
            and _covers(old, bites)
            for old in before.provisions
        )
        for route in routes
    )


def _as_strict(old: Requirement, new: Requirement, setting: Setting) -> bool:
    return (
        type(old.check) is type(new.check)
        and old.gates >= new.gates
        and (old.applies in (ALWAYS, new.applies))
        and (old.check == new.check or old.check.as_strict_as(new.check, setting) is True)
    )


def _bound_already(before: LawBook, new: Duty, bites: tuple[date, date]) -> bool:
    return any(
        isinstance(old, Duty)
        and old.jurisdiction == new.jurisdiction
        and old.gates >= new.gates
        and old.applies in (ALWAYS, new.applies)
        and _covers(old, bites)
        for old in before.provisions
    )


def _ends(before: LawBook, after: LawBook, span: tuple[date, date]) -> Iterator[Provision]:
    for old in before.provisions:
        stood = _within(old, span)
        if (
            stood is not None
            and isinstance(old, Route | Exemption)
            and not any(_replaces(new, old) and _covers(new, stood) for new in after.provisions)
        ):
            yield old


def _replaces(new: Provision, old: Provision) -> bool:
    """Say whether whoever could take the old route or exemption can take the new one."""
    if type(new) is not type(old) or new.jurisdiction != old.jurisdiction or not new.gates >= old.gates:
        return False
    if isinstance(new, Route) and isinstance(old, Route) and new.accepts not in (ALWAYS, old.accepts):
        return False
    return new.applies in (ALWAYS, old.applies) and (not isinstance(new, Route) or new.id == old.id)


def _within(one: Provision, span: tuple[date, date]) -> tuple[date, date] | None:
    """Return the days of the span on which the provision is in force, None when on none."""
    first = max(one.in_force.first or date.min, span[0])
    last = min(one.in_force.last or date.max, span[1])
    return (first, last) if first <= last else None


def _covers(one: Provision, days: tuple[date, date]) -> bool:
    return one.in_force.on(days[0]) and one.in_force.on(days[1])


def of_state(book: LawBook, state: str) -> LawBook:
    """Return the book with only the state's own provisions."""
    return replace(book, provisions=tuple(book.of_state(state)))
