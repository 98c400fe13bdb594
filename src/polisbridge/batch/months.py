"""Whole months and years in columns, as `core.days` reckons them for one row."""

import polars as pl


def whole_months(first: str, after: pl.Expr) -> pl.Expr:
    """Return how many whole months lie from the day in column `first` to before the day `after`; null where either is.

    A month ends on the day before the same day of the next one, or on that month's last day where it has no such day.
    """
    start = pl.col(first)
    months = (
        (after.dt.year() - start.dt.year()) * 12 + after.dt.month().cast(pl.Int32) - start.dt.month().cast(pl.Int32)
    )
    same_day = pl.min_horizontal(start.dt.day(), after.dt.days_in_month())
    return (months - (same_day > after.dt.day()).cast(pl.Int32)).clip(lower_bound=0)


def days_and_months(first: str, last: str, name: str) -> tuple[pl.Expr, pl.Expr]:
    """Return the days and whole months of a period, both days included, as `<name>_days` and `<name>_months`."""
    days = (pl.col(last) - pl.col(first)).dt.total_days().cast(pl.Int32) + 1
    return days.alias(f"{name}_days"), whole_months(first, pl.col(last) + pl.duration(days=1)).alias(f"{name}_months")


def age(born: str, on: str) -> pl.Expr:
    """Return the age in completed years on a day; a person born on 29 February completes a year on 28 February."""
    return (whole_months(born, pl.col(on)) // 12).alias("age")
