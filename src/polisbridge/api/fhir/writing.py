"""Writing to `/fhir`: a contract as a Bundle or with what it contains, a product; each once, all of it or nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response

from polisbridge.api.answering import DONE_BEFORE, once
from polisbridge.api.asking import ApiRequest, exchange_of, permitted
from polisbridge.api.fhir.answering import told, version_headers
from polisbridge.api.fhir.asking import Asking, asking, nothing, refuse_other_formats
from polisbridge.api.fhir.contracts import RESOURCE as CONTRACT
from polisbridge.api.fhir.matching import split
from polisbridge.api.fhir.organizations import PLAN
from polisbridge.api.fhir.resource import Resource, current
from polisbridge.api.problems import Problem, ProblemCode
from polisbridge.api.products import seller_of
from polisbridge.core.contract import Period
from polisbridge.core.errors import ErrorCode, Fault, FaultCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import (
    Employer,
    Enrolment,
    Insurer,
    MedicalOrganisation,
    RegisteredContract,
    RegisteredProduct,
)
from polisbridge.core.roles import AccessAction, AccessSubject, Actor
from polisbridge.core.statusbook import Note
from polisbridge.formats.fhir.bundle import ContractRead, bundle_in
from polisbridge.formats.fhir.checking import structure_faults
from polisbridge.formats.fhir.insuranceplan import plan_in
from polisbridge.formats.fhir.outcome import issue, issues_of, outcome
from polisbridge.formats.fhir.parts import FILE
from polisbridge.formats.fhir.systems import CONTRACT_NUMBER, PRODUCT_CODE
from polisbridge.formats.jsontree import read_json
from polisbridge.formats.tree import Document
from polisbridge.services.exchange import OnceAnswer, Turn
from polisbridge.services.registry.contracts import NewContract, register
from polisbridge.services.registry.organisations import keep
from polisbridge.services.registry.ports import Registry

_TYPES = ("application/fhir+json", "application/json")
_LONGEST = 100  # characters of the number of a contract or the code of a product
_MOST_PERSONS = 2_000  # of one contract that comes as FHIR; `/v1` takes any number
_KEY = "Idempotency-Key"
Write = Callable[[Registry, Note], "Done"]


@dataclass(frozen=True, slots=True)
class Done:
    """A write that was done: the number of the thing, whether it is new, and whether the same was sent before."""

    thing: int
    new: bool
    replayed: bool = False


def sound_body(request: ApiRequest, body: bytes, *kinds: str) -> tuple[Document, list[Fault]]:
    """Return a body, and what is wrong with its structure. Raises Problem for another type, InputFaults for no JSON."""
    refuse_other_formats(request)
    if request.content_type[0].lower() not in _TYPES:
        raise Problem(415, ProblemCode.UNKNOWN_MEDIA_TYPE, " or ".join(_TYPES))
    document = read_json(body, FILE)
    faults = structure_faults(body, frozenset(kinds))
    if not isinstance(document.tree, dict) or document.tree.get("resourceType") not in kinds:
        raise InputFaults(faults)
    return document, faults


def add_contract(request: ApiRequest, body: bytes) -> Response[bytes]:
    """Put a contract of the sender's own organisation on record, from a Contract that contains its persons."""
    seller, actor = _seller(request, AccessAction.WRITE_CONTRACT)
    document, faults = sound_body(request, body, "Contract")
    done, read = _kept_contract(request, body, seller, actor, (document, faults))
    return _made(request, CONTRACT, done, read.warnings)


def add_bundle(request: ApiRequest, body: bytes) -> Response[bytes]:
    """Put the contract of a Bundle on record; the answer has an entry for each of the Bundle, in the same order."""
    seller, actor = _seller(request, AccessAction.WRITE_CONTRACT)
    document, faults = sound_body(request, body, "Bundle")
    done, read = _kept_contract(request, body, seller, actor, (document, faults))
    with exchange_of(request).registries.read() as registry:
        asked = asking(request, registry)
        answers = list(_answers(asked, read, done, seller))
    bundle = {"resourceType": "Bundle", "type": "transaction-response", "entry": answers}
    return told(bundle, 200, {DONE_BEFORE: "true"} if done.replayed else {})


