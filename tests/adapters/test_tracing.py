"""Traces: a span for request, decision and statement, none with anything of a person; off unless the environment says where to."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from api_node import STAY, ApiOfTests, contract_sent
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from registry_builder import CONTRACT
from sqlalchemy import Engine

from polisbridge.adapters.tracing import provider_of, traced
from polisbridge.core.decide import decide
from polisbridge.services.applied_laws import AppliedLaws

PERSONAL = ("KARIMOV", "ZZ7654321", "B. R.", "1990-05-05", "T-77", "T-1", "first program", "clerk-1", "emergency_care")
ALLOWED = {
    *("http.request.method", "http.route", "http.response.status_code"),
    *("db.system.name", "db.operation.name"),
    *("polisbridge.state", "polisbridge.gate", "polisbridge.verdict"),
}


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    monkeypatch.setattr(AppliedLaws, "deciding", staticmethod(decide))
    found = InMemorySpanExporter()
    yield found
    found.clear()


@pytest.fixture
def api(engine: Engine, tmp_path: Path, exporter: InMemorySpanExporter) -> ApiOfTests:
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    found = ApiOfTests(engine, tmp_path)
    found.app = traced(found.app, engine, provider)  # type: ignore[assignment]
    return found


def test_request_decision_and_statement_have_spans_that_belong_together_and_hold_nothing_personal(
    api: ApiOfTests, exporter: InMemorySpanExporter
) -> None:
    clerk = api.program("clerk-1")
    identities = {"worker": {"name": "KARIMOV BAHROM", "document": {"state": "UZ", "number": "ZZ7654321"}}}
    sent = {**contract_sent("T-77"), "identities": identities}
    made = clerk.post("/v1/contracts", sent, once="once-1").json()
    asked = clerk.post(f"{made['href']}/assessments", {"stays": [STAY]}, once="once-2")
    clerk.get("/v1/contracts?number=T-77&after=", traceparent="00-" + "ab" * 16 + "-" + "cd" * 8 + "-01")
    clerk.get("/v1/contracts?number=KARIMOV")
    clerk.post("/v1/contracts", b'{"contract": "KARIMOV', once="once-3")
    spans = exporter.get_finished_spans()
    told = json.dumps([json.loads(one.to_json()) for one in spans])

    assert asked.status_code == 201
    assert "B. R." in CONTRACT.decode()
    assert [one for one in PERSONAL if one in told] == []
    assert {key for one in spans for key in (one.attributes or {})} == ALLOWED
    assert "ab" * 16 not in told
    requests = [one for one in spans if one.name.endswith("/v1")]
    assert [(one.attributes or {})["http.response.status_code"] for one in requests] == [201, 201, 200, 200, 400]
    second = [one for one in spans if one.context.trace_id == requests[1].context.trace_id]
    assert {one.name.split(" ")[0] for one in second} == {"POST", "decision", "postgresql"}
    assert [one.name for one in second].count("decision") == 3
    assert {(one.attributes or {})["polisbridge.state"] for one in second if one.name == "decision"} == {"RU"}


def test_a_statement_that_fails_ends_its_span_without_saying_why(
    api: ApiOfTests, exporter: InMemorySpanExporter
) -> None:
    clerk = api.program("clerk-1")
    answers = [clerk.post("/v1/contracts", contract_sent("T-78"), once=f"twice-{one}").status_code for one in range(2)]
    failed = [one for one in exporter.get_finished_spans() if one.status.status_code.name == "ERROR"]

    assert answers == [201, 409]
    assert [(one.name, one.events, one.status.description) for one in failed] == [("postgresql INSERT", (), None)]


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": ""},
        {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318", "OTEL_SDK_DISABLED": "true"},
    ],
)
def test_it_is_off_unless_the_environment_says_where_to(env: dict[str, str]) -> None:
    assert provider_of(env) is None


@pytest.mark.enable_socket
def test_spans_go_by_otlp_to_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from http.server import BaseHTTPRequestHandler, HTTPServer  # noqa: PLC0415
    from threading import Thread  # noqa: PLC0415

    received = list[tuple[str, str, bytes]]()

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.path, self.headers["Content-Type"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "none")
        provider = provider_of({"OTEL_EXPORTER_OTLP_ENDPOINT": "set"})
        assert provider is not None
        provider.get_tracer("tests").start_span("one of ours").end()
        provider.shutdown()
        server.shutdown()

    assert [(path, kind) for path, kind, _ in received] == [("/v1/traces", "application/x-protobuf")]
    assert b"one of ours" in received[0][2]
    assert b"polisbridge" in received[0][2]
