"""Who sees what at /fhir: an insurer its own, an employer its workers' cover, a hospital its patients', an authority its state's."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from fhir_node import FhirOfTests, fhir_on, identity_of_tests, post
from registry_builder import contract
from sqlalchemy import Engine, select

from polisbridge.adapters.database.tables import ACCESS
from polisbridge.core.registry import Enrolment, RegisteredContract
from polisbridge.core.statusbook import Note
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.finding import InsuredFound
from polisbridge.services.registry.persons import erase
from polisbridge.services.registry.visits import VisitCause, admit, end


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


def on_record(node: FhirOfTests, number: str, employer: int | None = None) -> dict[str, str]:
    """Put a contract on record; return the addresses of contract, insurer, and the worker's Coverage and Patient."""
    one = contract(number)
    who = {person.id: identity_of_tests(number, person.id, person.born) for person in one.insured}
    now = node.node.now()
    with node.exchange.registries.change() as registry:
        thing = register(
            registry, NewContract(one, node.first, employer=employer, identities=who), Note("clerk", now, "sold")
        )
        held = next(one for one in registry.known(Enrolment, on=None, at=now, contract=thing) if one.code == "worker")
    return {
        "Contract": f"/fhir/Contract/{thing}",
        "Coverage": f"/fhir/Coverage/{held.thing}",
        "Patient": f"/fhir/Patient/{held.value.person}",
        "Organization": f"/fhir/Organization/{node.first}",
    }


def statuses(node: FhirOfTests, key: str, addresses: dict[str, str]) -> dict[str, int]:
    return {kind: node.program(key).get(address).status_code for kind, address in addresses.items()}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("clerk-1", {"Contract": 200, "Coverage": 200, "Patient": 200}),
        ("clerk-2", {"Contract": 404, "Coverage": 404, "Patient": 404}),
        ("employer", {"Contract": 200, "Coverage": 200, "Patient": 403}),
        ("hospital", {"Contract": 403, "Coverage": 404, "Patient": 404}),
        ("home", {"Contract": 200, "Coverage": 200, "Patient": 200}),
        ("authority", {"Contract": 404, "Coverage": 404, "Patient": 404}),
        ("verifier", {"Contract": 403, "Coverage": 403, "Patient": 403}),
        ("", {"Contract": 401, "Coverage": 401, "Patient": 401}),
    ],
)
def test_each_role_sees_what_the_matrix_says_and_else_nothing(
    node: FhirOfTests, key: str, expected: dict[str, int]
) -> None:
    addresses = on_record(node, f"R-{key}", node.employer)

    assert statuses(node, key, addresses) == {**expected, "Organization": 200}


def test_a_hospital_sees_the_cover_of_its_patient_while_the_visit_lasts(node: FhirOfTests) -> None:
    addresses = on_record(node, "V-1")
    contract_id, place, person = (
        int(addresses[kind].rpartition("/")[2]) for kind in ("Contract", "Coverage", "Patient")
    )
    exchange, actor = node.exchange, node.actors["hospital"]
    before = statuses(node, "hospital", addresses)["Coverage"]
    today, now = node.node.today(), node.node.now()
    with exchange.registries.change() as registry:
        found = InsuredFound(contract_id, place, person, "worker", named=True)
        visit = admit(registry, exchange.matrix, actor, found, VisitCause.PLANNED, today, now)
    during = statuses(node, "hospital", addresses)
    searched = node.program("hospital").get(f"/fhir/Coverage?patient=Patient/{person}").json()
    question = {
        "resourceType": "CoverageEligibilityRequest",
        "status": "active",
        "purpose": ["validation"],
        "patient": {"reference": f"Patient/{person}"},
        "created": "2026-11-22",
        "insurer": {"display": "as told"},
        "insurance": [{"coverage": {"reference": f"Coverage/{place}"}}],
    }
    answered = post(node.program("hospital"), "/fhir/CoverageEligibilityRequest/$submit", question)
    with exchange.registries.change() as registry:
        end(registry, exchange.matrix, actor, visit, today, node.node.now() + timedelta(seconds=1))
    after = statuses(node, "hospital", addresses)["Coverage"]

    assert (before, during["Coverage"], during["Contract"], after) == (404, 200, 403, 404)
    assert [one["resource"]["id"] for one in searched["entry"]] == [str(place)]
    assert (answered.status_code, answered.json()["insurance"][0]["inforce"]) == (200, True)


def test_an_employer_is_named_to_those_who_may_read_its_contracts(node: FhirOfTests) -> None:
    on_record(node, "R-e", node.employer)
    address = f"/fhir/Organization/{node.employer}"

    assert [node.program(key).get(address).status_code for key in ("clerk-1", "employer", "home")] == [200, 200, 200]
    assert [node.program(key).get(address).status_code for key in ("clerk-2", "authority")] == [404, 404]


def test_an_employer_finds_the_cover_of_its_workers(node: FhirOfTests) -> None:
    on_record(node, "R-f", node.employer)
    found = node.program("employer").get(f"/fhir/Coverage?policy-holder=Organization/{node.employer}&_count=100").json()
    other = node.program("clerk-2").get(f"/fhir/Coverage?policy-holder=Organization/{node.employer}").json()

    holders = {one["resource"]["policyHolder"]["reference"] for one in found["entry"]}
    assert holders == {f"Organization/{node.employer}"}
    assert "R-f" in {one["resource"]["identifier"][0]["value"] for one in found["entry"]}
    assert "entry" not in other


def test_nobody_finds_who_was_erased(node: FhirOfTests, engine: Engine) -> None:
    addresses = on_record(node, "R-g")
    person = int(addresses["Patient"].rpartition("/")[2])
    with node.exchange.registries.change() as registry:
        erase(registry, person, Note("operator", node.node.now(), "asked"))
    clerk = node.program("clerk-1")

    assert [clerk.get(addresses[kind]).status_code for kind in ("Patient", "Coverage", "Contract")] == [404, 404, 200]
    assert clerk.get(f"{addresses['Patient']}/_history/1").status_code == 404
    assert len(clerk.get("/fhir/Coverage?identifier=R-g").json()["entry"]) == 2
    with engine.connect() as connection:
        looks = connection.execute(select(ACCESS.c.what).where(ACCESS.c.person == person)).scalars().all()
    assert set(looks) <= {"person"}


def test_a_search_of_contracts_is_of_the_senders_own(node: FhirOfTests) -> None:
    on_record(node, "R-h")
    mine = node.program("clerk-1").get("/fhir/Contract?_count=100").json()["entry"]
    hers = node.program("clerk-2").get("/fhir/Contract?_count=100").json()
    numbers = {one["resource"]["identifier"][0]["value"] for one in mine}
    with node.exchange.registries.read() as registry:
        known = {one.code for one in registry.known(RegisteredContract, on=None, at=node.node.now(), seller=node.first)}

    assert (numbers, "entry" in hers) == (known, False)
    assert node.program("hospital").get("/fhir/Contract").status_code == 403
