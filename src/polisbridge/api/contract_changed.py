"""A change of a contract as it is sent: its terms from a day on, and why. Its persons and its days stay as they are."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from msgspec import Meta, Struct

from polisbridge.api.asking import gathered, part_of
from polisbridge.core.contract import Contract
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.convert import convert
from polisbridge.formats.tree import Document

_FIELDS = ("from", "terms", "why")
_STAYS = ("period", "insured")
_SOMEBODY = {"period": {}, "insured": [{"id": "1", "role": "worker"}]}


class TermsSent(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """What the contract says from a day on: all its terms, as reading it gives them, and why they changed."""

    first: date
    terms: dict[str, Any]
    why: Annotated[str, Meta(min_length=3, max_length=500)]


@dataclass(frozen=True, slots=True)
class ContractChange:
    """A change that was read: the contract with the new terms (of nobody), the first day, and why."""

    contract: Contract
    first: date
    why: str


def read_change(document: Document, number: str, vocabulary: Vocabulary) -> ContractChange:
    """Return the change of the contract of this number. Raises InputFaults with every fault."""
    sent, contracts = list[TermsSent](), list[Contract]()
    gathered(
        lambda: sent.append(convert(document, TermsSent, lambda raw: raw)),
        lambda: contracts.append(_terms(part_of(document, "terms", known=_FIELDS), number, vocabulary)),
    )
    return ContractChange(contracts[0], sent[0].first, sent[0].why)


def _terms(terms: Document, number: str, vocabulary: Vocabulary) -> Contract:
    if not isinstance(terms.tree, dict):
        raise InputFaults([])  # told by the reading of the whole
    expected = "nothing: days and persons are not changed here"
    faults = [terms.fault(FaultCode.UNKNOWN_KEY, (key,), key, expected) for key in _STAYS if key in terms.tree]
    if terms.tree.get("number", number) != number:
        faults.append(terms.fault(FaultCode.WRONG_VALUE, ("number",), terms.tree["number"], f"{number}, or nothing"))
    try:
        contract = read_contract(Document(terms.file, {**terms.tree, "number": number, **_SOMEBODY}, {}), vocabulary)
    except InputFaults as exc:
        faults += [replace(one, path=f"terms.{one.path}") for one in exc.faults]
    if faults:
        raise InputFaults(faults)
    return contract
