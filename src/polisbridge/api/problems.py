"""Errors as problem details (RFC 9457, `application/problem+json`): a stable code, words, and faults by field.

Never what is inside: of an error that nobody foresaw only that there was one is told.
"""

import json
import logging
import traceback
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException

from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.services.access import AccessRefused
from polisbridge.words import Words, preferred

MEDIA_TYPE = "application/problem+json"
_LOG = logging.getLogger("polisbridge.api")


class ProblemCode(StrEnum):
    """Why a request was refused, beyond the codes of `core.errors.ErrorCode`. Published: never renamed."""

    BAD_REQUEST = "bad_request"
    NO_KEY = "no_key"
    NOT_ALLOWED = "not_allowed"
    NO_SUCH_METHOD = "no_such_method"
    UNKNOWN_MEDIA_TYPE = "unknown_media_type"
    KEY_USED_BEFORE = "key_used_before"
    NO_TAG = "no_tag"
    NOT_AS_READ = "not_as_read"
    ITEMS_REFUSED = "items_refused"
    TOO_MANY_REQUESTS = "too_many_requests"
    INTERNAL = "internal"


class Problem(Exception):
    """A request that is refused, with what is wrong where."""

    def __init__(self, status: int, code: ProblemCode, detail: str = "", **more: Any) -> None:
        super().__init__(f"{status} {code.value}")
        self.status, self.code, self.detail, self.more = status, code, detail, more


_STATUS = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.UNKNOWN_PROVISION: 404,
    ErrorCode.UNKNOWN_TREATY: 404,
    ErrorCode.ALREADY_THERE: 409,
    ErrorCode.CHANGED_MEANWHILE: 409,
    ErrorCode.STATUS_FINAL: 409,
    ErrorCode.NO_ISSUING_KEY: 409,
    ErrorCode.TOO_LARGE: 413,
    ErrorCode.BAD_INPUT: 422,
    ErrorCode.UNKNOWN_STATE: 422,
    ErrorCode.UNKNOWN_PERSON: 422,
    ErrorCode.NO_DATABASE: 503,
}
_OF_HTTP = {
    401: ProblemCode.NO_KEY,
    403: ProblemCode.NOT_ALLOWED,
    404: ErrorCode.NOT_FOUND,
    405: ProblemCode.NO_SUCH_METHOD,
    413: ErrorCode.TOO_LARGE,
    415: ProblemCode.UNKNOWN_MEDIA_TYPE,
    429: ProblemCode.TOO_MANY_REQUESTS,
}
_KEPT_HEADERS = (
    "allow",
    "retry-after",
    "www-authenticate",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
)
_WAIT = "RateLimit-Reset"  # seconds until the sender may ask again
_INTERNAL = 500
_SYNTAX = frozenset({FaultCode.SYNTAX, FaultCode.TOO_DEEP, FaultCode.DUPLICATE_KEY})


def of_problem(request: Request[Any, Any, Any], error: Problem) -> Response[bytes]:
    """Answer a request that is refused."""
    headers = {"WWW-Authenticate": "Bearer"} if error.code is ProblemCode.NO_KEY else {}
    return problem(request, error.status, error.code, {"detail": error.detail, **error.more}, headers)


def of_access(request: Request[Any, Any, Any], error: AccessRefused) -> Response[bytes]:
    """Answer what the sender may not do."""
    more = {"detail": f"{error.action.value}: {error.refused.reason.value}", "action": error.action.value}
    return problem(request, 403, ProblemCode.NOT_ALLOWED, more)


def of_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """Answer an error of the request as such: its address, method, parameters, size or number."""
    status = error.status_code
    code = _OF_HTTP.get(status, ProblemCode.BAD_REQUEST if status < _INTERNAL else ProblemCode.INTERNAL)
    headers = {name: value for name, value in (error.headers or {}).items() if name.lower() in _KEPT_HEADERS}
    if status == 429:  # noqa: PLR2004 - too many requests
        headers |= {"Retry-After": headers.get(_WAIT, "60")}
    more = dict[str, Any]()
    if isinstance(error, ValidationException):
        more = {"detail": error.detail.split(" for ")[0], "faults": list(_of_parameters(error))}
    return problem(request, status, code, more, headers)


def of_error(request: Request[Any, Any, Any], error: PolisbridgeError) -> Response[bytes]:
    """Answer what could not be done."""
    status, more = told(error)
    return problem(request, status, error.code, more, {"Retry-After": "5"} if status == 503 else {})  # noqa: PLR2004


def of_anything(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Answer an error that nobody foresaw. Where and of what kind is logged, not what was worked on."""
    steps = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    _LOG.error("%s at %s", type(error).__name__, " < ".join(reversed(steps)))
    return problem(request, _INTERNAL, ProblemCode.INTERNAL, {})


def told(error: PolisbridgeError) -> tuple[int, dict[str, Any]]:
    """Return the HTTP status of an error and what is told of it. Nothing of the node's own trouble is."""
    status = _STATUS.get(error.code, _INTERNAL)
    if isinstance(error, InputFaults):
        syntax = all(one.code in _SYNTAX for one in error.faults)
        more = {"faults": [fault(one) for one in error.faults], "complete": error.complete}
        return 400 if syntax else status, more
    if status >= _INTERNAL:
        return status, {}
    return status, {"detail": error.detail, "hint": error.hint}


def fault(one: Fault) -> dict[str, Any]:
    """Return one fault as plain JSON values: where, of what kind, what was found, what was expected."""
    return {
        "where": one.path,
        "line": one.line,
        "code": one.code.value,
        "found": one.found,
        "expected": one.expected,
    }


def title(request: Request[Any, Any, Any], code: str) -> str:
    """Return the words for a code in the language that the sender reads."""
    return Words(preferred(request.headers.get("Accept-Language", "")) or "en")(f"api.problem.{code}")


def problem(
    request: Request[Any, Any, Any],
    status: int,
    code: StrEnum,
    more: Mapping[str, Any],
    headers: Mapping[str, str] | None = None,
) -> Response[bytes]:
    """Return a problem as an answer; what there is nothing of is left out."""
    body = {
        "type": f"urn:polisbridge:problem:{code.value}",
        "title": title(request, code.value),
        "status": status,
        "code": code.value,
        **{key: value for key, value in more.items() if value not in ("", None)},
    }
    content = json.dumps(body, ensure_ascii=False).encode()
    return Response(
        content, status_code=status, media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store", **(headers or {})}
    )


def _of_parameters(error: ValidationException) -> Any:
    for one in error.extra if isinstance(error.extra, list) else []:
        if isinstance(one, dict):
            where = f"{one.get('source', 'request')}.{one.get('key', '')}".rstrip(".")
            expected = str(one.get("message", ""))
            yield {"where": where, "line": 1, "code": FaultCode.WRONG_VALUE.value, "found": "", "expected": expected}
