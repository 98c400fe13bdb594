"""The database's server stops and starts again under a working node: told in words meanwhile, nothing half kept, no restart."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from api_node import ApiOfTests, contract_sent
from people_builder import PASSWORD, opened, people
from registry_builder import RING
from sqlalchemy import Engine, event, func, select
from tcp_server import TcpServer, tcp_server
from web_node import Visitor

from polisbridge.adapters.database.rates import SqlRates
from polisbridge.adapters.database.schema import migrate
from polisbridge.adapters.database.server import connect
from polisbridge.adapters.database.tables import ENROLMENT, IDEMPOTENCY, THING
from polisbridge.core.roles import ActorRole
from polisbridge.services.limits import Limits
from polisbridge.services.people.ports import People
from polisbridge.web.site import create_site

PERSONS = 3_000


@pytest.fixture(scope="module")
def gone() -> Iterator[TcpServer]:
    with tcp_server() as found:
        yield found


@pytest.fixture(scope="module")
def engine(gone: TcpServer) -> Iterator[Engine]:
    found = connect(gone.url)
    migrate(found)
    yield found
    found.dispose()


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> ApiOfTests:
    return ApiOfTests(engine, tmp_path_factory.mktemp("kit"), limits=Limits(SqlRates(engine, RING)))


@pytest.fixture(scope="module")
def found(engine: Engine, api: ApiOfTests) -> People:
    known = people(engine)
    opened(known, "friend", ActorRole.HELPER)
    assert api.node.healthy()
    return known


class OwnVisitor(Visitor):
    """A visitor of the pages of the node itself."""

    def __init__(self, api: ApiOfTests, known: People) -> None:
        super().__init__()
        self.node = api.node  # type: ignore[assignment] # a real one
        limits = Limits(SqlRates(api.node._engine, RING))
        site = create_site(api.node, secret="s" * 32, most_a_minute=10_000, people=known, limits=limits)
        self.client.app = self.client._transport.app = site  # type: ignore[attr-defined]


def of_many(number: str) -> dict[str, Any]:
    insured = [{"id": f"w{one}", "role": "worker", "name": f"W. {one}", "born": "1990-05-05"} for one in range(PERSONS)]
    return contract_sent(number, insured=insured)


def kept(engine: Engine) -> tuple[int, int, int]:
    """Return how many enrolments, things and idempotency keys there are."""
    with engine.connect() as connection:
        return tuple(  # type: ignore[return-value]
            int(connection.execute(select(func.count()).select_from(one)).scalar_one())
            for one in (ENROLMENT, THING, IDEMPOTENCY)
        )


def test_while_the_database_is_away_the_api_says_so_and_works_again_without_a_restart(
    api: ApiOfTests, gone: TcpServer
) -> None:
    clerk = api.program("clerk-1")
    assert clerk.get("/v1/contracts").status_code == 200
    gone.stop()
    answers = [
        clerk.get("/v1/contracts"),
        clerk.get("/v1/products"),
        clerk.post("/v1/contracts", contract_sent("G-1"), once="gone-1"),
        api.program("authority").get("/v1/decisions"),
    ]
    gone.start()

    assert [(one.status_code, one.json()["code"]) for one in answers] == [(503, "no_database")] * 4
    assert {one.headers["Retry-After"] for one in answers} == {"5"}
    assert [one for one in answers if "127.0.0.1" in one.text or "psycopg" in one.text] == []
    assert clerk.post("/v1/contracts", contract_sent("G-1"), once="gone-1").status_code == 201
    assert clerk.get("/v1/contracts?number=G-1").json()["items"][0]["number"] == "G-1"


def test_a_group_upload_that_loses_its_database_leaves_nothing_and_is_done_once_when_sent_again(
    api: ApiOfTests, engine: Engine, gone: TcpServer
) -> None:
    clerk, before, seen = api.program("clerk-1"), kept(engine), list[str]()

    def lost(*told: Any) -> None:
        seen.append(told[2])
        if sum("enrolment" in one for one in seen) == 2:  # of three pieces of a thousand the second is being written
            event.remove(engine, "before_cursor_execute", lost)
            gone.stop()

    event.listen(engine, "before_cursor_execute", lost)
    answer = clerk.post("/v1/contracts", of_many("G-2"), once="gone-2")
    gone.start()

    assert (answer.status_code, answer.json()["code"]) == (503, "no_database")
    assert kept(engine) == before
    again = [clerk.post("/v1/contracts", of_many("G-2"), once="gone-2") for _ in range(2)]
    assert [one.status_code for one in again] == [201, 201]
    assert again[1].headers["Idempotency-Replayed"] == "true"
    assert [two - one for one, two in zip(before, kept(engine), strict=True)][::2] == [PERSONS, 1]


def test_pages_say_in_words_that_something_is_away_and_work_again(
    api: ApiOfTests, found: People, gone: TcpServer, engine: Engine, tmp_path: Path
) -> None:
    visitor = OwnVisitor(api, found)
    assert visitor.get("/check").status_code == 200
    token = visitor.token("/sign-in")
    fresh = OwnVisitor(ApiOfTests(engine, tmp_path), found)
    gone.stop()
    shown = {
        "check": visitor.get("/check"),
        "sign in": visitor.client.post(
            "/sign-in", data={"_csrf_token": token, "login": "friend", "password": PASSWORD, "code": ""}
        ),
        "account": visitor.get("/account", Cookie="session=abc"),
        "first look": fresh.get("/check"),
    }
    ready, alive = visitor.get("/ready").status_code, visitor.get("/health").status_code
    gone.start()

    assert {name: one.status_code for name, one in shown.items()} == dict.fromkeys(shown, 503)
    assert all("This cannot be done right now" in one.text for one in shown.values())
    assert (ready, alive) == (503, 200)
    assert (visitor.get("/ready").status_code, visitor.get("/check").status_code) == (200, 200)
