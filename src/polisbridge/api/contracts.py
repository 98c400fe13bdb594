"""`/v1/contracts`: contracts on record, their persons, their end, and decisions about them that are kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from litestar import Response, get, patch, post
from litestar.params import FromPath, QueryParameter, RawBody
from msgspec import Struct

from polisbridge.api.answering import has_tag, piece, tagged, told, written
from polisbridge.api.asking import (
    After,
    ApiRequest,
    KnownTag,
    Most,
    OnceKey,
    body_of,
    exchange_of,
    keyed,
    number_place,
    permitted,
)
from polisbridge.api.assessments import persons_of, refuse_many, stays_of
from polisbridge.api.contract_changed import read_change
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.api.products import refuse_no_number, seller_of
from polisbridge.core.assessment import Assessment
from polisbridge.core.contract import Contract, Period
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.registry import Enrolment, Held, RegisteredContract
from polisbridge.core.roles import AccessAction, AccessSubject, Actor, RefusalReason, Refused
from polisbridge.core.statusbook import Note
from polisbridge.formats.convert import convert
from polisbridge.formats.decisionfile import write_decision
from polisbridge.formats.jsontree import holds_no_text
from polisbridge.formats.stayfile import StayFile
from polisbridge.services.access import allowed
from polisbridge.services.assess import assess_with
from polisbridge.services.exchange import Exchange, OnceAnswer, Turn
from polisbridge.services.registry.contracts import amend, contract_on, terminate, terms_on
from polisbridge.services.registry.issuing import end_contract
from polisbridge.services.registry.looking import keep_decision, record
from polisbridge.services.registry.ports import Registry, use_of
from polisbridge.services.registry.spans import holds


class TerminationSent(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from"}):
    """The first day on which the contract no longer holds, for nobody, and why."""

    first: date
    why: str = ""


class KeptAssessmentAsked(Struct, frozen=True, forbid_unknown_fields=True):
    """Occasions to decide a contract on record for, and the persons asked about (all, when none is named)."""

    stays: list[StayFile]
    persons: list[str] = []


@get("/contracts", sync_to_thread=True, operation_id="listContracts")
def contracts(
    request: ApiRequest,
    number: Annotated[str, QueryParameter(max_length=100, description="Only the contract of this number.")] = "",
    after: After = "",
    most: Most = 100,
) -> Response[bytes]:
    """List the contracts of the sender's own organisation."""
    seller = seller_of(request, AccessAction.READ_CONTRACT)
    permitted(request, AccessAction.READ_CONTRACT, AccessSubject(organisations=frozenset({seller})))
    if holds_no_text(number):
        number = " "  # no contract's
    found = exchange_of(request).lists.contracts(seller, number_place(after), most + 1, number)
    return tagged(
        request, piece(found, most, lambda one: one[0], lambda one: {"id": one[0], "number": one[1], **_href(one[0])})
    )


@get("/contracts/{contract:int}", sync_to_thread=True, operation_id="readContract")
def contract(request: ApiRequest, contract: FromPath[int]) -> Response[bytes]:
    """Return a contract as it is today: its terms, and how many persons; their data are read by themselves."""
    exchange = exchange_of(request)
    with exchange.registries.read() as registry:
        _, held, period = _permitted(request, registry, contract, AccessAction.READ_CONTRACT)
    return tagged(request, _shown(exchange, held, period))


