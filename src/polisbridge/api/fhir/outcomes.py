"""Errors as OperationOutcome: the problems of `/v1` with the same codes and words, told as FHIR tells them."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from litestar import Request, Response
from litestar.exceptions import HTTPException

from polisbridge.api import problems
from polisbridge.core.errors import Fault, FaultCode, PolisbridgeError
from polisbridge.formats.fhir.json import MEDIA_TYPE, to_json
from polisbridge.formats.fhir.outcome import issue, issues_of, outcome
from polisbridge.services.access import AccessRefused

E = TypeVar("E", bound=Exception)
Handler = Callable[[Request[Any, Any, Any], E], Response[bytes]]
_TYPES = {
    400: "invalid",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    409: "conflict",
    410: "deleted",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    503: "transient",
}
_QUERY = "query."


def as_outcome(handler: Handler[E]) -> Handler[E]:
    """Return a handler that tells as an OperationOutcome what another tells as a problem."""

    def told(request: Request[Any, Any, Any], error: E) -> Response[bytes]:
        answer = handler(request, error)
        body = to_json(outcome(*_issues(json.loads(answer.content))))
        return Response(
            body, status_code=answer.status_code, media_type=MEDIA_TYPE, headers=dict(answer.headers.items())
        )

    return told


def _issues(problem: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    kind = _TYPES.get(problem["status"], "exception")
    details = "; ".join(str(problem[key]) for key in ("detail", "hint") if key in problem)
    yield issue("error", kind, problem["code"], problem["title"], details)
    yield from issues_of(_fault(one) for one in problem.get("faults", ()))


def _fault(told: Mapping[str, Any]) -> Fault:
    where = str(told["where"])
    where = f"http.{where.removeprefix(_QUERY)}" if where.startswith(_QUERY) else where
    return Fault("fhir", 1, where, FaultCode(told["code"]), str(told["found"]), str(told["expected"]))


HANDLERS: dict[int | type[Exception], Handler[Any]] = {
    problems.Problem: as_outcome(problems.of_problem),
    AccessRefused: as_outcome(problems.of_access),
    HTTPException: as_outcome(problems.of_http),
    PolisbridgeError: as_outcome(problems.of_error),
    Exception: as_outcome(problems.of_anything),
}
