"""`/v1/certificates`: issued for contracts on record, shown as text, picture and paper, suspended, resumed, revoked."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, QueryParameter, RawBody
from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.api.answering import piece, tagged, told, written
from polisbridge.api.asking import (
    LARGEST_NUMBER,
    After,
    ApiRequest,
    Most,
    OnceKey,
    body_of,
    exchange_of,
    keyed,
    number_place,
    permitted,
)
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.api.products import refuse_no_number, seller_of
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Held, Insurer, RegisteredCertificate
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, RefusalReason, Refused
from polisbridge.core.status import Status
from polisbridge.core.statusbook import Note
from polisbridge.formats.certificate import decode
from polisbridge.formats.convert import convert
from polisbridge.formats.qr import png, symbol_of
from polisbridge.services.access import allowed
from polisbridge.services.exchange import Issuing, OnceAnswer, Turn
from polisbridge.services.print_card import PaperKind, print_card
from polisbridge.services.registry.certificates import status_known
from polisbridge.services.registry.issuing import (
    StatusChange,
    change_status,
    find,
    history_of,
    issue_for,
    told_text,
)
from polisbridge.services.registry.looking import record
from polisbridge.services.registry.overview import CertificateRow, Sought
from polisbridge.services.registry.ports import Registry
from polisbridge.words import matched

_PDF, _PNG, _TEXT = "application/pdf", "image/png", "text/plain"
_HOST_LANGUAGE = "ru"
Why = Annotated[str, Meta(min_length=1, max_length=500)]
Language = Annotated[str, QueryParameter(max_length=12, description="Of the person: one of the site's languages.")]


class IssueSent(Struct, frozen=True, forbid_unknown_fields=True):
    """For whom to issue (everybody whose cover is not over, when nobody is named), and why.

    Who has a good certificate keeps it, unless it is to be issued `again`: then the new one takes its place at once.
    """

    persons: list[str] = []
    again: bool = False
    why: Why | UnsetType = UNSET


class ChangeSent(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """Why the status changes, and for a revocation the first day on which the certificate no longer counts."""

    why: Why
    first: date | UnsetType = UNSET


@post("/contracts/{contract:int}/certificates", status_code=201, sync_to_thread=True, operation_id="issueCertificates")
def issue(request: ApiRequest, contract: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """Issue certificates for persons of a contract; all of them or none."""
    refuse_no_number(contract)
    issuing, exchange = _issuing(request), exchange_of(request)
    seller = exchange.lists.seller_of(contract)
    if seller is None or keyed(request).organisation != seller:
        permitted(
            request,
            AccessAction.ISSUE_CERTIFICATE,
            AccessSubject(organisations=frozenset({keyed(request).organisation or 0})),
        )
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such contract of yours", hint="GET /v1/contracts lists them")
    actor = permitted(request, AccessAction.ISSUE_CERTIFICATE, AccessSubject(organisations=frozenset({seller})))
    document = body_of(request, body)
    sent = convert(document, IssueSent, lambda raw: raw)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        why = Note(note.who, note.at, note.why if sent.why is UNSET else sent.why)
        vocabulary = exchange.node.book.vocabulary
        found = issue_for(
            turn.registry, issuing.keys, contract, why, vocabulary, persons=sent.persons, again=sent.again
        )
        answer = {
            "issued": [{"id": one, "href": f"/v1/certificates/{one}"} for one in found.new],
            "kept": [{"person": person, "id": one} for person, one in found.kept.items()],
        }
        return OnceAnswer(201, answer), answer

    answer = written(request, actor, once, body, do)
    issuing.published()
    return answer


@get("/certificates", sync_to_thread=True, operation_id="listCertificates")
def certificates(
    request: ApiRequest,
    contract: Annotated[int, QueryParameter(ge=0, le=LARGEST_NUMBER, description="Only those of this contract.")] = 0,
    after: After = "",
    most: Most = 100,
) -> Response[bytes]:
    """List the certificates of the sender's own organisation, with their status today."""
    seller = seller_of(request, AccessAction.READ_CERTIFICATE)
    permitted(request, AccessAction.READ_CERTIFICATE, AccessSubject(organisations=frozenset({seller})))
    issuing, node = _issuing(request), exchange_of(request).node
    with exchange_of(request).registries.read() as registry:
        register = _register(registry, seller, node.now())
    sought = Sought(node.today(), contract=contract or None)
    found = issuing.lists.certificates(seller, register, sought, after=number_place(after), most=most + 1)
    return tagged(request, piece(found, most, lambda one: one.number, lambda one: _row(one, node.today())))


