"""FHIR of a node on a real database, as programs of insurers, a hospital, an employer and an authority meet it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from api_node import ApiOfTests, Program
from fhir_builder import BASE_URL, plain
from httpx import Response
from registry_builder import contract, note, registries
from sqlalchemy import Engine

from polisbridge.api.fhir.site import create_fhir
from polisbridge.core.contract import Contract, Period
from polisbridge.core.registry import Employer, Identity, IdentityDocument, Insurer, MedicalOrganisation
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.formats.fhir.bundle import bundle_out
from polisbridge.formats.fhir.json import to_json
from polisbridge.services.registry.organisations import keep

FHIR = "application/fhir+json"


class FhirOfTests(ApiOfTests):
    """FHIR with its senders: keys are the names of `actors`."""

    def __init__(self, engine: Engine, kit: Path) -> None:
        super().__init__(engine, kit)
        with registries(engine).change() as registry:
            clinic = MedicalOrganisation("RU", {"en": "Hospital of tests", "ru": "Больница"}, "RU-MOW")
            self.hospital = keep(registry, "RU/hospital", clinic, Period(), note())
            self.employer = keep(registry, "RU/employer", Employer("RU", {"en": "Employer of tests"}), Period(), note())
        self.actors |= {
            "hospital": Actor(ActorRole.HOSPITAL_DESK, "hospital's program", 5, "RU", self.hospital),
            "employer": Actor(ActorRole.EMPLOYER, "employer's program", 6, "RU", self.employer),
            "home": Actor(ActorRole.AUTHORITY, "authority of UZ", 7, "UZ"),
        }
        self.app = create_fhir(self.exchange)


@contextmanager
def fhir_on(engine: Engine, kit: Path) -> Iterator[FhirOfTests]:
    """Give the FHIR of a database."""
    yield FhirOfTests(engine, kit)


def sent(number: str, kind: str = "transaction", **identities: Identity) -> dict[str, Any]:
    """Return a contract of three persons as the Bundle of the first insurer's system."""
    return bundle_of_tests(contract(number), kind, **identities)


def bundle_of_tests(one: Contract, kind: str = "transaction", **identities: Identity) -> dict[str, Any]:
    who = {person.id: identity_of_tests(one.number, person.id, person.born) for person in one.insured} | identities
    return bundle_out(one, who, Insurer("UZ", {"en": "first insurer"}), base=BASE_URL, code="first insurer", kind=kind)


def identity_of_tests(number: str, person: str, born: Any) -> Identity:
    """Return who a made-up person is, with a document of their own."""
    document = IdentityDocument("UZ", f"{number}-{person}")
    return Identity(f"NAME OF {person.upper()}", "Имя", born, frozenset({"UZ"}), document)


def post(program: Program, path: str, resource: Any, once: str = "", **headers: str) -> Response:
    """Send a resource, or bytes as they are."""
    body = resource if isinstance(resource, bytes) else to_json(resource)
    told = {"Content-Type": FHIR, **headers, **({"Idempotency-Key": once} if once else {})}
    return program.client.post(path, content=body, headers=told)


def locations(found: Response) -> dict[str, list[str]]:
    """Return the addresses of what a Bundle made, by type."""
    made: dict[str, list[str]] = {}
    for entry in found.json()["entry"]:
        kind, number, *_ = entry["response"]["location"].split("/")
        made.setdefault(kind, []).append(f"/fhir/{kind}/{number}")
    return made


def contained(number: str) -> dict[str, Any]:
    """Return the same contract as a Contract that contains its persons."""
    resources = [one["resource"] for one in plain(sent(number))["entry"]]
    told = (
        json.dumps(resources[1:])
        .replace("Patient/", "#")
        .replace("Organization/", "#")
        .replace("Contract/contract", "#")
    )
    inner = json.loads(told)
    for one in inner:
        one["id"] = f"c-{one['id']}" if one["resourceType"] == "Coverage" else one["id"]
    head = {**resources[0], "author": {"reference": "#insurer"}, "contained": inner}
    del head["identifier"][0]["assigner"]
    return head
