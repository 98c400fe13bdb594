"""The authority's desk: own law with what is drafted and published, its history, and the way to the other pages."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from polisbridge.core.codes import ProvisionKind
from polisbridge.core.drafting import LIVE, Draft, Release
from polisbridge.core.law import OpenQuestion, Provision, Requirement
from polisbridge.core.roles import AccessAction
from polisbridge.services.drafting import drafts
from polisbridge.services.drafting.desk import AuthorityDesk
from polisbridge.services.drafting.drafts import Official
from polisbridge.services.drafting.ports import Drafting
from polisbridge.services.trust.stage import LAW
from polisbridge.web.jobs import job_links
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import account_for
from polisbridge.web.view import node_of, page
from polisbridge.words import Words
from polisbridge.words.telling import Teller

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]")
PAGES = ("", "/drafts", "/history", "/insurers", "/statistics")


@dataclass(frozen=True, slots=True)
class OwnProvision:
    """A provision of the own law as the desk lists it; `doing` is what a form can do with it."""

    id: str
    title: str
    evidence: str
    asked: tuple[str, ...]
    cited: str
    in_force: str
    standing: str
    doing: str
    draft: int | None
    published: str


def drafting_of(request: PageRequest) -> Drafting:
    """Return the drafting of the node whose pages these are."""
    return authority_of(request).drafting


def authority_of(request: PageRequest) -> AuthorityDesk:
    """Return everything that the desk works with."""
    found: AuthorityDesk = request.app.state.authority
    return found


def official_of(request: PageRequest) -> Official:
    """Return the official who is signed in. Raises AccessRefused for anybody who has no account."""
    account, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    return Official(account.id, actor, node_of(request).now())


def desk_page(request: PageRequest, template: str, here: str, *, status: int = 200, **shown: Any) -> Template:
    """Return a page of the desk with its links; nothing of it is kept on the way."""
    words = words_for(request)
    links = [(f"/authority{one}", words(f"web.authority.nav{one.replace('/', '.') or '.law'}")) for one in PAGES]
    links += job_links(request)
    return page(
        request,
        template,
        status=status,
        keep=False,
        links=links,
        here=f"/authority{here}",
        desk=words("web.authority"),
        **shown,
    )


def printable(values: Mapping[str, str]) -> dict[str, str]:
    r"""Return what a form says without characters that cannot be printed, which no law file and no database takes.

    >>> printable({"title-en": "a\x00b\n"})
    {'title-en': 'a b\n'}
    """
    return {name: _UNPRINTABLE.sub(" ", value) for name, value in values.items()}


@get("/", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def own_law(request: PageRequest) -> Template:
    """Show the law of the authority's own state, with what can be drafted."""
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    live = [each for each in drafts.drafts_of(drafting, one) if each.status in LIVE]
    node = node_of(request)
    book, today = node.book, node.today()
    by_subject = {each.subject: each.id for each in live}
    teller = Teller(words, book)
    published = _published(drafting, one, words)
    own = [
        _own(each, teller, today, by_subject.get(each.id), published.get(each.id, ""))
        for each in book.of_state(one.actor.state)
    ]
    kinds = [
        (kind.value, words(f"web.law.kind.{kind.value}"), found)
        for kind in _ORDER
        if (found := sorted((each for each in own if each[0] is kind), key=lambda each: each[1].standing == "past"))
    ]
    return desk_page(
        request,
        "authority.html",
        "",
        state=words.state(one.actor.state),
        kinds=[(code, name, [each for _, each in found]) for code, name, found in kinds],
        waiting=[draft_line(each, words) for each in live],
        gates=", ".join(words(f"gate.{gate.value}") for gate in book.gates_of(one.actor.state)),
        code=one.actor.state,
    )


_ORDER = (
    ProvisionKind.REQUIREMENT,
    ProvisionKind.OPEN_QUESTION,
    ProvisionKind.ROUTE,
    ProvisionKind.DUTY,
    ProvisionKind.EXEMPTION,
)


