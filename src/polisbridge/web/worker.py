"""A worker's own page: contracts and where they are enough, certificates, who looked, and whom they let see."""

from collections.abc import Sequence
from datetime import date, datetime

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.registry import Access, Employer, Held, MedicalOrganisation
from polisbridge.core.roles import AccessAction, ActorRole
from polisbridge.formats.certificate import decode
from polisbridge.formats.qr import svg, symbol_of
from polisbridge.services.access import require
from polisbridge.services.people import persons
from polisbridge.services.people.own import certificate_text, own_page
from polisbridge.services.people.ports import People
from polisbridge.services.print_card import PaperKind, print_card
from polisbridge.services.registry import staff
from polisbridge.services.registry.ports import Registry
from polisbridge.services.registry.visits import visits_of
from polisbridge.web.forms import Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.owned import told_contracts
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, people_of, signed_in
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

_READ, _HELPER = {"action": AccessAction.READ_PERSON}, {"action": AccessAction.NAME_HELPER}
_CERTIFICATE, _SHARE = {"action": AccessAction.READ_CERTIFICATE}, {"action": AccessAction.SHARE_WITH_EMPLOYER}
_KEPT_BY_NOBODY = {"Cache-Control": "no-store"}


@get("/", sync_to_thread=True, opt=_READ)
def my_data(request: PageRequest) -> Template:
    """Show a worker their own page; show a helper whom they help."""
    _, actor = signed_in(request)
    if actor.role is ActorRole.HELPER and actor.helps:
        return page(request, "helped.html", keep=False, persons=sorted(actor.helps))
    return _person(request, actor.person)


@get("/{person:int}", sync_to_thread=True, opt=_READ)
def person_data(request: PageRequest, person: FromPath[int]) -> Template:
    """Show the data of a person to whom they belong or who was named by them."""
    return _person(request, person)


def _person(request: PageRequest, person: int | None) -> Template:
    people, node, words, (_, actor) = people_of(request), node_of(request), words_for(request), signed_in(request)
    if person is None:
        require(people.matrix, actor, AccessAction.READ_PERSON)
        raise LookupError("somebody may read nobody's data")
    purpose = "own_data" if person == actor.person else "named_helper"
    found = persons.read_person(people, actor, person, "my_data", purpose, node.now())
    with people.registries.read() as registry:
        own = own_page(registry, person, node.laws, on=node.today(), at=node.now())
        visited = _visited(registry, person, node.today(), node.now(), words)
        lets_see = _employers(registry, person, node.today(), node.now(), words) if person == actor.person else None
    who = found.identity
    return page(
        request,
        "my_data.html",
        keep=False,
        identity=who,
        born=words.day(who.born) if who and who.born else "",
        citizenship=", ".join(words.state(one) for one in sorted(who.citizenship)) if who else "",
        contracts=told_contracts(own, node.laws, words, node.today()),
        cards=_can_print(request),
        looked=None if found.looked is None else _looked(people, found.looked, words),
        helpers=found.helpers,
        visited=visited,
        employers=lets_see,
    )


def _looked(people: People, looked: Sequence[Access], words: Words) -> list[tuple[str, str, str, str, str]]:
    """Return who looked, the newest first: when, who, in which role, at what, what for."""
    return [
        (
            words.moment(one.at),
            one.who,
            _role(people, one.role, words),
            _coded(one.what, words),
            _coded(one.purpose, words),
        )
        for one in reversed(looked)
    ]


def _coded(said: str, words: Words) -> str:
    """Return the words for a code of the access log; what somebody wrote in words stands as it is."""
    key = f"access_log.{said}"
    return words(key) if words.has(key) else said


def _role(people: People, role: str, words: Words) -> str:
    """Return the name of a role as the record has it; a role of the command line stands as it is."""
    return words.named(f"actor.{role}", people.matrix.roles[ActorRole(role)].title) if role in set(ActorRole) else role


def _visited(registry: Registry, person: int, on: date, at: datetime, words: Words) -> list[tuple[str, str, str, bool]]:
    """Return the hospitals that noted the person: which, from when to when, and whether they still see."""
    found = []
    for one in visits_of(registry, person, at):
        first, last = one.valid.first, one.valid.last
        clinics: list[Held[MedicalOrganisation]]
        clinics = list(registry.known(MedicalOrganisation, on=None, at=at, thing=one.value.clinic))
        title = words.text(clinics[-1].value.title) if clinics else ""
        lasts = (first is None or first <= on) and (last is None or on <= last)
        found.append((title, words.day(first) if first else "–", words.day(last) if last else "–", lasts))
    return found


