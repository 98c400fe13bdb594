"""`CoverageEligibilityRequest/$submit`: whether the patient is insured on the day, for what, and whether it counts here.

Who is asked about is told by a Coverage of the node, by the number of the policy with the birth date, or by a
certificate that the patient showed; the last two are the proof that the patient is there. Every answer is kept as a
decision, and every look recorded with the person.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import msgspec
from litestar import Response

from polisbridge.api.asking import ApiRequest, exchange_of
from polisbridge.api.fhir.answering import told
from polisbridge.api.fhir.asking import Asking, asking, nothing
from polisbridge.api.fhir.contracts import terms_of
from polisbridge.api.fhir.coverages import enrolled
from polisbridge.api.fhir.resource import Resource
from polisbridge.api.fhir.writing import sound_body
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.core.assessment import Assessment
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.errors import Fault, FaultCode, InputFaults
from polisbridge.core.roles import AccessAction, AccessSubject
from polisbridge.core.statusbook import Note
from polisbridge.core.verification import Reason, Verification
from polisbridge.formats.contractfile import Vocabulary
from polisbridge.formats.fhir.bundle import where_of
from polisbridge.formats.fhir.eligibility import EligibilityAsked, eligibility_in
from polisbridge.formats.fhir.eligible import Answered, by_number, eligible_out, kept_out
from polisbridge.formats.fhir.parts import FILE
from polisbridge.formats.fhir.systems import reference
from polisbridge.formats.stayfile import read_stays
from polisbridge.formats.tree import Document, show_path
from polisbridge.services.people.persons import subject_of
from polisbridge.services.registry.finding import InsuredFound, find_insured
from polisbridge.services.registry.looking import keep_decision, sealed_decision
from polisbridge.services.registry.lookups import NumberAsked, TooManyMisses, verify_number
from polisbridge.services.registry.onrecord import RecordAnswer, Standing, answer_for
from polisbridge.services.registry.spans import holds
from polisbridge.services.verify import verify
from polisbridge.words import Words, preferred
from polisbridge.words.plain import plain_words

_LOOK = "entitlement"
_OVER = frozenset({Reason.EXPIRED, Reason.REVOKED, Reason.SUSPENDED, Reason.KEY_NOT_IN_USE})
_SHOWING = frozenset({Reason.STATUS_NOT_FETCHED, Reason.STATUS_UNREADABLE, Reason.STATUS_STALE})


@dataclass(frozen=True, slots=True)
class _Found:
    """What is known of the patient: the contract, the person's id in it, and where they are on record here, if they are."""

    contract: Contract
    code: str
    standing: bool | None
    assessment: Assessment | None
    law: str
    on_record: InsuredFound | None


def submit(request: ApiRequest, body: bytes) -> Response[bytes]:
    """Answer a question about a patient's cover, and keep the answer."""
    exchange = exchange_of(request)
    with exchange.registries.read() as registry:
        asked_by = asking(request, registry)
        _may_ask(asked_by)
    document, faults = sound_body(request, body, "CoverageEligibilityRequest")
    asked = eligibility_in(document, faults)
    day = asked.day or asked_by.today
    stay = _stay(asked, asked.state or asked_by.actor.state, day, exchange.node.book.vocabulary)
    numbered = _by_number(asked_by, asked, stay) if not asked.certificate and asked.coverage is None else None
    with exchange.registries.change() as registry:
        asked_by = asking(request, registry)
        found = _found(asked_by, asked, stay, numbered)
        answer = _answer(asked_by, asked, found, day)
    return told(answer)


def _stay(asked: EligibilityAsked, state: str, day: date, vocabulary: Vocabulary) -> Stay:
    """Return the occasion that is asked about. Raises InputFaults for what is told of the person in unknown words."""
    told = {"state": state, "region": asked.region, "gate": asked.gate.value, "as_of": day.isoformat()}
    days = {"from": day.isoformat(), "to": asked.last.isoformat() if asked.last else ""}
    tree = {key: one for key, one in (told | days).items() if one}
    stays = Document(FILE, {"stays": [{**tree, "facts": dict(asked.facts)}]}, {})
    try:
        return read_stays(stays, vocabulary)[0][0]
    except InputFaults as exc:
        shown = {show_path(("stays", 0, *path)): where for path, where in asked.places.items()}
        shown[show_path(())] = "CoverageEligibilityRequest"
        raise InputFaults([replace(one, path=where_of(one.path, shown)) for one in exc.faults]) from exc


def _may_ask(asked: Asking) -> None:
    """Raise what `Asking.may` raises when nobody of the sender's role sees what patients are entitled to."""
    organisation = asked.actor.organisation
    own = frozenset({organisation}) if organisation is not None else frozenset[int]()
    asked.may((AccessAction.READ_ENTITLEMENT, AccessSubject(asked.actor.state, own, asked.actor.person)))


def _by_number(by: Asking, asked: EligibilityAsked, stay: Stay) -> RecordAnswer:
    """Return what the register says of whom number and birth date mean. Raises as if nobody were there, for several too."""
    if asked.born is None:
        raise nothing()
    exchange = by.exchange
    wanted = NumberAsked(asked.number, asked.born, stay=stay, purpose="patient")
    try:
        found = verify_number(
            exchange.registries, exchange.node.laws, exchange.matrix, by.actor, wanted, on=stay.as_of, at=by.now
        )
    except TooManyMisses as exc:
        raise Problem(429, ProblemCode.TOO_MANY_REQUESTS) from exc
    if found.one is None:
        raise nothing()
    return found.one


