"""Certificates of an insurer: the list, one with its history, its card, page and QR code, and what becomes of it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import uuid4

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.certificate import Certificate
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Held, RegisteredCertificate
from polisbridge.core.roles import AccessAction
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Action
from polisbridge.formats.certificate import decode
from polisbridge.formats.qr import png, symbol_of
from polisbridge.services.exchange import Turn
from polisbridge.services.print_card import PaperKind, print_card
from polisbridge.services.registry.issuing import StatusChange, change_status, find, history_of, told_text
from polisbridge.services.registry.looking import record
from polisbridge.services.registry.overview import CertificateRow, Sought
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.insurer import SOON, Clerk, clerk_for, desk_page, shown_certificate
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.words import Words

_HERE = "/insurer/certificates"
_PIECE = 25
MOST_CARDS = 100  # of one file
_KINDS = {"card.pdf": PaperKind.CARD, "sheet.pdf": PaperKind.SHEET}
_LANGUAGES = ("ru", "en")  # of the state of stay, the first one that is not the person's
_SHOWS = {"suspended": Status.SUSPENDED, "revoked": Status.REVOKED, "valid": Status.VALID}


@get("/certificates", sync_to_thread=True, opt={"action": AccessAction.READ_CERTIFICATE})
def certificates(request: PageRequest) -> Template:
    """List certificates, the newest first; those of one status, those that end soon, or of one contract."""
    clerk = clerk_for(request, AccessAction.READ_CERTIFICATE)
    show = request.query_params.get("show", "")
    search, after = (
        request.query_params.get("search", "").replace("\0", "")[:100],
        request.query_params.get("after", ""),
    )
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0  # noqa: PLR2004 - of a bigint
    today = clerk.now.date()
    ending = today + timedelta(days=int(show)) if show in map(str, SOON) else None
    sought = Sought(today, status=_SHOWS.get(show), ending_by=ending, number=search.strip())
    found = clerk.issuing.lists.certificates(
        clerk.insurer, clerk.register, sought, after=begin, most=_PIECE + 1, newest=True
    )
    shows = [("", clerk.words("web.insurer.show.all"))]
    shows += [(one, clerk.words(f"web.insurer.status.{one}")) for one in _SHOWS]
    shows += [(str(days), clerk.words.plural("web.insurer.within", days)) for days in SOON]
    return desk_page(
        request,
        clerk,
        "insurer_certificates.html",
        here=_HERE,
        rows=[shown_certificate(one, clerk) for one in found[:_PIECE]],
        show=show,
        search=search.strip(),
        shows=shows,
        more=found[_PIECE - 1].number if len(found) > _PIECE else 0,
    )


@get("/certificates/{certificate:int}", sync_to_thread=True, opt={"action": AccessAction.READ_CERTIFICATE})
def certificate(request: PageRequest, certificate: FromPath[int]) -> Template:
    """Show a certificate with its history and what can be done with it."""
    return _shown(request, certificate, {}, {})


@get("/certificates/{certificate:int}/{kind:str}", sync_to_thread=True, opt={"action": AccessAction.READ_CERTIFICATE})
def paper(request: PageRequest, certificate: FromPath[int], kind: FromPath[str]) -> Response[bytes]:
    """Return a certificate as a card or an A4 page, or its QR code as a picture."""
    clerk = clerk_for(request, AccessAction.READ_CERTIFICATE)
    if kind not in (*_KINDS, "qr.png"):
        raise NotFoundException
    _, text, opened = _opened(clerk, certificate, "card" if kind in _KINDS else "certificate")
    if kind == "qr.png":
        return Response(png(symbol_of(text)), media_type="image/png", headers={"Cache-Control": "no-store"})
    return pdf(_printed(clerk, opened, text, _KINDS[kind]), f"certificate-{certificate}.pdf")


@post("/certificates/{certificate:int}/status", status_code=200, opt={"action": AccessAction.CHANGE_STATUS})
async def status(request: PageRequest, certificate: FromPath[int]) -> Template | Redirect:
    """Suspend, resume or cancel a certificate."""
    return await sync_to_thread(_changed, request, certificate, await posted(request))


PAGES = (certificates, certificate, paper, status)


def pdf(data: bytes, name: str) -> Response[bytes]:
    """Answer with a PDF file to print."""
    headers = {"Cache-Control": "no-store", "Content-Disposition": f'inline; filename="{name}"'}
    return Response(data, media_type="application/pdf", headers=headers)


def cards(clerk: Clerk, rows: list[CertificateRow]) -> bytes:
    """Return the cards of many certificates in one PDF file; each look is recorded with its person."""
    import io  # noqa: PLC0415 - with what is only wanted here

    import pypdfium2  # noqa: PLC0415

    whole = pypdfium2.PdfDocument.new()
    for one in rows[:MOST_CARDS]:
        _, text, opened = _opened(clerk, one.number, "card")
        whole.import_pages(pypdfium2.PdfDocument(_printed(clerk, opened, text, PaperKind.CARD)))
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _own(clerk: Clerk, registry: Any, number: int) -> Held[RegisteredCertificate]:
    """Return a certificate of the clerk's insurer. Raises NotFoundException for any other."""
    if not 0 < number < 1 << 63:
        raise NotFoundException
    held, contract = find(registry, number, clerk.note(""))
    if contract.value.seller != clerk.insurer:
        raise NotFoundException
    return held


