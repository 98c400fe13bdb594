"""Contracts to be decided in the background: the own ones on record, or a file with many."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Redirect, Template

from polisbridge.core.codes import Gate
from polisbridge.core.jobs import JobKind
from polisbridge.core.roles import AccessAction, Actor
from polisbridge.services import jobs as services
from polisbridge.services.jobs import INPUT, GivenFile, own_scope
from polisbridge.web.check_form import Option
from polisbridge.web.forms import FormReader, Posted, Upload, posted, shortened
from polisbridge.web.jobs import jobs_of
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, account_for, actor_for, signed_in
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

ENDINGS = ("csv", "ndjson", "zip")
_MOST_DAYS = 3653  # of a stay
_FIRST_DAYS = "90"


def _allowed(request: PageRequest) -> Actor:
    """Return who is signed in and may have the own contracts decided."""
    account_for(request, AccessAction.OWN_ACCOUNT)
    _, actor = signed_in(request)
    return actor_for(request, AccessAction.RUN_PORTFOLIO, own_scope(actor))


@get("/new", sync_to_thread=True, opt={"action": AccessAction.RUN_PORTFOLIO})
def new_job(request: PageRequest) -> Template:
    """Show the form."""
    _allowed(request)
    return _form(request, {"as_of": node_of(request).today().isoformat(), "days": _FIRST_DAYS}, {})


@post("/new", opt={"action": AccessAction.RUN_PORTFOLIO})
async def give_job(request: PageRequest) -> Template | Redirect:
    """Take the job and lead to its page; what is wrong with the form is told beside the fields."""
    return await sync_to_thread(_given, request, await posted(request))


def _form(request: PageRequest, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    words, book = words_for(request), node_of(request).book
    states = [one for one in sorted(book.states(), key=words.state) if book.gates_of(one)]
    return page(
        request,
        "job_new.html",
        status=422 if faults else 200,
        keep=False,
        values=values,
        faults=faults,
        states=[Option(f"state_{one}", words.state(one)) for one in states],
        gates=[Option(f"gate_{one.value}", words(f"gate.{one.value}")) for one in Gate],
    )


def _given(request: PageRequest, given: Posted) -> Template | Redirect:
    actor, words = _allowed(request), words_for(request)
    reader = FormReader(given.values, words)
    file = given.file(["file"])
    asked = _of_file(file, reader) if file else _on_record(request, reader)
    if reader.faults:
        return _form(request, given.values, reader.faults)
    asked |= {"kind": JobKind.PORTFOLIO_ASSESSMENT.value, "language": words.language}
    number = _submit(request, actor, asked, file)
    return Redirect(f"/jobs/{number}", status_code=SEE_OTHER)


def _of_file(file: Upload, reader: FormReader) -> dict[str, Any]:
    if _ending(file) not in ENDINGS:
        reader.fault("file", "web.jobs.new.ending", found=shortened(file.name))
    return {"source": "upload"}


def _ending(file: Upload) -> str:
    return file.name.rsplit(".", 1)[-1].lower()


def _on_record(request: PageRequest, reader: FormReader) -> dict[str, Any]:
    states = [one for one in sorted(node_of(request).book.states()) if reader.text(f"state_{one}")]
    gates = [one.value for one in Gate if reader.text(f"gate_{one.value}")]
    if not states:
        reader.fault("states", "web.jobs.new.no_state")
    if not gates:
        reader.fault("gates", "web.jobs.new.no_gate")
    day = reader.day("as_of") or node_of(request).today()
    days = reader.text("days") or _FIRST_DAYS
    if not (days.isascii() and days.isdecimal() and 0 < int(days[:9]) <= _MOST_DAYS):
        reader.fault("days", "web.jobs.new.no_days", found=shortened(days), most=_MOST_DAYS)
        days = _FIRST_DAYS
    return {"source": "registry", "states": states, "gates": gates, "as_of": day.isoformat(), "days": int(days)}


def _submit(request: PageRequest, actor: Actor, asked: Mapping[str, Any], file: Upload | None) -> int:
    jobs, now = jobs_of(request), node_of(request).now()
    if file is None:
        return services.submit(jobs, actor, JobKind.PORTFOLIO_ASSESSMENT, asked, now)
    with tempfile.NamedTemporaryFile(prefix="polisbridge-") as held:
        held.write(file.data)
        held.flush()
        given = GivenFile(f"{INPUT}portfolio.{_ending(file)}", "application/octet-stream", Path(held.name))
        return services.submit(jobs, actor, JobKind.PORTFOLIO_ASSESSMENT, asked, now, [given])


def said_of(asked: Mapping[str, Any], words: Words) -> str:
    """Return what contracts on record were decided for, in one line; empty for a file."""
    if asked.get("source") != "registry":
        return ""
    states = ", ".join(words.state(one) for one in asked.get("states", ()))
    gates = ", ".join(words(f"gate.{one}") for one in asked.get("gates", ()))
    return f"{states} · {gates}"
