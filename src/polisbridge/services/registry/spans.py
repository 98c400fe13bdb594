"""Days that follow each other, put together: the registry cuts a span wherever something changed within it."""

from collections.abc import Iterable
from datetime import date, timedelta

from polisbridge.core.contract import Period

_DAY = timedelta(days=1)


def joined(periods: Iterable[Period]) -> list[Period]:
    """Return the periods with those that touch or overlap made one, in order of days.

    >>> joined([Period(date(2026, 2, 1), None), Period(date(2026, 1, 1), date(2026, 1, 31))])
    [Period(first=datetime.date(2026, 1, 1), last=None)]
    """
    found: list[Period] = []
    for one in sorted(periods, key=lambda period: period.first or date.min):
        before = found[-1] if found else None
        if before is not None and _touch(before, one):
            found[-1] = Period(before.first, _later(before.last, one.last))
        else:
            found.append(one)
    return found


def around(periods: Iterable[Period], day: date) -> Period | None:
    """Return the unbroken span that holds the day; else the last one before it, else the first after it."""
    spans = joined(periods)
    began = [span for span in spans if span.first is None or span.first <= day]
    return began[-1] if began else spans[0] if spans else None


def holds(period: Period, day: date) -> bool:
    """Say whether the day lies within the period."""
    return (period.first is None or period.first <= day) and (period.last is None or day <= period.last)


def _touch(before: Period, after: Period) -> bool:
    return before.last is None or after.first is None or after.first <= before.last + _DAY


def _later(one: date | None, other: date | None) -> date | None:
    return None if one is None or other is None else max(one, other)
