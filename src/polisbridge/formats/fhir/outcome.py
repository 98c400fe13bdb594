"""OperationOutcome: what is wrong or not kept, all at once, each with the FHIRPath of its element."""

from collections.abc import Iterable, Mapping
from typing import Any

from polisbridge.core.errors import Fault, FaultCode
from polisbridge.formats.fhir.systems import own_system, without_empty

PROBLEMS, FAULTS = own_system("problem"), own_system("fault")
_TYPES: Mapping[FaultCode, str] = {
    FaultCode.SYNTAX: "structure",
    FaultCode.TOO_DEEP: "too-long",
    FaultCode.TOO_LARGE: "too-long",
    FaultCode.DUPLICATE_KEY: "structure",
    FaultCode.UNKNOWN_KEY: "structure",
    FaultCode.MISSING_KEY: "required",
    FaultCode.WRONG_VALUE: "value",
    FaultCode.UNKNOWN_CODE: "code-invalid",
    FaultCode.WRONG_ORDER: "invariant",
    FaultCode.TWICE: "duplicate",
    FaultCode.WRONG_PLACE: "invariant",
}
_UNKNOWN_EXTENSION = "extension"


def outcome(*issues: Mapping[str, Any]) -> dict[str, Any]:
    """Return an OperationOutcome."""
    return {"resourceType": "OperationOutcome", "issue": [dict(one) for one in issues]}


def issue(severity: str, kind: str, code: str, text: str, diagnostics: str = "") -> dict[str, Any]:
    """Return an issue: its code of ours with words for people, and details for developers."""
    told = without_empty({"coding": [{"system": PROBLEMS, "code": code}], "text": text})
    return without_empty({"severity": severity, "code": kind, "details": told, "diagnostics": diagnostics})


def issues_of(faults: Iterable[Fault], *, severity: str = "error") -> list[dict[str, Any]]:
    """Return an issue for every fault; with the severity `warning` they name what is not kept."""
    return [_of_fault(one, severity) for one in faults]


def _of_fault(one: Fault, severity: str) -> dict[str, Any]:
    kind = _TYPES.get(one.code, "invalid")
    if severity == "warning":
        kind = _UNKNOWN_EXTENSION if ".extension[" in one.path else "not-supported"
    elif one.path.endswith("modifierExtension"):
        kind = _UNKNOWN_EXTENSION
    return {
        "severity": severity,
        "code": kind,
        "details": {"coding": [{"system": FAULTS, "code": one.code.value}]},
        "diagnostics": f"found: {one.found or 'nothing'}; expected: {one.expected}",
        **({"expression": [one.path]} if one.path[:1].isalpha() else {}),
    }
