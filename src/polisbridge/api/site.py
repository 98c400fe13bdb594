"""The API put together: routes, limits, errors; and how it stands beside the pages in one process."""

from collections.abc import Awaitable, Callable, MutableMapping
from importlib.metadata import version
from typing import Any, TypeAlias

from litestar import Litestar, Router
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException
from litestar.types import Message, Scope

from polisbridge.api import (
    assessments,
    certificates,
    contracts,
    decisions,
    description,
    jobs,
    law,
    problems,
    products,
    statistics,
    uploads,
    verifications,
)
from polisbridge.api.limits import ApiLimit
from polisbridge.core.errors import PolisbridgeError
from polisbridge.services.access import AccessRefused
from polisbridge.services.exchange import Exchange
from polisbridge.services.limits import Limits
from polisbridge.services.nodes import MOST_A_MINUTE

App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]

MOST_BYTES = 16_000_000  # of one request: a group contract of 50 000 persons
ROOT = "/v1"


def create_api(exchange: Exchange, *, most_a_minute: int = MOST_A_MINUTE, limits: Limits | None = None) -> Litestar:
    """Return the ASGI application of a node's API. `limits` counts requests; without it each process by itself."""
    routes = [
        description.openapi,
        law.provisions,
        law.provision,
        assessments.assess,
        verifications.verify_certificates,
        products.products,
        products.product,
        products.add,
        contracts.contracts,
        contracts.contract,
        contracts.change,
        contracts.persons,
        contracts.end,
        contracts.assess,
        uploads.add,
        *certificates.ROUTES,
        *jobs.ROUTES,
        *statistics.ROUTES,
        decisions.decisions,
        decisions.decision,
    ]
    return Litestar(
        route_handlers=[Router(ROOT, route_handlers=routes)],
        middleware=[ApiLimit(exchange, limits or Limits(), most_a_minute)],
        exception_handlers={
            problems.Problem: problems.of_problem,
            AccessRefused: problems.of_access,
            HTTPException: problems.of_http,
            PolisbridgeError: problems.of_error,
            Exception: problems.of_anything,
        },
        before_send=[_with_headers],
        request_max_body_size=MOST_BYTES,
        state=State({"exchange": exchange}),
        openapi_config=description.config(version("polisbridge")),
        logging_config=None,
    )


def beside(pages: App, api: App, root: str = ROOT) -> App:
    """Return one application: what begins with `root` (`/v1`) is the API's, everything else the pages'."""

    async def app(scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        of_api = scope["type"] == "http" and (path == root or path.startswith(f"{root}/"))
        await (api if of_api else pages)(scope, receive, send)

    return app


async def _with_headers(message: Message, _: Scope) -> None:
    """Add to every answer what keeps a browser from taking it for anything but data."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
