"""Pages for who uses a node: sign in and out, own account, accounts, the matrix."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from litestar import Router, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.response import Redirect, Template

from polisbridge.core.accounts import Account, normal_login
from polisbridge.core.roles import AccessAction, AccessScope, AccessSubject, ActorRole, Allowed, AnswerPart
from polisbridge.services.access import allowed, require
from polisbridge.services.people import accounts, demo, sessions
from polisbridge.services.people.ports import People
from polisbridge.web import elsewhere, worker
from polisbridge.web.forms import Posted, posted
from polisbridge.web.language import way_back, words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.second_factor import confirmed, set_up
from polisbridge.web.signed import (
    SEE_OTHER,
    SET_UP,
    account_for,
    actor_for,
    people_of,
    session_cookie,
    signed_in,
    token_of,
)
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

_SEES_PERSONS = (ActorRole.WORKER, ActorRole.HELPER)


def people_pages(limit: Any, people: People | None) -> list[Router]:
    """Return the routes of these pages; none where nobody can sign in. Every handler names its action in `opt`."""
    if people is None:
        return []
    return [
        Router("/sign-in", route_handlers=[sign_in_form, sign_in, sign_in_demo], middleware=[limit]),
        Router("/sign-out", route_handlers=[sign_out]),
        Router(SET_UP, route_handlers=[set_up, confirmed], middleware=[limit]),
        Router("/account", route_handlers=[own_account, new_password], middleware=[limit]),
        Router("/me", route_handlers=list(worker.PAGES), middleware=[limit]),
        Router("/accounts", route_handlers=[all_accounts, close_account]),
        Router("/access", route_handlers=[matrix]),
    ]


@get("/", sync_to_thread=True, opt={"action": AccessAction.SIGN_IN})
def sign_in_form(request: PageRequest) -> Template:
    """Show the form to sign in."""
    actor_for(request, AccessAction.SIGN_IN)
    return _sign_in_form(request, way_back(request.query_params.get("back", "/account")), wrong=False)


@post("/", opt={"action": AccessAction.SIGN_IN})
async def sign_in(request: PageRequest) -> Template | Redirect:
    """Sign in and go where the visitor wanted to; what was wrong is not told."""
    return await sync_to_thread(_sign_in, request, await posted(request))


def _sign_in(request: PageRequest, given: Posted) -> Template | Redirect:
    actor_for(request, AccessAction.SIGN_IN)
    login, password, code = (given.values.get(name, "") for name in ("login", "password", "code"))
    back = way_back(given.values.get("back", "") or "/account")
    now, before = node_of(request).now(), token_of(request)
    token = sessions.sign_in(people_of(request), login, password, code, now, before)
    if token is None:
        return _sign_in_form(request, back, wrong=True)
    return Redirect(back, status_code=SEE_OTHER, cookies=[session_cookie(request, token)])


def _sign_in_form(request: PageRequest, back: str, *, wrong: bool) -> Template:
    faults = {"login": [words_for(request)("web.people.wrong")]} if wrong else {}
    shown = {"back": back, "demo_accounts": _demo_accounts(request), "demo_password": demo.PASSWORD}
    shown["provider"] = elsewhere.title(request)
    return page(request, "sign_in.html", status=422 if wrong else 200, keep=False, faults=faults, **shown)


@post("/demo", opt={"action": AccessAction.SIGN_IN})
async def sign_in_demo(request: PageRequest) -> Template | Redirect:
    """Sign in to an account to try out; at a node with real data there are none."""
    return await sync_to_thread(_sign_in_demo, request, await posted(request))


def _sign_in_demo(request: PageRequest, given: Posted) -> Template | Redirect:
    if not node_of(request).demo:
        raise NotFoundException
    actor_for(request, AccessAction.SIGN_IN)
    token = demo.sign_in_demo(
        people_of(request), given.values.get("login", ""), node_of(request).now(), token_of(request)
    )
    if token is None:
        return _sign_in_form(request, "/desk", wrong=True)
    return Redirect("/desk", status_code=SEE_OTHER, cookies=[session_cookie(request, token)])


def _demo_accounts(request: PageRequest) -> list[tuple[str, str, str, str]]:
    """Return login, role, state and code of the accounts to try out; none at a node with real data."""
    if not node_of(request).demo:
        return []
    words, people = words_for(request), people_of(request)
    return [
        (
            one.account.login,
            words.named(f"actor.{one.account.role}", people.matrix.roles[one.account.role].title),
            words.state(one.account.state) if one.account.state else "",
            one.code,
        )
        for one in demo.demo_sign_ins(people, node_of(request).now())
    ]


@post("/", opt={"action": AccessAction.SIGN_IN})
async def sign_out(request: PageRequest) -> Redirect:
    """End this session, or all sessions of the account."""
    everywhere = bool((await posted(request)).values.get("everywhere"))
    people, now = people_of(request), node_of(request).now()
    await sync_to_thread(sessions.sign_out, people, token_of(request), now, everywhere=everywhere)
    return Redirect("/", status_code=SEE_OTHER, cookies=[session_cookie(request, "")])


@get("/", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def own_account(request: PageRequest) -> Template:
    """Show one's own account."""
    account, _ = account_for(request, AccessAction.OWN_ACCOUNT)
    return _own_account(request, account, {}, done="")


