"""Whole days. Law counts days, so the core keeps a day as an integer: days since 1970-01-01.

Months and years are resolved here, before any condition is evaluated: a condition knows whole days only.
"""

from calendar import monthrange
from datetime import MAXYEAR, date
from functools import lru_cache

_EPOCH = date(1970, 1, 1).toordinal()


def day_number(day: date) -> int:
    """Return the day as whole days since 1970-01-01.

    >>> day_number(date(1970, 1, 2))
    1
    """
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the date of a day number; the inverse of `day_number`."""
    return date.fromordinal(number + _EPOCH)


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day where it has no such day.

    >>> add_months(date(2027, 1, 31), 1)
    datetime.date(2027, 2, 28)
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=100_000)
def whole_months(first: int, last: int) -> int:
    """Return how many whole months the inclusive period first..last holds; 0 when it holds none.

    >>> whole_months(day_number(date(2026, 1, 1)), day_number(date(2026, 3, 31)))
    3
    """
    start, end = day_of(first), day_of(last)
    months = max(0, (end.year - start.year) * 12 + end.month - start.month + 1)
    while months and _day_after(start, months) > last + 1:
        months -= 1
    return months


def _day_after(start: date, months: int) -> int:
    """Return the number of the day that follows so many months, also when the calendar ends before it."""
    try:
        return day_number(add_months(start, months))
    except ValueError:
        is_new_year = start.day == 1 and (start.month - 1 + months) % 12 == 0
        return day_number(date.max) + (
            1 if is_new_year and start.year + (start.month - 1 + months) // 12 == MAXYEAR + 1 else 2
        )


def whole_years(born: int, on: int) -> int:
    """Return the age in completed years; a person born on 29 February completes a year on 28 February."""
    return whole_months(born, on - 1) // 12 if on >= born else 0