@patch("/contracts/{contract:int}", status_code=200, sync_to_thread=True, operation_id="changeContract")
def change(
    request: ApiRequest, contract: FromPath[int], body: RawBody, once: OnceKey, known: KnownTag = ""
) -> Response[bytes]:
    """Change what a contract says from a day on. `If-Match` names what was read; what it said before stays on record."""
    exchange = exchange_of(request)
    with exchange.registries.read() as registry:
        actor, held, _ = _permitted(request, registry, contract, AccessAction.WRITE_CONTRACT)
    if not known:
        raise Problem(428, ProblemCode.NO_TAG, "If-Match")
    sent = read_change(body_of(request, body), held.code, exchange.node.book.vocabulary)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        turn.registry.lock(contract)
        _, now_held, period = _permitted(request, turn.registry, contract, AccessAction.WRITE_CONTRACT)
        if not has_tag(known, _shown(exchange, now_held, period)):
            raise Problem(412, ProblemCode.NOT_AS_READ, "GET it again, then change that")
        amend(turn.registry, contract, sent.contract, sent.first, Note(note.who, note.at, sent.why))
        answer = {"id": contract, "changed_from": sent.first.isoformat(), **_href(contract)}
        return OnceAnswer(200, answer), answer

    return written(request, actor, once, body, do)


def _shown(exchange: Exchange, held: Held[RegisteredContract], period: Period) -> dict[str, Any]:
    value = held.value
    return {
        "id": held.thing,
        "number": held.code,
        "insurer": value.seller,
        **{key: one for key, one in (("product", value.product), ("employer", value.employer)) if one is not None},
        "period": _days(period),
        "in_force": holds(period, exchange.node.today()),
        "terms": dict(value.terms),
        "persons": exchange.lists.persons(held.thing),
        "changed": {"at": held.note.at.isoformat(), "by": held.note.who, "why": held.note.why},
    }


@get("/contracts/{contract:int}/persons", sync_to_thread=True, operation_id="listInsured")
def persons(request: ApiRequest, contract: FromPath[int], after: After = "", most: Most = 100) -> Response[bytes]:
    """List what the contract says of its insured persons. That it was looked at is recorded for each of them."""
    exchange = exchange_of(request)
    begin = number_place(after)
    with exchange.registries.change() as registry:
        actor, _, _ = _permitted(request, registry, contract, AccessAction.READ_CONTRACT)
        places = exchange.lists.enrolments(contract, begin, most + 1)
        shown = _insured(registry, places[:most], actor, exchange.node.now())
    return told(piece(places, most, lambda one: one, lambda one: shown[one]))


