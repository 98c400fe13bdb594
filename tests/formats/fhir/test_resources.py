"""Single resources there and back: products, persons, relatives, organisations, questions; and what each refuses."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fhir_builder import SAMPLES, plain
from fhir_r4 import r4_errors
from hypothesis import given
from registry_builder import VOCABULARY
from test_round_trip import IDENTITIES

from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Period
from polisbridge.core.errors import InputFaults
from polisbridge.core.registry import Authority, Employer, Identity, Insurer, MedicalOrganisation, RegisteredProduct
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.contractwriter import contract_tree
from polisbridge.formats.fhir.eligibility import eligibility_in
from polisbridge.formats.fhir.insuranceplan import plan_in, plan_out
from polisbridge.formats.fhir.json import to_json
from polisbridge.formats.fhir.organization import OrganizationRead, organization_out
from polisbridge.formats.fhir.parts import Notes
from polisbridge.formats.fhir.patient import PersonRead, patient_out
from polisbridge.formats.fhir.relatedperson import related_in, related_out
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.registryfile import product_terms
from polisbridge.formats.tree import Document, read_tree

CONTRACTS = sorted(SAMPLES.glob("*.contract.yaml"))
TITLE = {"en": "Basic", "ru": "Базовый", "uz_Latn": "Asosiy"}


def document(resource: dict[str, Any]) -> Document:
    return read_json(to_json(resource), "fhir")


def terms_as_contract(terms: Any) -> dict[str, Any]:
    """Return what terms mean: the contract of somebody that has them, as plain data."""
    tree = {**terms, "number": "1", "period": {}, "insured": [{"id": "1", "role": "worker"}]}
    return contract_tree(read_contract(Document("terms", tree, {}), VOCABULARY))


@pytest.mark.parametrize("path", CONTRACTS, ids=lambda path: path.name)
def test_a_product_comes_back_with_the_same_meaning(path: Path) -> None:
    terms = product_terms(read_tree(path.read_bytes(), path.name).tree)
    valid = Period(date(2026, 1, 1), None)
    told = plan_out(7, "basic", RegisteredProduct(4, TITLE, terms), valid, language="ru")
    found = plan_in(document(told), VOCABULARY, "ru")

    assert (found.code, dict(found.title), dict(found.valid)) == ("basic", TITLE, {"from": "2026-01-01"})
    assert terms_as_contract(found.terms) == terms_as_contract(terms)
    assert found.warnings == ()
    assert r4_errors(plain(told)) == []


@given(IDENTITIES)
def test_a_person_comes_back_as_they_were(identity: Identity) -> None:
    told = plain(patient_out(7, identity))
    notes = Notes()
    read = PersonRead(notes.root(document(told).tree, "Patient"))
    notes.sweep()

    assert r4_errors(told) == []
    assert (notes.faults, notes.warnings) == ([], [])
    born = identity.born.isoformat() if identity.born else ""
    assert (read.name, read.original, read.born) == (identity.name, identity.original_name, born)
    assert (frozenset(read.citizenship), read.document) == (identity.citizenship, identity.document)


@pytest.mark.parametrize("role", [one for one in Role if one is not Role.WORKER])
def test_a_relative_comes_back_in_the_same_role(role: Role) -> None:
    identity = Identity("RUSTAMOVA DILNOZA", born=date(1992, 3, 1))
    told = plain(related_out(3, 5, 6, role, identity, {"from": "2026-01-01"}))
    notes = Notes()
    read = related_in(notes.root(document(told).tree, "RelatedPerson"))
    notes.sweep()

    assert (r4_errors(told), notes.faults, notes.warnings) == ([], [], [])
    assert (read.role, read.worker, read.patient) == (role, "Patient/5", "Patient/6")
    assert read.person.name == identity.name


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (Insurer("UZ", TITLE, "+998 71 200 00 00"), "ins"),
        (MedicalOrganisation("RU", TITLE, "RU-MOW"), "prov"),
        (Employer("RU", TITLE), "bus"),
        (Authority("KZ", TITLE), "govt"),
    ],
)
def test_an_organisation_is_told_with_its_type_state_and_names(value: Any, kind: str) -> None:
    told = plain(organization_out(4, "UZ/insurer", value, "ru"))
    notes = Notes()
    read = OrganizationRead(notes.root(document(told).tree, "Organization"))

    assert r4_errors(told) == []
    assert (told["type"][0]["coding"][0]["code"], told["address"][0]["country"]) == (kind, value.state)
    assert (read.code, read.name) == ("UZ/insurer", "Базовый")


def question(**changes: Any) -> Document:
    sent: dict[str, Any] = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation"],
        "patient": {"reference": "Patient/7"},
        "created": "2026-11-22",
        "insurer": {"reference": "Organization/4"},
        "insurance": [{"coverage": {"reference": "Coverage/9"}}],
    }
    return document(sent | changes)


def test_a_question_without_an_occasion_is_about_care_at_the_sender_s() -> None:
    found = eligibility_in(question())

    assert (found.patient, found.coverage, found.state, found.gate) == (7, 9, "", Gate.CARE)
    assert found.warnings == ()


def test_all_faults_of_a_question_are_told_at_once() -> None:
    occasion = [
        {"url": "state", "valueCoding": {"code": "QQ"}},
        {"url": "gate", "valueCode": "window"},
        {"url": "region", "valueCoding": {"code": "RU-XXX"}},
    ]
    sent = question(
        status="draft",
        purpose=["discovery"],
        patient={"reference": "#nobody"},
        servicedDate="2026-02-30",
        insurance=[{"coverage": {"reference": "https://elsewhere.example/Coverage/a"}}],
        extension=[{"url": "https://w3id.org/polisbridge/fhir/StructureDefinition/occasion", "extension": occasion}],
    )
    with pytest.raises(InputFaults) as caught:
        eligibility_in(sent)
    where = "CoverageEligibilityRequest"

    assert {one.path for one in caught.value.faults} >= {
        f"{where}.status",
        f"{where}.purpose",
        f"{where}.patient.reference",
        f"{where}.servicedDate",
        f"{where}.insurance[0].coverage.reference",
        f"{where}.extension[0].extension[0]",
        f"{where}.extension[0].extension[1].valueCode",
        f"{where}.extension[0].extension[2]",
    }


def test_what_of_a_question_is_not_read_is_named() -> None:
    found = eligibility_in(question(item=[{"category": {"text": "dental"}}], supportingInfo=[{"sequence": 1}]))

    assert {one.path.partition(".")[2] for one in found.warnings} == {"item", "supportingInfo"}
