"""The hospital's desk: a patient found by number or certificate, what is paid for today and by whom, and who is here."""

from collections.abc import Mapping
from datetime import datetime

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.certificate import Certificate
from polisbridge.core.roles import AccessAction, AccessSubject, Actor
from polisbridge.core.statusbook import Note
from polisbridge.services.access import require
from polisbridge.services.people.persons import subject_of
from polisbridge.services.registry import looking, visits
from polisbridge.services.registry.entitlement import as_certificate
from polisbridge.services.registry.finding import find_insured
from polisbridge.services.registry.onrecord import answer_for
from polisbridge.services.registry.ports import Registry
from polisbridge.services.registry.visits import VisitCause
from polisbridge.services.verify import verify
from polisbridge.web.check_form import Option
from polisbridge.web.entitled import Entitled, entitled
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER, actor_for, people_of, signed_in
from polisbridge.web.verify import certificates_sent, verified
from polisbridge.web.verify_number import looked_up, told_record
from polisbridge.web.view import node_of, page, with_camera
from polisbridge.words import Words

PATH = "/hospital"
_ADMIT, _READ = {"action": AccessAction.ADMIT_PATIENT}, {"action": AccessAction.READ_ENTITLEMENT}


@get("/", sync_to_thread=True, opt=_ADMIT)
def start(request: PageRequest) -> Template:
    """Show the form to look a patient up, and the patients who are here."""
    return _start(request, _desk(request), {}, {})


@post("/number", opt=_ADMIT)
async def by_number(request: PageRequest) -> Template | Redirect:
    """Note that the patient of a number and birth date came, and lead to what is paid for."""
    return await sync_to_thread(_by_number, request, await posted(request))


def _by_number(request: PageRequest, given: Posted) -> Template | Redirect:
    actor, reader = _desk(request), FormReader(given.values, words_for(request))
    cause = reader.choice("cause", set(VisitCause), needed=True)
    found = looked_up(request, reader, None, "patient") if not reader.faults else None
    if found is None or cause is None:
        return _start(request, actor, given.values, reader.faults)
    if found.other_name:
        reader.fault("name", "web.hospital.other_name")
        return _start(request, actor, given.values, reader.faults)
    people, node = people_of(request), node_of(request)
    with people.registries.change() as registry:
        visit = visits.admit(registry, people.matrix, actor, found.found, VisitCause(cause), node.today(), node.now())
    return Redirect(f"{PATH}/patient/{visit}", status_code=SEE_OTHER)


@post("/certificate", status_code=200, opt=_ADMIT)
async def by_certificate(request: PageRequest) -> Template | Redirect:
    """Verify the certificate that a patient shows; of one on record here the visit is noted, of others nothing is kept."""
    return await sync_to_thread(_by_certificate, request, await posted(request))


def _by_certificate(request: PageRequest, given: Posted) -> Template | Redirect:
    actor, node, words = _desk(request), node_of(request), words_for(request)
    reader = FormReader(given.values, words)
    cause = reader.choice("cause", set(VisitCause), needed=True)
    texts = certificates_sent(given, reader, node)
    if len(texts) > 1:
        reader.fault("file", "web.hospital.one_at_a_time")
    if reader.faults or cause is None:
        return _start(request, actor, given.values, reader.faults)
    found = verify(texts[0], node.kit(), None, node.now())
    if found.certificate is None or found.insurer is None:
        shown = verified(found, words, node.book)
        return page(request, "hospital_refused.html", keep=False, one=shown, at=words.moment(node.now()))
    visit = _admitted(request, actor, found.certificate, VisitCause(cause))
    if visit is not None:
        return Redirect(f"{PATH}/patient/{visit}", status_code=SEE_OTHER)
    require(people_of(request).matrix, actor, AccessAction.READ_ENTITLEMENT, _own(actor))
    shown = verified(found, words, node.book)
    told = entitled(found.certificate, shown, actor.state, node.today(), words, node.book)
    return _patient(request, told, None)