def _answers(asked: Asking, read: ContractRead, done: Done, seller: int) -> Iterator[dict[str, Any]]:
    """Yield what became of every resource that came, in its order."""
    held = asked.registry.known(Enrolment, on=None, at=asked.now, contract=done.thing)
    places = {one.code: (one.thing, one.value.person) for one in held}
    found = current(asked, CONTRACT, done.thing)
    warnings = {"outcome": outcome(*issues_of(read.warnings, severity="warning"))} if read.warnings else {}
    made = "201 Created" if done.new else "200 OK"
    for kind, index in read.entries:
        place, person = places.get(read.contract.insured[index].id, (0, 0)) if index >= 0 else (0, 0)
        match kind:
            case "Contract" if found is not None:
                tag = {"etag": found.tag, "lastModified": found.at.isoformat()}
                location = f"Contract/{done.thing}/_history/{found.number}"
                yield {"response": {"status": made, "location": location, **tag, **warnings}}
            case "Coverage" | "Patient" if place:
                location = f"{kind}/{place if kind == 'Coverage' else person}"
                yield {"response": {"status": made, "location": location}}
            case "Organization":
                yield {"response": {"status": "200 OK", "location": f"Organization/{seller}"}}
            case _:
                yield {"response": {"status": "200 OK"}}


def _seller(request: ApiRequest, action: AccessAction) -> tuple[int, Actor]:
    seller = seller_of(request, action)
    return seller, permitted(request, action, AccessSubject(organisations=frozenset({seller})))


def _kept_contract(
    request: ApiRequest, body: bytes, seller: int, actor: Actor, sent: tuple[Document, list[Fault]]
) -> tuple[Done, ContractRead]:
    """Return what was done with a contract, and what came."""
    read = bundle_in(sent[0], exchange_of(request).node.book.vocabulary, sent[1])
    _refuse_large(read)
    condition = read.conditions.get("Contract", "") or request.headers.get("If-None-Exist") or ""
    named = _condition(condition, CONTRACT_NUMBER, read.contract.number)

    def write(registry: Registry, note: Note) -> Done:
        _refuse_others(registry, read, seller, note)
        there = registry.find(RegisteredContract, read.contract.number, seller) if named else None
        if there is not None:
            return Done(there, new=False)
        product, employer = (int(told) if told else None for told in (read.product, read.employer))
        new = NewContract(read.contract, seller, product, employer, read.identities)
        return Done(register(registry, new, note), new=True)

    return _written(request, body, actor, named=named, write=write), read


def _refuse_large(read: ContractRead) -> None:
    if len(read.contract.insured) > _MOST_PERSONS:
        detail = f"{len(read.contract.insured)} persons, at most {_MOST_PERSONS} of one contract as FHIR"
        raise PolisbridgeError(ErrorCode.TOO_LARGE, detail, hint="send it to /v1/contracts")
    if len(read.contract.number) > _LONGEST:
        expected = f"at most {_LONGEST} characters"
        raise _fault("Contract.identifier", FaultCode.TOO_LARGE, f"{len(read.contract.number)} characters", expected)


def _refuse_others(registry: Registry, read: ContractRead, seller: int, note: Note) -> None:
    """Raise InputFaults when an insurer, product or employer is told that is not the sender's own, or is not there."""
    faults = list[Fault]()
    codes = {
        one.code
        for kind in (Insurer, MedicalOrganisation)
        for one in registry.known(kind, on=None, at=note.at, thing=seller)
    }
    for told_code in read.organisations:
        if told_code not in codes:
            faults.append(
                Fault(FILE, 1, "Contract.author", FaultCode.UNKNOWN_CODE, told_code, "the sender's own organisation")
            )
    if read.product:
        held = list(registry.known(RegisteredProduct, on=None, at=note.at, thing=int(read.product)))
        if not any(one.value.seller == seller for one in held):
            faults.append(
                Fault(
                    FILE,
                    1,
                    "Contract.extension",
                    FaultCode.UNKNOWN_CODE,
                    read.product,
                    "an InsurancePlan of the sender's own",
                )
            )
    if read.employer and not any(True for _ in registry.known(Employer, on=None, at=note.at, thing=int(read.employer))):
        faults.append(
            Fault(
                FILE, 1, "Contract.extension", FaultCode.UNKNOWN_CODE, read.employer, "an Organization of the type bus"
            )
        )
    if faults:
        raise InputFaults(faults)