def _own(
    one: Provision, teller: Teller, today: date, draft: int | None, published: str
) -> tuple[ProvisionKind, OwnProvision]:
    words = teller.words
    doing = "change" if isinstance(one, Requirement) else "answer" if isinstance(one, OpenQuestion) else "end"
    past = one.in_force.last is not None and one.in_force.last < today
    coming = one.in_force.first is not None and one.in_force.first > today
    return one.kind, OwnProvision(
        one.id,
        words.text(one.title),
        one.citation.evidence.value,
        teller.asked(one) if isinstance(one, Requirement) else (),
        teller.cited(one.citation).cited,
        words.in_force(one.in_force),
        "past" if past else "coming" if coming else "now",
        "" if past or (one.in_force.last is not None) else doing,
        draft,
        published,
    )


def _published(drafting: Drafting, one: Official, words: Words) -> dict[str, str]:
    """Return for provisions that were published here who wrote and approved them last, and when."""
    wrote = {each.id: each.steps[0].who for each in drafts.drafts_of(drafting, one)}
    found: dict[str, str] = {}
    for each in drafts.releases_of(drafting, one):
        said = words(
            "web.authority.published_here", wrote=wrote[each.draft], approved=each.who, when=words.moment(each.at)
        )
        for name in each.files:
            found.setdefault(name.removesuffix(".yaml").replace("/", "."), said)
    return found


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: int
    title: str
    what: str
    first: str
    status: str
    said: str
    who: str
    when: str


def draft_line(one: Draft, words: Words) -> DraftLine:
    """Return a draft as one line of a list."""
    last = one.steps[-1]
    first = str(one.change.get("first", ""))
    return DraftLine(
        one.id,
        words.text(one.title),
        words(f"web.authority.do.{one.change.get('do', '')}"),
        words.day(date.fromisoformat(first)) if first else "",
        one.status.value,
        words(f"web.authority.status.{one.status.value}"),
        last.who,
        words.moment(last.at),
    )


@get("/drafts", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def all_drafts(request: PageRequest) -> Template:
    """Show all drafts of law of the own state."""
    one, words = official_of(request), words_for(request)
    found = drafts.drafts_of(drafting_of(request), one)
    return desk_page(request, "authority_drafts.html", "/drafts", drafts=[draft_line(each, words) for each in found])


@get("/history", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def history(request: PageRequest) -> Template:
    """Show what was published here: by whom, when, from which draft."""
    one, drafting, words = official_of(request), drafting_of(request), words_for(request)
    found = {each.id: each for each in drafts.drafts_of(drafting, one)}
    rows = [_release(each, found[each.draft], words) for each in drafts.releases_of(drafting, one)]
    standing = drafts.law_standing(drafting, one).value
    return desk_page(request, "authority_history.html", "/history", rows=rows, standing=standing, code=one.actor.state)


@dataclass(frozen=True, slots=True)
class ReleaseLine:
    """Published law in a list: the draft it came from, who wrote and who approved it, and the day from which it bites."""

    version: int
    draft: int
    title: str
    what: str
    first: str
    wrote: str
    approved: str
    when: str
    after: str


def _release(one: Release, draft: Draft, words: Words) -> ReleaseLine:
    line = draft_line(draft, words)
    return ReleaseLine(
        one.version,
        draft.id,
        line.title,
        line.what,
        line.first,
        draft.steps[0].who,
        one.who,
        words.moment(one.at),
        one.after,
    )


@get("/releases/{version:int}", sync_to_thread=True, opt={"action": AccessAction.DRAFT_LAW})
def bundle(request: PageRequest, version: FromPath[int]) -> Response[bytes]:
    """Return the state's law in use as the file that is signed in the trust repository."""
    one, drafting = official_of(request), drafting_of(request)
    if version not in [each.version for each in drafts.releases_of(drafting, one)]:
        raise NotFoundException
    data = drafts.law_bundle(drafting, one.actor.state, version)
    headers = {"Content-Disposition": f'attachment; filename="{LAW}"', "Cache-Control": "no-store"}
    return Response(data, media_type="application/octet-stream", headers=headers)