def _found(by: Asking, asked: EligibilityAsked, stay: Stay, numbered: RecordAnswer | None) -> _Found:
    if asked.certificate:
        found = _by_certificate(by, asked, stay)
    else:
        record = numbered or _by_coverage(by, asked, stay)
        if record.contract is None:
            raise nothing()
        law = by.exchange.node.book.hash
        good = record.standing is Standing.IN_FORCE
        found = _Found(record.contract, record.found.code, good, record.assessment, law, record.found)
    person = found.on_record.person if found.on_record is not None else None
    if asked.patient is not None and asked.patient != person:
        raise nothing()
    return found


def _by_coverage(by: Asking, asked: EligibilityAsked, stay: Stay) -> RecordAnswer:
    place = asked.coverage or 0
    held = enrolled(by, place)
    if held is None:
        raise nothing()
    person = held[0].value.person
    subject = subject_of(by.registry, person, by.actor.state, by.now)
    if not by.may((AccessAction.READ_ENTITLEMENT, subject)):
        raise nothing()
    found = InsuredFound(held[0].value.contract, place, person, held[0].code, named=True)
    return answer_for(by.registry, found, by.exchange.node.laws, stay, on=stay.as_of, at=by.now)


def _by_certificate(by: Asking, asked: EligibilityAsked, stay: Stay) -> _Found:
    """Return what a certificate says. Raises InputFaults when it is not known to be genuine."""
    node = by.exchange.node
    kit = node.kit(stay.state)
    seen = verify(asked.certificate.strip(), kit, stay, by.now)
    if seen.certificate is None or seen.insurer is None or Reason.SIGNATURE_WRONG in seen.reasons:
        reasons = ", ".join(one.value for one in seen.reasons)
        raise InputFaults(
            [Fault(FILE, 1, asked.certificate_at, FaultCode.WRONG_VALUE, reasons, "a genuine certificate")]
        )
    contract, code = seen.certificate.contract, seen.certificate.person
    born = contract.person(code).born
    held = find_insured(by.registry, f"{contract.number}/{code}", born, at=by.now) if born is not None else ()
    law = kit.laws.book.hash if kit.laws is not None else node.book.hash
    good = _standing(seen, contract.cover(contract.person(code)), stay.as_of)
    return _Found(contract, code, good, seen.assessment, law, held[0] if len(held) == 1 else None)


def _standing(seen: Verification, cover: Period, day: date) -> bool | None:
    """Return whether cover is in force; None when the status of the certificate is not known."""
    reasons = set(seen.reasons)
    if reasons & _OVER or not holds(cover, day):
        return False
    return None if reasons & _SHOWING or seen.status is None else True


def _answer(by: Asking, asked: EligibilityAsked, found: _Found, day: date) -> dict[str, Any]:
    """Record the look, keep the decision, and return the response."""
    here, words = found.on_record, Words(preferred(asked.language) or by.language)
    note = Note(by.actor.name, by.now, "FHIR CoverageEligibilityRequest")
    if here is not None:
        by.looked(here.person, _LOOK)
    kept = {"contract": here.contract if here else None, "person": here.person if here else None}
    made = found.assessment
    decision = keep_decision(by.registry, found.law, made, note, **kept) if made is not None else None
    held = terms_of(by, here.contract) if here is not None else None
    answered = Answered(
        contract=found.contract,
        insured=found.contract.person(found.code),
        assessment=made,
        law=found.law,
        decision=decision,
        created=by.now,
        day=day,
        sure=found.standing,
        purposes=asked.purposes,
        patient=reference("Patient", here.person) if here else by_number(f"{found.contract.number}/{found.code}"),
        coverage=reference("Coverage", here.place) if here else by_number(found.contract.number),
        insurer=reference("Organization", held[0].value.seller) if held else {"display": "told by the certificate"},
        disposition=plain_words(made, words) if made is not None else "",
        warnings=asked.warnings,
    )
    return eligible_out(answered, lambda field, code: _shown(by, words, field, code))


def _shown(by: Asking, words: Words, field: str, code: str) -> str:
    """Return the words for a code of a field; for a provision its title."""
    book = by.exchange.node.book
    if field:
        return words.code(field, code, book)
    provision = book.get(code)
    return words.text(provision.title) if provision is not None else code


def _build(by: Asking, number: int) -> dict[str, Any] | None:
    """Return a decision on record as the response that it was kept for, without the table of benefits."""
    filed = by.exchange.lists.decision(number)
    if filed is None or not by.may((AccessAction.READ_DECISION, AccessSubject(filed.made.state, person=filed.person))):
        return None
    if filed.person is not None:
        by.looked(filed.person, "decision")
    sealed = filed.sealed
    document = msgspec.json.decode(by.registry.sealer.open(sealed, sealed_decision(filed.person))) if sealed else {}
    held = terms_of(by, filed.contract) if filed.contract is not None else None
    return kept_out(
        number,
        filed.made,
        patient=reference("Patient", filed.person)
        if filed.person is not None
        else {"display": "told by a certificate"},
        insurer=reference("Organization", held[0].value.seller) if held else {"display": "told by a certificate"},
        basis=document.get("basis", ()),
        disposition=Words(by.language)(f"verdict.{filed.made.verdict}"),
    )


RESOURCE = Resource("CoverageEligibilityResponse", _build, actions=(AccessAction.READ_DECISION,))
