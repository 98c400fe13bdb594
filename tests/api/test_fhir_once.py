"""The same contract sent many times at once, under one key or by its own number, is on record once."""

import asyncio
from collections.abc import Iterator
from typing import Any, cast

import pytest
from fhir_node import FHIR, FhirOfTests, fhir_on, sent
from httpx import ASGITransport, AsyncClient, Response
from sqlalchemy import Engine, func, select

from polisbridge.adapters.database.tables import CONTRACT, THING
from polisbridge.formats.fhir.json import to_json

_TIMES = 6


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


def at_once(node: FhirOfTests, body: bytes, **headers: str) -> list[Response]:
    """Send the same body several times at once."""

    async def send() -> list[Response]:
        told = {"Authorization": "Bearer clerk-1", "Content-Type": FHIR, **headers}
        async with AsyncClient(
            transport=ASGITransport(cast("Any", node.app)), base_url="http://node.example"
        ) as client:
            return await asyncio.gather(*(client.post("/fhir", content=body, headers=told) for _ in range(_TIMES)))

    return asyncio.run(send())


def count(engine: Engine, number: str) -> int:
    query = select(func.count()).where(THING.c.kind == CONTRACT.name, THING.c.code == number)
    with engine.connect() as connection:
        return int(connection.execute(query).scalar_one())


def test_under_one_key_everybody_gets_the_same_answer(node: FhirOfTests, engine: Engine) -> None:
    found = at_once(node, to_json(sent("O-1")), **{"Idempotency-Key": "O-1"})

    assert {(one.status_code, one.text) for one in found} == {(200, found[0].text)}
    assert [one.headers.get("Idempotency-Replayed") for one in found].count("true") == _TIMES - 1
    assert count(engine, "O-1") == 1


def test_by_its_own_number_one_is_made_and_nobody_makes_another(node: FhirOfTests, engine: Engine) -> None:
    bundle = sent("O-2")
    bundle["entry"][0]["request"]["ifNoneExist"] = "identifier=O-2"
    found = at_once(node, to_json(bundle))
    told = [one.json()["entry"][0]["response"]["status"] for one in found if one.status_code == 200]

    assert told.count("201 Created") == 1
    assert {one.status_code for one in found} <= {200, 409}
    assert count(engine, "O-2") == 1
    assert at_once(node, to_json(bundle))[0].json()["entry"][0]["response"]["status"] == "200 OK"
