"""Provisions as plain JSON values, the shape of `law show --json` and of the API."""

from typing import Any

from polisbridge.core.law import OpenQuestion, Provision, Requirement, Route
from polisbridge.formats.decisionfile import ask_value, citation


def provision_json(one: Provision) -> dict[str, Any]:
    """Return a provision; what there is none of is left out."""
    period = {"from": one.in_force.first, "to": one.in_force.last}
    written: dict[str, Any] = {
        "id": one.id,
        "kind": one.kind.value,
        "jurisdiction": one.jurisdiction,
        "title": dict(one.title),
        "gates": sorted(gate.value for gate in one.gates),
        "in_force": {key: day.isoformat() for key, day in period.items() if day is not None},
        "citation": citation(one.citation),
        "facts": list(one.facts),
        "reading": dict(one.reading),
    }
    match one:
        case Requirement():
            written |= {
                "routes": list(one.routes),
                "check": one.check.name,
                "asks": [ask_value(ask) for ask in one.check.asks()],
            }
        case Route():
            written |= {"how": dict(one.how), "accepts_kinds": list(one.accepts_kinds)}
        case OpenQuestion():
            written |= {
                "effect": one.effect.value,
                "bears_on": list(one.bears_on),
                "would_change": dict(one.would_change),
            }
    return {key: value for key, value in written.items() if value not in ({}, [], "")}
