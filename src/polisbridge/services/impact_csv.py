"""The impact as tables for a spreadsheet: one CSV file per table, every number as it is, codes rather than words."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from typing import TypeAlias

from polisbridge.services.impact import Group, Impact, Shortfall, TopUps

Row: TypeAlias = tuple[object, ...]
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LACK = ("field", "benefit", "code", "action", "unit", "currency", "rows", "total")


def impact_csv(found: Impact) -> dict[str, bytes]:
    """Return the tables by file name, UTF-8 with a mark of it, so that spreadsheets read Cyrillic names right.

    Amounts are minor units; a corridor is `home>state`.
    """
    needs = ("corridor", "kind", "route", "requirement", "persons", *_LACK)
    return {
        "verdicts.csv": _table(("dimension", "key", "before", "after", "rows"), _verdicts(found)),
        "findings.csv": _table(
            ("before_id", "after_id", "before", "after", "rows"),
            [(one.before_id, one.after_id, one.before, one.after, one.rows) for one in found.findings],
        ),
        "top_ups.csv": _table(
            ("corridor", "rows", "complete", "incomplete", "unknown", "hopeless"),
            [
                (">".join(one.corridor), one.rows, one.complete, one.incomplete, one.unknown, one.hopeless)
                for one in found.top_ups
            ],
        ),
        "needs.csv": _table(needs, (row for one in found.top_ups for row in _needs(one))),
    }


def _verdicts(found: Impact) -> Iterator[Row]:
    yield from _transitions("all", found.total)
    for dimension, groups in found.groups.items():
        for group in groups:
            yield from _transitions(dimension.value, group)


def _transitions(dimension: str, group: Group) -> Iterator[Row]:
    for one in group.transitions:
        yield dimension, ">".join(group.key), one.before, one.after, one.rows


def _needs(found: TopUps) -> Iterator[Row]:
    corridor = ">".join(found.corridor)
    for lack in found.shortfalls:
        yield corridor, "top_up", "", "", lack.rows, *_lack(lack)
    for kind, needs in (("need", found.needs), ("undecided", found.undecided)):
        for need in needs:
            told = (corridor, kind, need.route, need.requirement, need.rows)
            if not need.shortfalls:
                yield *told, *("" for _ in _LACK)
            for lack in need.shortfalls:
                yield *told, *_lack(lack)


def _lack(one: Shortfall) -> Row:
    return one.field, one.benefit, one.code, one.action, one.unit, one.currency, one.rows, one.total


def _table(head: Row, rows: Iterable[Row]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(head)
    writer.writerows([[_cell(cell) for cell in row] for row in rows])
    return text.getvalue().encode("utf-8-sig")


def _cell(value: object) -> str:
    """Return a cell as text; one that a spreadsheet would take for a formula is marked as text."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
