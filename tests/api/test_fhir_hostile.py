"""What is sent to /fhir is changed at every depth, and nothing of it breaks the node: always an OperationOutcome or an answer."""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fhir_builder import plain
from fhir_node import FHIR, FhirOfTests, contained, fhir_on, sent
from fhir_r4 import r4_errors
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from test_fhir import PLAN, SUBMIT, asked

from polisbridge.adapters.database.tables import THING

HOSTILE: list[Any] = [
    *(
        "",
        " ",
        "\x00",
        "\ud800",
        "\u202e",
        "'; DROP TABLE thing; --",
        "<script>",
        "../../etc",
        "{{7*7}}",
        "%s%n",
        "A" * 20_000,
    ),
    *(
        0,
        -1,
        1e308,
        10**30,
        0.1,
        True,
        False,
        None,
        [],
        {},
        [[]],
        {"a": {}},
        [None],
        "9999-12-31",
        "0001-01-01",
        "2026-02-30",
    ),
    *(
        "#",
        "Patient/1",
        "urn:uuid:0",
        "Coverage/9223372036854775808",
        "http://[",
        {"reference": "#"},
        {"resourceType": "Bundle"},
    ),
]
QUESTION = plain(asked())


def deep(value: Any, levels: int) -> Any:
    for _ in range(levels):
        value = {"extension": [value]}
    return value


def paths(tree: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in a tree."""
    steps = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = [above] if above else []
    for step, inner in steps:
        found += paths(inner, (*above, step))
    return found


def changed(tree: Any, chance: random.Random) -> Any:
    """Return a tree with one to four changes: dropped, doubled, replaced, renamed, nested, made huge."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 4)):
        where = paths(tree)
        if not where:
            return tree
        *above, last = chance.choice(where)
        parent = tree
        for step in above:
            parent = parent[step]
        chance.choice(CHANGES)(parent, last, chance)
    return tree


def drop(parent: Any, last: Any, _: random.Random) -> None:
    del parent[last]


def replace(parent: Any, last: Any, chance: random.Random) -> None:
    parent[last] = copy.deepcopy(chance.choice(HOSTILE))


def double(parent: Any, last: Any, _: random.Random) -> None:
    if isinstance(parent, list):
        parent.insert(last, copy.deepcopy(parent[last]))
    else:
        parent[last] = [parent[last], parent[last]]


def rename(parent: Any, last: Any, chance: random.Random) -> None:
    if isinstance(parent, dict):
        parent[
            chance.choice(["_" + str(last), "modifierExtension", "implicitRules", "resourceType", "contained", "value"])
        ] = parent.pop(last)


def nest(parent: Any, last: Any, chance: random.Random) -> None:
    parent[last] = deep(parent[last], chance.choice([1, 5, 30, 60]))


def swell(parent: Any, last: Any, _: random.Random) -> None:
    parent[last] = [copy.deepcopy(parent[last])] * 50


CHANGES: list[Callable[[Any, Any, random.Random], None]] = [drop, replace, replace, double, rename, nest, swell]


@pytest.fixture(scope="module")
def node(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FhirOfTests]:
    with fhir_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


WRITES = [
    ("clerk-1", "/fhir", plain(sent("H-1"))),
    ("clerk-1", "/fhir/Contract", contained("H-0")),
    ("clerk-1", "/fhir/InsurancePlan", PLAN),
    ("hospital", SUBMIT, QUESTION),
]


@pytest.mark.parametrize(("key", "path", "honest"), WRITES, ids=["Bundle", "Contract", "InsurancePlan", "question"])
def test_no_change_of_an_honest_resource_breaks_the_node(
    node: FhirOfTests, key: str, path: str, honest: dict[str, Any]
) -> None:
    program, statuses = node.program(key), set[int]()

    @settings(max_examples=250, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def tried(seed: int) -> None:
        body = json.dumps(changed(honest, random.Random(seed))).encode()  # noqa: S311 - a fixed sequence of changes
        headers = {"Content-Type": FHIR, "Idempotency-Key": f"hostile-{seed}"}
        found = program.client.post(path, content=body, headers=headers)
        statuses.add(found.status_code)
        assert found.status_code in (200, 201, 400, 404, 409, 413, 422, 429), found.text
        assert found.headers["content-type"] == FHIR
        if found.status_code >= 400:
            assert (found.json()["resourceType"], r4_errors(found.json())) == ("OperationOutcome", [])

    tried()
    assert {400, 422} <= statuses  # the changes were felt


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a":1,"a":2}', b'{"a":NaN}', b"null", b"1" * 5_000, b"<Bundle/>"],
)
def test_what_is_no_json_is_told_as_such(node: FhirOfTests, body: bytes) -> None:
    found = node.program("clerk-1").client.post("/fhir", content=body, headers={"Content-Type": FHIR})

    assert (found.status_code in (400, 422), found.json()["resourceType"]) == (True, "OperationOutcome")
    assert r4_errors(found.json()) == []


ADDRESSES = [
    "/fhir/Contract",
    "/fhir/Coverage",
    "/fhir/Patient",
    "/fhir/RelatedPerson",
    "/fhir/Organization",
    "/fhir/InsurancePlan",
]
NAMES = [
    "_id",
    "_count",
    "_after",
    "identifier",
    "patient",
    "beneficiary",
    "subject",
    "status",
    "name",
    "owned-by",
    "type",
    "policy-holder",
    "_sort",
]
VALUES = st.one_of(
    st.sampled_from([str(one) for one in HOSTILE if isinstance(one, str | int) and one != "\ud800"]),
    st.text(max_size=30),
)


@given(st.sampled_from(ADDRESSES), st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=4))
def test_no_search_breaks_the_node(node: FhirOfTests, address: str, pairs: list[tuple[str, str]]) -> None:
    try:
        found = node.program("clerk-1").client.get(address, params=pairs)  # type: ignore[arg-type]
    except UnicodeEncodeError:
        return  # no client can send that

    assert found.status_code in (200, 400, 404)
    assert r4_errors(found.json()) == []


@given(st.sampled_from(ADDRESSES), st.sampled_from(["", "/_history", "/_history/1"]), VALUES)
def test_no_address_breaks_the_node(node: FhirOfTests, address: str, end: str, value: str) -> None:
    try:
        found = node.program("clerk-1").client.get(f"{address}/{value.replace('?', '')}{end}")
    except (UnicodeEncodeError, ValueError, TypeError):
        return  # no client can send that
    except Exception as exc:
        if type(exc).__name__ in ("InvalidURL", "LocalProtocolError"):
            return
        raise

    assert found.status_code in (200, 308, 400, 404, 405)


def test_a_refused_contract_leaves_nothing_behind(node: FhirOfTests, engine: Engine) -> None:
    bundle = plain(sent("H-9"))
    bundle["entry"][2]["resource"]["relationship"] = {"text": "aunt"}
    found = node.program("clerk-1").client.post(
        "/fhir", content=json.dumps(bundle).encode(), headers={"Content-Type": FHIR, "Idempotency-Key": "H-9"}
    )
    with engine.connect() as connection:
        query = select(func.count()).where(THING.c.code.like("H-9%"))

        assert (found.status_code, connection.execute(query).scalar_one()) == (422, 0)
