"""`/v1/jobs`: portfolios, scenarios and reports in the background: given, looked at, cancelled, their files fetched."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import msgspec
from litestar import Response, delete, get, post
from litestar.params import FromPath, QueryParameter, RawBody
from litestar.response import Stream

from polisbridge.api.answering import once, piece, tagged, told
from polisbridge.api.asking import (
    After,
    ApiRequest,
    Most,
    OnceKey,
    body_of,
    exchange_of,
    keyed,
    number_place,
)
from polisbridge.api.products import refuse_no_number
from polisbridge.core.errors import ErrorCode, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.jobs import Job, JobKind, JobState, owner_of
from polisbridge.core.roles import Actor
from polisbridge.core.statusbook import Note
from polisbridge.formats.tree import Document
from polisbridge.services import jobs as services
from polisbridge.services.exchange import OnceAnswer, Turn
from polisbridge.services.job_orders import JobOrder, JobSource, plain, read_order
from polisbridge.services.jobs import INPUT, GivenFile, Jobs
from polisbridge.services.registry.portfolio import scope_of
from polisbridge.words import languages

MOST_BYTES = 64_000_000  # of a file that is sent along
FILES = {"text/csv": "csv", "application/x-ndjson": "ndjson", "application/zip": "zip"}
_SOON = "2"  # seconds to wait before asking again

JobSent = JobOrder
Language = Annotated[str, QueryParameter(max_length=12, description="Of the texts in the results, for a file.")]


@post("/jobs", status_code=202, sync_to_thread=True, operation_id="addJob", request_max_body_size=MOST_BYTES)
def add(request: ApiRequest, body: RawBody, once_key: OnceKey, language: Language = "en") -> Response[bytes]:
    """Give a job: JSON that says what, or a portfolio file (CSV, NDJSON, ZIP of Parquet) that is to be decided."""
    jobs, actor = _jobs(request), keyed(request)
    media = request.content_type[0].lower()
    kind, order = _file_order(request, language) if media in FILES else _order(body_of(request, body), request)
    services.may_submit(exchange_of(request).matrix, actor, kind)
    if getattr(order, "source", None) is JobSource.REGISTRY:
        scope_of(exchange_of(request).matrix, actor)  # refuses who has no contracts on record to work on

    def do(_: Turn, note: Note) -> OnceAnswer:
        name = f"{actor.account}:{actor.key}:{once_key}"
        with _given(body, FILES.get(media)) as files:
            number = services.submit(jobs, actor, kind, plain(order), note.at, files, name)
        return OnceAnswer(202, {"id": number, "kind": kind.value, "state": "waiting", "href": f"/v1/jobs/{number}"})

    answer = once(request, actor, once_key, body, do)
    headers = {"Location": str(answer.body["href"]), "Retry-After": _SOON}
    return told(answer.body, answer.status, headers)


def _order(document: Document, request: ApiRequest) -> tuple[JobKind, JobOrder]:
    tree = document.tree
    found = tree.get("kind") if isinstance(tree, dict) else None
    if found not in set(JobKind):
        expected = f"one of {', '.join(JobKind)}"
        code = FaultCode.MISSING_KEY if found is None else FaultCode.UNKNOWN_CODE
        raise InputFaults([document.fault(code, ("kind",), found or "nothing", expected)])
    kind = JobKind(str(found))
    order = read_order(document, kind, exchange_of(request).node.book, languages())
    if getattr(order, "source", "") == "upload":
        expected = f"registry or synthetic; a file is sent as the body itself, as {', '.join(FILES)}"
        raise InputFaults([document.fault(FaultCode.WRONG_VALUE, ("source",), "upload", expected)])
    return kind, order


def _file_order(request: ApiRequest, language: str) -> tuple[JobKind, JobOrder]:
    document = Document("query", {"source": "upload", "language": language}, {})
    kind = JobKind.PORTFOLIO_ASSESSMENT
    return kind, read_order(document, kind, exchange_of(request).node.book, languages())


@contextmanager
def _given(body: bytes, ending: str | None) -> Iterator[list[GivenFile]]:
    """Give the file that came as the body, if one did."""
    if ending is None:
        yield []
        return
    with tempfile.NamedTemporaryFile(prefix="polisbridge-") as file:
        file.write(body)
        file.flush()
        yield [GivenFile(f"{INPUT}portfolio.{ending}", "application/octet-stream", Path(file.name))]


@get("/jobs", sync_to_thread=True, operation_id="listJobs")
def jobs_given(request: ApiRequest, after: After = "", most: Most = 100) -> Response[bytes]:
    """List the sender's own jobs, newest first."""
    actor = keyed(request)
    found = _jobs(request).of(owner_of(actor), number_place(after) or None, most + 1)
    return tagged(request, piece(found, most, lambda one: one.id, job_told))


@get("/jobs/{number:int}", sync_to_thread=True, operation_id="readJob")
def job(request: ApiRequest, number: FromPath[int]) -> Response[bytes]:
    """Tell how far a job is, and what it made."""
    return tagged(request, job_told(_own(request, number)))


@delete("/jobs/{number:int}", status_code=200, sync_to_thread=True, operation_id="cancelJob")
def cancel(request: ApiRequest, number: FromPath[int]) -> Response[bytes]:
    """Cancel a job; one that has ended stays as it is."""
    _own(request, number)
    actor, now = keyed(request), exchange_of(request).node.now()
    return told(job_told(services.cancel(_jobs(request), actor, number, now)))


@get("/jobs/{number:int}/files/{name:str}", sync_to_thread=True, operation_id="readJobFile")
def job_file(request: ApiRequest, number: FromPath[int], name: FromPath[str]) -> Stream:
    """Give a file that a job made."""
    found = _own(request, number)
    file = None if name.startswith(INPUT) else found.file(name)
    if file is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "no such file of the job", hint="`files` of the job names them")
    headers = {
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Length": str(file.size),
        "Cache-Control": "private, no-store",
    }
    return Stream(_jobs(request).read(number, name), media_type=file.media_type, headers=headers)


def _jobs(request: ApiRequest) -> Jobs:
    found = exchange_of(request).jobs
    if found is None:
        raise PolisbridgeError(ErrorCode.NOT_FOUND, "this node does no jobs", hint="ask its operator")
    return found


def _own(request: ApiRequest, number: int) -> Job:
    """Return a job of the sender's own that the sender may still have done."""
    refuse_no_number(number)
    actor: Actor = keyed(request)
    found = services.own_job(_jobs(request), actor, number)
    services.may_submit(exchange_of(request).matrix, actor, found.kind)
    return found


def job_told(found: Job) -> Mapping[str, Any]:
    """Return a job as it is told: how far, why it failed, what it made."""
    made = [one for one in found.files if not one.name.startswith(INPUT)]
    said: dict[str, Any] = {
        "id": found.id,
        "kind": found.kind.value,
        "state": found.state.value,
        "asked": {key: value for key, value in found.asked.items() if key != "kind"},
        "created": found.created.isoformat(),
        "percent": found.percent,
        "ended": found.ended.isoformat() if found.ended else None,
        "expires": found.expires.isoformat() if found.expires else None,
        "answer": found.answer if found.state is JobState.DONE else None,
        "failure": msgspec.to_builtins(found.failure),
        "files": [{**msgspec.to_builtins(one), "href": f"/v1/jobs/{found.id}/files/{one.name}"} for one in made],
    }
    return {key: value for key, value in said.items() if value is not None}


ROUTES = (add, jobs_given, job, cancel, job_file)
