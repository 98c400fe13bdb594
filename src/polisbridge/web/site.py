"""The site put together: pages, templates, style, limits, and the headers that every answer carries."""

import secrets

from litestar import Litestar, MediaType, Response, Router, get
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import HTTPException, NotFoundException
from litestar.params import FromPath
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.response import Redirect, Template
from litestar.static_files import create_static_files_router
from litestar.template.config import TemplateConfig
from litestar.types import Message, Scope

from polisbridge.core.errors import PolisbridgeError
from polisbridge.services.access import AccessRefused
from polisbridge.services.committee import CommitteeDesk, CorridorCache
from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.services.exchange import Exchange
from polisbridge.services.limits import Limits
from polisbridge.services.node import Node
from polisbridge.services.people.elsewhere import IdentityProvider
from polisbridge.services.people.ports import People
from polisbridge.web import check, compare, law, verified_paper, verify
from polisbridge.web.authority_pages import authority_pages
from polisbridge.web.care import care_pages
from polisbridge.web.committee_pages import committee_pages
from polisbridge.web.desks import desk
from polisbridge.web.elsewhere import elsewhere_pages
from polisbridge.web.errors import broken, not_done, refused
from polisbridge.web.forms import FormRequest
from polisbridge.web.insurer import insurer_pages
from polisbridge.web.job_pages import job_pages
from polisbridge.web.language import remembered, way_back
from polisbridge.web.limits import PageLimit
from polisbridge.web.pages import HERE, PageRequest, templates
from polisbridge.web.people import people_pages
from polisbridge.web.published import published_files
from polisbridge.web.signed import FactorWanted, guard, not_allowed, set_factor_up
from polisbridge.web.view import page
from polisbridge.words import languages

MOST_BYTES = 12_000_000  # of one request: a photo of a certificate, or a contract of the largest size with its form
MOST_A_MINUTE = 60  # questions asked of the site by one address; pages that only show are not counted
_MOST_PARTS = 100  # fields of one form
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def create_site(  # noqa: PLR0913 - what the desks need, each by its name
    node: Node,
    *,
    secret: str | None = None,
    secure: bool = False,
    most_a_minute: int = MOST_A_MINUTE,
    people: People | None = None,
    exchange: Exchange | None = None,
    limits: Limits | None = None,
    provider: IdentityProvider | None = None,
    authority: AuthorityDesk | None = None,
    committee: CommitteeDesk | None = None,
) -> Litestar:
    """Return the ASGI application of a node.

    `secret` signs form tokens; every process of a node needs the same. `secure` is for a site behind HTTPS: cookies
    go nowhere else then. `limits` counts questions, without it each process by itself. Without `people` nobody signs in.
    """
    limit = PageLimit(limits or Limits(), most_a_minute)
    return Litestar(
        route_handlers=[
            home,
            set_language,
            alive,
            ready,
            Router(
                "/check", route_handlers=[check.form, check.answer, check.everywhere, check.as_pdf], middleware=[limit]
            ),
            Router(
                "/verify",
                route_handlers=[verify.form, verify.answer, verify.picture, verified_paper.as_pdf],
                middleware=[limit],
            ),
            Router("/law", route_handlers=[law.index, law.state, law.treaty, law.provision, law.provision_file]),
            Router("/compare", route_handlers=[compare.matrix]),
            *people_pages(limit, people),
            *elsewhere_pages(limit, provider if people else None),
            *care_pages(limit, people),
            *([desk] if people else []),
            *published_files(exchange),
            *insurer_pages(exchange),
            *authority_pages(limit, authority if people else None),
            *committee_pages(limit, committee if people else None),
            *job_pages(limit, exchange if people else None),
            create_static_files_router("/static", [HERE / "static"], include_in_schema=False),
        ],
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(templates())),
        csrf_config=CSRFConfig(secret or secrets.token_urlsafe(32), cookie_httponly=True, cookie_secure=secure),
        exception_handlers={
            AccessRefused: not_allowed,
            FactorWanted: set_factor_up,
            HTTPException: refused,
            PolisbridgeError: not_done,
            Exception: broken,
        },
        guards=[guard],
        before_send=[_with_headers],
        request_class=FormRequest,
        request_max_body_size=MOST_BYTES,
        multipart_form_part_limit=_MOST_PARTS,
        state=State(
            {
                "node": node,
                "people": people,
                "secure": secure,
                "exchange": exchange,
                "authority": authority,
                "committee": committee,
                "corridors": CorridorCache(committee.models) if committee else None,
                "provider": provider,
            }
        ),
        openapi_config=None,
        logging_config=None,
    )


@get("/", sync_to_thread=False)
def home(request: PageRequest) -> Template:
    """Show what one can do here."""
    return page(request, "home.html")


@get("/language/{language:str}", sync_to_thread=False)
def set_language(request: PageRequest, language: FromPath[str]) -> Redirect:
    """Keep the language and go back to where the visitor came from, on this site only."""
    if language not in languages():
        raise NotFoundException
    return Redirect(way_back(request.query_params.get("back", "/")), cookies=[remembered(language)])


@get("/health", media_type=MediaType.TEXT, sync_to_thread=False)
def alive() -> str:
    """Say that the process answers."""
    return "ok"


@get("/ready", media_type=MediaType.TEXT, sync_to_thread=True)
def ready(state: State) -> Response[str]:
    """Say whether the node can do its work: 200, or 503 while the database does not answer."""
    healthy = state.node.healthy()
    return Response("ok" if healthy else "database", status_code=200 if healthy else 503, media_type=MediaType.TEXT)


async def _with_headers(message: Message, scope: Scope) -> None:
    """Add to every answer what keeps pages from being framed, sniffed or made to run foreign code."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        if scope["path"].startswith("/static/"):
            headers.setdefault("Cache-Control", "public, max-age=3600")
