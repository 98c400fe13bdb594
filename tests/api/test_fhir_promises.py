"""The CapabilityStatement promises what is there, and nothing else: every interaction that it names is called."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from fhir_node import FHIR, FhirOfTests, fhir_on, locations, post, sent
from fhir_r4 import r4_errors
from sqlalchemy import Engine

from polisbridge.api.fhir.site import SERVED, capabilities
from polisbridge.api.fhir.terminology import TERMS
from polisbridge.formats.fhir.facts import slots
from polisbridge.formats.fhir.json import to_json
from polisbridge.formats.fhir.systems import BASE

KINDS = {one.kind: one for one in capabilities()}
WRITES = {"Contract", "InsurancePlan"}


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


@pytest.fixture(scope="module")
def addresses(node: FhirOfTests) -> dict[str, str]:
    """The address of a resource of every type that is served."""
    clerk = node.program("clerk-1")
    found = {kind: some[0] for kind, some in locations(post(clerk, "/fhir", sent("P-1"), "P-1")).items()}
    plan = {
        "resourceType": "InsurancePlan",
        "identifier": [{"value": "promised"}],
        "status": "active",
        "name": "Promised",
        "type": [
            {"coding": [{"system": "https://w3id.org/polisbridge/fhir/CodeSystem/contract-kinds", "code": "voluntary"}]}
        ],
    }
    made = post(clerk, "/fhir/InsurancePlan", plan, "plan").headers["Location"]
    family = clerk.get(f"/fhir/RelatedPerson?patient={found['Patient'].removeprefix('/fhir/')}").json()
    answer = post(clerk, "/fhir/CoverageEligibilityRequest/$submit", question(found["Coverage"])).json()
    assert "id" in answer, answer
    return found | {
        "InsurancePlan": made.partition("testserver.local")[2].partition("/_history")[0],
        "RelatedPerson": f"/fhir/RelatedPerson/{family['entry'][0]['resource']['id']}",
        "CoverageEligibilityResponse": f"/fhir/CoverageEligibilityResponse/{answer['id']}",
    }


def question(coverage: str) -> dict[str, Any]:
    number = coverage.removeprefix("/fhir/")
    state = {"url": "state", "valueCoding": {"system": "urn:iso:std:iso:3166", "code": "RU"}}
    return {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation"],
        "patient": {"display": "as told by the coverage"},
        "created": "2026-11-22",
        "insurer": {"display": "as told by the coverage"},
        "extension": [{"url": "https://w3id.org/polisbridge/fhir/StructureDefinition/occasion", "extension": [state]}],
        "insurance": [{"coverage": {"reference": number}}],
    }


def statement(node: FhirOfTests) -> dict[str, Any]:
    found: dict[str, Any] = node.program().get("/fhir/metadata").json()
    return found


def test_the_statement_is_r4_and_open_to_everybody(node: FhirOfTests) -> None:
    found = node.program().get("/fhir/metadata")

    assert (found.status_code, found.headers["content-type"]) == (200, FHIR)
    assert (found.json()["fhirVersion"], r4_errors(found.json())) == ("4.0.1", [])


def test_every_type_of_the_table_is_in_the_statement_with_its_interactions(node: FhirOfTests) -> None:
    told = {one["type"]: one for one in statement(node)["rest"][0]["resource"]}

    assert set(told) == {*SERVED, *TERMS, "CoverageEligibilityRequest"}
    assert {kind: tuple(one["code"] for one in told[kind].get("interaction", [])) for kind in told} == {
        kind: one.interactions for kind, one in KINDS.items()
    }
    assert {kind for kind, one in told.items() if one.get("conditionalCreate")} == WRITES


@pytest.mark.parametrize("kind", sorted(SERVED))
def test_every_promised_interaction_answers_and_every_other_is_refused(
    node: FhirOfTests, addresses: dict[str, str], kind: str
) -> None:
    program = node.program("authority" if kind == "CoverageEligibilityResponse" else "clerk-1")
    address, empty = addresses[kind], {"resourceType": kind}
    statuses = {
        "read": program.get(address).status_code,
        "vread": program.get(f"{address}/_history/1").status_code,
        "history-instance": program.get(f"{address}/_history").status_code,
        "search-type": program.get(f"/fhir/{kind}?_id={address.rpartition('/')[2]}").status_code,
        "create": post(program, f"/fhir/{kind}", empty, "empty").status_code,
        "update": program.client.put(address, json=empty).status_code,
        "delete": program.client.delete(address).status_code,
    }
    promised = set(KINDS[kind].interactions)

    assert {one for one, status in statuses.items() if status in (200, 422)} == promised
    assert {status for one, status in statuses.items() if one not in promised} <= {404, 405}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, one in KINDS.items() if kind in SERVED for name, _, _ in one.params]
)
def test_every_promised_parameter_is_taken_and_finds_the_resource(
    node: FhirOfTests, addresses: dict[str, str], kind: str, name: str
) -> None:
    program = node.program("clerk-1")
    resource = program.get(addresses[kind]).json()
    value = _value(resource, name, addresses)
    beside = "" if name in (*SERVED[kind].needs, "_id") or not SERVED[kind].needs else f"&_id={resource['id']}"
    found = program.client.get(
        f"/fhir/{kind}", params={name: value} | ({"_id": resource["id"]} if beside else {})
    ).json()

    assert found["resourceType"] == "Bundle", found
    ids = [one["resource"]["id"] for one in found.get("entry", [])]
    assert (resource["id"] in ids) is (name != "policy-holder")  # this contract was concluded by no employer
    assert r4_errors(found) == []


def _value(resource: dict[str, Any], name: str, addresses: dict[str, str]) -> str:
    match name:
        case "_id":
            return str(resource["id"])
        case "identifier":
            told = resource["identifier"][0]
            return f"{told['system']}|{told['value']}" if "system" in told else str(told["value"])
        case "status":
            return str(resource["status"])
        case "name":
            return str(resource["name"])[:3]
        case "type":
            return str(resource["type"][0]["coding"][0]["code"])
        case "relationship":
            return str(resource["relationship"][0]["coding"][0]["code"])
        case "address-country":
            return str(resource["address"][0]["country"])
        case "payor":
            return str(resource["payor"][0]["reference"])
        case "owned-by":
            return str(resource["ownedBy"]["reference"])
        case "policy-holder":
            return addresses["Organization"].removeprefix("/fhir/")
    return addresses["Patient"].removeprefix("/fhir/")


def test_the_promised_operation_and_the_transaction_answer(node: FhirOfTests, addresses: dict[str, str]) -> None:
    clerk = node.program("clerk-1")
    found = statement(node)["rest"][0]
    operations = [(one["type"], op["name"]) for one in found["resource"] for op in one.get("operation", [])]

    assert operations == [("CoverageEligibilityRequest", "submit")]
    assert post(clerk, "/fhir/CoverageEligibilityRequest/$submit", question(addresses["Coverage"])).status_code == 200
    assert [one["code"] for one in found["interaction"]] == ["transaction"]
    assert post(clerk, "/fhir", sent("P-2"), "P-2").status_code == 200


@pytest.mark.parametrize("kind", sorted(TERMS))
def test_every_definition_is_read_found_by_its_url_and_r4(node: FhirOfTests, kind: str) -> None:
    anybody = node.program()
    found = anybody.get(f"/fhir/{kind}").json()
    one = found["entry"][3]["resource"]
    named = anybody.client.get(f"/fhir/{kind}", params={"url": one["url"]}).json()

    assert r4_errors(found) == []
    assert found["total"] == len({entry["fullUrl"] for entry in found["entry"]})
    assert anybody.get(f"/fhir/{kind}/{one['id']}").json() == one
    assert [entry["resource"]["id"] for entry in named["entry"]] == [one["id"]]
    assert anybody.get(f"/fhir/{kind}/unheard").status_code == 404


def test_every_extension_and_code_system_that_a_contract_uses_is_defined(node: FhirOfTests) -> None:
    anybody = node.program()
    defined = {entry["fullUrl"] for kind in TERMS for entry in anybody.get(f"/fhir/{kind}").json()["entry"]}
    used = set(re.findall(rf'"({BASE}/(?:StructureDefinition|CodeSystem)/[a-z0-9-]+)"', to_json(sent("D-1")).decode()))

    assert used
    assert used <= defined
    assert set(slots()) <= defined


def test_the_codes_of_a_system_are_those_of_the_law_with_their_words(node: FhirOfTests) -> None:
    found = node.program().get("/fhir/CodeSystem/benefits").json()
    (dental,) = (one for one in found["concept"] if one["code"] == "dental_emergency")

    assert {one["code"] for one in found["concept"]} == set(node.node.book.vocabulary["benefits"])
    assert dental["display"] == "emergency dental care"
    assert {one["language"] for one in dental["designation"]} >= {"ru"}
