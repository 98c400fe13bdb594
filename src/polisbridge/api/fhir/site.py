"""FHIR at `/fhir` put together: routes and CapabilityStatement from one table, errors as OperationOutcome."""

from collections.abc import Mapping
from importlib.metadata import version
from urllib.parse import parse_qsl

from litestar import Litestar, Response, Router, get, post
from litestar.datastructures import MutableScopeHeaders, State
from litestar.params import FromPath, RawBody
from litestar.types import Message, Scope

from polisbridge.api.asking import ApiRequest, exchange_of
from polisbridge.api.fhir import contracts, coverages, eligibility, organizations, patients, writing
from polisbridge.api.fhir.answering import told
from polisbridge.api.fhir.asking import nothing, refuse_other_formats
from polisbridge.api.fhir.outcomes import HANDLERS
from polisbridge.api.fhir.reading import read, search, versions_of, vread
from polisbridge.api.fhir.resource import Resource
from polisbridge.api.fhir.terminology import PARAMS, TERMS, read_terms, search_terms
from polisbridge.api.limits import ApiLimit
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.formats.fhir.capability import Capability, capability_out
from polisbridge.services.exchange import Exchange
from polisbridge.services.limits import Limits
from polisbridge.services.nodes import MOST_A_MINUTE

ROOT = "/fhir"
MOST_BYTES = 8_000_000  # of one request
_FORM = "application/x-www-form-urlencoded"

SERVED: Mapping[str, Resource] = {
    one.kind: one
    for one in (
        contracts.RESOURCE,
        coverages.RESOURCE,
        eligibility.RESOURCE,
        organizations.PLAN,
        organizations.ORGANIZATION,
        patients.PATIENT,
        patients.RELATED,
    )
}
WRITTEN = {"Contract": writing.add_contract, "InsurancePlan": writing.add_plan}
OPERATIONS = {"CoverageEligibilityRequest": ("submit",)}


def create_fhir(exchange: Exchange, *, most_a_minute: int = MOST_A_MINUTE, limits: Limits | None = None) -> Litestar:
    """Return the ASGI application of a node's FHIR. `limits` counts requests; without it each process by itself."""
    routes = [metadata, transaction, submit, read_one, read_version, read_history, search_type, search_by_post, create]
    return Litestar(
        route_handlers=[Router(ROOT, route_handlers=routes)],
        middleware=[ApiLimit(exchange, limits or Limits(), most_a_minute)],
        exception_handlers={**HANDLERS},
        before_send=[_with_headers],
        request_max_body_size=MOST_BYTES,
        state=State({"exchange": exchange}),
        openapi_config=None,
        logging_config=None,
    )


def capabilities() -> list[Capability]:
    """Return what is served, type by type."""
    found = [_capability(one) for one in SERVED.values()]
    found += [Capability(kind, (), operations=names) for kind, names in OPERATIONS.items()]
    params = (("_id", "token", "the id"), *((one.name, one.type, one.documentation) for one in PARAMS))
    found += [Capability(kind, ("read", "search-type"), params) for kind in TERMS]
    return sorted(found, key=lambda one: one.kind)


def _capability(one: Resource) -> Capability:
    written = one.kind in WRITTEN
    codes = (*one.interactions, *(["create"] if written else []))
    params = (("_id", "token", "the id"), *((param.name, param.type, param.documentation) for param in one.params))
    shown = params if one.candidates is not None else ()
    return Capability(one.kind, codes, shown, versioned=bool(one.records), conditional_create=written)


@get("/metadata", sync_to_thread=True)
def metadata(request: ApiRequest) -> Response[bytes]:
    """Return the CapabilityStatement; everybody may read it."""
    refuse_other_formats(request)
    base = f"{str(request.base_url).rstrip('/')}{ROOT}"
    return told(capability_out(capabilities(), base, version("polisbridge"), exchange_of(request).node.now()))


@get("/{kind:str}/{thing:str}", sync_to_thread=True)
def read_one(request: ApiRequest, kind: FromPath[str], thing: FromPath[str]) -> Response[bytes]:
    """Return a resource."""
    return read_terms(request, kind, thing) if kind in TERMS else read(request, _served(kind), thing)


@get("/{kind:str}/{thing:str}/_history", sync_to_thread=True)
def read_history(request: ApiRequest, kind: FromPath[str], thing: FromPath[str]) -> Response[bytes]:
    """Return the versions of a resource."""
    return versions_of(request, _versioned(kind), thing)


@get("/{kind:str}/{thing:str}/_history/{number:str}", sync_to_thread=True)
def read_version(
    request: ApiRequest, kind: FromPath[str], thing: FromPath[str], number: FromPath[str]
) -> Response[bytes]:
    """Return a version of a resource."""
    return vread(request, _versioned(kind), thing, number)


@get("/{kind:str}", sync_to_thread=True)
def search_type(request: ApiRequest, kind: FromPath[str]) -> Response[bytes]:
    """Return the resources that fit."""
    pairs = list(request.query_params.multi_items())
    return search_terms(request, kind, pairs) if kind in TERMS else search(request, _searched(kind), pairs)


@post("/{kind:str}/_search", status_code=200, sync_to_thread=True)
def search_by_post(request: ApiRequest, kind: FromPath[str], body: RawBody) -> Response[bytes]:
    """Return the resources that fit the parameters of a form, so that they stand in no address."""
    resource = _searched(kind)
    if request.content_type[0].lower() != _FORM:
        raise Problem(415, ProblemCode.UNKNOWN_MEDIA_TYPE, _FORM)
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=100)
    except ValueError as exc:
        raise Problem(400, ProblemCode.BAD_REQUEST) from exc
    return search(request, resource, [*request.query_params.multi_items(), *pairs])


@post("/{kind:str}", status_code=201, sync_to_thread=True)
def create(request: ApiRequest, kind: FromPath[str], body: RawBody) -> Response[bytes]:
    """Put a resource on record."""
    write = WRITTEN.get(kind)
    if write is None:
        _served(kind)
        raise Problem(405, ProblemCode.NO_SUCH_METHOD)
    return write(request, body)


@post("/", status_code=200, sync_to_thread=True)
def transaction(request: ApiRequest, body: RawBody) -> Response[bytes]:
    """Put the contract of a Bundle on record."""
    return writing.add_bundle(request, body)


@post("/CoverageEligibilityRequest/$submit", status_code=200, sync_to_thread=True)
def submit(request: ApiRequest, body: RawBody) -> Response[bytes]:
    """Answer whether a patient is insured on a day, for what, and whether the contract is recognised."""
    return eligibility.submit(request, body)


def _served(kind: str) -> Resource:
    found = SERVED.get(kind)
    if found is None:
        raise nothing()
    return found


def _versioned(kind: str) -> Resource:
    found = _served(kind)
    if not found.records:
        raise nothing()
    return found


def _searched(kind: str) -> Resource:
    found = _served(kind)
    if found.candidates is None:
        raise Problem(405, ProblemCode.NO_SUCH_METHOD)
    return found


async def _with_headers(message: Message, _: Scope) -> None:
    """Add to every answer what keeps a browser from taking it for anything but data."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders.from_message(message)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
