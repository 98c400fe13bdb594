"""FHIR at /fhir: what goes in comes out, who sees what, versions, searches, errors as OperationOutcome."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from api_node import Program
from fhir_node import FHIR, FhirOfTests, contained, fhir_on, locations, post, sent
from fhir_r4 import r4_errors
from httpx import Response
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.tables import ACCESS, CONTRACT, DECISION, THING
from polisbridge.core.statusbook import Note
from polisbridge.services.registry.contracts import terminate


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


@pytest.fixture
def clerk(node: FhirOfTests) -> Program:
    return node.program("clerk-1")


def made(program: Program, number: str) -> dict[str, list[str]]:
    """Put a contract on record; return the addresses of its resources."""
    found = post(program, "/fhir", sent(number), f"made-{number}")
    assert found.status_code == 200, found.text
    return locations(found)


def outcome(found: Response) -> tuple[int, str, str]:
    """Return status, issue type and our code of the first issue of an OperationOutcome."""
    told = found.json()
    assert found.headers["content-type"] == FHIR
    assert told["resourceType"] == "OperationOutcome"
    assert r4_errors(told) == []
    first = told["issue"][0]
    return found.status_code, first["code"], first["details"]["coding"][0]["code"]


def expressions(found: Response) -> set[str]:
    return {one for issue in found.json()["issue"] for one in issue.get("expression", [])}


def looks(engine: Engine, person: str) -> list[tuple[str, str]]:
    query = select(ACCESS.c.who, ACCESS.c.what).where(ACCESS.c.person == int(person.rpartition("/")[2]))
    with engine.connect() as connection:
        return [(who, what) for who, what in connection.execute(query.order_by(ACCESS.c.id))]


def test_a_contract_that_came_as_a_bundle_is_read_as_resources_of_r4(clerk: Program) -> None:
    addresses = made(clerk, "F-1")
    found = {kind: [clerk.get(one).json() for one in some] for kind, some in addresses.items()}

    assert {kind: len(some) for kind, some in found.items()} == {
        "Contract": 1,
        "Coverage": 3,
        "Patient": 3,
        "Organization": 1,
    }
    assert [error for some in found.values() for one in some for error in r4_errors(one)] == []
    assert found["Contract"][0]["identifier"][0]["value"] == "F-1"
    assert [one["relationship"]["coding"][0]["code"] for one in found["Coverage"]] == ["self", "spouse", "child"]
    assert [one["period"]["start"] for one in found["Coverage"]] == ["2026-01-01", "2026-03-01", "2026-01-01"]
    assert found["Patient"][0]["name"][0]["text"] == "NAME OF WORKER"
    assert found["Patient"][0]["birthDate"] == "1990-05-05"


def test_a_contract_that_contains_its_persons_is_the_same(clerk: Program) -> None:
    found = post(clerk, "/fhir/Contract", contained("F-2"), "F-2", Prefer="return=representation")

    assert (found.status_code, found.headers["Location"].endswith("/_history/1")) == (201, True)
    assert found.json()["identifier"][0]["value"] == "F-2"
    assert len(clerk.get("/fhir/Coverage?identifier=F-2").json()["entry"]) == 3
    assert r4_errors(found.json()) == []


def test_what_is_not_kept_is_named_and_an_unknown_modifier_is_refused(clerk: Program) -> None:
    bundle = sent("F-3")
    head = bundle["entry"][0]["resource"]
    head["friendly"] = [{"contentAttachment": {"url": "https://insurer.example/friendly"}}]
    head["extension"].append({"url": "https://insurer.example/colour", "valueString": "green"})
    found = post(clerk, "/fhir", bundle, "F-3")
    issues = found.json()["entry"][0]["response"]["outcome"]["issue"]
    at = len(head["extension"]) - 1

    assert found.status_code == 200
    assert {(one["severity"], one["code"], one["expression"][0]) for one in issues} == {
        ("warning", "extension", f"Bundle.entry[0].resource.extension[{at}]"),
        ("warning", "not-supported", "Bundle.entry[0].resource.friendly"),
    }
    assert "https://insurer.example/colour" in str(issues)

    head["identifier"][0]["value"] = "F-3b"
    head["modifierExtension"] = [{"url": "https://insurer.example/not", "valueBoolean": True}]
    refused = post(clerk, "/fhir", bundle, "F-3b")
    assert outcome(refused) == (422, "processing", "bad_input")
    assert "Bundle.entry[0].resource.modifierExtension" in expressions(refused)


def test_all_faults_come_at_once_by_their_elements_and_nothing_is_written(engine: Engine, clerk: Program) -> None:
    bundle = sent("F-4")
    resources = [one["resource"] for one in bundle["entry"]]
    resources[0]["subType"][0]["coding"][0]["code"] = "unheard"
    resources[0]["issued"] = "2026-13-01"
    resources[1]["relationship"]["coding"] = [
        {"system": "http://terminology.hl7.org/CodeSystem/subscriber-relationship", "code": "common"}
    ]
    resources[2]["beneficiary"] = {"reference": "Patient/nobody"}
    resources[3]["period"] = {"start": "2027-01-01", "end": "2026-01-01"}
    resources[4]["birthDate"] = "1990"
    resources[4]["deceasedBoolean"] = True
    resources[0]["term"][0]["asset"][0]["valuedItem"][0]["net"]["currency"] = "XXQ"
    found = post(clerk, "/fhir", bundle, "F-4")

    assert outcome(found) == (422, "processing", "bad_input")
    wanted = {
        "Bundle.entry[0].resource.subType[0].coding[0].code",
        "Bundle.entry[0].resource.issued",
        "Bundle.entry[0].resource.term[0].asset[0].valuedItem[0].net.currency",
        "Bundle.entry[1].resource.relationship",
        "Bundle.entry[2].resource.beneficiary.reference",
        "Bundle.entry[3].resource.period.end",
        "Bundle.entry[4].resource.birthDate",
        "Bundle.entry[4].resource.deceasedBoolean",
    }
    assert wanted <= expressions(found)
    with engine.connect() as connection:
        query = select(func.count()).where(THING.c.kind == CONTRACT.name, THING.c.code == "F-4")
        assert connection.execute(query).scalar_one() == 0


def test_the_same_write_is_done_once_and_the_number_itself_may_say_so(node: FhirOfTests, clerk: Program) -> None:
    first = post(clerk, "/fhir", sent("F-5"), "F-5")
    again = post(clerk, "/fhir", sent("F-5"), "F-5")
    other = post(clerk, "/fhir", sent("F-5b"), "F-5")
    twice = post(clerk, "/fhir", sent("F-5"), "F-5 with another key".replace(" ", "-"))
    conditional = sent("F-5")
    conditional["entry"][0]["request"]["ifNoneExist"] = "identifier=F-5"
    there = post(clerk, "/fhir", conditional)
    neither = post(clerk, "/fhir", sent("F-5c"))

    assert (again.headers["Idempotency-Replayed"], again.json()) == ("true", first.json())
    assert outcome(other) == (422, "processing", "key_used_before")
    assert outcome(twice) == (409, "conflict", "already_there")
    assert (there.status_code, locations(there)) == (200, locations(first))
    assert there.json()["entry"][0]["response"]["status"] == "200 OK"
    assert outcome(neither) == (400, "invalid", "bad_request")
    assert (
        locations(post(node.program("clerk-2"), "/fhir", _of("second insurer", "F-5"), "F-5"))["Contract"]
        != locations(first)["Contract"]
    )


def _of(insurer: str, number: str) -> dict[str, Any]:
    bundle = sent(f"{number}")
    for one in bundle["entry"]:
        resource = one["resource"]
        if resource["resourceType"] == "Organization":
            resource["identifier"][0]["value"] = insurer
        if resource["resourceType"] == "Patient":
            resource["identifier"] = []
            del resource["identifier"]
    return bundle


def test_a_contract_that_names_another_insurer_is_refused(clerk: Program) -> None:
    found = post(clerk, "/fhir", _of("second insurer", "F-6"), "F-6")

    assert outcome(found) == (422, "processing", "bad_input")
    assert "Contract.author" in expressions(found)


@pytest.mark.parametrize("key", ["clerk-2", "hospital", "verifier", "authority", ""])
def test_a_foreign_resource_is_not_there(node: FhirOfTests, clerk: Program, key: str) -> None:
    addresses = made(clerk, f"F-7{key}")
    program = node.program(key)
    statuses = {kind: program.get(addresses[kind][0]).status_code for kind in ("Contract", "Coverage", "Patient")}
    expected = {"clerk-2": {404}, "hospital": {403, 404}, "authority": {403, 404}, "verifier": {403}, "": {401}}

    assert set(statuses.values()) <= expected[key]
    assert program.get(addresses["Organization"][0]).status_code == 200


def test_each_look_at_a_person_is_recorded(engine: Engine, clerk: Program) -> None:
    addresses = made(clerk, "F-8")
    worker = addresses["Patient"][0]
    clerk.get(worker)
    clerk.get(addresses["Coverage"][0])
    clerk.get("/fhir/Coverage?identifier=F-8")

    assert looks(engine, worker) == [
        ("first program", "person"),
        ("first program", "coverage"),
        ("first program", "coverage"),
    ]


def test_a_resource_has_versions_and_tags(clerk: Program) -> None:
    addresses = made(clerk, "F-9")
    address = addresses["Contract"][0]
    first = clerk.get(address)
    same = clerk.get(address, **{"If-None-Match": first.headers["ETag"]})
    since = clerk.get(address, **{"If-Modified-Since": first.headers["Last-Modified"]})

    assert (first.headers["ETag"], first.json()["meta"]["versionId"]) == ('W/"1"', "1")
    assert (same.status_code, same.content, since.status_code) == (304, b"", 304)
    assert clerk.get(f"{address}/_history/1").json() == first.json()
    assert outcome(clerk.get(f"{address}/_history/2")) == (404, "not-found", "not_found")


def test_what_was_known_before_a_change_is_the_version_before(node: FhirOfTests, clerk: Program) -> None:
    address = made(clerk, "F-10")["Contract"][0]
    with node.exchange.registries.change() as registry:
        terminate(registry, int(address.rpartition("/")[2]), date(2026, 7, 1), Note("clerk", node.node.now(), "asked"))
    now, before = clerk.get(address), clerk.get(f"{address}/_history/1")
    history = clerk.get(f"{address}/_history").json()

    assert (now.headers["ETag"], now.json()["applies"]["end"], now.json()["status"]) == (
        'W/"2"',
        "2026-06-30",
        "terminated",
    )
    assert (before.json()["applies"]["end"], before.json()["status"]) == ("2026-12-31", "executed")
    assert [one["resource"]["meta"]["versionId"] for one in history["entry"]] == ["2", "1"]
    assert (history["total"], r4_errors(history)) == (2, [])


def test_a_search_goes_on_in_pieces_and_finds_each_once(clerk: Program) -> None:
    made(clerk, "F-11")
    found, address = list[str](), "/fhir/Coverage?identifier=F-11&_count=2"
    while address:
        piece = clerk.get(address).json()
        assert r4_errors(piece) == []
        found += [one["resource"]["dependent"] for one in piece["entry"]]
        address = next(
            (one["url"].partition("testserver.local")[2] for one in piece["link"] if one["relation"] == "next"), ""
        )

    assert found == ["worker", "spouse", "child"]


def test_searches_by_patient_document_family_and_form(clerk: Program) -> None:
    addresses = made(clerk, "F-12")
    worker = addresses["Patient"][0].removeprefix("/fhir/")
    system = "https://w3id.org/polisbridge/fhir/identifier/identity-document/UZ"
    by_document = clerk.get(
        "/fhir/Patient",
    ).status_code
    form = clerk.client.post(
        "/fhir/Patient/_search",
        content=f"identifier={system}%7CF-12-worker",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    family = clerk.get(f"/fhir/RelatedPerson?patient={worker}").json()

    assert by_document == 400
    assert [one["resource"]["id"] for one in form.json()["entry"]] == [worker.removeprefix("Patient/")]
    assert sorted(one["resource"]["relationship"][0]["coding"][0]["code"] for one in family["entry"]) == [
        "CHILD",
        "SPS",
    ]
    assert [error for one in family["entry"] for error in r4_errors(one["resource"])] == []
    assert len(clerk.get(f"/fhir/Coverage?beneficiary={worker}&status=active").json()["entry"]) == 1
    assert "entry" not in clerk.get(f"/fhir/Coverage?beneficiary={worker}&status=cancelled").json()
    assert len(clerk.get(f"/fhir/Contract?subject={worker}").json()["entry"]) == 1


def test_somebody_elses_are_left_out_of_a_search(node: FhirOfTests, clerk: Program) -> None:
    made(clerk, "F-13")
    found = node.program("clerk-2").get("/fhir/Coverage?identifier=F-13")

    assert (found.status_code, "entry" in found.json()) == (200, False)


PLAN = {
    "resourceType": "InsurancePlan",
    "identifier": [{"system": "https://w3id.org/polisbridge/fhir/identifier/product-code", "value": "basic"}],
    "status": "active",
    "name": "Basic",
    "type": [
        {"coding": [{"system": "https://w3id.org/polisbridge/fhir/CodeSystem/contract-kinds", "code": "voluntary"}]}
    ],
}


def test_a_product_is_put_on_sale_and_read_by_everybody(node: FhirOfTests, clerk: Program) -> None:
    first = post(clerk, "/fhir/InsurancePlan", PLAN, "plan-1")
    read = node.program().get(first.headers["Location"].partition("testserver.local")[2].partition("/_history")[0])
    found = node.program().get("/fhir/InsurancePlan?identifier=basic").json()

    assert (first.status_code, read.json()["name"]) == (201, "Basic")
    assert [one["resource"]["id"] for one in found["entry"]] == [read.json()["id"]]
    assert r4_errors(read.json()) == []
    assert outcome(post(clerk, "/fhir/InsurancePlan", PLAN, "plan-2")) == (409, "conflict", "already_there")
    assert post(clerk, "/fhir/InsurancePlan", PLAN, **{"If-None-Exist": "identifier=basic"}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "kind", "code"),
    [
        ("GET", "/fhir/Nothing", 404, "not-found", "not_found"),
        ("GET", "/fhir/Contract/0", 404, "not-found", "not_found"),
        ("GET", "/fhir/Contract/99999999999999999999999", 404, "not-found", "not_found"),
        ("GET", "/fhir/Contract/1%27", 404, "not-found", "not_found"),
        ("GET", "/fhir/Patient?name=A", 400, "invalid", "bad_request"),
        ("GET", "/fhir/Organization?_count=many", 400, "invalid", "bad_request"),
        ("GET", "/fhir/Organization?name=%00", 400, "invalid", "bad_request"),
        ("GET", "/fhir/Organization?_format=xml", 406, "not-supported", "bad_request"),
        ("GET", "/fhir/CoverageEligibilityResponse", 405, "not-supported", "no_such_method"),
        ("POST", "/fhir/Patient", 405, "not-supported", "no_such_method"),
        ("DELETE", "/fhir/Contract/1", 405, "not-supported", "no_such_method"),
        ("GET", "/fhir/Contract/1", 401, "login", "no_key"),
    ],
)
def test_what_cannot_be_answered_is_an_operation_outcome(
    node: FhirOfTests, method: str, path: str, status: int, kind: str, code: str
) -> None:
    assert outcome(node.program().client.request(method, path)) == (status, kind, code)


def test_a_wrong_key_is_refused_and_words_follow_the_language(node: FhirOfTests) -> None:
    found = node.program("wrong").get("/fhir/Organization", **{"Accept-Language": "ru"})

    assert outcome(found) == (401, "login", "no_key")
    assert found.json()["issue"][0]["details"]["text"] == "Нужен действующий ключ"


def asked(**changes: Any) -> dict[str, Any]:
    """Return a question of a hospital: by the number of the policy and the birth date."""
    return {
        "resourceType": "CoverageEligibilityRequest",
        "contained": [{"resourceType": "Patient", "id": "p", "birthDate": "1990-05-05"}],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"reference": "#p"},
        "servicedDate": "2026-11-22",
        "created": "2026-11-22",
        "insurer": {"display": "as on the card"},
        "insurance": [{"coverage": {"identifier": {"value": "Q-1"}}}],
    } | changes


SUBMIT = "/fhir/CoverageEligibilityRequest/$submit"


def test_a_hospital_learns_by_number_and_birth_date_what_is_paid_and_whether_it_counts(
    node: FhirOfTests, engine: Engine, clerk: Program
) -> None:
    worker = made(clerk, "Q-1")["Patient"][0]
    hospital = node.program("hospital")
    found = post(hospital, SUBMIT, asked(), **{"Accept-Language": "ru"})
    told = found.json()
    insurance = told["insurance"][0]
    (decided,) = (one["extension"] for one in told["extension"])
    values = {one["url"]: one for one in decided}
    with engine.connect() as connection:
        kept = connection.execute(select(DECISION.c.gate, DECISION.c.state, DECISION.c.verdict)).all()

    assert (found.status_code, r4_errors(told)) == (200, [])
    assert (insurance["inforce"], insurance["benefitPeriod"]["end"]) == (True, "2026-12-31")
    sums = {one["category"]["coding"][0]["code"]: one.get("benefit", []) for one in insurance["item"]}
    assert sums["emergency_care"][0]["allowedMoney"] == {"value": 10000.0, "currency": "EUR"}
    assert sums["contract"][0]["allowedMoney"] == {"value": 30000.0, "currency": "EUR"}
    assert [one["excluded"] for one in insurance["item"] if one["category"]["coding"][0]["code"] == "dental"] == [True]
    assert (values["gate"]["valueCode"], values["state"]["valueCoding"]["code"]) == ("care", "RU")
    assert any("а" <= letter <= "я" for letter in told["disposition"])
    assert [tuple(one) for one in kept] == [("care", "RU", values["verdict"]["valueCode"])]
    assert ("hospital's program", "entitlement") in looks(engine, worker)


@pytest.mark.parametrize(
    "changes",
    [
        {"insurance": [{"coverage": {"identifier": {"value": "Q-none"}}}]},
        {"contained": [{"resourceType": "Patient", "id": "p", "birthDate": "1990-05-06"}]},
        {"insurance": [{"coverage": {"reference": "Coverage/999999"}}]},
        {
            "patient": {"reference": "Patient/999999"},
            "insurance": [{"coverage": {"reference": "Coverage/1"}}],
            "contained": [],
        },
    ],
    ids=["no such number", "another birth date", "no such coverage", "another patient"],
)
def test_a_wrong_number_and_a_wrong_birth_date_are_not_told_apart(node: FhirOfTests, changes: dict[str, Any]) -> None:
    question = {key: value for key, value in asked(**changes).items() if value != []}

    assert outcome(post(node.program("hospital"), SUBMIT, question)) == (404, "not-found", "not_found")


def test_an_insurer_asks_about_its_own_coverage_and_nobody_about_anothers(node: FhirOfTests, clerk: Program) -> None:
    addresses = made(clerk, "Q-2")
    number = addresses["Coverage"][0].removeprefix("/fhir/")
    question = asked(
        insurance=[{"coverage": {"reference": number}}],
        patient={"reference": addresses["Patient"][0].removeprefix("/fhir/")},
        extension=[
            {
                "url": "https://w3id.org/polisbridge/fhir/StructureDefinition/occasion",
                "extension": [
                    {"url": "state", "valueCoding": {"system": "urn:iso:std:iso:3166", "code": "RU"}},
                    {"url": "gate", "valueCode": "hiring"},
                ],
            }
        ],
    )
    del question["contained"]
    own = post(clerk, SUBMIT, question)

    assert own.status_code == 200
    assert {one["url"]: one for one in own.json()["extension"][0]["extension"]}["gate"]["valueCode"] == "hiring"
    assert outcome(post(node.program("clerk-2"), SUBMIT, question))[0] == 404
    assert outcome(post(node.program("hospital"), SUBMIT, question))[0] == 404
    assert outcome(post(node.program("verifier"), SUBMIT, question)) == (403, "forbidden", "not_allowed")
    assert outcome(post(node.program(), SUBMIT, question)) == (401, "login", "no_key")


def test_who_guesses_too_often_has_to_wait(node: FhirOfTests) -> None:
    actor = replace(node.actors["hospital"], name="guesser")
    node.actors["guesser"] = actor
    guess = asked(insurance=[{"coverage": {"identifier": {"value": "guessed"}}}])
    found = [
        post(node.program("guesser"), SUBMIT, guess).status_code
        for _ in range(node.exchange.matrix.limits.misses_an_hour + 1)
    ]

    assert (found[0], found[-1]) == (404, 429)


def test_the_authority_reads_a_decision_as_a_response(node: FhirOfTests, clerk: Program) -> None:
    number = made(clerk, "Q-3")["Coverage"][0].removeprefix("/fhir/")
    question = asked(insurance=[{"coverage": {"reference": number}}])
    question["extension"] = [
        {
            "url": "https://w3id.org/polisbridge/fhir/StructureDefinition/occasion",
            "extension": [{"url": "state", "valueCoding": {"code": "RU"}}],
        }
    ]
    made_by = post(clerk, SUBMIT, question).json()
    read = node.program("authority").get(f"/fhir/CoverageEligibilityResponse/{made_by['id']}")

    assert (read.status_code, r4_errors(read.json())) == (200, [])
    assert read.json()["patient"] == made_by["patient"]
    assert node.program("home").get(f"/fhir/CoverageEligibilityResponse/{made_by['id']}").status_code == 404


def test_what_a_hospital_knows_of_the_patient_goes_into_the_decision(node: FhirOfTests, clerk: Program) -> None:
    made(clerk, "Q-4")
    url = "https://w3id.org/polisbridge/fhir/StructureDefinition/person-care-form"
    system = "https://w3id.org/polisbridge/fhir/CodeSystem/care-forms"
    question = asked(insurance=[{"coverage": {"identifier": {"value": "Q-4"}}}])
    needs, told = list[set[str]](), []
    for code in (None, "emergency", "unheard"):
        extension = [{"url": url, "valueCoding": {"system": system, "code": code}}] if code else []
        told.append(
            post(node.program("hospital"), SUBMIT, {**question, **({"extension": extension} if extension else {})})
        )
    for one in told[:2]:
        decided = one.json()["extension"][0]["extension"]
        needs.append({part["valueString"] for part in decided if part["url"] == "needs"})

    assert ("care_form" in needs[0], "care_form" in needs[1], needs[1] < needs[0]) == (True, False, True)
    assert outcome(told[2]) == (422, "processing", "bad_input")
    assert expressions(told[2]) == {"CoverageEligibilityRequest.extension[0]"}
