"""*Law*: the law on record by state and occasion, a page for every provision at an address that stays."""

from litestar import MediaType, Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.core.law import Provision
from polisbridge.web.language import words_for
from polisbridge.web.law_page import (
    all_states,
    all_treaties,
    by_kind,
    provision_page,
    treaties_of,
)
from polisbridge.web.pages import PageRequest
from polisbridge.web.view import node_of, page


@get("/", sync_to_thread=True)
def index(request: PageRequest) -> Template:
    """Show the states with their occasions, and the treaties."""
    book, words = node_of(request).book, words_for(request)
    return page(
        request,
        "law.html",
        states=all_states(book, words),
        treaties=all_treaties(book, words),
        count=len(book.provisions),
    )


@get("/{code:str}", sync_to_thread=True)
def state(request: PageRequest, code: FromPath[str]) -> Template:
    """Show the law of a state, at one gate or at all."""
    book, words = node_of(request).book, words_for(request)
    if code not in book.states():
        raise NotFoundException
    asked = request.query_params.get("gate", "")
    gates = [gate for gate in book.gates_of(code) if asked in ("", gate.value)]
    if not gates:
        raise NotFoundException
    own = list(book.of_state(code))
    sections = [
        (gate.value, words(f"gate.{gate.value}"), by_kind(_at(own, gate), words, node_of(request).today()))
        for gate in gates
    ]
    return page(
        request,
        "law_state.html",
        code=code,
        name=words.state(code),
        gates=[(one.value, words(f"gate.{one.value}")) for one in book.gates_of(code)],
        asked=asked,
        sections=sections,
        treaties=treaties_of(book, code, words),
    )


@get("/treaty/{name:str}", sync_to_thread=True)
def treaty(request: PageRequest, name: FromPath[str]) -> Template:
    """Show a treaty with its parties and what it provides."""
    node, words = node_of(request), words_for(request)
    jurisdiction = node.book.jurisdictions.get(f"treaties.{name}")
    if jurisdiction is None or jurisdiction.treaty is None:
        raise NotFoundException
    own = [one for one in node.book.provisions if one.jurisdiction == jurisdiction.id]
    return page(
        request,
        "law_treaty.html",
        title=words.text(jurisdiction.title),
        treaty=jurisdiction.treaty,
        kinds=by_kind(own, words, node.today()),
    )


@get("/p/{provision:str}", sync_to_thread=True)
def provision(request: PageRequest, provision: FromPath[str]) -> Template:
    """Show one provision: what it says, since when, where the law says so, and what bears on it."""
    node = node_of(request)
    shown = provision_page(node, _provision(request, provision), words_for(request))
    return page(request, "provision.html", shown=shown)


@get("/p/{provision:str}/file", sync_to_thread=True, media_type=MediaType.TEXT)
def provision_file(request: PageRequest, provision: FromPath[str]) -> Response[bytes]:
    """Return a provision as the file that it stands in, for who wants to read the data itself."""
    found = _provision(request, provision)
    data = node_of(request).law_files().get(f"{found.id.replace('.', '/')}.yaml")
    if data is None:
        raise NotFoundException
    return Response(data, media_type=MediaType.TEXT, headers={"Cache-Control": "private, no-cache"})


def _provision(request: PageRequest, name: FromPath[str]) -> Provision:
    found = node_of(request).book.get(name)
    if found is None:
        raise NotFoundException
    return found


def _at(provisions: list[Provision], gate: Gate) -> list[Provision]:
    return [one for one in provisions if gate in one.gates]
