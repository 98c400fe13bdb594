"""What the operator sees of a site: logs as lines of JSON and figures for Prometheus, neither with personal data.

Of a request only method, kind of page, status and time are told: no address, no query, no path beyond its first part.
"""

import logging
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from ipaddress import ip_address
from time import perf_counter
from typing import Any, TypeAlias

import structlog
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[..., Awaitable[Any]]
Send: TypeAlias = Callable[..., Awaitable[None]]
App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

_PAGES = {
    *("", "check", "verify", "law", "compare", "static", "language", "health", "ready", "v1", "fhir"),
    *("sign-in", "sign-out", "account", "accounts", "me", "access", "desk"),
    *("insurer", "employer", "hospital", "authority", "committee", "jobs"),
    *("audit", "duplicates", "status", "trust"),
}
_LABELS = ("method", "page", "status")
_REQUESTS = Counter("polisbridge_requests", "Requests answered", _LABELS)
_SECONDS = Histogram("polisbridge_request_seconds", "Seconds until the answer began", ("page",))
_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def log_as_json() -> None:
    """Write all logs of the process, those of libraries too, as lines of JSON to stderr."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    rendered = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.JSONRenderer()],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(rendered)
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def page_of(scope: Scope) -> tuple[str, str]:
    """Return method and page of a request as they may be told: known ones, or "other"."""
    page = scope["path"].split("/", 2)[1] if scope["path"].startswith("/") else ""
    return (scope["method"] if scope["method"] in _METHODS else "other"), (page if page in _PAGES else "other")


class Watched:
    """An ASGI application with its requests counted and logged, and `/metrics` for the machine itself only."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._log = structlog.get_logger("polisbridge.site")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == "/metrics":
            await _metrics(scope, send)
        else:
            await self._watched(scope, receive, send)

    async def _watched(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status = perf_counter(), 500
        method, page = page_of(scope)

        async def noted(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _SECONDS.labels(page).observe(perf_counter() - began)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            _REQUESTS.labels(method, page, str(status)).inc()
            milliseconds = round((perf_counter() - began) * 1000, 1)
            self._log.info("request", method=method, page=page, status=status, ms=milliseconds)


async def _metrics(scope: Scope, send: Send) -> None:
    """Send the figures of all processes to a client on this machine; to others the page does not exist."""
    here = _is_here(scope)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    body = generate_latest(registry) if here else b""
    kind = CONTENT_TYPE_LATEST.encode()
    await send({"type": "http.response.start", "status": 200 if here else 404, "headers": [(b"content-type", kind)]})
    await send({"type": "http.response.body", "body": body})


def _is_here(scope: Scope) -> bool:
    host, _ = scope.get("client") or ("", 0)
    try:
        return ip_address(host).is_loopback
    except ValueError:  # no address: not by the network
        return False
