"""Contracts of an insurer: the list, one with its persons and where it is recognised, a new one by a form, its end."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

from litestar import get, post
from litestar.concurrency import sync_to_thread
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.errors import ErrorCode, InputFaults, PolisbridgeError
from polisbridge.core.registry import Enrolment, RegisteredContract, RegisteredProduct
from polisbridge.core.roles import AccessAction
from polisbridge.formats.groupfile import RowProblem, TableRow
from polisbridge.services.assess import assess_with
from polisbridge.services.exchange import Turn
from polisbridge.services.registry.contracts import OnRecord, contract_on, register
from polisbridge.services.registry.group import OnSale, plan
from polisbridge.services.registry.issuing import end_contract, issue_for
from polisbridge.services.registry.looking import record
from polisbridge.services.registry.overview import Sought
from polisbridge.services.registry.ports import Registry
from polisbridge.web.answers import overview
from polisbridge.web.check_form import Option, near_states
from polisbridge.web.forms import FormReader, Posted, posted
from polisbridge.web.insurer import Clerk, clerk_for, desk_page, person_word, shown_certificate
from polisbridge.web.language import words_for
from polisbridge.web.pages import PageRequest
from polisbridge.web.signed import SEE_OTHER
from polisbridge.web.view import node_of

_HERE = "/insurer/contracts"
_PIECE = 25
_MOST_SHOWN = 50  # persons of a contract on its page
_MOST_FAMILY = 12  # persons in the form
_YEAR = timedelta(days=364)
PERSON = ("role", "name", "original_name", "born", "citizenship", "document_state", "document")


@get("/contracts", sync_to_thread=True, opt={"action": AccessAction.READ_CONTRACT})
def contracts(request: PageRequest) -> Template:
    """List contracts, the newest first; by a part of their number where one is sought."""
    clerk = clerk_for(request, AccessAction.READ_CONTRACT)
    search, after = request.query_params.get("search", "")[:100], request.query_params.get("after", "")
    begin = int(after) if after.isascii() and after.isdecimal() and len(after) < 19 else 0  # noqa: PLR2004 - of a bigint
    seek = search.replace("\0", "").strip()
    found = clerk.issuing.lists.contracts(clerk.insurer, seek, after=begin, most=_PIECE + 1)
    names = {one.thing: clerk.words.text(one.value.title) for one in clerk.products()}
    words = clerk.words
    rows = [
        (
            one.number,
            one.code,
            names.get(one.product or 0, ""),
            words.day(one.period.first) if one.period.first else "",
            words.day(one.period.last) if one.period.last else "",
            one.persons,
            one.certificates,
        )
        for one in found[:_PIECE]
    ]
    more = found[_PIECE - 1].number if len(found) > _PIECE else 0
    return desk_page(request, clerk, "insurer_contracts.html", here=_HERE, rows=rows, search=seek, more=more)


@get("/contracts/new", sync_to_thread=True, opt={"action": AccessAction.WRITE_CONTRACT})
def new_form(request: PageRequest) -> Template:
    """Show the form of a new contract."""
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    today = clerk.now.date()
    usual = {"first": today.isoformat(), "last": (today + _YEAR).isoformat(), "count": "1", "role-1": Role.WORKER.value}
    product = request.query_params.get("product", "")
    return _form(
        request,
        clerk,
        {
            **usual,
            "product": product,
            "citizenship-1": clerk.state,
            "document_state-1": clerk.state,
            "once": uuid4().hex,
        },
        {},
    )


@post("/contracts/new", status_code=200, opt={"action": AccessAction.WRITE_CONTRACT})
async def new(request: PageRequest) -> Template | Redirect:
    """Put a contract on record, or show the form with one more person."""
    return await sync_to_thread(_new, request, await posted(request))


@get("/contracts/{contract:int}", sync_to_thread=True, opt={"action": AccessAction.READ_CONTRACT})
def contract(request: PageRequest, contract: FromPath[int]) -> Template:
    """Show a contract with its persons, its certificates, and where it is recognised."""
    return _contract_page(request, contract)


@post("/contracts/{contract:int}/end", status_code=200, opt={"action": AccessAction.WRITE_CONTRACT})
async def end(request: PageRequest, contract: FromPath[int]) -> Template | Redirect:
    """End a contract from a day on, and its certificates with it."""
    return await sync_to_thread(_ended, request, contract, await posted(request))


@post("/contracts/{contract:int}/certificates", status_code=200, opt={"action": AccessAction.ISSUE_CERTIFICATE})
async def issue(request: PageRequest, contract: FromPath[int]) -> Template | Redirect:
    """Issue certificates for the persons of a contract who have none, or anew for all."""
    return await sync_to_thread(_issued, request, contract, await posted(request))


PAGES = (contracts, new_form, new, contract, end, issue)


def refuse_foreign(clerk: Clerk, contract: int) -> None:
    """Raise NotFoundException for a contract that is not of the clerk's insurer."""
    if not 0 < contract < 1 << 63 or clerk.exchange.lists.seller_of(contract) != clerk.insurer:
        raise NotFoundException


