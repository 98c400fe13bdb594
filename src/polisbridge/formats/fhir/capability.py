"""CapabilityStatement: what a node serves, made of the table that its routes are made of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from polisbridge.formats.fhir.systems import BASE, without_empty

FHIR_VERSION = "4.0.1"
_SUBMIT = "http://hl7.org/fhir/OperationDefinition/CoverageEligibilityRequest-submit"


@dataclass(frozen=True, slots=True)
class Capability:
    """What is served of one type of resource: interactions, search parameters (name, type, words), operations."""

    kind: str
    interactions: tuple[str, ...]
    params: tuple[tuple[str, str, str], ...] = ()
    operations: tuple[str, ...] = ()
    versioned: bool = False
    conditional_create: bool = False


def capability_out(served: Iterable[Capability], base: str, version: str, at: datetime) -> dict[str, Any]:
    """Return the CapabilityStatement of a node whose FHIR stands at `base`; `version` is the program's."""
    rest = {
        "mode": "server",
        "documentation": "Keys, roles and errors: docs/api.md. Mapping: docs/spec/fhir.md.",
        "security": {
            "description": "Authorization: Bearer and a key of this node; every look at a person is recorded."
        },
        "resource": [_resource(one) for one in served],
        "interaction": [{"code": "transaction", "documentation": "one contract with its persons"}],
    }
    return {
        "resourceType": "CapabilityStatement",
        "url": f"{BASE}/CapabilityStatement/node",
        "version": version,
        "name": "PolisbridgeNode",
        "title": "A national node of Polisbridge",
        "status": "active",
        "date": at.isoformat(timespec="seconds"),
        "kind": "instance",
        "software": {"name": "Polisbridge", "version": version},
        "implementation": {"description": "A national node of Polisbridge", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["json", "application/fhir+json"],
        "rest": [rest],
    }


def _resource(one: Capability) -> Mapping[str, Any]:
    return without_empty(
        {
            "type": one.kind,
            "interaction": [{"code": code} for code in one.interactions],
            "versioning": "versioned" if one.versioned else "no-version",
            "conditionalCreate": one.conditional_create or None,
            "conditionalRead": "full-support" if one.versioned else None,
            "searchParam": [{"name": name, "type": kind, "documentation": words} for name, kind, words in one.params],
            "operation": [{"name": name, "definition": _SUBMIT} for name in one.operations],
        }
    )
