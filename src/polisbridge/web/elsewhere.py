"""Signing in at another provider (OpenID Connect): the way there, and the way back with what it vouches for."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from litestar import Router, get
from litestar.datastructures import Cookie
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from polisbridge.core.errors import PolisbridgeError
from polisbridge.core.roles import AccessAction
from polisbridge.services.people.elsewhere import AskedElsewhere, IdentityProvider, enter
from polisbridge.web.language import way_back, words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, actor_for, people_of, session_cookie, token_of
from polisbridge.web.view import node_of, page

_COOKIE, _USE = "elsewhere", "sign-in elsewhere"
_LASTS = timedelta(minutes=10)  # to sign in there
_NAMES = ("code", "state", "iss", "error")  # what of an answer is read
_LONGEST = 4_000  # characters of one of them


def elsewhere_pages(limit: Any, provider: IdentityProvider | None) -> list[Router]:
    """Return the routes of these pages; none where no provider is set."""
    return [Router("/sign-in", route_handlers=[go, back], middleware=[limit])] if provider else []


@get("/elsewhere", sync_to_thread=True, opt={"action": AccessAction.SIGN_IN})
def go(request: PageRequest) -> Redirect:
    """Lead to the provider. What ties its answer to this browser goes along as a cookie that nobody can read."""
    actor_for(request, AccessAction.SIGN_IN)
    provider = _provider(request)
    asked = provider.asked()
    wanted = way_back(request.query_params.get("back", "/desk"))
    address = provider.begin(asked)
    plain = {"until": (node_of(request).now() + _LASTS).timestamp(), "back": wanted, **asdict(asked)}
    sealed = people_of(request).sealer.seal(json.dumps(plain).encode(), _USE)
    return Redirect(address, status_code=SEE_OTHER, cookies=[_cookie(request, urlsafe_b64encode(sealed).decode())])


@get("/back", sync_to_thread=True, opt={"action": AccessAction.SIGN_IN})
def back(request: PageRequest) -> Template | Redirect:
    """Sign in whom the provider vouches for. What is wrong is not told; the way there can be taken again."""
    actor_for(request, AccessAction.SIGN_IN)
    now, people, provider = node_of(request).now(), people_of(request), _provider(request)
    kept = _kept(request, now)
    answer = {name: request.query_params.get(name, "")[:_LONGEST] for name in _NAMES if name in request.query_params}
    vouched = provider.finish(kept[0], answer, now) if kept else None
    token = enter(people, provider.terms, vouched, now, token_of(request)) if vouched else None
    if kept is None or token is None:
        faults = {"login": [words_for(request)("web.elsewhere.refused")]}
        shown = {"back": "/desk", "demo_accounts": [], "demo_password": "", "provider": title(request)}
        refused = page(request, "sign_in.html", status=403, keep=False, faults=faults, **shown)
        refused.set_cookie(_cookie(request, ""))
        return refused
    return Redirect(kept[1], status_code=SEE_OTHER, cookies=[session_cookie(request, token), _cookie(request, "")])


def title(request: PageRequest) -> str:
    """Return what the way to the provider is called; empty where there is none."""
    provider: IdentityProvider | None = request.app.state.provider
    return words_for(request).text(provider.terms.title) if provider else ""


def _provider(request: PageRequest) -> IdentityProvider:
    found: IdentityProvider | None = request.app.state.provider
    if found is None:
        raise NotFoundException
    return found


def _kept(request: PageRequest, now: datetime) -> tuple[AskedElsewhere, str] | None:
    """Return what this browser was given on its way, and where it wanted to; None when it is too old or not ours."""
    try:
        sealed = urlsafe_b64decode(request.cookies.get(_COOKIE, "").encode())
        found = json.loads(people_of(request).sealer.open(sealed, _USE))
    except (PolisbridgeError, NotBase64, ValueError):
        return None
    if found["until"] < now.timestamp():
        return None
    return AskedElsewhere(found["state"], found["nonce"], found["verifier"]), found["back"]


def _cookie(request: PageRequest, value: str) -> Cookie:
    secure, age = bool(request.app.state.secure), int(_LASTS.total_seconds()) if value else 0
    return Cookie(key=_COOKIE, value=value, max_age=age, path="/sign-in", httponly=True, secure=secure, samesite="lax")