def _contract_page(
    request: PageRequest,
    number: int,
    faults: Mapping[str, list[str]] | None = None,
    values: Mapping[str, str] | None = None,
) -> Template:
    clerk = clerk_for(request, AccessAction.READ_CONTRACT)
    refuse_foreign(clerk, number)
    node, words, today = node_of(request), clerk.words, clerk.now.date()
    with clerk.exchange.registries.change() as registry:
        on_record = contract_on(registry, number, on=today, at=clerk.now, vocabulary=node.book.vocabulary)
        if on_record is None:
            raise NotFoundException
        persons = _looked_at(registry, clerk, number, on_record)
        products = {
            one.thing: words.text(one.value.title)
            for one in registry.known(RegisteredProduct, on=None, at=clerk.now, seller=clerk.insurer)
        }
    found = clerk.issuing.lists.certificates(
        clerk.insurer, clerk.register, Sought(today, contract=number), most=2 * _MOST_SHOWN, newest=True
    )
    rows, gates = _recognised(request, on_record.contract) if on_record.contract else ([], [])
    period = on_record.period
    return desk_page(
        request,
        clerk,
        "insurer_contract.html",
        here="",
        status=422 if faults else 200,
        number=number,
        code=on_record.held.code,
        product=products.get(on_record.held.value.product or 0, ""),
        first=words.day(period.first) if period.first else "",
        last=words.day(period.last) if period.last else "",
        in_force=on_record.in_force,
        ended=bool(period.last and period.last < today),
        persons=persons,
        count=clerk.exchange.lists.persons(number),
        certificates=[shown_certificate(one, clerk) for one in found],
        rows=rows,
        gates=gates,
        can_issue=clerk.issuing.keys.can_issue(clerk.register),
        faults=faults or {},
        values=values or {},
        once=uuid4().hex,
    )


def _looked_at(registry: Registry, clerk: Clerk, number: int, on_record: OnRecord) -> list[dict[str, str]]:
    """Return the persons that are shown; that they were looked at is recorded for each of them, first."""
    if on_record.contract is None:
        return []
    shown = on_record.contract.insured[:_MOST_SHOWN]
    wanted = {one.id for one in shown}
    for one in registry.known(Enrolment, on=None, at=clerk.now, contract=number):
        if one.code in wanted:
            record(registry, one.value.person, clerk.actor.role.value, "contract", clerk.note("insurer_desk"))
            wanted.discard(one.code)
    words = clerk.words
    return [
        {
            "who": person_word(one.id, words),
            "name": one.name,
            "born": words.day(one.born) if one.born else "",
            "citizenship": ", ".join(words.state(state) for state in sorted(one.citizenship or ())),
        }
        for one in shown
    ]


def _recognised(request: PageRequest, contract: Contract) -> tuple[Sequence[Any], list[tuple[str, str]]]:
    """Return per state and occasion the worst verdict of the persons shown, from today or the first day on."""
    node = node_of(request)
    words = words_for(request)
    first = max(node.today(), contract.period.first or node.today())
    period = Period(first, contract.period.last)
    shown = contract.insured[:_MOST_FAMILY]
    if len(contract.insured) > _MOST_FAMILY:  # of a group, some workers; a family is decided whole
        contract = replace(contract, insured=shown, all_told=False)
    some = [one.id for one in shown[:6]]
    places = [(state, gate) for state in near_states(node.book) for gate in node.book.gates_of(state)]
    found = {
        (state, gate): assess_with(node.laws, contract, Stay(state, gate, first, None, period), some)
        for state, gate in places
    }
    rows = overview(found, words, node.book)
    return rows, [(gate.value, words(f"matrix.gate.{gate.value}")) for gate in Gate]


def on_sale(clerk: Clerk) -> dict[str, OnSale]:
    """Return the insurer's products as a table names them: by code, and by number."""
    found = {}
    for one in clerk.products():
        found[one.code] = found[str(one.thing)] = OnSale(one.thing, one.value.terms)
    return found


