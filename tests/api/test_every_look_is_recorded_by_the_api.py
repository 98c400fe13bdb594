"""No program gets what was opened of a person without a new entry that the person can see; lists open nobody's data."""

import api_node
import pytest
from api_node import STAY, ApiOfTests
from care_scene import passports_of
from look_watch import Watched, recorded, watched
from registry_builder import contract, note
from sqlalchemy import Engine

from polisbridge.services.registry.contracts import NewContract, register


@pytest.fixture(scope="module")
def ring() -> Watched:
    return watched()


@pytest.fixture(scope="module")
def api(engine: Engine, ring: Watched, tmp_path_factory: pytest.TempPathFactory) -> ApiOfTests:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(api_node, "RING", ring)
        return ApiOfTests(engine, tmp_path_factory.mktemp("kit"))


@pytest.fixture(scope="module")
def number(api: ApiOfTests) -> int:
    terms = contract("C-1")
    with api.exchange.registries.change() as registry:
        return register(registry, NewContract(terms, api.first, identities=passports_of(terms)), note())


BY_NUMBER = {"number": "C-1/worker", "born": "1990-05-05", "stay": STAY}


@pytest.mark.parametrize(
    ("key", "method", "path", "body", "opens"),
    [
        ("clerk-1", "GET", "/v1/contracts", None, False),
        ("clerk-1", "GET", "/v1/contracts/{contract}", None, False),
        ("clerk-1", "GET", "/v1/contracts/{contract}/persons", None, True),
        ("clerk-1", "POST", "/v1/contracts/{contract}/assessments", {"stays": [STAY]}, True),
        ("verifier", "POST", "/v1/verifications", BY_NUMBER, True),
        ("authority", "POST", "/v1/verifications", {**BY_NUMBER, "name": "Карапетян Арам"}, True),
        ("authority", "GET", "/v1/decisions", None, False),
        ("clerk-2", "GET", "/v1/contracts/{contract}/persons", None, False),
        ("verifier", "GET", "/v1/contracts/{contract}/persons", None, False),
        ("", "GET", "/v1/contracts/{contract}/persons", None, False),
    ],
)
def test_what_is_opened_is_recorded(  # noqa: PLR0913, PLR0917 - one request and what it opens
    api: ApiOfTests,
    engine: Engine,
    ring: Watched,
    number: int,
    key: str,
    method: str,
    path: str,
    body: object,
    opens: bool,  # noqa: FBT001
) -> None:
    program, address = api.program(key), path.format(contract=number)
    with recorded(engine, ring) as found:
        answer = program.get(address) if method == "GET" else program.post(address, body, f"{key}-{path}")
    opened, looked = found

    assert (bool(opened), answer.status_code < 300) in ((opens, True), (False, False))
    assert opened <= looked | (opened if path == "/v1/verifications" and looked else set())
