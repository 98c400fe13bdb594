"""*Verify by number*: a number and a birth date in place of a certificate, for offices; the same answer on one screen."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.response import Template

from polisbridge.core.contract import Stay
from polisbridge.core.law import LawBook
from polisbridge.core.names.match import Grade, Match
from polisbridge.core.names.reasons import NameReason
from polisbridge.core.roles import AccessAction
from polisbridge.services.registry.entitlement import as_certificate
from polisbridge.services.registry.lookups import LookupAnswer, NumberAsked, TooManyMisses, verify_number
from polisbridge.services.registry.onrecord import RecordAnswer, Seller, Standing
from polisbridge.web.check_form import place_options
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.minimal import minimised, parts_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import actor_for, people_of
from polisbridge.web.verify import SHOWN, Reason, Verified, stay_asked
from polisbridge.web.view import node_of, page
from polisbridge.words import Words
from polisbridge.words.fields import CertificateWords, Field
from polisbridge.words.telling import Teller

PATH = "/verify/number"
_LINKED = ("state", "gate", "region")
_NOT_OF_NAMES = ("document_", "birth_")  # what was typed with the name fits already, or nobody would have been found


@get("/", sync_to_thread=True, opt={"action": AccessAction.FIND_INSURED})
def form(request: PageRequest) -> Template:
    """Show the form; a link may say for which state and occasion."""
    actor_for(request, AccessAction.FIND_INSURED)
    return _form(request, {name: request.query_params.get(name, "") for name in _LINKED}, {})


@post("/", status_code=200, opt={"action": AccessAction.FIND_INSURED})
async def answer(request: PageRequest) -> Template:
    """Look the person up and show the answer; a number or day that fits nobody is told beside the form."""
    return await sync_to_thread(_answer, request, await posted(request))


def _answer(request: PageRequest, given: Posted) -> Template:
    actor_for(request, AccessAction.FIND_INSURED)
    node, words = node_of(request), words_for(request)
    reader = FormReader(given.values, words)
    stay = stay_asked(reader, node)
    found = looked_up(request, reader, stay, "verification")
    if found is None:
        return _form(request, given.values, reader.faults)
    shown = minimised(told_record(found, words, node.laws.book, node.now()), parts_for(request))
    occasion = f"{words.state(stay.state)} · {words(f'gate.{stay.gate.value}')}" if stay else ""
    at = words.moment(node.now())
    return page(
        request,
        "verified.html",
        keep=False,
        found=[shown],
        occasion=occasion,
        at=at,
        empty=False,
        again=PATH,
        carried=None,
    )


def looked_up(request: PageRequest, reader: FormReader, stay: Stay | None, purpose: str) -> RecordAnswer | None:
    """Return what the register says of whom the form means; None when the reader holds a fault now."""
    number, born = reader.text("number"), reader.day("born")
    if not number:
        reader.fault("number", "web.number.needed")
    if born is None and "born" not in reader.faults:
        reader.fault("born", "web.number.born.needed")
    if reader.faults or born is None:
        return None
    people, (actor, node) = people_of(request), (actor_for(request, AccessAction.FIND_INSURED), node_of(request))
    asked = NumberAsked(number, born, reader.text("name"), stay, purpose)
    try:
        found = verify_number(people.registries, node.laws, people.matrix, actor, asked, on=node.today(), at=node.now())
    except TooManyMisses:
        reader.fault("number", "web.number.too_often")
        return None
    return _one(found, reader)


def _one(found: LookupAnswer, reader: FormReader) -> RecordAnswer | None:
    if found.several:
        reader.fault("name", "web.number.several")
    elif found.one is None:
        reader.fault("number", "web.number.nobody")
    return found.one


def told_record(found: RecordAnswer, words: Words, book: LawBook, at: datetime) -> Verified:
    """Return what the register says in words; of a person with another name than was told, nothing but that."""
    reasons = (*_reasons(found, words), *name_told(found.name, words))
    empty = Verified(found.answer, "", reasons, (), "", "", (), words("web.record.age"), "", None)
    if found.other_name or found.contract is None:
        return replace(empty, said=words("web.record.nothing_shown"))
    identity = found.identity
    name = " · ".join(one for one in (identity.name, identity.original_name) if one) if identity else ""
    return replace(
        empty,
        said=words(f"web.record.{found.answer.value}"),
        number=found.number,
        holder=words("web.record.holder", name=name) if name else "",
        insurer=seller_told(found.seller, words),
        fields=_fields(found, words, book, at),
        told=Teller(words, book).told(found.assessment) if found.assessment else None,
    )


def seller_told(seller: Seller | None, words: Words) -> str:
    """Return who answers for the contract: title and state."""
    return words("web.record.insurer", name=words.text(seller.title), state=words.state(seller.state)) if seller else ""


def name_told(name: Match | None, words: Words) -> list[Reason]:
    """Return how the name that was told stands to the one on record: the grade, and every reason of its own."""
    if name is None:
        return []
    own = [one for one in name.reasons if not one.value.startswith(_NOT_OF_NAMES)]
    why = "; ".join(words(f"name_reason.{one.value}") for one in own if one is not NameReason.EQUAL)
    grade = Grade.DIFFERENT if name.grade is Grade.CONTRADICTION else name.grade
    said = words(f"web.name.{grade.value}")
    advice = "" if grade is Grade.SAME else words(f"web.name.{grade.value}.advice")
    return [Reason(f"{said} ({why})" if why else said, advice)]


def _reasons(found: RecordAnswer, words: Words) -> list[Reason]:
    standing = found.standing
    if found.other_name:
        return []
    if standing in (Standing.NOT_BEGUN, Standing.ENDED):
        day = found.cover.first if standing is Standing.NOT_BEGUN else found.cover.last
        return [Reason(words(f"web.record.{standing.value}", day=words.day(day) if day else "–"), "")]
    if standing is Standing.IN_FORCE and found.assessment is not None:
        return [Reason(words(f"web.record.verdict.{found.assessment.decision.verdict.value}"), "")]
    return [Reason(words(f"web.record.{standing.value}"), "")]


def _fields(found: RecordAnswer, words: Words, book: LawBook, at: datetime) -> tuple[Field, ...]:
    """Return the numbered fields that an office compares at a glance, as on a certificate."""
    title = words.text(found.seller.title) if found.seller else ""
    told = as_certificate(found, title, at)
    if told is None:
        return ()
    return tuple(one for one in CertificateWords(told, book, words, words).fields() if one.number in SHOWN)


def _form(request: PageRequest, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    """Show the form with what was typed in it; a form with faults is answered with 422."""
    return page(
        request,
        "verify_number.html",
        status=422 if faults else 200,
        keep=False,
        values=values,
        faults=faults,
        options=place_options(node_of(request).book, words_for(request)),
    )
