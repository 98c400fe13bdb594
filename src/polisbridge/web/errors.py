"""Errors as pages: what happened and what to do, in words; never what is inside."""

import logging
import traceback

from litestar import MediaType, Response
from litestar.exceptions import HTTPException

from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest, templates
from polisbridge.web.view import common, frame

_LOG = logging.getLogger("polisbridge.web")
_STATUS = {ErrorCode.NO_DATABASE: 503, ErrorCode.TOO_LARGE: 413}
_NOT_THERE = frozenset(
    {ErrorCode.NOT_FOUND, ErrorCode.UNKNOWN_STATE, ErrorCode.UNKNOWN_PROVISION, ErrorCode.UNKNOWN_TREATY}
)


def refused(request: PageRequest, error: HTTPException) -> Response[str]:
    """Show an error of the request."""
    retry = {key: value for key, value in (error.headers or {}).items() if key.lower() in ("retry-after", "allow")}
    return error_page(request, error.status_code, retry)


def not_done(request: PageRequest, error: PolisbridgeError) -> Response[str]:
    """Show what could not be done: not there, the database away, or an input that cannot be used."""
    return error_page(request, 404 if error.code in _NOT_THERE else _STATUS.get(error.code, 400))


def broken(request: PageRequest, error: Exception) -> Response[str]:
    """Show that something went wrong here. Where and of what kind is logged, not what was worked on."""
    steps = [f"{one.filename}:{one.lineno} {one.name}" for one in traceback.extract_tb(error.__traceback__)]
    _LOG.error("%s at %s", type(error).__name__, " < ".join(reversed(steps)))
    return error_page(request, 500)


def error_page(request: PageRequest, status: int, headers: dict[str, str] | None = None) -> Response[str]:
    """Return the page of an error by its HTTP status."""
    words = words_for(request)
    key = f"web.error.{status}" if words.has(f"web.error.{status}") else "web.error.other"
    try:
        shown = common(request)
    except PolisbridgeError:  # the database is away and was not asked before
        shown = frame(request)
    context = {**shown, "title": words(key), "advice": words(f"{key}.advice"), "status": status}
    text = templates().get_template("error.html").render(**context)
    return Response(
        text, status_code=status, media_type=MediaType.HTML, headers={**(headers or {}), "Cache-Control": "no-store"}
    )
