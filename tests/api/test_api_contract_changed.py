"""A contract's terms are changed from a day on: by who wrote it, knowing what was there, with what held before kept."""

import json
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from api_node import TREE, ApiOfTests, Program, api_on, contract_sent
from httpx import Response
from registry_builder import DAY, VOCABULARY, registries
from sqlalchemy import Engine

from polisbridge.core.registry import RegisteredContract
from polisbridge.services.registry.contracts import contract_on

NUMBERS = count(1)
FROM = "2026-09-01"


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOfTests]:
    with api_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


class Written:
    """A contract of the first insurer, as it was read."""

    def __init__(self, api: ApiOfTests) -> None:
        self.clerk: Program = api.program("clerk-1")
        self.number = f"CH-{next(NUMBERS)}"
        made = self.clerk.post("/v1/contracts", contract_sent(self.number), once=self.number)
        self.thing, self.href = made.json()["id"], made.json()["href"]
        self.read()

    def read(self) -> dict[str, Any]:
        found = self.clerk.get(self.href)
        self.tag, self.terms = found.headers["ETag"], found.json()["terms"]
        return dict(found.json())

    def sent(self, limit: str = "45000.00", **changed: Any) -> dict[str, Any]:
        terms = {**self.terms, "sum_insured": {"amount": limit, "currency": "EUR", "per": "person"}}
        return {"from": FROM, "terms": terms, "why": "the sum was raised", **changed}

    def change(self, body: Any, once: str, tag: str | None = None, by: Program | None = None) -> Response:
        program = by or self.clerk
        sent = {
            "Content-Type": "application/json",
            "Idempotency-Key": once,
            "If-Match": self.tag if tag is None else tag,
        }

        return program.client.patch(self.href, content=json.dumps(body).encode(), headers=sent)


@pytest.fixture
def one(api: ApiOfTests) -> Written:
    return Written(api)


def test_new_terms_hold_from_the_day_on_and_what_held_before_stays_on_record(
    api: ApiOfTests, engine: Engine, one: Written
) -> None:
    before = api.node.now()
    answer = one.change(one.sent(), "raise-1")
    assert (answer.status_code, answer.json()["changed_from"]) == (200, FROM)
    shown = one.read()
    assert (shown["terms"]["sum_insured"]["amount"], shown["changed"]["why"]) == ("45000.00", "the sum was raised")
    assert shown["persons"] == 3

    now = api.node.now()
    with registries(engine).read() as registry:

        def amount(on: str, at: Any) -> Any:
            day = DAY.replace(month=int(on[5:7]), day=int(on[8:]))
            found = contract_on(registry, one.thing, on=day, at=at, vocabulary=VOCABULARY)
            assert found
            return found.held.value.terms["sum_insured"]

        old, new = amount("2026-08-31", now), amount(FROM, now)
        assert old != new
        assert (amount("2026-08-31", before), amount(FROM, before)) == (old, old)
        changes = [held.note.why for held in registry.changes(RegisteredContract, one.thing)]
    assert "the sum was raised" in changes


def test_who_does_not_say_what_they_read_or_read_something_older_changes_nothing(one: Written) -> None:
    older = one.tag
    assert one.change(one.sent(), "first").status_code == 200
    refused = [
        one.change(one.sent("50000.00"), "second", older),
        one.change(one.sent("50000.00"), "third", '"made up"'),
        one.change(one.sent("50000.00"), "fourth", ""),
    ]

    assert [(found.status_code, found.json()["code"]) for found in refused] == [
        (412, "not_as_read"),
        (412, "not_as_read"),
        (428, "no_tag"),
    ]
    assert one.read()["terms"]["sum_insured"]["amount"] == "45000.00"
    assert one.change(one.sent("50000.00"), "fifth").status_code == 200


def test_a_change_sent_again_is_done_once_although_its_tag_is_old_by_then(one: Written) -> None:
    body, tag = one.sent(), one.tag
    first = one.change(body, "again")
    again = one.change(body, "again", tag)

    assert (first.status_code, again.status_code, again.headers["Idempotency-Replayed"]) == (200, 200, "true")
    assert again.json() == first.json()


def test_all_faults_of_a_change_are_told_at_once(one: Written) -> None:
    terms = {**one.terms, "number": "another", "kind": "unheard", "insured": [], "unknown": 1}
    found = one.change({"from": "2026-13-01", "terms": terms, "why": ""}, "faults")

    assert found.status_code == 422
    assert {fault["where"] for fault in found.json()["faults"]} >= {
        *("from", "why", "terms.number", "terms.kind", "terms.insured", "terms.unknown")
    }


@pytest.mark.parametrize("body", [[], {}, {"from": FROM, "terms": [], "why": "because"}, {"terms": "x"}, "text"])
def test_a_body_that_is_no_change_is_refused_with_its_faults(one: Written, body: Any) -> None:
    found = one.change(body, "none")

    assert (found.status_code, bool(found.json()["faults"])) == (422, True)


def test_a_day_on_which_the_contract_does_not_hold_is_not_changed(one: Written) -> None:
    found = one.change(one.sent(**{"from": "2031-01-01"}), "late")

    assert (found.status_code, found.json()["code"]) == (404, "not_found")
    assert one.read()["terms"] == one.terms


@pytest.mark.parametrize(("key", "status"), [("clerk-2", 404), ("", 401), ("verifier", 403), ("authority", 404)])
def test_nobody_else_changes_it(api: ApiOfTests, one: Written, key: str, status: int) -> None:
    assert one.change(one.sent(), "stranger", by=api.program(key)).status_code == status
    assert TREE["sum_insured"]["amount"] == one.read()["terms"]["sum_insured"]["amount"]
