"""A contract as it is sent to be put on record: the contract file, its product, and who its persons are."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from polisbridge.api.asking import LARGEST_NUMBER, checked, gathered, part_of
from polisbridge.core.contract import Contract
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.registry import Identity, IdentityDocument
from polisbridge.formats.codelists import states
from polisbridge.formats.contractfile import ContractFile, Vocabulary, read_contract
from polisbridge.formats.convert import convert
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.tree import Document
from polisbridge.services.registry.contracts import NewContract, identity_of

MOST_ITEMS = 1_000  # contracts of one upload; one contract may have any number of persons
_FIELDS = ("contract", "product", "identities")
_LONGEST_NUMBER = 100  # characters of a contract's number; the database keeps them unique
Name = Annotated[str, Meta(max_length=300)]


class DocumentSent(Struct, frozen=True, forbid_unknown_fields=True):
    """An identity document: the state that issued it (ISO 3166-1) and its number."""

    state: str
    number: Annotated[str, Meta(min_length=1, max_length=100)]


class IdentitySent(Struct, frozen=True, forbid_unknown_fields=True):
    """Who a person is, where that is more than the contract says."""

    name: Annotated[str, Meta(min_length=1, max_length=300)]
    original_name: Name = ""
    born: date | UnsetType = UNSET
    citizenship: list[str] | UnsetType = UNSET
    document: DocumentSent | UnsetType = UNSET


class _BesideSent(Struct, frozen=True, forbid_unknown_fields=True):
    product: Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)] | UnsetType = UNSET
    identities: dict[str, IdentitySent] = {}


class ContractSent(Struct, frozen=True, forbid_unknown_fields=True):
    """A contract to put on record, with the identities of its persons by their ids in the contract."""

    contract: ContractFile
    product: Annotated[int, Meta(ge=1, le=LARGEST_NUMBER)] | UnsetType = UNSET
    identities: dict[str, IdentitySent] = {}


def read_lines(body: bytes) -> list[Document | InputFaults]:
    """Return every line of an NDJSON body as a document, or what is wrong with its syntax; empty lines are none."""
    found = list[Document | InputFaults]()
    for line in body.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        if line.strip():
            try:
                found.append(checked(read_json(line, "body")))
            except InputFaults as exc:
                found.append(exc)
    return found


def new_contract(document: Document, seller: int, vocabulary: Vocabulary) -> NewContract:
    """Return the contract to put on record. Raises InputFaults with every fault."""
    contracts, besides = list[Contract](), list[tuple[_BesideSent, Mapping[str, Identity]]]()
    part = part_of(document, "contract", known=_FIELDS)
    beside = Document(document.file, {key: one for key, one in document.tree.items() if key != "contract"}, {})
    gathered(
        lambda: contracts.append(_contract(part, vocabulary)),
        lambda: besides.append(convert(beside, _BesideSent, lambda raw: (raw, _identities(beside, raw)))),
    )
    (contract,), ((raw, identities),) = contracts, besides
    _refuse_strangers(beside, contract, identities)
    known = {one.id: identity_of(one) for one in contract.insured}
    product = None if raw.product is UNSET else raw.product
    return NewContract(contract, seller, product, identities={**known, **identities})


def _contract(part: Document, vocabulary: Vocabulary) -> Contract:
    contract = read_contract(part, vocabulary)
    if len(contract.number) > _LONGEST_NUMBER:
        expected = f"at most {_LONGEST_NUMBER} characters"
        raise InputFaults([part.fault(FaultCode.TOO_LARGE, ("number",), contract.number, expected)])
    return contract


def _identities(document: Document, raw: _BesideSent) -> Mapping[str, Identity]:
    faults = list[Fault]()
    for person, one in raw.identities.items():
        sent = one.document
        if sent is not UNSET and sent.state not in states():
            path = ("identities", person, "document", "state")
            faults.append(document.fault(FaultCode.UNKNOWN_CODE, path, sent.state, "a state by ISO 3166-1"))
    if faults:
        raise InputFaults(faults)
    return {person: _identity(one) for person, one in raw.identities.items()}


def _identity(sent: IdentitySent) -> Identity:
    return Identity(
        name=sent.name,
        original_name=sent.original_name,
        born=None if sent.born is UNSET else sent.born,
        citizenship=frozenset() if sent.citizenship is UNSET else frozenset(sent.citizenship),
        document=None if sent.document is UNSET else IdentityDocument(sent.document.state, sent.document.number),
    )


def _refuse_strangers(document: Document, contract: Contract, identities: Mapping[str, Identity]) -> None:
    insured = {one.id for one in contract.insured}
    faults = [
        document.fault(FaultCode.UNKNOWN_CODE, ("identities", one), one, "the id of a person of the contract")
        for one in identities
        if one not in insured
    ]
    if faults:
        raise InputFaults(faults)
