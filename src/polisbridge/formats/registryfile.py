"""What the registry keeps, as bytes and plain data: who a person is, and contracts in parts.

A contract lies in parts so that its terms can be read without its persons: terms without period and persons, and each
insured person by themselves, without their days. The days are the registry's own, for they change.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.registry import Identity, Tree
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.contractwriter import contract_tree, insured_tree
from polisbridge.formats.tree import Document

_NOT_TERMS = ("period", "insured")
_NOT_OF_PRODUCT = (*_NOT_TERMS, "number", "concluded", "title", "note")


def write_identity(identity: Identity) -> bytes:
    """Return who a person is as JSON, ready to be sealed."""
    return msgspec.json.encode(identity, order="sorted")


def read_identity(data: bytes) -> Identity:
    """Return who a person is."""
    return msgspec.json.decode(data, type=Identity)


def write_terms(contract: Contract) -> Tree:
    """Return what the contract says beyond its period and persons."""
    return {key: one for key, one in contract_tree(replace(contract, insured=())).items() if key not in _NOT_TERMS}


def write_insured(person: Insured) -> bytes:
    """Return what a contract says of an insured person, without their days, ready to be sealed."""
    return msgspec.json.encode(insured_tree(replace(person, period=Period())), order="sorted")


def product_terms(tree: Tree) -> Tree:
    """Return what of a contract file is the product: no number, day, title or person."""
    return {key: one for key, one in tree.items() if key not in _NOT_OF_PRODUCT}


def read_kept(
    terms: Tree, period: Period, insured: Iterable[tuple[bytes, Period]], name: str, vocabulary: Vocabulary
) -> Contract:
    """Return a contract put together from its parts. Raises InputFaults when today's vocabulary does not know them."""
    persons = [{**msgspec.json.decode(data), "period": _days(own)} for data, own in insured]
    tree: dict[str, Any] = {**terms, "period": _days(period), "insured": persons}
    return read_contract(Document(name, tree, {}), vocabulary)


def _days(period: Period) -> Mapping[str, str]:
    named = {"from": period.first, "to": period.last}
    return {key: day.isoformat() for key, day in named.items() if day is not None}