@get("/certificates/{certificate:int}", sync_to_thread=True, operation_id="readCertificate")
def certificate(request: ApiRequest, certificate: FromPath[int], language: Language = "en") -> Response[bytes]:
    """Return a certificate: as JSON, or by `Accept` its text, its QR code (PNG) or an A4 page (PDF)."""
    held, text, actor = _looked_at(request, certificate)
    wish = request.headers.get("Accept", "")
    for media_type in (_TEXT, _PNG, _PDF):
        if media_type in wish:
            return _as(request, text, media_type, PaperKind.SHEET, language)
    opened = decode(text).certificate
    issuing, exchange = _issuing(request), exchange_of(request)
    now = exchange.node.now()
    with exchange.registries.read() as registry:
        seller = exchange.lists.seller_of(held.value.contract) or 0
        note = Note(actor.name, now, "API")
        history = history_of(registry, seller, held.value.key, note, below=issuing.below)
    status = status_known(history, held.value.key, on=exchange.node.today(), at=now)
    shown: dict[str, Any] = {
        "id": certificate,
        "contract": held.value.contract,
        "person": opened.person,
        "state": opened.issuer_state,
        "key": opened.key_id.hex(),
        "issued": opened.issued.isoformat(),
        "expires": opened.expires.isoformat(),
        "status": _status(status),
        "left_out": [one.value for one in opened.omitted],
        "history": [_happened(one.note, one.step) for one in history],
        "text": text,
    }
    return told(shown)


@get("/certificates/{certificate:int}/text", sync_to_thread=True, operation_id="readCertificateText")
def as_text(request: ApiRequest, certificate: FromPath[int]) -> Response[bytes]:
    """Return the text of a certificate, as its QR code holds it."""
    return _as(request, _looked_at(request, certificate)[1], _TEXT, PaperKind.SHEET, "en")


@get("/certificates/{certificate:int}/qr.png", sync_to_thread=True, operation_id="readCertificateQr")
def as_picture(request: ApiRequest, certificate: FromPath[int]) -> Response[bytes]:
    """Return the QR code of a certificate."""
    return _as(request, _looked_at(request, certificate)[1], _PNG, PaperKind.SHEET, "en")


@get("/certificates/{certificate:int}/card.pdf", sync_to_thread=True, operation_id="readCertificateCard")
def as_card(request: ApiRequest, certificate: FromPath[int], language: Language = "en") -> Response[bytes]:
    """Return a certificate as a card in bank card size with two sides."""
    return _as(request, _looked_at(request, certificate)[1], _PDF, PaperKind.CARD, language)


@get("/certificates/{certificate:int}/sheet.pdf", sync_to_thread=True, operation_id="readCertificateSheet")
def as_sheet(request: ApiRequest, certificate: FromPath[int], language: Language = "en") -> Response[bytes]:
    """Return a certificate as an A4 page."""
    return _as(request, _looked_at(request, certificate)[1], _PDF, PaperKind.SHEET, language)


@get("/certificates/{certificate:int}/status", sync_to_thread=True, operation_id="readCertificateStatus")
def status_of(
    request: ApiRequest,
    certificate: FromPath[int],
    on: Annotated[date | None, QueryParameter(description="The day asked about; else today.")] = None,
    known: Annotated[datetime | None, QueryParameter(description="What was known at this instant; else now.")] = None,
) -> Response[bytes]:
    """Return whether a certificate was good on a day, as far as was known at an instant."""
    exchange, issuing = exchange_of(request), _issuing(request)
    now = exchange.node.now()
    at = now if known is None else known if known.tzinfo else known.replace(tzinfo=UTC)
    day = on or exchange.node.today()
    with exchange.registries.read() as registry:
        actor, held, seller = _permitted(request, registry, certificate, AccessAction.READ_CERTIFICATE)
        history = history_of(registry, seller, held.value.key, Note(actor.name, now, "API"), below=issuing.below)
    status = status_known(history, held.value.key, on=day, at=at)
    answer = {"id": certificate, "on": day.isoformat(), "known": at.isoformat(), "status": _status(status)}
    return told({**answer, "history": [_happened(one.note, one.step) for one in history if one.note.at <= at]})