def _opened(clerk: Clerk, number: int, what: str) -> tuple[Held[RegisteredCertificate], str, Certificate]:
    """Return a certificate with its text; that it was looked at is on record for the person, first."""
    with clerk.exchange.registries.change() as registry:
        held = _own(clerk, registry, number)
        record(registry, held.value.person, clerk.actor.role.value, what, clerk.note("insurer_desk"))
        text = told_text(registry, held)
    return held, text, decode(text).certificate


def _printed(clerk: Clerk, opened: Certificate, text: str, kind: PaperKind) -> bytes:
    own = clerk.words.language
    host = next(one for one in _LANGUAGES if one != own)
    data, _ = print_card(clerk.issuing.printer, opened, text, clerk.exchange.node.book, kind, (own, host))
    return data


def _shown(request: PageRequest, number: int, faults: Mapping[str, list[str]], values: Mapping[str, str]) -> Template:
    clerk = clerk_for(request, AccessAction.READ_CERTIFICATE)
    held, text, opened = _opened(clerk, number, "certificate")
    words, today = clerk.words, clerk.now.date()
    sought = Sought(today, contract=held.value.contract)
    rows = clerk.issuing.lists.certificates(clerk.insurer, clerk.register, sought, after=number - 1, most=1)
    with clerk.exchange.registries.read() as registry:
        history = history_of(registry, clerk.insurer, held.value.key, clerk.note(""), below=clerk.issuing.below)
    one = shown_certificate(rows[0], clerk)
    return desk_page(
        request,
        clerk,
        "insurer_certificate.html",
        here="",
        status=422 if faults else 200,
        one=one,
        text=text,
        holder=opened.holder.name,
        tail=opened.holder.document_tail,
        left_out=[words(f"omission.{part.value}") for part in opened.omitted if words.has(f"omission.{part.value}")],
        history=[
            (
                words.moment(line.note.at),
                line.note.who,
                _what(line.step.action, clerk, line.step.day, by_me=line.step.key == held.value.key),
                reason_word(line.note.why, words),
            )
            for line in history
        ],
        faults=faults,
        values=values,
        final=rows[0].status_on(today) is Status.REVOKED,
        suspended=rows[0].status_on(today) is Status.SUSPENDED,
        once=uuid4().hex,
    )


def reason_word(why: str, words: Words) -> str:
    """Return a reason that the desk itself gave in words; what somebody wrote stands as it is."""
    key = f"web.insurer.reason.{why.partition(' ')[0]}"
    return words(key) if words.has(key) else why


def _what(action: Action, clerk: Clerk, day: Any, *, by_me: bool) -> str:
    words = clerk.words
    if action is Action.REPLACED and not by_me:
        return words("web.insurer.happened.replaces")
    word = words(f"web.insurer.happened.{action.value}")
    return f"{word} {words('web.insurer.happened.from', day=words.day(day))}" if day is not None else word


def _changed(request: PageRequest, number: int, given: Posted) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.CHANGE_STATUS)
    reader = FormReader(given.values, clerk.words)
    wish = reader.choice("change", set(StatusChange), needed=True)
    why, first = reader.text("why"), reader.day("first")
    if not why:
        reader.fault("why", "web.fault.needed")
    with clerk.exchange.registries.read() as registry:
        _own(clerk, registry, number)
    if reader.faults or wish is None:
        return _shown(request, number, reader.faults, given.values)
    change = StatusChange(wish)

    def do(turn: Turn) -> Mapping[str, Any]:
        held = _own(clerk, turn.registry, number)
        day = first if change is StatusChange.REVOKE else None
        note, below = clerk.note(why[:500]), clerk.issuing.below
        change_status(turn.registry, clerk.insurer, [held], change, note, first=day, below=below)
        return {"id": number}

    try:
        clerk.once(given.values.get("once", "") or uuid4().hex, f"{change} {number} {first} {why}", do)
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.STATUS_FINAL:
            raise
        reader.fault("change", "web.insurer.final")
        return _shown(request, number, reader.faults, given.values)
    clerk.issuing.published()
    return Redirect(f"{_HERE}/{number}", status_code=SEE_OTHER)
