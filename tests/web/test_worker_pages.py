"""A worker's certificates on their own page: shown as code, paper and text to them and their helper; a change shows at once."""

from dataclasses import dataclass

import pytest
from care_scene import Care, Desk
from issuing_scene import Clock, IssuingScene
from people_builder import NOON
from registry_builder import RING, VOCABULARY
from sqlalchemy import Engine

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.database.lists import SqlLists
from polisbridge.adapters.database.once import SqlWrites
from polisbridge.core.registry import RegisteredCertificate
from polisbridge.core.statusbook import Note
from polisbridge.services.exchange import Exchange
from polisbridge.services.registry.issuing import StatusChange, change_status, issue_for

NOTE = Note("clerk", NOON, "issued")


@dataclass
class Issued:
    """A node where the worker has a certificate."""

    care: Care
    scene: IssuingScene
    number: int

    def desk(self, login: str) -> Desk:
        self.care.forget_tries()
        exchange = Exchange(
            node=Desk(self.care).node,
            registries=self.care.people.registries,
            writes=SqlWrites(self.care.engine, RING),
            lists=SqlLists(self.care.engine),
            matrix=shipped_access(),
            actor_of_key=lambda _: None,
            issuing=self.scene.node.issuing,
        )
        return Desk(self.care, login, exchange=exchange)

    def change(self, what: StatusChange) -> None:
        issuing = self.scene.node.issuing
        with self.care.people.registries.change() as registry:
            held = list(registry.known(RegisteredCertificate, on=None, at=NOON, thing=self.number))
            change_status(registry, self.care.seller, held, what, NOTE, below=issuing.below)


@pytest.fixture(scope="module")
def issued(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Issued:
    care = Care(engine)
    scene = IssuingScene(engine, tmp_path_factory.mktemp("node"), Clock(NOON))
    with care.people.registries.change() as registry:
        keys = scene.node.issuing.keys
        given = issue_for(registry, keys, care.contract, NOTE, VOCABULARY, persons=["worker"])
    return Issued(care, scene, given.new[0])


def test_the_worker_sees_the_code_saves_the_paper_and_sends_the_text(issued: Issued) -> None:
    worker, before = issued.desk("worker"), issued.care.looks()
    page = worker.get("/me").text
    address = f"/me/certificates/{issued.number}"
    code, card, text = (worker.get(f"{address}/{part}") for part in ("qr.svg", "card.pdf", "text"))

    assert all(f'"{address}/{part}"' in page for part in ("qr.svg", "card.pdf", "text"))
    assert code.headers["content-type"].startswith("image/svg+xml")
    assert "<svg" in code.text
    assert card.content.startswith(b"%PDF-")
    assert issued.scene.verified(text.text).certificate is not None
    assert {one.headers["cache-control"] for one in (code, card, text)} == {"no-store"}
    assert issued.care.looks() == before + 4


@pytest.mark.parametrize("login", ["helper", "verifier", "hospital_desk", "employer", "insurer_clerk", "auditor", ""])
@pytest.mark.parametrize("part", ["qr.svg", "card.pdf", "text"])
def test_a_certificate_is_not_there_for_others(issued: Issued, login: str, part: str) -> None:
    desk, before = issued.desk(login), issued.care.looks()

    assert desk.get(f"/me/certificates/{issued.number}/{part}").status_code == 404
    assert desk.get(f"/me/certificates/999999999/{part}").status_code == 404
    assert issued.care.looks() == before


def test_what_the_insurer_did_shows_at_every_desk_at_once(issued: Issued) -> None:
    asked = {"number": "C-1/worker", "born": "1990-05-05"}
    path, said = "/verify/number", {}
    for change in (None, StatusChange.SUSPEND, StatusChange.RESUME, StatusChange.REVOKE):
        if change is not None:
            issued.change(change)
        text = issued.desk("verifier").post(path, path, **asked).text
        said[change] = ("answer accept" in text, "suspended it" in text, "cancelled it" in text)

    assert list(said.values()) == [
        (True, False, False),
        (False, True, False),
        (True, False, False),
        (False, False, True),
    ]
    assert "Cancelled by the insurer" in issued.desk("worker").get("/me").text
    assert "Cancelled by the insurer" in issued.desk("employer").get("/employer").text
