"""Genuine certificates verified through the API: as text and picture, and to each role what it needs; pages stand beside."""

from base64 import b64encode
from datetime import datetime
from pathlib import Path

import pytest
from api_node import ApiOfTests
from litestar.testing import TestClient
from sqlalchemy import Engine
from trust_builder import NOW
from verify_scene import Scene, new_scene
from web_node import SampleNode

from polisbridge.api.site import beside
from polisbridge.formats.qr import png, symbol_of
from polisbridge.web.site import create_site

STAY = {
    "state": "NO",
    "gate": "entry",
    "as_of": "2026-11-22",
    "region": "NO-11",
    "from": "2026-12-01",
    "to": "2027-02-28",
}


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return new_scene(tmp_path_factory.mktemp("scene"))


@pytest.fixture
def api(engine: Engine, scene: Scene, monkeypatch: pytest.MonkeyPatch) -> ApiOfTests:
    found = ApiOfTests(engine, Path(scene.world.folder) / "kit")

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(found.node, "now", now)
    return found


def test_a_genuine_certificate_is_decided_where_it_is_to_count(api: ApiOfTests, scene: Scene) -> None:
    text = scene.issue().text
    (told,) = api.program().post("/v1/verifications", {"text": text, "stay": STAY}).json()["verifications"]

    assert (told["status"], told["certificate"]["holder"]["name"]) == ("valid", "WORKER ANNA")
    assert told["decision"]["state"] == "NO"


def test_a_picture_is_read_and_gives_the_same_answer_as_its_text(api: ApiOfTests, scene: Scene) -> None:
    text = scene.issue().text
    picture = b64encode(png(symbol_of(text))).decode()
    found = [api.program().post("/v1/verifications", one).json() for one in ({"text": text}, {"picture": picture})]

    assert found[0] == found[1]
    assert found[0]["verifications"][0]["answer"] == "accept"


def test_a_verifier_is_shown_less_of_a_certificate_than_its_holder(api: ApiOfTests, scene: Scene) -> None:
    text = scene.issue().text
    (told,) = api.program("verifier").post("/v1/verifications", {"text": text}).json()["verifications"]

    assert told["answer"] == "accept"
    assert {"holder", "born", "insurer"} <= set(told["certificate"])
    assert not {"number", "person", "status", "role"} & set(told["certificate"])


def test_pages_and_api_stand_beside_each_other(api: ApiOfTests) -> None:
    client = TestClient(beside(create_site(SampleNode(), secret="s" * 32), api.app))
    found = [client.get(path) for path in ("/", "/v1/law?most=1", "/v1x", "/v1")]

    assert [(one.status_code, one.headers["content-type"].split(";")[0]) for one in found] == [
        (200, "text/html"),
        (200, "application/json"),
        (404, "text/html"),
        (404, "application/problem+json"),
    ]