def _employers(registry: Registry, person: int, on: date, at: datetime, words: Words) -> list[tuple[int, str]]:
    found = []
    for one in staff.consents_of(registry, person, on=on, at=at):
        titles = [held.value.title for held in registry.known(Employer, on=None, at=at, thing=one.value.employer)]
        found.append((one.value.employer, words.text(titles[-1]) if titles else ""))
    return found


@get("/certificates/{certificate:int}/qr.svg", sync_to_thread=True, opt=_CERTIFICATE)
def certificate_code(request: PageRequest, certificate: FromPath[int]) -> Response[str]:
    """Return the QR code of an own certificate as a picture."""
    return Response(svg(symbol_of(_text(request, certificate))), media_type="image/svg+xml", headers=_KEPT_BY_NOBODY)


@get("/certificates/{certificate:int}/card.pdf", sync_to_thread=True, opt=_CERTIFICATE)
def certificate_card(request: PageRequest, certificate: FromPath[int]) -> Response[bytes]:
    """Return an own certificate as a page to print, in the reader's language and Russian."""
    if not _can_print(request):
        raise NotFoundException
    text, languages = _text(request, certificate), (words_for(request).language, "ru")
    printer = request.app.state.exchange.issuing.printer
    data, _ = print_card(printer, decode(text).certificate, text, node_of(request).book, PaperKind.SHEET, languages)
    return Response(data, media_type="application/pdf", headers={**_KEPT_BY_NOBODY, "Content-Disposition": "inline"})


@get("/certificates/{certificate:int}/text", sync_to_thread=True, opt=_CERTIFICATE, media_type=MediaType.TEXT)
def certificate_as_text(request: PageRequest, certificate: FromPath[int]) -> Response[str]:
    """Return an own certificate as text, to send it to somebody."""
    return Response(_text(request, certificate), media_type=MediaType.TEXT, headers=_KEPT_BY_NOBODY)


def _text(request: PageRequest, certificate: int) -> str:
    people, (_, actor), now = people_of(request), signed_in(request), node_of(request).now()
    return certificate_text(people, actor, certificate, now)


def _can_print(request: PageRequest) -> bool:
    exchange = request.app.state.exchange
    return exchange is not None and exchange.issuing is not None


@post("/helpers", opt=_HELPER)
async def name_helper(request: PageRequest) -> Redirect:
    """Name a helper; nothing happens when there is none of that login."""
    return await sync_to_thread(_helper, request, await posted(request), ended=False)


@post("/helpers/end", opt=_HELPER)
async def end_helper(request: PageRequest) -> Redirect:
    """Take back that somebody is a helper."""
    return await sync_to_thread(_helper, request, await posted(request), ended=True)


def _helper(request: PageRequest, given: Posted, *, ended: bool) -> Redirect:
    people, (_, actor) = people_of(request), signed_in(request)
    if actor.person is None:
        require(people.matrix, actor, AccessAction.NAME_HELPER)
    else:
        do = persons.end_helper if ended else persons.name_helper
        do(people, actor, actor.person, given.values.get("login", ""), node_of(request).now())
    return Redirect("/me", status_code=SEE_OTHER)


@post("/employers", opt=_SHARE)
async def let_employer_see(request: PageRequest) -> Redirect:
    """Let an employer see that one is insured; nothing happens when no employer has that login."""
    return await sync_to_thread(_share, request, await posted(request), ended=False)


@post("/employers/end", opt=_SHARE)
async def employer_sees_no_more(request: PageRequest) -> Redirect:
    """Take that back."""
    return await sync_to_thread(_share, request, await posted(request), ended=True)


def _share(request: PageRequest, given: Posted, *, ended: bool) -> Redirect:
    people, (_, actor), node = people_of(request), signed_in(request), node_of(request)
    if actor.person is None:
        require(people.matrix, actor, AccessAction.SHARE_WITH_EMPLOYER)
    employer = (
        _number(given.values.get("employer", ""))
        if ended
        else persons.employer_of(people, given.values.get("login", ""))
    )
    if employer is not None:
        do = staff.see_no_more if ended else staff.let_see
        with people.registries.change() as registry:
            do(registry, people.matrix, actor, people.state, employer, node.today(), node.now())
    return Redirect("/me", status_code=SEE_OTHER)


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < len(str(2**63)) else None


PAGES = (
    my_data,
    person_data,
    certificate_code,
    certificate_card,
    certificate_as_text,
    name_helper,
    end_helper,
    let_employer_see,
    employer_sees_no_more,
)
