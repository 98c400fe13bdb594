"""A verification shows each role as much of the certificate as the matrix says: the same certificate, asked by each."""

from pathlib import Path

import pytest
from builder import LAW_FOLDER
from litestar.testing import TestClient
from people_builder import PASSWORD, code, opened, people
from sqlalchemy import Engine
from verify_scene import new_scene
from web_node import SampleNode, Visitor

from polisbridge.core.roles import ActorRole, AnswerPart
from polisbridge.services.access import shown
from polisbridge.services.people.ports import People
from polisbridge.web.site import create_site

OCCASION = {"state": "NO", "gate": "entry", "region": "NO-11", "first": "2026-12-01", "last": "2027-02-28"}
MARKS = {  # what stands on the page when the part is shown
    AnswerPart.NUMBER: "T-1/worker",
    AnswerPart.HOLDER: "WORKER ANNA",
    AnswerPart.INSURER: "Signed by Insurer first",
    AnswerPart.BORN: "28.02.1990",
    AnswerPart.FAMILY_ROLE: "Role</dt>",
    AnswerPart.PERIOD: "01.06.2026",
    AnswerPart.TERRITORY: "Territory</dt>",
    AnswerPart.DECISION: 'id="why-1"',
}


@pytest.fixture(scope="module")
def found(engine: Engine) -> People:
    return people(engine)


def verified(found: People, folder: Path, role: ActorRole) -> str:
    """Return the page that an account of the role gets."""
    scene = new_scene(folder)
    visitor = Visitor(SampleNode(scene.world.folder / "kit", LAW_FOLDER))
    visitor.client = TestClient(create_site(visitor.node, secret="s" * 32, people=found))
    visitor.client.headers["Accept-Language"] = "en"
    if role is not ActorRole.VISITOR:
        _, factor = opened(found, f"asks.{role.value}", role)
        fields = {"login": f"asks.{role.value}", "password": PASSWORD, "code": code(factor, visitor.node.at)}
        assert "sign-out" in visitor.send("/sign-in", **fields).text
    return visitor.send("/verify", text=scene.issue().text, **OCCASION).text


@pytest.mark.parametrize("role", ActorRole)
def test_a_role_sees_its_parts_and_no_others(found: People, tmp_path: Path, role: ActorRole) -> None:
    text = verified(found, tmp_path, role)

    assert 'class="answer accept"' in text
    assert {part for part, mark in MARKS.items() if mark in text} == shown(found.matrix, role)


def test_every_part_has_its_mark() -> None:
    assert set(MARKS) == set(AnswerPart)
