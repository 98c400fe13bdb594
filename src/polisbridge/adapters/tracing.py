"""Traces by OpenTelemetry: requests, decisions and statements, when the environment names where they go; off otherwise.

The standard variables are read by the SDK itself (OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and
others). A span says method, first part of the path and status of a request; state, occasion and verdict of a decision; the
kind of a statement. It never holds an address, a query, SQL, or anything of a person; nor does what the caller sent
(`traceparent`) reach further than this node's own spans.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from sqlalchemy import Engine, event

from polisbridge.adapters.watching import page_of
from polisbridge.core.applied import AppliedLaw
from polisbridge.core.decide import Decision, decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.services.applied_laws import AppliedLaws

if TYPE_CHECKING:  # an extra
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Tracer

App: TypeAlias = Callable[[Any, Any, Any], Awaitable[None]]
_WHERE = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
_OFF = "OTEL_SDK_DISABLED"
_NAME = "polisbridge"
_FAILED = 500


def provider_of(env: Mapping[str, str]) -> "TracerProvider | None":
    """Return what sends spans to where the environment says by OTLP over HTTP; None when it names nothing.

    Raises PolisbridgeError when it names something and the extra is not installed.
    """
    if env.get(_OFF, "").lower() == "true" or not any(env.get(name) for name in _WHERE):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # an extra  # noqa: PLC0415
        from opentelemetry.sdk.resources import SERVICE_NAME, Resource  # noqa: PLC0415
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    except ImportError as exc:
        hint = "pip install 'polisbridge[telemetry]'"
        raise PolisbridgeError(ErrorCode.NOT_FOUND, f"{exc.name} is not installed", hint=hint) from exc
    named = {} if env.get("OTEL_SERVICE_NAME") else {SERVICE_NAME: _NAME}
    provider = TracerProvider(resource=Resource.create(named))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def traced(app: App, engine: Engine, provider: "TracerProvider | None") -> App:
    """Return the application with requests, decisions and statements traced; as it is without a provider."""
    if provider is None:
        return app
    tracer = provider.get_tracer(_NAME)
    trace_database(engine, tracer)
    trace_decisions(tracer)
    return TracedRequests(app, tracer)


class TracedRequests:
    """An ASGI application with a span for every request."""

    def __init__(self, app: App, tracer: "Tracer") -> None:
        self._app, self._tracer = app, tracer

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        """Answer a request within a span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        from opentelemetry.context import Context  # an extra  # noqa: PLC0415
        from opentelemetry.trace import SpanKind, StatusCode  # noqa: PLC0415

        method, page = page_of(scope)
        named = {"http.request.method": method, "http.route": f"/{page}"}
        with self._tracer.start_as_current_span(
            f"{method} /{page}", Context(), SpanKind.SERVER, named, record_exception=False
        ) as span:

            async def noted(message: MutableMapping[str, Any]) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= _FAILED:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            await self._app(scope, receive, noted)


def trace_database(engine: Engine, tracer: "Tracer") -> None:
    """Let every statement of the engine have a span: its kind, not its words, for words may be told too much."""
    from opentelemetry.trace import SpanKind, StatusCode  # an extra  # noqa: PLC0415

    def began(_: Any, __: Any, statement: str, ___: Any, context: Any, ____: Any) -> None:
        verb = statement.lstrip().partition(" ")[0].upper()
        verb = verb if verb.isascii() and verb.isalpha() else "OTHER"
        named = {"db.system.name": "postgresql", "db.operation.name": verb}
        if context is not None:
            context.span = tracer.start_span(f"postgresql {verb}", kind=SpanKind.CLIENT, attributes=named)

    def ended(_: Any, __: Any, ___: str, ____: Any, context: Any, _____: Any) -> None:
        if context is not None and hasattr(context, "span"):
            context.span.end()

    def failed(found: Any) -> None:
        context = found.execution_context
        if context is not None and hasattr(context, "span"):
            context.span.set_status(StatusCode.ERROR)
            context.span.end()

    event.listen(engine, "before_cursor_execute", began)
    event.listen(engine, "after_cursor_execute", ended)
    event.listen(engine, "handle_error", failed)


def trace_decisions(tracer: "Tracer") -> None:
    """Let every decision of this process have a span: for which state and occasion, and what came out."""

    def deciding(facts: Facts, law: AppliedLaw) -> Decision:
        with tracer.start_as_current_span("decision", record_exception=False) as span:
            found = decide(facts, law)
            span.set_attribute("polisbridge.state", str(facts.state))
            span.set_attribute("polisbridge.gate", law.gate.value)
            span.set_attribute("polisbridge.verdict", found.verdict.value)
            return found

    AppliedLaws.deciding = staticmethod(deciding)
