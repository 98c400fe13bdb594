"""Comparisons as plain JSON values: ids and codes, with each provision written once."""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import Any

from polisbridge.core.law import Provision
from polisbridge.core.money import from_minor
from polisbridge.formats.decisionfile import ask_value, write_decision
from polisbridge.formats.provisionjson import provision_json
from polisbridge.services.compare.cheapest import Cheapest, Found, Obstacle
from polisbridge.services.compare.common import AskedSet, Gap
from polisbridge.services.compare.conflicts import Conflicts, PlacePair
from polisbridge.services.compare.matrix import ROWS, Cell, Matrix


def provisions_json(some: Iterable[Provision]) -> dict[str, Any]:
    """Return provisions by id, each once."""
    return {one.id: provision_json(one) for one in some}


def cell_json(cell: Cell) -> dict[str, Any]:
    """Return a cell with the ids of its provisions and questions."""
    return {
        "state": cell.place.state,
        "gate": cell.place.gate.value,
        "row": cell.row,
        "says": cell.state.value,
        "held": cell.held,
        "provisions": [{"id": one.provision.id, "evidence": one.evidence.value} for one in cell.entries],
        "routes": list(cell.routes),
        "questions": [one.id for one in cell.questions],
    }


def matrix_json(matrix: Matrix, cells: Iterable[Cell] | None = None) -> dict[str, Any]:
    """Return all cells, or some, with the provisions and questions that stand in them."""
    chosen = list(cells or (matrix.cells[place, row] for place in matrix.places for row in ROWS))
    told = [one.provision for cell in chosen for one in cell.entries]
    told += [question for cell in chosen for question in cell.questions]
    return {
        "law": {"hash": matrix.law_hash},
        "as_of": matrix.as_of.isoformat(),
        "cells": [cell_json(cell) for cell in chosen],
        "provisions": provisions_json(told),
    }


def conflicts_json(found: Conflicts) -> dict[str, Any]:
    """Return every two places with their combinations of routes."""
    return {
        "law": {"hash": found.law_hash},
        "as_of": found.as_of.isoformat(),
        "pairs": [_pair(pair) for pair in found.pairs],
        "provisions": provisions_json(
            each for pair in found.pairs for one in pair.pairs for both in one.because for each in both
        ),
    }


def _pair(pair: PlacePair) -> dict[str, Any]:
    return {
        "places": [str(pair.one), str(pair.other)],
        "together": pair.together.value,
        "routes": [
            {
                "routes": [one.one.route.id, one.other.route.id],
                "excluded": one.excluded,
                "established": one.established,
                "because": [[each.id for each in both] for both in one.because],
            }
            for one in pair.pairs
        ],
        "without_contract": [one.route.id for one in pair.without_contract],
    }


def gaps_json(matrix: Matrix, gaps: Iterable[Gap]) -> dict[str, Any]:
    """Return the rows on which some places speak and others do not."""
    rows = [
        {
            "row": gap.row,
            "asked": [str(cell.place) for cell in gap.asked],
            "silent": [str(place) for place in gap.silent],
            "open": [str(place) for place in gap.open],
        }
        for gap in gaps
    ]
    return {"law": {"hash": matrix.law_hash}, "as_of": matrix.as_of.isoformat(), "gaps": rows}


def asked_json(found: AskedSet) -> dict[str, Any]:
    """Return a common minimum or a union."""
    return {
        "law": {"hash": found.law_hash},
        "as_of": found.as_of.isoformat(),
        "states": list(found.states),
        "open_states": list(found.open_states),
        "questions": [one.id for one in found.questions],
        "asked": [
            {
                "check": one.check.name,
                "asks": [ask_value(ask) for ask in one.check.asks()],
                "states": list(one.states),
                "confirmed": one.confirmed,
                "provisions": [each.id for each in one.provisions],
            }
            for one in found.asked
        ],
        "no_rate": [[one.one.id, one.other.id] for one in found.no_rate],
        "provisions": provisions_json(each for one in found.asked for each in one.provisions),
    }


def cheapest_json(found: Cheapest) -> dict[str, Any]:
    """Return the contracts that were found with their decisions, and what stands against the rest."""
    against = [one.provision for one in found.obstacles if one.provision is not None]
    return {
        "law": {"hash": found.law_hash, "supposed": list(found.wish.supposed)},
        "if_confirmed": found.wish.if_confirmed,
        "complete": found.complete,
        "found": [_found(one, found) for one in found.found],
        "obstacles": [_obstacle(one) for one in found.obstacles],
        "conflicts": [_pair(pair) for pair in found.conflicts],
        "provisions": provisions_json(against),
    }


def _found(one: Found, answer: Cheapest) -> dict[str, Any]:
    cost, currency = one.cost, answer.wish.currency
    costs: dict[str, Any] = {
        "issuer": cost.issuer,
        "sum_insured": _amount(cost.sum_insured, currency),
        "benefits": cost.benefits,
        "limits": _amount(cost.limits, currency),
        "term_days": cost.term_days,
        "promises": cost.promises,
    }
    return {
        "states": list(one.states),
        "contract": one.text,
        "cost": {key: value for key, value in costs.items() if value is not None},
        "issuer": {name: sorted(value) if isinstance(value, frozenset) else value for name, value in one.issuer},
        "assumed": {each.field: each.value for each in one.assumed},
        "decisions": [write_decision(answer.law_hash, assessed) for _, assessed in one.decided],
    }


def _amount(value: Fraction | float, currency: str) -> str | None:
    """Return an amount in words of the file format; None where no rate was published."""
    return None if value == float("inf") else f"{from_minor(ceil(value), currency)} {currency}"


def _obstacle(one: Obstacle) -> dict[str, Any]:
    written = {
        "place": str(one.place),
        "hindrance": one.hindrance.value,
        "provision": one.provision.id if one.provision else "",
        "route": one.route.id if one.route else "",
        "needs": list(one.needs),
    }
    return {key: value for key, value in written.items() if value}
