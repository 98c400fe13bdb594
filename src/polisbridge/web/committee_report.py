"""The report on the national approaches: the newest one in each language, and a new one on demand."""

from dataclasses import dataclass
from datetime import date

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Stream, Template

from polisbridge.core.jobs import JobKind
from polisbridge.core.roles import AccessAction
from polisbridge.services import jobs as services
from polisbridge.web.committee import committee_page, desk_of
from polisbridge.web.forms import Posted, posted
from polisbridge.web.jobs import file_stream
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, account_for, actor_for, signed_in
from polisbridge.web.view import node_of
from polisbridge.words import languages
from polisbridge.words.catalogues import name

LANGUAGES = ("ru", "en")  # in which the report is complete
_FORMS = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest report of a language: its day and law, whether that is the law in use, and its files."""

    tag: str
    name: str
    day: str
    law: str
    current: bool
    files: tuple[tuple[str, str, str], ...]


@get("/report", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def report(request: PageRequest) -> Template:
    """Show the newest report of each language, and the way to a new one."""
    actor_for(request, AccessAction.COMPARE)
    signed = signed_in(request)[0] is not None and desk_of(request).jobs is not None
    return committee_page(
        request, "committee_report.html", "/report", newest=[_newest(request, one) for one in LANGUAGES], signed=signed
    )


def _newest(request: PageRequest, language: str) -> Newest:
    words, jobs = words_for(request), desk_of(request).jobs
    job = None if jobs is None else jobs.newest_done(JobKind.APPROACHES_REPORT, {"language": language})
    if job is None:
        return Newest(language, name(language), "", "", current=False, files=())
    files = tuple(
        (form.upper(), f"/committee/report/{language}/{form}", words.number(file.size / 1_000_000, 1))
        for form in _FORMS
        if (file := job.file(f"report.{form}")) is not None
    )
    law = str(job.answer["law"])
    day = words.day(date.fromisoformat(str(job.answer["as_of"])))
    current = law == node_of(request).book.hash
    return Newest(language, name(language), day, law[:12], current=current, files=files)


@get("/report/{language:str}/{form:str}", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def report_file(request: PageRequest, language: FromPath[str], form: FromPath[str]) -> Stream:
    """Give the newest report of a language."""
    actor_for(request, AccessAction.COMPARE)
    jobs = desk_of(request).jobs
    if jobs is None or language not in languages() or form not in _FORMS:
        raise NotFoundException
    job = jobs.newest_done(JobKind.APPROACHES_REPORT, {"language": language})
    file = None if job is None else job.file(f"report.{form}")
    if job is None or file is None:
        raise NotFoundException
    return file_stream(jobs, job, file, f"approaches-{language}.{form}")


@post("/report", opt={"action": AccessAction.COMPARE})
async def order(request: PageRequest) -> Redirect:
    """Have a new report written, in the background."""
    return await sync_to_thread(_order, request, await posted(request))


def _order(request: PageRequest, given: Posted) -> Redirect:
    _, actor = account_for(request, AccessAction.OWN_ACCOUNT)
    actor_for(request, AccessAction.COMPARE)
    jobs, language = desk_of(request).jobs, given.values.get("language", "")
    if jobs is None or language not in LANGUAGES:
        raise NotFoundException
    asked = {"kind": JobKind.APPROACHES_REPORT.value, "language": language}
    number = services.submit(jobs, actor, JobKind.APPROACHES_REPORT, asked, node_of(request).now())
    return Redirect(f"/jobs/{number}", status_code=SEE_OTHER)
