"""Jobs as pages: one's own, how far each is, what it made, and why it failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from polisbridge.core.jobs import ENDED, Job, JobFile, JobKind, JobState, owner_of
from polisbridge.core.roles import AccessAction, Actor, Allowed
from polisbridge.services import jobs as services
from polisbridge.services.access import allowed
from polisbridge.services.jobs import INPUT, Jobs, own_scope
from polisbridge.web.forms import posted
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, account_for, people_of
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

_MOST = 50  # jobs listed
LARGEST = 2**63 - 1
_BACK = {JobKind.APPROACHES_REPORT: "/committee/report", JobKind.SCENARIO_IMPACT: "/committee/scenario"}


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file that a job made: what it is called here, what is in it, and how large it is."""

    name: str
    what: str
    link: str
    size: str


def jobs_of(request: PageRequest) -> Jobs:
    """Return the jobs of the node."""
    found: Jobs = request.app.state.exchange.jobs
    return found


def job_links(request: PageRequest) -> list[tuple[str, str]]:
    """Return the link of a desk to the check of many contracts, where jobs are done: its address and its words."""
    exchange = request.app.state.exchange
    there = exchange is not None and exchange.jobs is not None and request.app.state.people is not None
    return [("/jobs/new", words_for(request)("web.jobs.new"))] if there else []


@get("/", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def own_jobs(request: PageRequest) -> Template:
    """Show one's own jobs, newest first."""
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    words = words_for(request)
    found = jobs_of(request).of(owner_of(actor), None, _MOST)
    rows = [
        (
            f"/jobs/{one.id}",
            words(f"job.kind.{one.kind.value}"),
            one.state.value,
            _standing(one, words),
            words.moment(one.created),
        )
        for one in found
    ]
    own = isinstance(allowed(people_of(request).matrix, actor, AccessAction.RUN_PORTFOLIO, own_scope(actor)), Allowed)
    return page(request, "jobs.html", keep=False, rows=rows, can_check=own)


@get("/{number:int}", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def job(request: PageRequest, number: FromPath[int]) -> Template:
    """Show one of one's own jobs."""
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    words, found = words_for(request), own(request, actor, number)
    files = [_shown(found, one, words) for one in found.files if not one.name.startswith(INPUT)]
    return page(
        request,
        "job.html",
        keep=False,
        job=found,
        title=words(f"job.kind.{found.kind.value}"),
        standing=_standing(found, words),
        going=found.state not in ENDED,
        percent=found.percent or 0,
        files=files,
        figures=list(_figures(found.answer, words)),
        failure=_failure(found, words),
        created=words.moment(found.created),
        expires=words.day(found.expires.date()) if found.expires else "",
        back=_BACK.get(found.kind, ""),
    )


def own(request: PageRequest, actor: Actor, number: int) -> Job:
    """Return the actor's job. Raises PolisbridgeError when it is somebody else's, NotFoundException for no number."""
    if not 0 < number <= LARGEST:
        raise NotFoundException
    return services.own_job(jobs_of(request), actor, number)


def _standing(one: Job, words: Words) -> str:
    if one.state is JobState.RUNNING and one.percent is not None:
        return words("job.state.running_percent", percent=one.percent)
    return words(f"job.state.{one.state.value}")


def _shown(found: Job, one: JobFile, words: Words) -> ShownFile:
    key = f"job.file.{one.name.replace('.', '_')}"
    what = words(key) if words.has(key) else ""
    size = words.number(max(0.1, one.size / 1_000_000), 1)
    return ShownFile(one.name, what, f"/jobs/{found.id}/files/{quote(one.name)}", size)


def _figures(answer: Mapping[str, Any], words: Words) -> Any:
    """Yield the figures of a result that people want first: a name and a number."""
    for name in ("rows", "decided", "not_read", "rejected", "changed", "newly_recognised", "newly_free", "lost"):
        if isinstance(answer.get(name), int):
            yield words(f"job.figure.{name}"), words.number(answer[name])
    for verdict, number in (answer.get("verdicts") or {}).items():
        yield words(f"verdict.{verdict}"), words.number(number)


def _failure(found: Job, words: Words) -> tuple[str, list[str]] | None:
    if found.failure is None:
        return None
    key = f"job.failure.{found.failure.code}"
    said = words(key) if words.has(key) else words("job.failure.other")
    faults = [
        words(
            "fault.line",
            file=words("job.your_file"),
            line=one["line"],
            path=one["where"],
            what=words(f"fault.{one['code']}"),
            found=one["found"],
            expected=one["expected"],
        )
        for one in found.failure.faults
    ]
    return said, faults


@post("/{number:int}/cancel", opt={"action": AccessAction.OWN_ACCOUNT})
async def cancel(request: PageRequest, number: FromPath[int]) -> Redirect:
    """Cancel one of one's own jobs."""
    await posted(request)
    return await sync_to_thread(_cancel, request, number)


def _cancel(request: PageRequest, number: int) -> Redirect:
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    own(request, actor, number)
    services.cancel(jobs_of(request), actor, number, node_of(request).now())
    return Redirect(f"/jobs/{number}", status_code=SEE_OTHER)


@get("/{number:int}/files/{name:str}", sync_to_thread=True, opt={"action": AccessAction.OWN_ACCOUNT})
def job_file(request: PageRequest, number: FromPath[int], name: FromPath[str]) -> Stream:
    """Give a file that one of one's own jobs made."""
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    found = own(request, actor, number)
    file = None if name.startswith(INPUT) else found.file(name)
    if file is None:
        raise NotFoundException
    return file_stream(jobs_of(request), found, file, file.name)


def file_stream(jobs: Jobs, found: Job, file: JobFile, name: str) -> Stream:
    """Return a file of a job to be kept under a name; never shown as a page of this site."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Length": str(file.size),
        "Cache-Control": "private, no-store",
    }
    return Stream(jobs.read(found.id, file.name), media_type=file.media_type, headers=headers)
