"""Open questions, state by state: to look through, and to print as a letter to each state."""

from dataclasses import dataclass

from litestar import get
from litestar.response import Template

from polisbridge.core.codes import Gate
from polisbridge.core.law import LawBook, OpenQuestion
from polisbridge.core.roles import AccessAction
from polisbridge.services.approaches import SEVEN
from polisbridge.web.check_form import Option
from polisbridge.web.committee import committee_page
from polisbridge.web.forms import FormReader
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for
from polisbridge.web.view import node_of
from polisbridge.words import Words


@dataclass(frozen=True, slots=True)
class Question:
    """One open question as it is asked: what, for which occasions, what hangs on it, and whether it holds answers back."""

    id: str
    title: str
    gates: str
    blocks: bool
    change: str


@dataclass(frozen=True, slots=True)
class Letter:
    """All open questions to one state."""

    code: str
    state: str
    questions: tuple[Question, ...]


@get("/questions", sync_to_thread=True, opt={"action": AccessAction.COMPARE})
def questions(request: PageRequest) -> Template:
    """Show the open questions of the chosen states, each state's as a letter of its own."""
    actor_for(request, AccessAction.COMPARE)
    words, node = words_for(request), node_of(request)
    reader = FormReader(dict(request.query_params.items()), words)
    gate = reader.choice("gate", set(Gate))
    state = reader.choice("state", SEVEN)
    only = reader.choice("only", ("blocks",))
    letters = [
        _letter(node.book, one, Gate(gate) if gate else None, words, blocks=bool(only))
        for one in ([state] if state else sorted(SEVEN, key=words.state))
    ]
    return committee_page(
        request,
        "committee_questions.html",
        "/questions",
        status=422 if reader.faults else 200,
        faults=reader.faults,
        values={"gate": gate or "", "state": state or "", "only": only or ""},
        states=[Option(one, words.state(one)) for one in sorted(SEVEN, key=words.state)],
        gates=[Option(one.value, words(f"gate.{one.value}")) for one in Gate],
        letters=[one for one in letters if one.questions],
        number=sum(len(one.questions) for one in letters),
        day=words.day(node.today()),
    )


def _letter(book: LawBook, state: str, gate: Gate | None, words: Words, *, blocks: bool) -> Letter:
    found = [
        one
        for one in book.of_state(state)
        if isinstance(one, OpenQuestion)
        and (gate is None or gate in one.gates)
        and (not blocks or one.effect.value == "blocks")
    ]
    return Letter(state, words.state(state), tuple(_question(one, words) for one in found))


def _question(one: OpenQuestion, words: Words) -> Question:
    gates = ", ".join(words(f"gate.{gate.value}") for gate in Gate if gate in one.gates)
    return Question(one.id, words.text(one.title), gates, one.effect.value == "blocks", words.text(one.would_change))