def _new(request: PageRequest, given: Posted) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    count = given.values.get("count", "1")
    persons = min(int(count) if count.isascii() and count.isdecimal() and len(count) < 3 else 1, _MOST_FAMILY)  # noqa: PLR2004 - two figures
    if given.values.get("more"):
        return _form(request, clerk, {**given.values, "count": str(min(persons + 1, _MOST_FAMILY))}, {})
    reader = FormReader(given.values, clerk.words)
    rows = [_row(given, number) for number in range(1, persons + 1)]
    rows = [one for one in rows if one.line == 1 or any(one[name] for name in ("name", "born", "document"))]
    with clerk.exchange.registries.read() as registry:
        number = reader.text("number")
        known = {number} if number and registry.find(RegisteredContract, number, clerk.insurer) is not None else set()
    done_before = bool(known)
    made = plan(rows, clerk.insurer, on_sale(clerk), node_of(request).book.vocabulary, clerk.now.date())
    for fault in made.faults:
        _fault(reader, fault.column, fault.line, fault.problem)
    if reader.faults:
        return _form(request, clerk, given.values, reader.faults)

    def do(turn: Turn) -> Mapping[str, Any]:
        if done_before:
            raise PolisbridgeError(ErrorCode.ALREADY_THERE, "a contract of this number")
        return {"id": register(turn.registry, made.contracts[0].new, clerk.note("made_at_desk"))}

    try:
        done = clerk.once(given.values.get("once", "") or uuid4().hex, f"contract {sorted(given.values.items())}", do)
    except InputFaults as exc:
        for one in exc.faults:
            _, _, column = one.path.rpartition(".")
            _fault(reader, "born" if column == "born" else "document", 1, RowProblem.OTHER_PERSON)
        return _form(request, clerk, given.values, reader.faults)
    except PolisbridgeError as exc:
        if exc.code is not ErrorCode.ALREADY_THERE:
            raise
        _fault(reader, "contract", 1, RowProblem.THERE_ALREADY)
        return _form(request, clerk, given.values, reader.faults)
    return Redirect(f"{_HERE}/{done['id']}", status_code=SEE_OTHER)


def _row(given: Posted, number: int) -> TableRow:
    values = {name: given.values.get(f"{name}-{number}", "") for name in PERSON}
    names = {"contract": "number", "product": "product", "from": "first", "to": "last"}
    return TableRow(number, {**values, **{name: given.values.get(field, "") for name, field in names.items()}})


def _fault(reader: FormReader, column: str, line: int, problem: RowProblem) -> None:
    """Note what is wrong with a field, with the field's name, so that it is understood in the list above as well."""
    words = reader.words
    names = {"contract": "web.insurer.contract.number", "product": "web.insurer.product"}
    name = words(names.get(column, f"web.insurer.column.{column}"))
    if line > 1 and column not in ("contract", "product", "from", "to"):
        name = f"{words('web.insurer.person.n', number=line)}, {name}"
    text = words(f"web.insurer.problem.{problem.value}")
    reader.fault(_field(column, line), "web.insurer.at", field=name, text=text)


def _field(column: str, line: int) -> str:
    return {"contract": "number", "product": "product", "from": "first", "to": "last"}.get(column, f"{column}-{line}")


def _form(request: PageRequest, clerk: Clerk, values: Mapping[str, str], faults: Mapping[str, list[str]]) -> Template:
    node, words = node_of(request), clerk.words
    near = sorted((Option(one, words.state(one)) for one in near_states(node.book)), key=lambda one: one.name)
    options = {
        "product": [Option(str(one.thing), words.text(one.value.title)) for one in clerk.products()],
        "role": [Option(one.value, words(f"role.{one.value}")) for one in Role],
        "state": near,
    }
    count = int(values.get("count", "1"))
    return desk_page(
        request,
        clerk,
        "insurer_contract_new.html",
        here=_HERE,
        status=422 if faults else 200,
        values=values,
        faults=faults,
        options=options,
        persons=list(range(1, count + 1)),
        most=_MOST_FAMILY,
    )


def _ended(request: PageRequest, number: int, given: Posted) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.WRITE_CONTRACT)
    refuse_foreign(clerk, number)
    reader = FormReader(given.values, clerk.words)
    first, why = reader.day("end_from"), reader.text("end_why")
    for name, there in (("end_from", reader.text("end_from")), ("end_why", why)):
        if not there:
            reader.fault(name, "web.fault.needed")
    if reader.faults or first is None:
        return _contract_page(request, number, reader.faults, given.values)
    with clerk.exchange.registries.change() as registry:
        end_contract(registry, clerk.insurer, number, first, clerk.note(why[:500]), below=clerk.issuing.below)
        left = any(registry.known(RegisteredContract, on=None, at=clerk.now, thing=number))
    clerk.issuing.published()
    return Redirect(f"{_HERE}/{number}" if left else _HERE, status_code=SEE_OTHER)


def _issued(request: PageRequest, number: int, given: Posted) -> Template | Redirect:
    clerk = clerk_for(request, AccessAction.ISSUE_CERTIFICATE)
    refuse_foreign(clerk, number)
    again = bool(given.values.get("again"))
    vocabulary = node_of(request).book.vocabulary

    def do(turn: Turn) -> Mapping[str, Any]:
        note = clerk.note("issued_anew_at_desk" if again else "issued_at_desk")
        found = issue_for(turn.registry, clerk.issuing.keys, number, note, vocabulary, again=again)
        return {"new": len(found.new), "kept": len(found.kept)}

    try:
        clerk.once(given.values.get("once", "") or uuid4().hex, f"issue {number} {again}", do)
    except PolisbridgeError as exc:
        if exc.code in (ErrorCode.NO_DATABASE, ErrorCode.NOT_FOUND):
            raise
        said = clerk.words("web.insurer.not_issued", detail=exc.detail)
        return _contract_page(request, number, {"issue": [said]}, given.values)
    clerk.issuing.published()
    return Redirect(f"{_HERE}/{number}#certificates", status_code=SEE_OTHER)
