"""A node's API on a real database: two insurers, an authority and a verifier with keys, and a clock that only the test moves."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

from httpx import Response
from jsonschema import Draft202012Validator
from litestar.testing import TestClient
from registry_builder import CONTRACT, RING, START, registries, seller
from sqlalchemy import Engine

from polisbridge.adapters.access_data import shipped_access
from polisbridge.adapters.authority_desk import desk_of
from polisbridge.adapters.database.jobs import SqlJobs
from polisbridge.adapters.database.lists import SqlLists
from polisbridge.adapters.database.once import SqlWrites
from polisbridge.adapters.node import RealNode
from polisbridge.api.description import describe
from polisbridge.api.site import create_api
from polisbridge.app import RealWorld
from polisbridge.core.money import Rates
from polisbridge.core.roles import Actor, ActorRole
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.exchange import Exchange
from polisbridge.services.limits import Limits

SAMPLES = Path(__file__).parents[1] / "samples"
TREE = read_tree(CONTRACT, "contract").tree
STAY = {"state": "RU", "gate": "hiring", "as_of": "2026-06-01", "from": "2026-06-01", "to": "2026-11-30"}


@cache
def operations() -> list[tuple[str, re.Pattern[str], dict[str, Any]]]:
    """Return method, path and answers of every operation that the API describes."""
    told = describe(create_api(cast("Exchange", None)))
    return [
        (method.upper(), re.compile(re.sub(r"\{\w+\}", "[^/?]+", path)), {**one["responses"], "of": told["components"]})
        for path, methods in told["paths"].items()
        for method, one in methods.items()
    ]


def as_described(answer: Response) -> Response:
    """Return an answer, once it was found to be one that the description of the API tells of; what is no operation passes."""
    asked = answer.request
    for method, path, answers in operations():
        if method == asked.method and path.fullmatch(asked.url.path):
            kind = answer.headers.get("content-type", "").partition(";")[0]
            said = answers.get(str(answer.status_code))
            assert said is not None, (asked.method, asked.url.path, answer.status_code)
            if kind.endswith("json"):
                schema = {**said["content"][kind]["schema"], "components": answers["of"]}
                told = [
                    f"{one.json_path}: {one.message}" for one in Draft202012Validator(schema).iter_errors(answer.json())
                ]
                assert told[:5] == [], (asked.method, asked.url.path, answer.status_code)
    return answer


class NodeOfTests(RealNode):
    """A real node whose clock goes on by a second with every look at it."""

    ticks = 0
    stopped: datetime | None = None

    def stop_the_clock(self) -> None:
        self.stopped = self.now()

    def now(self) -> datetime:
        if self.stopped is not None:
            return self.stopped
        NodeOfTests.ticks += 1
        return START + timedelta(seconds=NodeOfTests.ticks)

    def today(self) -> date:
        return START.date()


class Program:
    """A program that uses the API with a key, or without."""

    def __init__(self, api: "ApiOfTests", key: str = "") -> None:
        self.api, self.client = api, TestClient(api.app, raise_server_exceptions=False)
        if key:
            self.client.headers["Authorization"] = f"Bearer {key}"

    def get(self, path: str, **headers: str) -> Response:
        return as_described(self.client.get(path, headers=headers))

    def post(self, path: str, body: Any, once: str = "", **headers: str) -> Response:
        """Send a body: plain values as JSON, bytes as they are."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {"Content-Type": "application/json", **headers, **({"Idempotency-Key": once} if once else {})}
        return as_described(self.client.post(path, content=content, headers=sent))


class ApiOfTests:
    """The API with its senders: keys are the names of `actors`."""

    def __init__(self, engine: Engine, kit: Path, most_a_minute: int = 1_000_000, limits: Limits | None = None) -> None:
        with registries(engine).change() as registry:
            self.first, self.second = seller(registry, "first insurer"), seller(registry, "second insurer")
        tables = read_rates(read_tree((SAMPLES / "rates.yaml").read_bytes(), "rates.yaml"))
        self.node = NodeOfTests(engine, RING, RealWorld(), Rates(tables), kit)
        self.actors = {
            "clerk-1": Actor(ActorRole.INSURER_CLERK, "first program", 1, "UZ", self.first),
            "clerk-2": Actor(ActorRole.INSURER_CLERK, "second program", 2, "UZ", self.second),
            "nameless": Actor(ActorRole.INSURER_CLERK, "no account", None, "UZ", self.first, key=1),
            "authority": Actor(ActorRole.AUTHORITY, "authority of RU", 3, "RU"),
            "verifier": Actor(ActorRole.VERIFIER, "officer", 4, "RU"),
            "committee": Actor(ActorRole.EXECUTIVE_COMMITTEE, "key committee", key=2),
        }
        self.exchange = Exchange(
            node=self.node,
            registries=self.node.registries,
            writes=SqlWrites(engine, RING),
            lists=SqlLists(engine),
            matrix=shipped_access(),
            actor_of_key=self.actors.get,
            authority=desk_of(engine, RING, RealWorld(), self.node, shipped_access(), kit),
            jobs=SqlJobs(engine, RING),
        )
        self.app = create_api(self.exchange, most_a_minute=most_a_minute, limits=limits)

    def program(self, key: str = "") -> Program:
        return Program(self, key)


def contract_sent(number: str, **changes: Any) -> dict[str, Any]:
    """Return a contract of three persons, as it is sent."""
    return {"contract": {**TREE, "number": number, **changes}}


def lines(*items: Mapping[str, Any]) -> bytes:
    """Return NDJSON."""
    return b"\n".join(json.dumps(one).encode() for one in items)


@contextmanager
def api_on(engine: Engine, kit: Path) -> Iterator[ApiOfTests]:
    """Give the API of a database."""
    yield ApiOfTests(engine, kit)