@post("/password", status_code=200, opt={"action": AccessAction.OWN_ACCOUNT})
async def new_password(request: PageRequest) -> Template:
    """Take a new password; every session ends, and this one begins anew."""
    return await sync_to_thread(_new_password, request, await posted(request))


def _new_password(request: PageRequest, given: Posted) -> Template:
    account, _ = account_for(request, AccessAction.OWN_ACCOUNT)
    people, words, now = people_of(request), words_for(request), node_of(request).now()
    old, new, again = (given.values.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        return _own_account(request, account, {"again": [words("web.people.not_the_same")]}, done="")
    if not sessions.check_password(people, account, old, now):
        return _own_account(request, account, {"old": [words("web.people.wrong_password")]}, done="")
    try:
        accounts.set_password(people, account, new)
    except accounts.BadPassword as exc:
        faults = [words(f"web.people.password.{one.value}") for one in exc.faults]
        return _own_account(request, account, {"new": faults}, done="")
    with people.accounts.change() as book:
        token = sessions.begin(people, book, account.id, now)
    answer = _own_account(request, account, {}, done=words("web.people.password_changed"))
    answer.set_cookie(session_cookie(request, token))
    return answer


def _own_account(request: PageRequest, account: Account, faults: Mapping[str, list[str]], *, done: str) -> Template:
    words, people = words_for(request), people_of(request)
    shown: dict[str, Any] = {
        "account": account,
        "role": words.named(f"actor.{account.role}", people.matrix.roles[account.role].title),
        "state": words.state(account.state) if account.state else "",
        "sees_persons": account.role in _SEES_PERSONS,
        "has_jobs": request.app.state.exchange is not None and request.app.state.exchange.jobs is not None,
        "operates": account.role is ActorRole.NODE_OPERATOR,
    }
    status = 422 if faults else 200
    return page(request, "account.html", status=status, keep=False, faults=faults, done=done, **shown)


@get("/", sync_to_thread=True, opt={"action": AccessAction.MANAGE_ACCOUNTS})
def all_accounts(request: PageRequest) -> Template:
    """Show the accounts that the operator may manage: those of the operator's state."""
    people, words, (_, actor) = people_of(request), words_for(request), signed_in(request)
    require(people.matrix, actor, AccessAction.MANAGE_ACCOUNTS, AccessSubject(actor.state))
    with people.accounts.change() as book:
        found = list(book.accounts())
    now = node_of(request).now()
    rows = [
        (one, words.named(f"actor.{one.role}", people.matrix.roles[one.role].title), _standing(one, now, words))
        for one in found
        if isinstance(allowed(people.matrix, actor, AccessAction.MANAGE_ACCOUNTS, AccessSubject(one.state)), Allowed)
    ]
    return page(request, "accounts.html", keep=False, rows=rows)


def _standing(account: Account, now: datetime, words: Words) -> str:
    if account.closed:
        return words("account.closed")
    waits = account.locked_until is not None and account.locked_until > now
    return words("account.waits" if waits else "account.open")


@post("/close", opt={"action": AccessAction.MANAGE_ACCOUNTS})
async def close_account(request: PageRequest) -> Redirect:
    """Close an account for ever."""
    return await sync_to_thread(_close, request, await posted(request))


def _close(request: PageRequest, given: Posted) -> Redirect:
    people, (_, actor) = people_of(request), signed_in(request)
    with people.accounts.change() as book:
        account = book.find(normal_login(given.values.get("login", "")) or "")
    subject = AccessSubject(account.state if account else actor.state)
    require(people.matrix, actor, AccessAction.MANAGE_ACCOUNTS, subject)
    if account is None:
        raise NotFoundException
    accounts.close(people, account.login)
    return Redirect("/accounts", status_code=SEE_OTHER)


@get("/", sync_to_thread=True, opt={"action": AccessAction.READ_SITE})
def matrix(request: PageRequest) -> Template:
    """Show who may do what, from the data that decides."""
    actor_for(request, AccessAction.READ_SITE)
    words, found = words_for(request), people_of(request).matrix
    roles = [(role, words.named(f"actor.{role}", terms.title)) for role, terms in found.roles.items()]
    rows = [
        (
            words.named(f"act.{row.action}", row.title),
            words.named(f"act.{row.action}.why", row.reason),
            [_cell(row.scope(role), words) for role in found.roles],
            all(row.scope(role) is AccessScope.ANY_STATE for role in found.roles),
        )
        for row in found.rows.values()
    ]
    terms = [
        (
            words.named(f"actor.{role}", one.title),
            words("access.required" if one.second_factor else "access.optional"),
            _parts(one.answer, words),
        )
        for role, one in found.roles.items()
    ]
    return page(request, "access.html", roles=roles, rows=rows, terms=terms, day=words.day(found.checked))


def _cell(scope: AccessScope, words: Words) -> tuple[bool, str]:
    return scope is not AccessScope.NONE, words(f"access.scope.{scope.value}")


def _parts(parts: Iterable[AnswerPart], words: Words) -> str:
    told = set(parts)
    said = [words(f"access.part.{one.value}") for one in AnswerPart if one in told]
    return ", ".join(said) or words("access.answer.nothing")
