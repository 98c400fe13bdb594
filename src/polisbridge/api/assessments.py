"""`/v1/assessments`: the pre-check of a contract that is sent with the question; nothing of it is kept."""

from typing import Annotated

from litestar import Response, post
from litestar.params import RawBody
from msgspec import Meta, Struct

from polisbridge.api.answering import told
from polisbridge.api.asking import ApiRequest, body_of, exchange_of, gathered, part_of, permitted
from polisbridge.core.contract import Contract, Stay
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.roles import AccessAction
from polisbridge.formats.contractfile import ContractFile, Vocabulary, read_contract
from polisbridge.formats.decisionfile import write_decision
from polisbridge.formats.stayfile import StayFile, read_stays
from polisbridge.formats.tree import Document
from polisbridge.services.assess import assess_with

MOST_DECISIONS = 500  # of one request; more are a portfolio


class AssessmentAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract, the occasions to decide it for, and the persons asked about (all, when none is named)."""

    contract: ContractFile
    stays: Annotated[list[StayFile], Meta(min_length=1)]
    persons: list[str] = []


@post("/assessments", status_code=200, sync_to_thread=True, operation_id="assessContract")
def assess(request: ApiRequest, body: RawBody) -> Response[bytes]:
    """Decide a contract for every person on every occasion; the order is that of stays, then persons."""
    permitted(request, AccessAction.CHECK_CONTRACT)
    node = exchange_of(request).node
    contract, stays, persons = _asked(body_of(request, body), node.book.vocabulary)
    refuse_many(len(persons or contract.insured) * len(stays))
    made = [one for stay in stays for one in assess_with(node.laws, contract, stay, persons)]
    return told({"decisions": [write_decision(node.book.hash, one) for one in made]})


def _asked(document: Document, vocabulary: Vocabulary) -> tuple[Contract, list[Stay], list[str]]:
    known = ("contract", "stays", "persons")
    contracts, stays, persons = list[Contract](), list[Stay](), list[str]()
    gathered(
        lambda: contracts.append(read_contract(part_of(document, "contract", known=known), vocabulary)),
        lambda: stays.extend(stays_of(document, known, vocabulary)),
        lambda: persons.extend(persons_of(document)),
    )
    return contracts[0], stays, persons


def stays_of(document: Document, known: tuple[str, ...], vocabulary: Vocabulary) -> list[Stay]:
    """Return the stays of a body. Raises InputFaults with every fault."""
    part = part_of(document, "stays", known=known)
    return [stay for stay, _ in read_stays(Document(document.file, {"stays": part.tree}, {}), vocabulary)]


def persons_of(document: Document) -> list[str]:
    """Return the persons that a body names. Raises InputFaults when they are no list of texts."""
    found = document.tree.get("persons", []) if isinstance(document.tree, dict) else []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, ("persons",), found, "a list of ids")])
    return list(dict.fromkeys(found))


def refuse_many(decisions: int) -> None:
    """Raise PolisbridgeError when more is asked than one answer holds."""
    if decisions > MOST_DECISIONS:
        detail = f"{decisions} decisions asked, at most {MOST_DECISIONS} in one request"
        raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="ask in several requests")
