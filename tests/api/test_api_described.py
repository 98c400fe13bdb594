"""The description of the API (OpenAPI 3.1) says what is there, and nothing that it allows or forbids breaks the API."""

import json
from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from api_node import ApiOfTests, api_on, as_described
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import one_of
from jsonschema import Draft202012Validator
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from polisbridge.api.description import describe
from polisbridge.api.site import create_api
from polisbridge.services.exchange import Exchange

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
_EXAMPLES = 12  # of each operation and sender, made anew from the description, right ones and wrong ones
DESCRIBED = schemathesis.openapi.from_dict(describe(create_api(cast("Exchange", None))))
OPERATIONS = [(path, method.upper()) for path, methods in DESCRIBED.raw_schema["paths"].items() for method in methods]


@pytest.fixture(scope="module")
def api(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiOfTests]:
    with api_on(engine, tmp_path_factory.mktemp("kit")) as found:
        yield found


@pytest.mark.parametrize("key", ["", "clerk-1", "authority"])
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_nothing_that_can_be_sent_breaks_the_api(api: ApiOfTests, path: str, method: str, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    schema = schemathesis.openapi.from_asgi("/v1/openapi.json", app=api.app)
    operation = schema[path][method]
    modes = [operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode]

    @settings(max_examples=_EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(one_of(modes))
    def tried(case: Any) -> None:
        found = case.call(headers=headers)
        case.validate_response(found, checks=CHECKS)

    tried()


def test_every_route_is_described_and_every_operation_has_its_answers(api: ApiOfTests) -> None:
    told = describe(api.app)
    routes = {route.path for route in create_api(api.exchange).routes if not route.path.startswith("/v1/litestar")}
    operations = [one for path in told["paths"].values() for one in path.values()]

    assert told["openapi"].startswith("3.1")
    assert {path.replace("{", "").replace("}", "") for path in told["paths"]} == {
        path.replace(":int", "").replace(":str", "").replace("{", "").replace("}", "")
        for path in routes
        if path != "/v1/openapi.json"
    }
    assert len({one["operationId"] for one in operations}) == len(operations)
    assert all(one["description"] or one["summary"] for one in operations)
    assert all("500" in one["responses"] and "security" in one for one in operations)


def test_every_schema_of_the_description_is_one(api: ApiOfTests) -> None:
    for schema in describe(api.app)["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_the_description_is_served_with_a_tag(api: ApiOfTests) -> None:
    found = api.program().get("/v1/openapi.json")

    assert found.json() == describe(api.app)
    assert "ETag" in found.headers


def test_an_answer_that_is_not_as_described_is_found(api: ApiOfTests) -> None:
    found = api.program().get("/v1/products")
    whole = found.json()
    for wrong in ({**whole, "more": 1}, {**whole, "items": [{"id": "1"}]}, {}):
        found._content = json.dumps(wrong).encode()
        with pytest.raises(AssertionError):
            as_described(found)


def test_every_operation_that_answers_with_json_says_what(api: ApiOfTests) -> None:
    told = describe(api.app)
    for path in told["paths"].values():
        for one in path.values():
            good = [answer for status, answer in one["responses"].items() if status in ("200", "201", "202")]
            schemas = [kind["schema"] for answer in good for kind in answer["content"].values()]
            assert schemas, one["operationId"]
            assert [schema for schema in schemas if schema == {"type": "object"}] == []
