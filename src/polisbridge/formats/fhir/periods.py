"""Periods: first and last day, both inclusive, as FHIR has them too."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.contract import Period
from polisbridge.formats.fhir.facts import Places
from polisbridge.formats.fhir.parts import Part
from polisbridge.formats.tree import Path

_ENDS = {"start": "from", "end": "to"}


def days_of(period: Period) -> dict[str, str]:
    """Return a period as a contract file says it."""
    named = {"from": period.first, "to": period.last}
    return {key: day.isoformat() for key, day in named.items() if day is not None}


def period_out(days: Mapping[str, str]) -> dict[str, Any]:
    """Return days of a contract file as a Period; empty when neither is known."""
    return {end: days[key] for end, key in _ENDS.items() if key in days}


def period_in(part: Part | None, at: Path, places: Places) -> dict[str, str]:
    """Return a Period as a contract file says it."""
    found = dict[str, str]()
    if part is None:
        return found
    places[at] = part.where
    for end, key in _ENDS.items():
        day = part.day(end)
        if day is not None:
            found[key], places[*at, key] = day, f"{part.where}.{end}"
    return found