def _admitted(request: PageRequest, actor: Actor, certificate: Certificate, cause: VisitCause) -> int | None:
    """Note the visit of the holder of a genuine certificate; None when the contract is not on record here."""
    people, node = people_of(request), node_of(request)
    born = certificate.contract.person(certificate.person).born
    if born is None:
        return None
    with people.registries.change() as registry:
        number = f"{certificate.contract.number}/{certificate.person}"
        held = find_insured(registry, number, born, at=node.now())
        if len(held) != 1:
            return None
        return visits.admit(registry, people.matrix, actor, held[0], cause, node.today(), node.now())


@get("/patient/{visit:int}", sync_to_thread=True, opt=_READ)
def patient(request: PageRequest, visit: FromPath[int]) -> Template:
    """Show what is paid for of a patient who came; that it was read is on record first."""
    actor, people, node, words = _desk(request), people_of(request), node_of(request), words_for(request)
    with people.registries.change() as registry:
        own, now = _organisation(actor), node.now()
        here = visits.patient(registry, own, visit, on=node.today(), at=now)
        subject = subject_of(registry, here.found.person, people.state, now)
        require(people.matrix, actor, AccessAction.READ_ENTITLEMENT, subject)
        looking.record(registry, here.found.person, actor.role.value, "entitlement", Note(actor.name, now, "patient"))
        found = answer_for(registry, here.found, node.laws, None, on=node.today(), at=now)
    title = words.text(found.seller.title) if found.seller else ""
    told = as_certificate(found, title, now)
    if told is None:
        raise NotFoundException
    shown = entitled(told, told_record(found, words, node.book, now), actor.state, node.today(), words, node.book)
    last = here.visit.valid.last
    return _patient(request, shown, (visit, words.day(last) if last else "–"))


@post("/patient/{visit:int}/end", opt=_ADMIT)
async def end_visit(request: PageRequest, visit: FromPath[int]) -> Redirect:
    """End a visit, so that this hospital sees no more."""
    await posted(request)
    return await sync_to_thread(_end, request, visit)


def _end(request: PageRequest, visit: int) -> Redirect:
    actor, people, node = _desk(request), people_of(request), node_of(request)
    with people.registries.change() as registry:
        visits.end(registry, people.matrix, actor, visit, node.today(), node.now())
    return Redirect(PATH, status_code=SEE_OTHER)


def _patient(request: PageRequest, shown: Entitled, visit: tuple[int, str] | None) -> Template:
    at = words_for(request).moment(node_of(request).now())
    return page(request, "hospital_patient.html", keep=False, one=shown, visit=visit, at=at)


def _start(request: PageRequest, actor: Actor, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    """Show the desk; a form with faults is answered with 422."""
    people, node, words = people_of(request), node_of(request), words_for(request)
    with people.registries.change() as registry:
        here = visits.patients(registry, _organisation(actor), on=node.today(), at=node.now())
        rows = [_row(registry, actor, one, node.now(), words) for one in here]
    shown = page(
        request,
        "hospital.html",
        status=422 if faults else 200,
        keep=False,
        values=values,
        faults=faults,
        causes=[Option(one.value, words(f"web.visit.{one.value}")) for one in VisitCause],
        rows=rows,
    )
    return with_camera(shown)


def _row(
    registry: Registry, actor: Actor, one: visits.Patient, now: datetime, words: Words
) -> tuple[int, str, str, str, str]:
    """Return a patient of the list: who, since when, until when; that the name was read is on record."""
    note = Note(actor.name, now, "patient")
    who = looking.name_for(registry, one.found.person, actor.role.value, "patient_list", note)
    first, last = one.visit.valid.first, one.visit.valid.last
    days = (words.day(first) if first else "–", words.day(last) if last else "–")
    return (
        one.visit.thing,
        who or words("web.people.erased"),
        words(f"web.visit.{one.cause}") if one.cause else "–",
        *days,
    )


def _desk(request: PageRequest) -> Actor:
    """Return who sits at the desk of a hospital. Raises AccessRefused."""
    _, actor = signed_in(request)
    return actor_for(request, AccessAction.ADMIT_PATIENT, _own(actor))


def _own(actor: Actor) -> AccessSubject:
    return AccessSubject(actor.state, frozenset({actor.organisation}) if actor.organisation else frozenset())


def _organisation(actor: Actor) -> int:
    if actor.organisation is None:
        raise NotFoundException
    return actor.organisation
