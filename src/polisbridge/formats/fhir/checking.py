"""Is it well-formed FHIR? Asked of the package `fhir.resources`, which is loaded only when something comes in.

The package has R4B (4.3.0), not R4 (4.0.1). For the resources that are read here both are the same element by element,
which a test compares with HL7's own schema of R4.
"""

import json
from decimal import Decimal
from typing import Any

from polisbridge.core.errors import Fault, FaultCode
from polisbridge.formats.fhir.parts import FILE
from polisbridge.formats.tree import shorten

KINDS = frozenset(
    {
        "Bundle",
        "Contract",
        "Coverage",
        "CoverageEligibilityRequest",
        "CoverageEligibilityResponse",
        "InsurancePlan",
        "OperationOutcome",
        "Organization",
        "Patient",
        "RelatedPerson",
        "CapabilityStatement",
    }
)
_DIGITS = 100
_CODES = {"missing": FaultCode.MISSING_KEY, "extra_forbidden": FaultCode.UNKNOWN_KEY}


def structure_faults(data: bytes, wanted: frozenset[str]) -> list[Fault]:
    """Return what is wrong with the structure of a resource of one of these types. The text is sound JSON."""
    found = json.loads(data.decode("utf-8-sig"), parse_float=Decimal, parse_int=_whole)
    kind = found.get("resourceType") if isinstance(found, dict) else None
    if not isinstance(kind, str) or kind not in wanted:
        told = kind if isinstance(kind, str) else "no resourceType"
        expected = f"a resource of the type {' or '.join(sorted(wanted))}"
        return [Fault(FILE, 1, "Resource", FaultCode.UNKNOWN_CODE, shorten(told), expected)]
    return list(_faults(kind, found))


def _whole(digits: str) -> int | Decimal:
    """Return a whole number; one that nobody means stays what it is without being reckoned."""
    return int(digits) if len(digits) < _DIGITS else Decimal(digits)


def _faults(kind: str, found: dict[str, Any]) -> list[Fault]:
    from fhir.resources.R4B import get_fhir_model_class  # a slow import, only wanted here  # noqa: PLC0415
    from pydantic import ValidationError  # noqa: PLC0415

    try:
        get_fhir_model_class(kind).model_validate(found)
    except ValidationError as exc:
        return [_fault(kind, one) for one in exc.errors(include_url=False, include_context=False)]
    except (RecursionError, ValueError, TypeError, LookupError, AttributeError) as exc:
        # the package raises these itself for what it cannot put into words
        return [Fault(FILE, 1, kind, FaultCode.WRONG_VALUE, type(exc).__name__, f"a {kind} of FHIR R4")]
    return []


def _fault(kind: str, error: Any) -> Fault:
    where = kind
    for step in error["loc"]:
        where += f"[{step}]" if isinstance(step, int) else f".{_plain(str(step))}"
    given = error.get("input")
    told = shorten(given) if isinstance(given, str | int | Decimal) else type(given).__name__
    code = _CODES.get(error["type"], FaultCode.WRONG_VALUE)
    return Fault(FILE, 1, where, code, "nothing" if code is FaultCode.MISSING_KEY else told, shorten(error["msg"]))


def _plain(step: str) -> str:
    return f"_{step.removesuffix('__ext')}" if step.endswith("__ext") else step
