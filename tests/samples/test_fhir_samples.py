"""The FHIR samples: R4, taken by a node without anything lost, and the hospital's question is answered."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from fhir_builder import SAMPLES, contract_of
from fhir_node import FHIR, FhirOfTests, fhir_on
from fhir_r4 import r4_errors
from sqlalchemy import Engine

from polisbridge.core.registry import Insurer
from polisbridge.formats.fhir.bundle import bundle_out
from polisbridge.formats.fhir.checking import structure_faults
from polisbridge.formats.fhir.json import to_json

FILES = sorted((SAMPLES / "fhir").glob("*.json"))


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sample_is_r4_and_the_readme_tells_of_it(path: Path) -> None:
    data = path.read_bytes()
    resource = json.loads(data)

    assert r4_errors(resource) == []
    assert structure_faults(data, frozenset({resource["resourceType"]})) == []
    assert f"`{path.name}`" in (path.parent / "README.md").read_text()


def test_the_bundle_is_the_sample_contract_as_the_program_writes_it() -> None:
    contract = contract_of(SAMPLES / "family_in_russia.contract.yaml")
    seller = Insurer("RU", {"en": "Russian insurer (sample)"})
    written = bundle_out(contract, {}, seller, base="https://insurer.example/fhir", kind="transaction")

    assert (SAMPLES / "fhir" / "family.json").read_bytes() == msgspec.json.format(to_json(written), indent=2) + b"\n"


def test_the_contract_is_put_on_record_whole_and_the_hospitals_question_is_answered(node: FhirOfTests) -> None:
    clerk, hospital = node.program("clerk-1"), node.program("hospital")
    headers = {"Content-Type": FHIR, "If-None-Exist": "identifier=UZ-2026-000777"}
    made = clerk.client.post(
        "/fhir/Contract", content=(SAMPLES / "fhir" / "contract.json").read_bytes(), headers=headers
    )
    question = (SAMPLES / "fhir" / "eligibility.json").read_bytes()
    submit = "/fhir/CoverageEligibilityRequest/$submit"
    found = hospital.client.post(submit, content=question, headers={"Content-Type": FHIR}).json()
    insurance = found["insurance"][0]
    limits = {one["category"]["coding"][0]["code"]: one["benefit"] for one in insurance["item"] if "benefit" in one}

    assert (made.status_code, [one["severity"] for one in made.json()["issue"]]) == (201, ["information"])
    assert (insurance["inforce"], insurance["benefitPeriod"]) == (True, {"start": "2026-12-01", "end": "2027-11-30"})
    assert limits["emergency_care"][0]["allowedMoney"] == {"value": 100000.0, "currency": "RUB"}
    assert r4_errors(found) == []


def test_the_family_is_put_on_record(node: FhirOfTests) -> None:
    headers = {"Content-Type": FHIR, "Idempotency-Key": "family"}
    found = node.program("clerk-1").client.post(
        "/fhir", content=(SAMPLES / "fhir" / "family.json").read_bytes(), headers=headers
    )

    assert [one["response"]["status"] for one in found.json()["entry"]] == ["201 Created"] * 9 + ["200 OK"]
