"""Who asks: the session's cookie, the actor behind it, and what happens when something is not allowed."""

from typing import Any, Literal, TypeAlias
from urllib.parse import urlencode

from litestar import Response
from litestar.concurrency import sync_to_thread
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from polisbridge.core.accounts import Account
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, Allowed, RefusalReason
from polisbridge.services.access import NOTHING, VISITOR, AccessRefused, allowed, require
from polisbridge.services.people.ports import People
from polisbridge.services.people.second_factor import wanted
from polisbridge.services.people.sessions import LASTS, account_of
from polisbridge.web.errors import error_page
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest, templates
from polisbridge.web.view import common

Asked: TypeAlias = ASGIConnection[Any, Any, Any, Any]
SEE_OTHER: Literal[303] = 303
PUBLIC = {  # the action of pages that do not name one themselves, by the first part of their address
    "": AccessAction.READ_SITE,
    "static": AccessAction.READ_SITE,
    "language": AccessAction.READ_SITE,
    "health": AccessAction.READ_SITE,
    "ready": AccessAction.READ_SITE,
    "status": AccessAction.VERIFY,
    "trust": AccessAction.VERIFY,
    "check": AccessAction.CHECK_CONTRACT,
    "verify": AccessAction.VERIFY,
    "law": AccessAction.READ_LAW,
    "compare": AccessAction.COMPARE,
}
SET_UP = "/account/second-factor"
_WITHOUT_FACTOR = (SET_UP, "/sign-in", "/sign-out")  # what one may do before the second factor is set up
_ASK_THEMSELVES = ("v1", "fhir")  # the API knows its actors by their keys


def people_of(request: Asked) -> People:
    """Return who uses the node whose pages these are."""
    people: People = request.app.state.people
    return people


def token_of(request: Asked) -> str:
    """Return the token that the browser sent, empty when it sent none."""
    return request.cookies.get(_name(request), "")


class FactorWanted(Exception):
    """Somebody whose role must have a second factor has set up none yet."""


def signed_in(request: Asked) -> tuple[Account | None, Actor]:
    """Return whose session it is and as whom they act; a visitor when it is none.

    Raises FactorWanted on all pages but those that are needed to set up a second factor.
    """
    people = people_of(request)
    account, actor = account_of(people, token_of(request), request.app.state.node.now()) or (None, VISITOR)
    if account is not None and wanted(people.matrix, account) and not request.url.path.startswith(_WITHOUT_FACTOR):
        raise FactorWanted
    return account, actor


def set_factor_up(_: PageRequest, __: FactorWanted) -> Redirect:
    """Lead to where a second factor is set up."""
    return Redirect(SET_UP, status_code=SEE_OTHER)


def account_for(request: PageRequest, action: AccessAction) -> tuple[Account, Actor]:
    """Return who is signed in and may do this with their own account. Raises AccessRefused."""
    account, actor = signed_in(request)
    require(people_of(request).matrix, actor, action, AccessSubject(account=actor.account))
    if account is None:
        raise LookupError("an actor without an account was allowed an account's action")
    return account, actor


def actor_for(request: PageRequest, action: AccessAction, subject: AccessSubject = NOTHING) -> Actor:
    """Return who may do this to the subject. Raises AccessRefused."""
    _, actor = signed_in(request)
    require(people_of(request).matrix, actor, action, subject)
    return actor


async def guard(connection: Asked, handler: BaseRouteHandler) -> None:
    """Refuse a page that names no action, and a public page whose action the matrix does not allow.

    A handler with an action in its `opt` asks for itself, for it knows the subject.
    """
    area = connection.url.path.split("/")[1]
    if "action" in handler.opt or area in _ASK_THEMSELVES or connection.scope.get("method") == "OPTIONS":
        return
    people: People | None = connection.app.state.people
    action = PUBLIC.get(area)
    if action is None:
        raise NotFoundException
    if people is None or isinstance(allowed(people.matrix, VISITOR, action), Allowed):
        return
    _, actor = await sync_to_thread(signed_in, connection)
    require(people.matrix, actor, action)


def session_cookie(request: PageRequest, token: str) -> Cookie:
    """Return the cookie that holds a session's token, or with an empty one the cookie that ends it."""
    secure = bool(request.app.state.secure)
    age = int(LASTS.total_seconds()) if token else 0
    return Cookie(key=_name(request), value=token, max_age=age, httponly=True, secure=secure, samesite="lax")


def _name(request: Asked) -> str:
    """Return the cookie's name; behind HTTPS one that no other host and no page without HTTPS can set (RFC 6265bis)."""
    return "__Host-session" if request.app.state.secure else "session"


def not_allowed(request: PageRequest, error: AccessRefused) -> Response[str] | Redirect:
    """Show why something is not allowed; who only has to sign in is led there."""
    if error.refused.reason is RefusalReason.NOT_SIGNED_IN:
        back = f"?{urlencode({'back': request.url.path})}" if request.method in ("GET", "HEAD") else ""
        return Redirect(f"/sign-in{back}", status_code=SEE_OTHER)
    words = words_for(request)
    page = error_page(request, 403)
    advice = words(f"access.refused.{error.refused.reason.value}")
    shown = {**common(request), "title": words("web.people.refused"), "advice": advice, "status": 403}
    page.content = templates().get_template("error.html").render(**shown)
    return page
