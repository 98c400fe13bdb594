"""FHIR for tests: sample contracts as Bundles, and back."""

import json
from pathlib import Path
from typing import Any

from registry_builder import VOCABULARY

from polisbridge.core.contract import Contract
from polisbridge.core.registry import Insurer
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.fhir.bundle import ContractRead, bundle_in, bundle_out
from polisbridge.formats.fhir.json import to_json
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.tree import read_tree

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples"
BASE_URL = "https://node.example/fhir"
SELLER = Insurer("UZ", {"en": "Insurer in Uzbekistan", "ru": "Страховщик в Узбекистане"}, "+998 71 200 00 00")


def plain(resource: dict[str, Any]) -> dict[str, Any]:
    """Return a resource as JSON says it."""
    found: dict[str, Any] = json.loads(to_json(resource))
    return found


def contract_of(path: Path) -> Contract:
    return read_contract(read_tree(path.read_bytes(), path.name), VOCABULARY)


def bundle_of(contract: Contract, kind: str = "collection") -> dict[str, Any]:
    return bundle_out(contract, {}, SELLER, base=BASE_URL, code="UZ/insurer", kind=kind)


def read_back(bundle: dict[str, Any], vocabulary: Vocabulary = VOCABULARY) -> ContractRead:
    return bundle_in(read_json(to_json(bundle), "fhir"), vocabulary)
