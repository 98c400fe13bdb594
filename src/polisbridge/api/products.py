"""`/v1/products`: what insurers and clinics sell here; each is a contract file without number, period and persons."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from litestar import Response, get, post
from litestar.params import FromPath, RawBody
from msgspec import UNSET, Meta, Struct

from polisbridge.api.answering import piece, tagged, written
from polisbridge.api.asking import (
    LARGEST_NUMBER,
    After,
    ApiRequest,
    Most,
    OnceKey,
    body_of,
    exchange_of,
    gathered,
    keyed,
    number_place,
    part_of,
    permitted,
)
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import RegisteredProduct, Tree
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.core.statusbook import Note
from polisbridge.formats.contractfile import PeriodFile, Vocabulary, read_contract
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document
from polisbridge.services.exchange import OnceAnswer, Turn
from polisbridge.services.node import Product
from polisbridge.services.registry.organisations import keep
from polisbridge.services.registry.ports import NOBODY

_FIELDS = ("code", "title", "terms", "valid")
_OF_CONTRACT = ("number", "period", "insured", "concluded", "title", "note")
_ANYBODY = {"number": "1", "period": {}, "insured": [{"id": "1", "role": "worker"}]}
_DAY_ORDER = "a day not before the first"


class ProductSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A new product: its code among those of the insurer, for ever; its title by language; its terms; its days on sale.

    The terms are a contract file without number, period and persons.
    """

    code: Annotated[str, Meta(pattern=r"^[A-Za-z0-9._/-]{1,100}$")]
    title: Annotated[
        dict[Annotated[str, Meta(pattern=r"^[a-z]{2,3}([_-][A-Za-z]{4})?$")], Annotated[str, Meta(max_length=300)]],
        Meta(min_length=1),
    ]
    terms: dict[str, Any]
    valid: PeriodFile = PeriodFile()


@get("/products", sync_to_thread=True, operation_id="listProducts")
def products(request: ApiRequest, after: After = "", most: Most = 100) -> Response[bytes]:
    """List the products on sale today."""
    permitted(request, AccessAction.READ_PRODUCT)
    begin = number_place(after)
    found = sorted(exchange_of(request).node.products(), key=lambda one: one.id)
    wanted = [one for one in found if one.id > begin][: most + 1]
    return tagged(request, piece(wanted, most, lambda one: one.id, _summary))


@get("/products/{product:int}", sync_to_thread=True, operation_id="readProduct")
def product(request: ApiRequest, product: FromPath[int]) -> Response[bytes]:
    """Return a product on sale today with its terms."""
    permitted(request, AccessAction.READ_PRODUCT)
    refuse_no_number(product)
    node = exchange_of(request).node
    terms = node.product_terms(product)
    one = next(one for one in node.products() if one.id == product)
    return tagged(request, {**_summary(one), "terms": dict(terms)})


@post("/products", status_code=201, sync_to_thread=True, operation_id="addProduct")
def add(request: ApiRequest, body: RawBody, once: OnceKey) -> Response[bytes]:
    """Put a product of the sender's own organisation on sale."""
    seller = seller_of(request, AccessAction.WRITE_PRODUCT)
    actor = permitted(request, AccessAction.WRITE_PRODUCT, AccessSubject(organisations=frozenset({seller})))
    sent, valid = _read(body_of(request, body), exchange_of(request).node.book.vocabulary)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        if turn.registry.find(RegisteredProduct, sent.code, seller) is not None:
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, f"product {sent.code}", hint="choose another code")
        value = RegisteredProduct(seller, dict(sent.title), sent.terms)
        number = keep(turn.registry, sent.code, value, valid, note, seller)
        answer = {"id": number, "code": sent.code, "href": f"/v1/products/{number}"}
        return OnceAnswer(201, answer), answer

    return written(request, actor, once, body, do)


def seller_of(request: ApiRequest, action: AccessAction) -> int:
    """Return the organisation that the sender acts for. Raises Problem or AccessRefused when there is none."""
    actor = keyed(request)
    if actor.organisation is None:
        permitted(request, action)
    return actor.organisation or NOBODY


def refuse_no_number(number: int) -> None:
    """Raise PolisbridgeError for what can be the number of nothing."""
    if not 0 < number <= LARGEST_NUMBER:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "nothing of this number", hint="numbers begin at 1")


def _read(document: Document, vocabulary: Vocabulary) -> tuple[ProductSent, Period]:
    sent = list[tuple[ProductSent, Period]]()
    gathered(
        lambda: sent.append(convert(document, ProductSent, lambda raw: (raw, _on_sale(document, raw.valid)))),
        lambda: _check_terms(part_of(document, "terms", known=_FIELDS), vocabulary),
    )
    return sent[0]


def _on_sale(document: Document, days: PeriodFile) -> Period:
    first, last = (None if one is UNSET else one for one in (days.first, days.last))
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise InputFaults([document.fault(FaultCode.WRONG_ORDER, ("valid", "to"), last, _DAY_ORDER)])
    return Period(first, last)


def _check_terms(terms: Document, vocabulary: Vocabulary) -> Tree:
    """Read the terms as a contract of somebody. Raises InputFaults with every fault."""
    if not isinstance(terms.tree, dict):
        return {}  # told by the reading of the whole
    faults = [
        terms.fault(FaultCode.UNKNOWN_KEY, (key,), key, "no number, period or person: those are a contract's")
        for key in _OF_CONTRACT
        if key in terms.tree
    ]
    whole = Document(terms.file, {**terms.tree, **_ANYBODY}, {})
    try:
        read_contract(whole, vocabulary)
    except InputFaults as exc:
        faults += [replace(one, path=f"terms.{one.path}") for one in exc.faults]
    if faults:
        raise InputFaults(faults)
    return terms.tree


def _summary(one: Product) -> dict[str, Any]:
    return {"id": one.id, "insurer": one.insurer, "home_state": one.home_state, "title": one.title}