@post(
    "/certificates/{certificate:int}/suspension",
    status_code=200,
    sync_to_thread=True,
    operation_id="suspendCertificate",
)
def suspend(request: ApiRequest, certificate: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """Suspend a certificate until it is resumed."""
    return _changed(request, certificate, body, once, StatusChange.SUSPEND)


@post(
    "/certificates/{certificate:int}/resumption", status_code=200, sync_to_thread=True, operation_id="resumeCertificate"
)
def resume(request: ApiRequest, certificate: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """End the suspension of a certificate."""
    return _changed(request, certificate, body, once, StatusChange.RESUME)


@post(
    "/certificates/{certificate:int}/revocation", status_code=200, sync_to_thread=True, operation_id="revokeCertificate"
)
def revoke(request: ApiRequest, certificate: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """Revoke a certificate for ever: at once, or from a day on."""
    return _changed(request, certificate, body, once, StatusChange.REVOKE)


ROUTES = (
    issue,
    certificates,
    certificate,
    as_text,
    as_picture,
    as_card,
    as_sheet,
    status_of,
    suspend,
    resume,
    revoke,
)


def _changed(request: ApiRequest, number: int, body: bytes, once: str, change: StatusChange) -> Response[bytes]:
    exchange, issuing = exchange_of(request), _issuing(request)
    with exchange.registries.read() as registry:
        actor, _, _ = _permitted(request, registry, number, AccessAction.CHANGE_STATUS)
    sent = convert(body_of(request, body), ChangeSent, lambda raw: raw)
    first = None if sent.first is UNSET else sent.first

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        why = Note(note.who, note.at, sent.why)
        held, contract = find(turn.registry, number, why)
        seller = contract.value.seller
        change_status(turn.registry, seller, [held], change, why, first=first, below=issuing.below)
        history = history_of(turn.registry, seller, held.value.key, why, below=issuing.below)
        status = status_known(history, held.value.key, on=why.at.date(), at=why.at)
        answer = {"id": number, "status": _status(status)} | ({"revoked_from": first.isoformat()} if first else {})
        return OnceAnswer(200, answer), answer

    answer = written(request, actor, once, body, do)
    issuing.published()
    return answer


def _issuing(request: ApiRequest) -> Issuing:
    found = exchange_of(request).issuing
    if found is None:
        raise PolisbridgeError(ErrorCode.NO_ISSUING_KEY, "this node issues nothing", hint="node issuing-key add")
    return found


def _permitted(
    request: ApiRequest, registry: Registry, number: int, action: AccessAction
) -> tuple[Actor, Held[RegisteredCertificate], int]:
    """Return who asks, the certificate and its insurer. One that the sender may not see is not there."""
    actor = keyed(request)
    refuse_no_number(number)
    exchange = exchange_of(request)
    held, contract = find(registry, number, Note(actor.name, exchange.node.now(), "API"))
    subject = AccessSubject(organisations=frozenset({contract.value.seller}), person=held.value.person)
    seen = allowed(exchange.matrix, actor, AccessAction.READ_CERTIFICATE, subject)
    if isinstance(seen, Refused) and seen.reason is not RefusalReason.OTHER_ROLE:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such certificate of yours", hint="GET /v1/certificates")
    return permitted(request, action, subject), held, contract.value.seller


def _looked_at(request: ApiRequest, number: int) -> tuple[Held[RegisteredCertificate], str, Actor]:
    """Return a certificate with its text; that it was looked at is on record for the person, first."""
    exchange = exchange_of(request)
    with exchange.registries.change() as registry:
        actor, held, _ = _permitted(request, registry, number, AccessAction.READ_CERTIFICATE)
        note = Note(actor.name, exchange.node.now(), "API")
        record(registry, held.value.person, actor.role.value, "certificate", note)
        return held, told_text(registry, held), actor


def _as(request: ApiRequest, text: str, media_type: str, kind: PaperKind, language: str) -> Response[bytes]:
    headers = {"Cache-Control": "no-store", "Vary": "Accept, Authorization"}
    if media_type == _TEXT:
        return Response(text.encode(), media_type=_TEXT, headers=headers)
    if media_type == _PNG:
        return Response(png(symbol_of(text)), media_type=_PNG, headers=headers)
    found = matched(language)
    if found is None:
        raise Problem(400, ProblemCode.BAD_REQUEST, "language: one of the site's")
    issuing, book = _issuing(request), exchange_of(request).node.book
    spoken = (found, _HOST_LANGUAGE if found != _HOST_LANGUAGE else "en")
    data, _ = print_card(issuing.printer, decode(text).certificate, text, book, kind, spoken)
    return Response(data, media_type=_PDF, headers=headers)


def _register(registry: Registry, insurer: int, at: datetime) -> str:
    held = list(registry.known(Insurer, on=at.date(), at=at, thing=insurer))
    return held[-1].code if held else ""


def _row(one: CertificateRow, today: date) -> dict[str, Any]:
    ends = {} if one.ends is None else {"revoked_from": one.ends.isoformat()}
    return {
        "id": one.number,
        "contract": one.contract,
        "contract_number": one.contract_number,
        "person": one.person,
        "issued": one.issued.isoformat(),
        "expires": one.valid.last.isoformat() if one.valid.last else "",
        "status": _status(one.status_on(today)),
        "href": f"/v1/certificates/{one.number}",
        **ends,
    }


def _status(status: Status | None) -> str:
    return "not_issued" if status is None else status.name.lower()


def _happened(note: Note, step: Any) -> dict[str, str]:
    day = {} if step.day is None else {"from": step.day.isoformat()}
    return {"at": note.at.isoformat(), "by": note.who, "why": note.why, "what": step.action.value, **day}
