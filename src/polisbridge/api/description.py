"""`/v1/openapi.json`: Litestar's description of the routes, with the bodies that the file readers take and publish.

A body is read by the reader of its file type, so that all its faults come at once; its schema is that type's.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Litestar, get
from litestar.openapi.config import OpenAPIConfig

from polisbridge.api.answering import tagged
from polisbridge.api.answers import ANSWERS
from polisbridge.api.asking import ApiRequest
from polisbridge.api.assessments import AssessmentAsked
from polisbridge.api.certificates import ChangeSent, IssueSent
from polisbridge.api.contract_changed import TermsSent
from polisbridge.api.contract_sent import ContractSent
from polisbridge.api.contracts import KeptAssessmentAsked, TerminationSent
from polisbridge.api.jobs import FILES, JobSent
from polisbridge.api.problems import MEDIA_TYPE
from polisbridge.api.products import ProductSent
from polisbridge.api.uploads import LINES
from polisbridge.api.verifications import VerificationAsked

TITLE = "Polisbridge"
_JSON = "application/json"
_BODIES: dict[str, Any] = {
    "assessContract": AssessmentAsked,
    "verifyCertificates": VerificationAsked,
    "addProduct": ProductSent,
    "addContracts": ContractSent,
    "endContract": TerminationSent,
    "changeContract": TermsSent,
    "assessOnRecord": KeptAssessmentAsked,
    "issueCertificates": IssueSent,
    "suspendCertificate": ChangeSent,
    "resumeCertificate": ChangeSent,
    "revokeCertificate": ChangeSent,
    "addJob": JobSent,
}
_OPEN = frozenset({"listLaw", "readProvision", "assessContract", "verifyCertificates", "listProducts", "readProduct"})
_FILES = {
    "readCertificateText": "text/plain",
    "readCertificateQr": "image/png",
    "readCertificateCard": "application/pdf",
    "readCertificateSheet": "application/pdf",
}
_STATUSES = ("400", "401", "403", "404", "405", "409", "412", "413", "415", "422", "428", "429", "500", "503")
_FAULT = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("where", "code", "expected")}
    | {"line": {"type": "integer"}, "found": {}},
    "required": ["where", "code", "expected"],
    "additionalProperties": False,
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457; `code` is stable, words are not.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
        "faults": {"type": "array", "items": _FAULT},
        "items": {"type": "array", "items": {"type": "object"}},
        "complete": {"type": "boolean", "description": "Whether all faults are told."},
        "action": {"type": "string", "description": "What the role may not do, as in the table of permissions."},
    },
    "required": ["type", "title", "status", "code"],
    "additionalProperties": False,
}


def config(version: str) -> OpenAPIConfig:
    """Return what Litestar needs to describe the routes; the description itself is served here."""
    return OpenAPIConfig(title=TITLE, version=version, use_handler_docstrings=True, path="/v1/litestar")


@get("/openapi.json", sync_to_thread=True, include_in_schema=False)
def openapi(request: ApiRequest) -> Any:
    """Return the description of the API (OpenAPI 3.1)."""
    return tagged(request, describe(request.app))


def describe(app: Litestar) -> dict[str, Any]:
    """Return the description of an API's routes, as plain JSON values."""
    told = app.openapi_schema.to_schema()
    bodies, components = _schemas(_BODIES)
    answers, more = _schemas(ANSWERS)
    told["components"] = {
        "schemas": {**components, **more, "Problem": _PROBLEM},
        "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}, "certificate": {"type": "mutualTLS"}},
    }
    for path in told["paths"].values():
        for operation in path.values():
            _complete(operation, bodies, answers)
    return told


def _schemas(types: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of each operation's type (any of several), and the schemas that these refer to."""
    flat = [one for kind in types.values() for one in (kind if isinstance(kind, tuple) else (kind,))]
    made, components = msgspec.json.schema_components(flat, ref_template="#/components/schemas/{name}")
    found, rest = dict[str, Any](), iter(made)
    for name, kind in types.items():
        several = [next(rest) for _ in kind] if isinstance(kind, tuple) else []
        found[name] = {"anyOf": several} if several else next(rest)
    return found, components


def _complete(operation: dict[str, Any], bodies: dict[str, Any], answers: dict[str, Any]) -> None:
    """Add to an operation what Litestar does not know: its body, who may send it, its answers."""
    name = operation["operationId"]
    if name in bodies:
        content = {_JSON: {"schema": bodies[name]}}
        if name == "addContracts":
            content = {_JSON: {"schema": _one_or_many(bodies[name])}, LINES: {"schema": {"type": "string"}}}
        if name == "addJob":
            content |= {one: {"schema": {"type": "string", "format": "binary"}} for one in FILES}
        operation["requestBody"] = {"required": True, "content": content}
    shown: list[dict[str, Any]] = [{"key": []}, {"certificate": []}]
    operation["security"] = [{}, *shown] if name in _OPEN else shown
    good = {
        status: {"description": one.get("description", ""), "content": _content(name, answers)}
        for status, one in operation["responses"].items()
        if status.startswith("2")
    }
    if name not in bodies and name not in ("cancelJob", "readJobFile"):
        good["304"] = {"description": "The sender has the same already (If-None-Match)."}
    problem = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"] = good | {one: {"description": "Problem", "content": dict(problem)} for one in _STATUSES}
    if name == "addContracts":  # of many, with those that can be: none could
        operation["responses"]["422"]["content"] |= _content(name, answers)


def _content(name: str, answers: dict[str, Any]) -> dict[str, Any]:
    """Return what an operation answers with: a file, or JSON, and of a certificate whatever `Accept` asks for."""
    if name in _FILES:
        return {_FILES[name]: {"schema": {"type": "string", "format": "binary"}}}
    if name == "readJobFile":
        return {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    found: dict[str, Any] = {_JSON: {"schema": answers[name]}}
    if name == "readCertificate":
        found |= {one: {"schema": {"type": "string", "format": "binary"}} for one in _FILES.values()}
    return found


def _one_or_many(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "array", "items": schema, "minItems": 1}]}
