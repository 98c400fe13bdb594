"""A certificate that a patient shows at a hospital abroad: who is insured, for what, and whether it counts, with no register at hand."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from fhir_node import FhirOfTests, post
from fhir_r4 import r4_errors
from sqlalchemy import Engine
from trust_builder import NOW
from verify_scene import Scene, new_scene

from polisbridge.core.roles import Actor, ActorRole

BASE = "https://w3id.org/polisbridge/fhir/StructureDefinition"


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return new_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def node(engine: Engine, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> FhirOfTests:
    found = FhirOfTests(engine, Path(scene.world.folder) / "kit")

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(found.node, "now", now)
    found.actors["abroad"] = Actor(ActorRole.HOSPITAL_DESK, "a hospital abroad", 8, "NO", found.hospital)
    return found


def question(text: str, day: str) -> dict[str, Any]:
    state = {"url": "state", "valueCoding": {"system": "urn:iso:std:iso:3166", "code": "NO"}}
    region = {"url": "region", "valueCoding": {"system": "urn:iso:std:iso:3166:-2", "code": "NO-11"}}
    return {
        "resourceType": "CoverageEligibilityRequest",
        "extension": [
            {"url": f"{BASE}/certificate", "valueString": text},
            {"url": f"{BASE}/occasion", "extension": [state, region, {"url": "gate", "valueCode": "entry"}]},
        ],
        "status": "active",
        "purpose": ["validation", "benefits"],
        "patient": {"display": "as the certificate tells"},
        "servicedPeriod": {"start": day, "end": "2027-02-28"},
        "created": "2026-11-22",
        "insurer": {"display": "as the certificate tells"},
    }


SUBMIT = "/fhir/CoverageEligibilityRequest/$submit"


def test_a_genuine_certificate_is_answered_with_its_cover_and_the_decision(node: FhirOfTests, scene: Scene) -> None:
    found = post(node.program("abroad"), SUBMIT, question(scene.issue().text, "2026-12-01"))
    told = found.json()
    decided = {one["url"]: one for one in told["extension"][0]["extension"]}

    assert (found.status_code, r4_errors(told)) == (200, [])
    assert told["insurance"][0]["inforce"] is True
    assert (decided["state"]["valueCoding"]["code"], decided["gate"]["valueCode"]) == ("NO", "entry")
    assert told["patient"]["identifier"]["value"].count("/") >= 1


def test_a_day_before_cover_begins_is_not_in_force(node: FhirOfTests, scene: Scene) -> None:
    found = post(node.program("abroad"), SUBMIT, question(scene.issue().text, "2020-01-01"))

    assert found.json()["insurance"][0]["inforce"] is False


def test_what_is_no_genuine_certificate_is_refused_by_its_place(node: FhirOfTests, scene: Scene) -> None:
    for text in ("PB1:NONSENSE", scene.issue().text[:-4] + "AAAA"):
        found = post(node.program("abroad"), SUBMIT, question(text, "2026-12-01"))
        issue = found.json()["issue"][1]

        assert (found.status_code, issue["expression"]) == (
            422,
            ["CoverageEligibilityRequest.extension[0].valueString"],
        )
