"""*Check my contract*: a product, a contract file or a certificate, where and when; the answer in plain words first."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.web import check_form
from polisbridge.web.answers import decided, on_occasion, overview
from polisbridge.web.forms import Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.paper import as_plain, decided_part, languages_for, pdf
from polisbridge.web.view import law_told, node_of, page
from polisbridge.words import Words


@get("/", sync_to_thread=True)
def form(request: PageRequest) -> Template:
    """Show the form, filled as a link says; of a link only what is not personal is taken."""
    linked = {name: request.query_params.get(name, "") for name in check_form.LINKED}
    return _form(request, {**check_form.usual(node_of(request).today()), **_said(linked)}, {})


@post("/", status_code=200)
async def answer(request: PageRequest) -> Template:
    """Decide and show the answer; with faults the form again as it was filled, each fault beside its field."""
    return await sync_to_thread(_answer, request, await posted(request))


@post("/everywhere", status_code=200)
async def everywhere(request: PageRequest) -> Template:
    """Show all states and occasions at a glance, each with a way to its answer."""
    return await sync_to_thread(_everywhere, request, await posted(request))


@post("/pdf", status_code=200)
async def as_pdf(request: PageRequest) -> Template | Response[bytes]:
    """Answer with the same on paper, in the visitor's language and one that an office reads."""
    return await sync_to_thread(_as_pdf, request, await posted(request))


def _as_pdf(request: PageRequest, given: Posted) -> Template | Response[bytes]:
    node, words = node_of(request), words_for(request)
    question, reader = check_form.read_question(given, node, words, everywhere=False)
    if question is None:
        return _form(request, reader.values, reader.faults)
    found = [(stay, decided(node.laws, question.document.brought, stay)) for stay in question.stays]
    parts = []
    for language in languages_for(words, question.stays[0].state):
        said = Words(language)
        told = [on_occasion(stay, each, said, node.book, node.today()) for stay, each in found]
        parts.append(decided_part(told, said, certificates=question.document.certificates))
    return pdf(node.print_answer(as_plain(parts, law_told(request))), "polisbridge")


def _answer(request: PageRequest, given: Posted) -> Template:
    node, words = node_of(request), words_for(request)
    question, reader = check_form.read_question(given, node, words, everywhere=False)
    if question is None:
        return _form(request, reader.values, reader.faults)
    occasions = [
        on_occasion(stay, decided(node.laws, question.document.brought, stay), words, node.book, node.today())
        for stay in question.stays
    ]
    return page(request, "answer.html", keep=False, occasions=occasions, **_shown(question))


def _everywhere(request: PageRequest, given: Posted) -> Template:
    node, words = node_of(request), words_for(request)
    question, reader = check_form.read_question(given, node, words, everywhere=True)
    if question is None:
        return _form(request, reader.values, reader.faults)
    found = {(stay.state, stay.gate): decided(node.laws, question.document.brought, stay) for stay in question.stays}
    rows, gates = overview(found, words, node.book), [(gate.value, words(f"matrix.gate.{gate.value}")) for gate in Gate]
    return page(request, "everywhere.html", keep=False, rows=rows, gates=gates, **_shown(question))


def _shown(question: check_form.Question) -> dict[str, Any]:
    """Return what both answers show of the question: what to carry on, and the link without personal data."""
    linked = {name: question.values[name] for name in check_form.LINKED if question.values.get(name)}
    return {
        "carried": question.values,
        "link": f"/check?{urlencode(linked)}",
        "certificates": question.document.certificates,
    }


def _form(request: PageRequest, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    """Show the form with what was written in it; a form with faults is answered with 422."""
    node, words = node_of(request), words_for(request)
    return page(
        request,
        "check.html",
        status=422 if faults else 200,
        keep=not faults,
        values=values,
        faults=faults,
        options=check_form.options(node, words),
        kept=bool(values.get("contract")) and "file" not in faults,
    )


def _said(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value}
