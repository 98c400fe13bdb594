"""`/v1/verifications`: certificates as text or picture, verified from the node's kit, or a number with a birth date.

Nothing of a certificate is kept; a look-up by number is on record for the person.
"""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from litestar import Response, post
from litestar.params import RawBody
from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.api.answering import told
from polisbridge.api.asking import ApiRequest, body_of, exchange_of, permitted
from polisbridge.api.records import looked_up
from polisbridge.core.contract import Stay
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.roles import AccessAction, AnswerPart
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.convert import convert
from polisbridge.formats.stayfile import StayFile, read_stays
from polisbridge.formats.tree import Document
from polisbridge.formats.verificationfile import verification_json
from polisbridge.services.access import shown
from polisbridge.services.node import Node
from polisbridge.services.registry.lookups import NumberAsked
from polisbridge.services.verify import verify

MOST_CERTIFICATES = 20  # of one picture or PDF file
_PARTS: Mapping[AnswerPart, tuple[str, ...]] = {
    AnswerPart.NUMBER: ("number", "person", "status", "key_id", "omitted"),
    AnswerPart.HOLDER: ("holder",),
    AnswerPart.INSURER: ("insurer", "assistance_phone", "issuer_state"),
    AnswerPart.BORN: ("born",),
    AnswerPart.FAMILY_ROLE: ("role",),
    AnswerPart.PERIOD: ("period", "issued", "expires"),
}


class VerificationAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A certificate's text, or a picture or PDF file with certificates (base64); and where it is to count, if asked.

    Offices may send the number of a contract or certificate and a birth date in their place, and the name they were told.
    """

    text: str | UnsetType = UNSET
    picture: str | UnsetType = UNSET
    number: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    born: date | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    stay: StayFile | UnsetType = UNSET


class _Sent(Struct, frozen=True, forbid_unknown_fields=True):
    text: str | UnsetType = UNSET
    picture: str | UnsetType = UNSET
    number: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    born: date | UnsetType = UNSET
    name: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    stay: dict[str, Any] | UnsetType = UNSET


@post("/verifications", status_code=200, sync_to_thread=True, operation_id="verifyCertificates")
def verify_certificates(request: ApiRequest, body: RawBody) -> Response[bytes]:
    """Verify certificates; of what they say, each role is shown what it needs."""
    actor, exchange = permitted(request, AccessAction.VERIFY), exchange_of(request)
    node, document = exchange.node, body_of(request, body)
    sent = convert(document, _Sent, lambda raw: raw)
    by_number = isinstance(sent.number, str)
    texts = () if by_number else _texts(document, sent, node)
    stay = _stay(document, node.book.vocabulary) if sent.stay is not UNSET else None
    if by_number:
        permitted(request, AccessAction.FIND_INSURED)
        return told(
            {"verifications": [], "record": looked_up(request, actor, document, _asked(document, sent, stay), stay)}
        )
    kit = node.kit(stay.state if stay else "")
    book = kit.laws.book if kit.laws else node.book
    parts = shown(exchange.matrix, actor.role)
    found = [verification_json(book, verify(text, kit, stay, node.now())) for text in texts]
    return told({"verifications": [minimised(one, parts) for one in found]})


def minimised(answer: dict[str, Any], parts: frozenset[AnswerPart]) -> dict[str, Any]:
    """Return an answer with what these parts show; answer, reasons and age of the data are shown to all."""
    kept = {key for part in parts for key in _PARTS.get(part, ())}
    found = dict(answer)
    if "certificate" in found:
        found["certificate"] = {key: value for key, value in found["certificate"].items() if key in kept}
    if AnswerPart.DECISION not in parts:
        found.pop("decision", None)
    return found


def _asked(document: Document, sent: _Sent, stay: Stay | None) -> NumberAsked:
    if sent.text is not UNSET or sent.picture is not UNSET:
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, (), "a number and more", "a number alone")])
    if not isinstance(sent.born, date) or not isinstance(sent.number, str):
        raise InputFaults([document.fault(FaultCode.MISSING_KEY, (), "nothing", "the key born")])
    return NumberAsked(sent.number, sent.born, sent.name if isinstance(sent.name, str) else "", stay)


def _texts(document: Document, sent: _Sent, node: Node) -> tuple[str, ...]:
    if (sent.text is UNSET) == (sent.picture is UNSET):
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, (), "neither or both", "either text or picture")])
    if isinstance(sent.text, str):
        return (sent.text.strip("\r\n"),)
    try:
        reading = node.read_codes(b64decode(str(sent.picture), validate=True))
    except (NotBase64, ValueError) as exc:
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, ("picture",), "not base64", "base64")]) from exc
    if reading.fault is not None:
        found = reading.fault.value
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, ("picture",), found, "a picture or PDF file")])
    if len(reading.texts) > MOST_CERTIFICATES:
        detail = f"{len(reading.texts)} certificates, at most {MOST_CERTIFICATES} in one file"
        raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="send several files")
    return tuple(reading.texts)


def _stay(document: Document, vocabulary: Vocabulary) -> Stay:
    """Return the stay of a body. Raises InputFaults with every fault, by its place there."""
    try:
        return read_stays(Document(document.file, {"stays": [document.tree["stay"]]}, {}), vocabulary)[0][0]
    except InputFaults as exc:
        faults = [replace(one, path=one.path.replace("stays[0]", "stay", 1)) for one in exc.faults]
        raise InputFaults(faults, complete=exc.complete) from exc
