"""The names that the mapping stands on: our extensions and code systems, and those of HL7, ISO and IETF."""

from collections.abc import Mapping
from typing import Any

from polisbridge.core.codes import Role
from polisbridge.core.vocabulary import STATELESS, WORLD

BASE = "https://w3id.org/polisbridge/fhir"
HL7 = "http://hl7.org/fhir"
TERMINOLOGY = "http://terminology.hl7.org/CodeSystem"

ISO_STATES = "urn:iso:std:iso:3166"
ISO_REGIONS = "urn:iso:std:iso:3166:-2"
ISO_CURRENCIES = "urn:iso:std:iso:4217"
LANGUAGES = "urn:ietf:bcp:47"

CONTRACT_NUMBER = f"{BASE}/identifier/contract-number"
PRODUCT_CODE = f"{BASE}/identifier/product-code"
ORGANISATION_CODE = f"{BASE}/identifier/organisation-code"
IDENTITY_DOCUMENT = f"{BASE}/identifier/identity-document"  # and a slash and the state that issued it

CONTRACT_TYPE = f"{TERMINOLOGY}/contract-type"
ACT_CODE = f"{TERMINOLOGY}/v3-ActCode"
ROLE_CODE = f"{TERMINOLOGY}/v3-RoleCode"
RELATIONSHIP = f"{TERMINOLOGY}/subscriber-relationship"
ORGANISATION_TYPE = f"{TERMINOLOGY}/organization-type"
BENEFIT_TYPE = f"{TERMINOLOGY}/benefit-type"
COVERAGE_CLASS = f"{TERMINOLOGY}/coverage-class"
CITIZENSHIP = f"{HL7}/StructureDefinition/patient-citizenship"
TRANSLATION = f"{HL7}/StructureDefinition/translation"

NONE = "none"  # the document states that there is none
UNLIMITED = "unlimited"

SUBSCRIBER: Mapping[Role, str] = {
    Role.WORKER: "self",
    Role.SPOUSE: "spouse",
    Role.CHILD: "child",
    Role.NEWBORN: "child",
    Role.PARENT: "parent",
    Role.OTHER: "other",
}
KIN: Mapping[Role, str] = {
    Role.SPOUSE: "SPS",
    Role.CHILD: "CHILD",
    Role.NEWBORN: "CHILD",
    Role.PARENT: "PRN",
    Role.OTHER: "FAMMEMB",
}


def definition(name: str) -> str:
    """Return the canonical URL of an extension of ours."""
    return f"{BASE}/StructureDefinition/{name}"


def own_system(name: str) -> str:
    """Return the URL of a code system of ours: a group of the law's vocabulary, or a closed set of the program."""
    return f"{BASE}/CodeSystem/{name.removeprefix('@').replace('_', '-')}"


def system_of(group: str, code: str) -> str:
    """Return the code system that a code of a vocabulary group belongs to; empty for a free text."""
    match group:
        case "@free":
            return ""
        case "@language":
            return LANGUAGES
        case "@region":
            return ISO_REGIONS
        case "@state":
            return ISO_STATES
        case "@citizenship":
            return own_system("citizenship") if code == STATELESS else ISO_STATES
        case "@territory":
            return _place(code)
    return own_system(group)


def coding(system: str, code: str, display: str = "") -> dict[str, Any]:
    """Return a Coding."""
    return {"system": system, "code": code, **({"display": display} if display else {})}


def concept(*codings: Mapping[str, Any], text: str = "") -> dict[str, Any]:
    """Return a CodeableConcept."""
    return {"coding": [dict(one) for one in codings], **({"text": text} if text else {})}


def identifier(system: str, value: str, **more: Any) -> dict[str, Any]:
    """Return an Identifier."""
    return {"system": system, "value": value, **more}


def reference(kind: str, number: int | str, **more: Any) -> dict[str, Any]:
    """Return a Reference to a resource of the same server."""
    return {"reference": f"{kind}/{number}", **more}


def without_empty(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a resource or element without what it has nothing of; FHIR knows no empty values."""
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


_STATE_LETTERS = 2


def _place(code: str) -> str:
    if code == WORLD or ("-" not in code and len(code) > _STATE_LETTERS):
        return own_system("zones")
    return ISO_REGIONS if "-" in code else ISO_STATES
