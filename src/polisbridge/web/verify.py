"""*Verify*: a certificate as text, picture or PDF; the answer on one screen with its reasons and the age of the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from litestar import MediaType, Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.core.contract import Period, Stay
from polisbridge.core.law import LawBook
from polisbridge.core.verification import ACCEPTING, Answer, Verification
from polisbridge.formats.certificate import PREFIX
from polisbridge.services.node import Node
from polisbridge.services.verify import Kit
from polisbridge.services.verify import verify as verify_text
from polisbridge.web.check_form import place_options, region_in
from polisbridge.web.documents import MOST_CERTIFICATES, Unreadable, certificate_texts, is_certificate
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.minimal import may_find, minimised, parts_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.view import node_of, page, with_camera
from polisbridge.words import Words
from polisbridge.words.fields import CertificateWords, Field, FieldNumber
from polisbridge.words.telling import Teller, Told

_UPLOADS = ("file", "photo")
_KEPT_BY_NOBODY = {"Cache-Control": "no-store"}
_LISTS = ("state", "gate", "region")
_CARRIED = (*_LISTS, "first", "last")
_HOUR = timedelta(hours=1)
SHOWN = (FieldNumber.VALID_UNTIL, FieldNumber.BORN, FieldNumber.ROLE, FieldNumber.PERIOD, FieldNumber.TERRITORY)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, in words, with advice where something can be done."""

    text: str
    advice: str


@dataclass(frozen=True, slots=True)
class Verified:
    """One certificate verified, in words. Of the holder and the contract only what a good signature stands for."""

    answer: Answer
    number: str
    reasons: tuple[Reason, ...]
    because: tuple[str, ...]
    holder: str
    insurer: str
    fields: tuple[Field, ...]
    trust_age: str
    status_age: str
    told: Told | None
    said: str = ""  # what the answer means, where it is not said of a certificate
    word: str = ""  # the answer in a word, where it is not to accept or refuse


@get("/", sync_to_thread=True)
def form(request: PageRequest) -> Template:
    """Show the form; a link may say for which state and occasion."""
    linked = {name: request.query_params.get(name, "") for name in _LISTS}
    return _form(request, linked, {})


@post("/", status_code=200)
async def answer(request: PageRequest) -> Template:
    """Verify every certificate that was sent, and show the answers."""
    return await sync_to_thread(_answer, request, await posted(request))


@post("/picture", status_code=200, media_type=MediaType.TEXT)
async def picture(request: PageRequest) -> Response[str]:
    """Return the text of a certificate in a picture of the camera; nothing (204) when there is none."""
    return await sync_to_thread(_picture, request, await posted(request))


def _picture(request: PageRequest, given: Posted) -> Response[str]:
    sent = given.file(_UPLOADS)
    reading = node_of(request).read_codes(sent.data) if sent and is_certificate(sent.data) else None
    found = reading.texts if reading is not None and reading.fault is None else ()
    text = next((one for one in found if one.startswith(PREFIX)), "")
    return Response(text, status_code=200 if text else 204, media_type=MediaType.TEXT, headers=_KEPT_BY_NOBODY)


def _answer(request: PageRequest, given: Posted) -> Template:
    node, words = node_of(request), words_for(request)
    reader = FormReader(given.values, words)
    texts, stay = certificates_sent(given, reader, node), stay_asked(reader, node)
    if reader.faults:
        return _form(request, given.values, reader.faults)
    kit = node.kit(stay.state if stay else "")
    book = kit.laws.book if kit.laws else node.book  # for words; without law in the kit nothing is decided
    parts = parts_for(request)
    found = [minimised(verified(verify_text(text, kit, stay, node.now()), words, book), parts) for text in texts]
    occasion = f"{words.state(stay.state)} · {words(f'gate.{stay.gate.value}')}" if stay else ""
    return page(
        request,
        "verified.html",
        keep=False,
        found=found,
        occasion=occasion,
        at=words.moment(node.now()),
        empty=_empty(kit),
        again="/verify",
        carried={"text": "\n".join(texts), **{name: reader.text(name) for name in _CARRIED if reader.text(name)}},
    )


def _empty(kit: Kit) -> bool:
    """Say whether the node was never synchronised, so that nothing can be verified here."""
    return kit.trust is None


