"""A verification on paper: verified anew from the certificate that the page carried, in two languages."""

from litestar import Response, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import HTTPException

from polisbridge.services.verify import verify as verify_text
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.minimal import minimised, parts_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.paper import as_plain, languages_for, pdf, verified_part
from polisbridge.web.verify import certificates_carried, stay_asked, verified
from polisbridge.web.view import law_told, node_of
from polisbridge.words import Words


@post("/pdf", status_code=200)
async def as_pdf(request: PageRequest) -> Response[bytes]:
    """Answer with a PDF file; 422 for a form that no page of ours carried."""
    return await sync_to_thread(_as_pdf, request, await posted(request))


def _as_pdf(request: PageRequest, given: Posted) -> Response[bytes]:
    node, words = node_of(request), words_for(request)
    reader = FormReader(given.values, words)
    texts, stay = certificates_carried(given), stay_asked(reader, node)
    if reader.faults or not texts:
        raise HTTPException(status_code=422)
    kit, now = node.kit(stay.state if stay else ""), node.now()
    book, shown = kit.laws.book if kit.laws else node.book, parts_for(request)
    found = [verify_text(text, kit, stay, now) for text in texts]
    parts = []
    for language in languages_for(words, stay.state if stay else ""):
        said = Words(language)
        told = [minimised(verified(one, said, book), shown) for one in found]
        occasion = f"{said.state(stay.state)} · {said(f'gate.{stay.gate.value}')}" if stay else ""
        parts.append(verified_part(told, said, occasion, said.moment(now)))
    return pdf(node.print_answer(as_plain(parts, law_told(request))), "polisbridge")
