"""*Twice on record?*: persons of the clerk's insurer who may be one, with the grade and its reasons; nothing is merged."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.response import Template

from polisbridge.core.names.reasons import NameReason
from polisbridge.core.registry import Identity, Insurer
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.core.statusbook import Note
from polisbridge.services.registry import looking
from polisbridge.services.registry.duplicates import Doubles, doubles_of
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, people_of, signed_in
from polisbridge.web.view import node_of, page
from polisbridge.words import Words

PATH = "/duplicates"
MOST = 50  # pairs on the page


@get("/", sync_to_thread=True, opt={"action": AccessAction.CORRECT_PERSON})
def doubles(request: PageRequest) -> Template:
    """Show the pairs; that the persons in them were read is on record."""
    people, words, now, (_, actor) = people_of(request), words_for(request), node_of(request).now(), signed_in(request)
    own = frozenset({actor.organisation}) if actor.organisation is not None else frozenset[int]()
    actor = actor_for(request, AccessAction.CORRECT_PERSON, AccessSubject(actor.state, own))
    insurer = actor.organisation or 0
    with people.registries.change() as registry:
        if not any(True for _ in registry.known(Insurer, on=None, at=now, thing=insurer)):
            raise NotFoundException
        found = doubles_of(registry, insurer, at=now)
        pairs = found.pairs[:MOST]
        for person in sorted({one for pair in pairs for one in (pair.one, pair.other)}):
            note = Note(actor.name, now, "twice_on_record")
            looking.record(registry, person, actor.role.value, "compared", note)
    return page(
        request,
        "duplicates.html",
        keep=False,
        pairs=[_pair(one, found.known, words) for one in pairs],
        more=max(0, len(found.pairs) - MOST),
        persons=found.persons,
        complete=found.all,
    )


def _pair(one: Doubles, known: dict[int, Identity], words: Words) -> tuple[str, str, list[tuple[str, str, str]]]:
    why = "; ".join(words(f"name_reason.{code.value}") for code in one.match.reasons if code is not NameReason.EQUAL)
    return words(f"name_grade.{one.match.grade.value}"), why, [_who(known[who], words) for who in (one.one, one.other)]


def _who(who: Identity, words: Words) -> tuple[str, str, str]:
    """Return name, birth day and document of a person on record."""
    name = " · ".join(one for one in (who.name, who.original_name) if one)
    document = f"{who.document.state} {who.document.number}" if who.document else "–"
    return name, words.day(who.born) if who.born else "–", document