def certificates_sent(given: Posted, reader: FormReader, node: Node) -> tuple[str, ...]:
    """Return the certificates of the file, else of the text that was written."""
    upload, written = given.file(_UPLOADS), given.values.get("text", "")
    if upload is None and not written.strip():
        reader.fault("text", "web.fault.no_certificate")
        return ()
    data = upload.data if upload else written.encode("utf-8", errors="replace")
    name = "file" if upload else "text"
    if upload and not is_certificate(data):
        reader.fault(name, "web.read.unknown_format")
        return ()
    try:
        return certificate_texts(data, node, reader.words) if upload else _written(written)
    except Unreadable as exc:
        for reason in exc.reasons:
            reader.fault(name, "web.fault.said", text=reason)
        return ()


def certificates_carried(given: Posted) -> tuple[str, ...]:
    """Return the certificates that a page carried on, a line each; none when there are too many."""
    texts = tuple(one for one in given.values.get("text", "").splitlines() if one.strip())
    return texts if len(texts) <= MOST_CERTIFICATES else ()


def _written(text: str) -> tuple[str, ...]:
    """Return a written certificate without the line breaks that it was given on its way; spaces are part of it."""
    return ("".join(text.lstrip().splitlines()),)


def stay_asked(reader: FormReader, node: Node) -> Stay | None:
    """Return the occasion asked about; None when only genuine and in force is asked."""
    first, last = reader.period("first", "last")
    state = reader.choice("state", node.book.states())
    gate = reader.choice("gate", set(Gate))
    region = region_in(reader, state)
    for name, chosen, other in (("state", state, gate), ("gate", gate, state)):
        if other and not chosen and name not in reader.faults:
            reader.fault(name, "web.fault.together")
    return Stay(state, Gate(gate), node.today(), region, Period(first, last)) if state and gate else None


def verified(found: Verification, words: Words, book: LawBook) -> Verified:
    """Return a verification in words."""
    certificate, insurer = found.certificate, found.insurer
    good = certificate is not None and insurer is not None
    return Verified(
        answer=found.answer,
        number=f"{certificate.contract.number}/{certificate.person}" if good and certificate else "",
        reasons=tuple(_reason(one.value, found, words, advised=one not in ACCEPTING) for one in found.reasons),
        because=tuple(words(f"trust.reason.{why.value}") for why in found.trust_reasons),
        holder=words("certificate.holder", name=certificate.holder.name, tail=certificate.holder.document_tail or "–")
        if good and certificate
        else "",
        insurer=words(
            "certificate.insurer", name=insurer.name, state=words.state(insurer.state), licence=insurer.licence
        )
        if good and insurer
        else "",
        fields=_fields(found, words, book) if good else (),
        trust_age=_age(found.trust_age, "web.trust_age", words),
        status_age=_status(found, words),
        told=Teller(words, book).told(found.assessment) if found.assessment else None,
    )


def _reason(code: str, found: Verification, words: Words, *, advised: bool) -> Reason:
    detail = f" ({words(f'web.read.{found.detail}')})" if words.has(f"web.read.{found.detail}") else ""
    here = f"web.advice.{code}" if words.has(f"web.advice.{code}") else f"advice.{code}"
    return Reason(f"{words(f'reason.{code}')}{detail}", words(here) if advised and words.has(here) else "")


def _fields(found: Verification, words: Words, book: LawBook) -> tuple[Field, ...]:
    """Return the numbered fields that an office compares at a glance."""
    if found.certificate is None:
        return ()
    fields = CertificateWords(found.certificate, book, words, words).fields()
    return tuple(one for one in fields if one.number in SHOWN)


def _status(found: Verification, words: Words) -> str:
    if found.status is None or found.status_age is None:
        return ""
    status = words(f"status.{found.status.name.lower()}")
    return f"{words('web.status', status=status)} {_age(found.status_age, 'web.status_age', words)}"


def _age(age: timedelta | None, key: str, words: Words) -> str:
    """Return an age in whole hours, in the right plural form; empty when it is not known."""
    return "" if age is None else words.plural(key, max(0, age // _HOUR))


def _form(request: PageRequest, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    """Show the form with what was written in it; a form with faults is answered with 422."""
    offered = place_options(node_of(request).book, words_for(request))
    shown = page(
        request,
        "verify.html",
        status=422 if faults else 200,
        keep=not faults,
        values=values,
        faults=faults,
        options=offered,
        by_number=may_find(request),
    )
    return with_camera(shown)