@post("/contracts/{contract:int}/termination", status_code=200, sync_to_thread=True, operation_id="endContract")
def end(request: ApiRequest, contract: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """Record that the contract, and with it its certificates, no longer holds from a day on."""
    exchange = exchange_of(request)
    issuing = exchange.issuing
    with exchange.registries.read() as registry:
        actor, held, _ = _permitted(request, registry, contract, AccessAction.WRITE_CONTRACT)
    sent = convert(body_of(request, body), TerminationSent, lambda raw: raw)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        why = sent.why[:500] or note.why
        said = Note(note.who, note.at, why)
        if issuing is None:
            terminate(turn.registry, contract, sent.first, said)
        else:
            end_contract(turn.registry, held.value.seller, contract, sent.first, said, below=issuing.below)
        answer = {"id": contract, "ended_from": sent.first.isoformat(), **_href(contract)}
        return OnceAnswer(200, answer), answer

    done = written(request, actor, once, body, do)
    if issuing is not None:
        issuing.published()
    return done


@post("/contracts/{contract:int}/assessments", status_code=201, sync_to_thread=True, operation_id="assessOnRecord")
def assess(request: ApiRequest, contract: FromPath[int], body: RawBody, once: OnceKey) -> Response[bytes]:
    """Decide a contract on record, and keep the decisions with who asked. Sent again, it is answered without facts."""
    exchange = exchange_of(request)
    node = exchange.node
    with exchange.registries.read() as registry:
        actor, _, _ = _permitted(request, registry, contract, AccessAction.READ_CONTRACT)
    document = body_of(request, body)
    stays = stays_of(document, ("stays", "persons"), node.book.vocabulary)
    named = persons_of(document)

    def do(turn: Turn, note: Note) -> tuple[OnceAnswer, Mapping[str, Any]]:
        on_record = _read(turn.registry, contract, node.today(), note, node.book.vocabulary)
        refuse_many(len(named or on_record.insured) * len(stays))
        made = [one for stay in stays for one in assess_with(node.laws, on_record, stay, named)]
        numbers = _kept(turn.registry, node.book.hash, made, contract, actor, note)
        kept = [{"id": number, **_verdict(one)} for number, one in zip(numbers, made, strict=True)]
        given = [{**one, "decision": write_decision(node.book.hash, two)} for one, two in zip(kept, made, strict=True)]
        return OnceAnswer(201, {"decisions": kept}), {"decisions": given}

    return written(request, actor, once, body, do)


def _permitted(
    request: ApiRequest, registry: Registry, contract: int, action: AccessAction
) -> tuple[Actor, Held[RegisteredContract], Period]:
    """Return who asks, and the contract as it is today. One that the sender may not see is not there."""
    actor = keyed(request)
    refuse_no_number(contract)
    node = exchange_of(request).node
    found = terms_on(registry, contract, node.today(), node.now())
    if found is None:
        raise _not_there()
    held, period = found
    state, employer = str(held.value.terms.get("home_state", "")), held.value.employer
    organisations = frozenset({held.value.seller, *([employer] if employer is not None else [])})
    subject = AccessSubject(state=state, organisations=organisations)
    seen = allowed(exchange_of(request).matrix, actor, AccessAction.READ_CONTRACT, subject)
    if isinstance(seen, Refused) and seen.reason is not RefusalReason.OTHER_ROLE:
        raise _not_there()
    return permitted(request, action, subject), held, period


def _not_there() -> PolisbridgeError:
    return PolisbridgeError(ErrorCode.NOT_FOUND, "no such contract of yours", hint="GET /v1/contracts lists them")


def _insured(registry: Registry, places: Sequence[int], actor: Actor, at: Any) -> dict[int, dict[str, Any]]:
    held = defaultdict(list)
    for one in registry.known(Enrolment, on=None, at=at, thing=list(places)) if places else ():
        held[one.thing].append(one)
    found = dict[int, dict[str, Any]]()
    for place in places:
        last = held[place][-1] if held[place] else None
        if last is None:
            found[place] = {"enrolment": place}
            continue
        record(registry, last.value.person, actor.role.value, "contract", Note(actor.name, at, "API"))
        sealed = last.value.sealed
        said = {"said": msgspec.json.decode(registry.sealer.open(sealed, use_of(Enrolment, place)))} if sealed else {}
        found[place] = {
            "enrolment": place,
            "person": last.value.person,
            "days": [_days(one.valid) for one in held[place]],
            "erased": not sealed,
        } | said
    return found


def _read(registry: Registry, thing: int, today: date, note: Note, vocabulary: Any) -> Contract:
    found = contract_on(registry, thing, on=today, at=note.at, vocabulary=vocabulary)
    if found is None or found.contract is None:
        raise _not_there()
    return found.contract


def _kept(
    registry: Registry, law: str, made: Sequence[Assessment], contract: int, actor: Actor, note: Note
) -> list[int]:
    """Keep decisions, and record for each person that they were looked at; return the numbers."""
    who = {one.code: one.value.person for one in registry.known(Enrolment, on=None, at=note.at, contract=contract)}
    for person in sorted({who[one.person] for one in made}):
        record(registry, person, actor.role.value, "assessment", note)
    return [keep_decision(registry, law, one, note, contract=contract, person=who[one.person]) for one in made]


def _verdict(one: Assessment) -> dict[str, Any]:
    facts = one.facts
    return {
        "person": one.person,
        "state": facts.state,
        "gate": one.decision.law.gate.value,
        "as_of": one.as_of.isoformat(),
        "verdict": one.decision.verdict.value,
    }


def _days(period: Period) -> dict[str, str]:
    named = {"from": period.first, "to": period.last}
    return {key: day.isoformat() for key, day in named.items() if day is not None}


def _href(thing: int) -> dict[str, str]:
    return {"href": f"/v1/contracts/{thing}"}
