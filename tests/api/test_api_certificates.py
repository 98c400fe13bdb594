"""Certificates through the API on a real database: issued once, shown, suspended, revoked, verified by the node's own kit."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from api_node import ApiOfTests, Program, api_on, contract_sent
from issuing_scene import Clock, IssuingScene
from registry_builder import START
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.tables import ACCESS, CERTIFICATE, STATUS_ENTRY
from polisbridge.adapters.pictures import read_codes_within_limits
from polisbridge.api.site import create_api
from polisbridge.core.verification import Reason

WHY = {"why": "asked by the policyholder"}


class Desk:
    """The API of a node that can issue, its kit, and a contract of three persons on record."""

    def __init__(self, api: ApiOfTests, scene: IssuingScene) -> None:
        self.api, self.scene = api, scene
        api.exchange = replace(api.exchange, issuing=scene.node.issuing)
        api.app = create_api(api.exchange)
        self.clerk = api.program("clerk-1")
        self._contracts = 0

    def contract(self) -> int:
        self._contracts += 1
        answer = self.clerk.post(
            "/v1/contracts", contract_sent(f"API-{self._contracts}"), f"contract-{self._contracts}"
        )
        assert answer.status_code == 201, answer.text
        return int(answer.json()["id"])

    def issued(self, contract: int, once: str, **body: Any) -> list[int]:
        answer = self.clerk.post(f"/v1/contracts/{contract}/certificates", body, once)
        assert answer.status_code == 201, answer.text
        return [one["id"] for one in answer.json()["issued"]]

    def text(self, number: int) -> str:
        return self.clerk.get(f"/v1/certificates/{number}/text").text

    def reasons(self, number: int) -> tuple[Reason, ...]:
        return self.scene.verified(self.text(number)).reasons


@pytest.fixture(scope="module")
def desk(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    folder = tmp_path_factory.mktemp("node")
    with api_on(engine, folder / "kit") as api:
        yield Desk(api, IssuingScene(engine, folder, Clock(START)))


def stranger(desk: Desk) -> Program:
    return desk.api.program("clerk-2")


def test_certificates_of_a_contract_are_issued_and_the_node_s_own_kit_accepts_them(desk: Desk) -> None:
    numbers = desk.issued(desk.contract(), "issue")

    assert len(numbers) == 3
    assert [desk.reasons(one) for one in numbers] == [(Reason.IN_FORCE,)] * 3


def test_the_same_order_sent_again_issues_nothing(desk: Desk) -> None:
    contract = desk.contract()
    first = desk.issued(contract, "again")
    answer = desk.clerk.post(f"/v1/contracts/{contract}/certificates", {}, "again")
    other = desk.clerk.post(f"/v1/contracts/{contract}/certificates", {}, "again-another-key")

    assert answer.headers["Idempotency-Replayed"] == "true"
    assert [one["id"] for one in answer.json()["issued"]] == first
    assert (other.json()["issued"], sorted(one["id"] for one in other.json()["kept"])) == ([], sorted(first))


def test_issued_anew_the_new_one_takes_the_place_of_the_old_one(desk: Desk) -> None:
    contract = desk.contract()
    old, *others = desk.issued(contract, "anew")
    (new,) = desk.issued(contract, "anew-2", persons=["worker"], again=True)

    assert new not in (old, *others)
    assert desk.reasons(new) == (Reason.IN_FORCE,)
    assert desk.reasons(old) == (Reason.REVOKED,)
    assert [desk.reasons(one) for one in others] == [(Reason.IN_FORCE,)] * 2


def test_suspended_refused_resumed_accepted_revoked_for_ever(desk: Desk) -> None:
    (number,) = desk.issued(desk.contract(), "status", persons=["worker"])
    path = f"/v1/certificates/{number}"

    seen = []
    for what in ("suspension", "resumption", "revocation"):
        answer = desk.clerk.post(f"{path}/{what}", WHY, f"{what}-of-{number}")
        seen.append((answer.json()["status"], desk.reasons(number)))
    refused = desk.clerk.post(f"{path}/resumption", WHY, f"too-late-{number}")

    assert seen == [
        ("suspended", (Reason.SUSPENDED,)),
        ("valid", (Reason.IN_FORCE,)),
        ("revoked", (Reason.REVOKED,)),
    ]
    assert (refused.status_code, refused.json()["code"]) == (409, "status_final")


def test_revoked_from_a_day_on_it_counts_until_then(desk: Desk) -> None:
    (number,) = desk.issued(desk.contract(), "later", persons=["worker"])
    day = (START + timedelta(days=5)).date()
    answer = desk.clerk.post(f"/v1/certificates/{number}/revocation", {**WHY, "from": day.isoformat()}, "revoke-later")
    path = f"/v1/certificates/{number}/status"
    before, then = desk.clerk.get(f"{path}?on={day - timedelta(days=1)}"), desk.clerk.get(f"{path}?on={day}")
    unknown_yet = desk.clerk.get(f"{path}?on={day}&known={(START - timedelta(days=1)).isoformat()[:19]}Z")

    assert answer.json()["status"] == "valid"
    assert [one.json()["status"] for one in (before, then, unknown_yet)] == ["valid", "revoked", "not_issued"]
    assert [one["why"] for one in then.json()["history"]][-1] == WHY["why"]
    assert desk.reasons(number) == (Reason.IN_FORCE,)


def test_a_contract_that_ends_takes_its_certificates_with_it(desk: Desk) -> None:
    contract = desk.contract()
    numbers = desk.issued(contract, "ends")
    body = {"from": START.date().isoformat(), "why": "not paid"}
    answer = desk.clerk.post(f"/v1/contracts/{contract}/termination", body, "the-end")

    assert answer.status_code == 200
    assert [desk.reasons(one) for one in numbers] == [(Reason.REVOKED,)] * 3


def test_a_certificate_is_shown_as_text_picture_card_and_page(desk: Desk) -> None:
    (number,) = desk.issued(desk.contract(), "shown", persons=["worker"])
    path, text = f"/v1/certificates/{number}", desk.text(number)
    picture, card = desk.clerk.get(f"{path}/qr.png"), desk.clerk.get(f"{path}/card.pdf?language=ru")
    page = desk.clerk.get(path, Accept="application/pdf")

    assert read_codes_within_limits(picture.content).texts == (text,)
    assert [read_codes_within_limits(one.content).texts for one in (card, page)] == [(text,), (text,)]
    assert [len(pypdfium2.PdfDocument(io.BytesIO(one.content))) for one in (card, page)] == [2, 1]
    assert desk.clerk.get(path).json()["text"] == text


def test_every_look_at_a_certificate_is_recorded_for_its_holder(desk: Desk, engine: Engine) -> None:
    (number,) = desk.issued(desk.contract(), "looked", persons=["worker"])

    def looks() -> int:
        with engine.connect() as connection:
            person = select(CERTIFICATE.c.person).where(CERTIFICATE.c.id == number).scalar_subquery()
            mine = (ACCESS.c.person == person) & (ACCESS.c.what == "certificate")
            return int(connection.execute(select(func.count()).select_from(ACCESS).where(mine)).scalar_one())

    before = looks()
    for path in ("", "/text", "/qr.png"):
        assert desk.clerk.get(f"/v1/certificates/{number}{path}").status_code == 200
    assert looks() == before + 3


@pytest.mark.parametrize("path", ["", "/text", "/qr.png", "/card.pdf", "/status"])
def test_another_insurer_s_certificate_is_not_there(desk: Desk, path: str) -> None:
    (number,) = desk.issued(desk.contract(), f"foreign-{path}", persons=["worker"])

    assert stranger(desk).get(f"/v1/certificates/{number}{path}").status_code == 404
    assert desk.api.program("verifier").get(f"/v1/certificates/{number}{path}").status_code in (403, 404)
    assert desk.api.program().get(f"/v1/certificates/{number}{path}").status_code == 401


def test_another_insurer_cannot_issue_or_change(desk: Desk) -> None:
    contract = desk.contract()
    (number,) = desk.issued(contract, "mine", persons=["worker"])
    answers = [
        stranger(desk).post(f"/v1/contracts/{contract}/certificates", {}, "not-mine"),
        stranger(desk).post(f"/v1/certificates/{number}/revocation", WHY, "not-mine-2"),
    ]

    assert [one.status_code for one in answers] == [404, 404]
    assert desk.reasons(number) == (Reason.IN_FORCE,)


def test_a_list_tells_each_certificate_once_with_its_status(desk: Desk) -> None:
    contract = desk.contract()
    numbers = desk.issued(contract, "listed")
    desk.clerk.post(f"/v1/certificates/{numbers[0]}/suspension", WHY, "listed-2")
    first = desk.clerk.get(f"/v1/certificates?contract={contract}&most=2").json()
    rest = desk.clerk.get(f"/v1/certificates?contract={contract}&most=2&after={first['next']}").json()

    found = {one["id"]: one["status"] for one in first["items"] + rest["items"]}
    assert found == {numbers[0]: "suspended", numbers[1]: "valid", numbers[2]: "valid"}
    assert "next" not in rest


def test_what_cannot_be_issued_leaves_nothing_behind(desk: Desk, engine: Engine) -> None:
    contract = desk.contract()
    answer = desk.clerk.post(f"/v1/contracts/{contract}/certificates", {"persons": ["worker", "stranger"]}, "faulty")

    assert (answer.status_code, answer.json()["code"]) == (422, "bad_input")
    assert "stranger is not insured" in answer.json()["detail"]
    with engine.connect() as connection:
        mine = select(func.count()).select_from(CERTIFICATE).where(CERTIFICATE.c.contract == contract)
        assert connection.execute(mine).scalar_one() == 0
        gone = select(func.count()).select_from(STATUS_ENTRY).where(STATUS_ENTRY.c.key.like(f"API-{contract}/%"))
        assert connection.execute(gone).scalar_one() == 0