def add_plan(request: ApiRequest, body: bytes) -> Response[bytes]:
    """Put a product of the sender's own organisation on sale."""
    seller, actor = _seller(request, AccessAction.WRITE_PRODUCT)
    document, faults = sound_body(request, body, "InsurancePlan")
    language = str(document.tree.get("language", "en"))
    read = plan_in(document, exchange_of(request).node.book.vocabulary, language, faults)
    if len(read.code) > _LONGEST:
        raise _fault(
            "InsurancePlan.identifier", FaultCode.TOO_LARGE, f"{len(read.code)} characters", f"at most {_LONGEST}"
        )
    named = _condition(request.headers.get("If-None-Exist") or "", PRODUCT_CODE, read.code)

    def write(registry: Registry, note: Note) -> Done:
        there = registry.find(RegisteredProduct, read.code, seller)
        if there is not None and named:
            return Done(there, new=False)
        if there is not None:
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, f"product {read.code}", hint="choose another code")
        value = RegisteredProduct(seller, dict(read.title), dict(read.terms))
        return Done(keep(registry, read.code, value, _days(read.valid), note, seller), new=True)

    return _made(request, PLAN, _written(request, body, actor, named=named, write=write), read.warnings)


def _days(days: Mapping[str, str]) -> Period:
    first, last = (date.fromisoformat(days[key]) if key in days else None for key in ("from", "to"))
    return Period(first, last)


def _written(request: ApiRequest, body: bytes, actor: Actor, *, named: bool, write: Write) -> Done:
    """Write once: under an idempotency key, or where the number itself says that it is once.

    Raises Problem when the sender gives neither.
    """
    key = request.headers.get(_KEY, "")
    if not key and named:
        exchange = exchange_of(request)
        with exchange.registries.change() as registry:
            return write(registry, Note(actor.name, exchange.node.now(), f"API {request.method} {request.url.path}"))
    if not (key.isascii() and key.isprintable() and " " not in key and 0 < len(key) <= _LONGEST_KEY):
        expected = f"the header {_KEY} of printable ASCII, or If-None-Exist with the identifier"
        fault = {"where": "http.header", "code": FaultCode.MISSING_KEY.value, "found": "", "expected": expected}
        raise Problem(400, ProblemCode.BAD_REQUEST, faults=[fault])
    fresh = list[Done]()

    def do(turn: Turn, note: Note) -> OnceAnswer:
        fresh.append(write(turn.registry, note))
        return OnceAnswer(201, {"thing": fresh[0].thing, "new": fresh[0].new})

    kept = once(request, actor, key, body, do).body
    return fresh[0] if fresh else Done(int(kept["thing"]), bool(kept["new"]), replayed=True)


_LONGEST_KEY = 200


def _condition(told: str, system: str, number: str) -> bool:
    """Return whether a condition is told: that there is none of the same number yet. Raises InputFaults for any other."""
    if not told:
        return False
    pairs = parse_qsl(told.removeprefix("?"), keep_blank_values=True)
    if len(pairs) == 1 and pairs[0][0] == "identifier" and split(pairs[0][1]) in ((system, number), (None, number)):
        return True
    raise _fault(
        "http.If-None-Exist",
        FaultCode.WRONG_VALUE,
        "another condition",
        f"identifier={system}| and the number that is sent",
    )


def _fault(where: str, code: FaultCode, found: str, expected: str) -> InputFaults:
    return InputFaults([Fault(FILE, 1, where, code, found, expected)])


def _made(request: ApiRequest, resource: Resource, done: Done, warnings: tuple[Fault, ...]) -> Response[bytes]:
    """Answer a create, with what the sender prefers: what is not kept (the default), the resource, or nothing."""
    with exchange_of(request).registries.change() as registry:
        asked = asking(request, registry)
        found = current(asked, resource, done.thing)
    if found is None:
        raise nothing()
    location = f"{asked.base}/{resource.kind}/{done.thing}/_history/{found.number}"
    headers = {"Location": location, **version_headers(found), **({DONE_BEFORE: "true"} if done.replayed else {})}
    status = 201 if done.new else 200
    prefer = request.headers.get("Prefer", "").replace(" ", "")
    if "return=minimal" in prefer:
        return Response(b"", status_code=status, headers=headers)
    if "return=representation" in prefer:
        return told(found.resource, status, headers)
    return told(_outcome(f"{resource.kind}/{done.thing}", warnings), status, headers)


def _outcome(made: str, warnings: tuple[Fault, ...]) -> dict[str, Any]:
    done = issue("information", "informational", "on_record", "", made)
    return outcome(done, *issues_of(warnings, severity="warning"))
