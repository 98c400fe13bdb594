"""FHIR for tests: sample contracts as Bundles, and HL7's own JSON schema of R4, from the package that brings it."""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft6Validator
from registry_builder import VOCABULARY

from polisbridge.core.contract import Contract
from polisbridge.core.registry import Insurer
from polisbridge.formats.contractfile import Vocabulary, read_contract
from polisbridge.formats.fhir.bundle import ContractRead, bundle_in, bundle_out
from polisbridge.formats.fhir.json import to_json
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.tree import read_tree

ROOT = Path(__file__).parents[1]
BASE_URL = "https://node.example/fhir"
SELLER = Insurer("UZ", {"en": "Insurer in Uzbekistan", "ru": "Страховщик в Узбекистане"}, "+998 71 200 00 00")
_SCHEMA = ROOT / "node_modules" / "@asymmetrik" / "fhir-json-schema-validator" / "fhir.schema.json"

__all__ = ["BASE_URL", "SELLER", "VOCABULARY", "bundle_of", "contract_of", "r4_errors", "r4_schema", "read_back"]


@cache
def r4_schema() -> dict[str, Any]:
    """Return HL7's JSON schema of FHIR R4; a test that needs it is skipped where `npm ci` was not run."""
    if not _SCHEMA.is_file():
        if os.environ.get("CI"):
            pytest.fail("npm ci")
        pytest.skip("npm ci")
    found: dict[str, Any] = json.loads(_SCHEMA.read_bytes())
    return found


@cache
def _validator(kind: str) -> Draft6Validator:
    return Draft6Validator({"$ref": f"#/definitions/{kind}", "definitions": r4_schema()["definitions"]})


def r4_errors(resource: dict[str, Any]) -> list[str]:
    """Return what HL7's schema of R4 finds wrong with a resource."""
    plain = json.loads(to_json(resource))
    found = list(_validator(plain["resourceType"]).iter_errors(plain))
    if plain["resourceType"] != "Bundle":
        return [f"{'.'.join(map(str, one.absolute_path))}: {one.message[:200]}" for one in found]
    inner = [one for entry in plain.get("entry", []) if "resource" in entry for one in r4_errors(entry["resource"])]
    outer = {key: value for key, value in plain.items() if key != "entry"}
    return inner + [one.message[:200] for one in _validator("Bundle").iter_errors(outer)]


def contract_of(path: Path) -> Contract:
    return read_contract(read_tree(path.read_bytes(), path.name), VOCABULARY)


def bundle_of(contract: Contract, kind: str = "collection") -> dict[str, Any]:
    return bundle_out(contract, {}, SELLER, base=BASE_URL, code="UZ/insurer", kind=kind)


def read_back(bundle: dict[str, Any], vocabulary: Vocabulary = VOCABULARY) -> ContractRead:
    return bundle_in(read_json(to_json(bundle), "fhir"), vocabulary)
