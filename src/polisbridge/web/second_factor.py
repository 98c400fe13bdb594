"""The page on which somebody sets up their second factor: scan or type the key, write the code, keep the recovery codes."""

from collections.abc import Mapping

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Template
from markupsafe import Markup

from polisbridge.core.accounts import Account
from polisbridge.core.roles import AccessAction
from polisbridge.formats.qr import svg, symbol_of
from polisbridge.services.people import second_factor, sessions
from polisbridge.web.desks import desk_of
from polisbridge.web.forms import Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import account_for, people_of, session_cookie
from polisbridge.web.view import node_of, page

_GROUP = 4  # letters of the key that are shown together


@get("/", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def set_up(request: PageRequest) -> Template:
    """Show a new second factor to set up."""
    account, _ = account_for(request, AccessAction.OWN_ACCOUNT)
    return _form(request, account, {}, "")


@post("/", status_code=200, opt={"action": AccessAction.OWN_ACCOUNT})
async def confirmed(request: PageRequest) -> Template:
    """Keep the second factor when a code of it is given, and show the recovery codes, once."""
    return await sync_to_thread(_confirmed, request, await posted(request))


def _confirmed(request: PageRequest, given: Posted) -> Template:
    account, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    people, words, now = people_of(request), words_for(request), node_of(request).now()
    sealed, code, password = (given.values.get(name, "") for name in ("sealed", "code", "password"))
    if account.second_factor and not sessions.check_password(people, account, password, now):
        return _form(request, account, {"password": [words("web.people.wrong_password")]}, sealed)
    codes = second_factor.confirm(people, account, sealed, code, now)
    if codes is None:
        return _form(request, account, {"code": [words("web.factor.wrong")]}, sealed)
    with people.accounts.change() as book:
        token = sessions.begin(people, book, account.id, now)
    shown = page(request, "factor_kept.html", keep=False, codes=codes, desk=desk_of(actor.role))
    shown.set_cookie(session_cookie(request, token))
    return shown


def _form(request: PageRequest, account: Account, faults: Mapping[str, list[str]], sealed: str) -> Template:
    """Show the form; what was offered before stays, so that nobody has to scan again for a mistyped code."""
    found = second_factor.offer(people_of(request), account, node_of(request).now(), sealed)
    key = found.secret
    return page(
        request,
        "second_factor.html",
        status=422 if faults else 200,
        keep=False,
        faults=faults,
        sealed=found.sealed,
        address=found.address,
        key=" ".join(key[start : start + _GROUP] for start in range(0, len(key), _GROUP)),
        picture=Markup(svg(symbol_of(found.address))),  # noqa: S704 - drawn by ourselves, of modules alone
        has_one=account.second_factor,
        must=second_factor.wanted(people_of(request).matrix, account),
    )
