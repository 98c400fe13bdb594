"""The form of *Check my contract*: what it offers, and what it asks once it is filled in."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from polisbridge.core.codes import Gate, Role
from polisbridge.core.contract import Period, Stay
from polisbridge.core.errors import InputFaults, PolisbridgeError
from polisbridge.core.law import LawBook
from polisbridge.core.vocabulary import STATELESS
from polisbridge.formats.codelists import region_names, regions
from polisbridge.formats.codelists import states as all_states
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import read_tree
from polisbridge.services.node import Node
from polisbridge.web.documents import Brought, Document, Unreadable, read_document
from polisbridge.web.forms import FormReader, Posted
from polisbridge.words import Words

MOST_PERSONS = 20  # of one contract on one page; portfolios are decided elsewhere
LINKED = ("product", "state", "gate", "region", "first", "last", "as_of")  # what a link may hold: nothing personal
CARRIED = (
    *LINKED,
    *("contract", "keep"),
    *("role", "citizenship", "born", "cover_first", "cover_last"),
    *("residence_status", "purpose", "care_form"),
)
_FACTS = {"residence_status": "residence_statuses", "purpose": "purposes", "care_form": "care_forms"}
_UPLOADS = ("file", "photo")
_YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: contracts with their persons, on these occasions; `values` to ask the next question with."""

    document: Document
    stays: tuple[Stay, ...]
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a list, and the group it stands in, if any."""

    value: str
    name: str
    group: str = ""


def usual(today: date) -> dict[str, str]:
    """Return what the form says before anybody has filled it in: a stay of a year from today."""
    return {"first": today.isoformat(), "last": (today + _YEAR).isoformat(), "role": Role.WORKER.value}


def place_options(book: LawBook, words: Words) -> dict[str, list[Option]]:
    """Return the states, gates and regions that a form offers; states to compare with stand apart."""
    near = near_states(book)
    far = set(book.states()) - set(near)
    return {
        "state": [*_named(near, words, ""), *_named(far, words, words("web.check.comparators"))],
        "gate": [Option(gate.value, words(f"gate.{gate.value}")) for gate in Gate],
        "region": _regions(near, words),
    }


def near_states(book: LawBook) -> list[str]:
    """Return the states of the law that are not there only to compare with."""
    comparators = {one.state for one in book.jurisdictions.values() if one.comparator}
    return [one for one in book.states() if one not in comparators]


def options(node: Node, words: Words) -> dict[str, list[Option]]:
    """Return what every list of the form offers, by field."""
    near, other = near_states(node.book), words("web.check.other_states")
    products = [Option(str(one.id), words.text(one.title), one.insurer) for one in node.products()]
    return {
        **place_options(node.book, words),
        "product": products,
        "role": [Option(role.value, words(f"role.{role.value}")) for role in Role],
        "citizenship": [
            *_named(near, words, ""),
            Option(STATELESS, words("code.stateless"), other),
            *_named(all_states() - {*near, "EU"}, words, other),
        ],
        **{
            field: [Option(code, words.term(group, term)) for code, term in node.book.vocabulary[group].items()]
            for field, group in _FACTS.items()
        },
    }


def _named(states: Iterable[str], words: Words, group: str) -> list[Option]:
    found = [Option(one, words.state(one), group) for one in states]
    return sorted(found, key=lambda one: one.name)


def _regions(states: Iterable[str], words: Words) -> list[Option]:
    wanted = set(states)
    return [
        Option(code, f"{name} ({code})", words.state(code[:2]))
        for code, name in region_names().items()
        if code[:2] in wanted
    ]


def read_question(form: Posted, node: Node, words: Words, *, everywhere: bool) -> tuple[Question | None, FormReader]:
    """Return what is asked, and the reader that holds every fault; None when there is one."""
    reader = FormReader(_with_place(form.values), words)
    document = _document(form, reader, node)
    stays = _stays(reader, node, everywhere=everywhere)
    if document is not None and document.text:  # a file need not be sent again, whatever else has to be corrected
        reader.values = {**reader.values, "contract": document.text, "keep": "1"}
    if reader.faults or document is None:
        return None, reader
    return Question(document, stays, {name: reader.values[name] for name in CARRIED if reader.text(name)}), reader


def _with_place(values: Mapping[str, str]) -> dict[str, str]:
    """Return the values with the state and gate of the cell of the overview that was chosen, if one was."""
    state, colon, gate = values.get("place", "").partition(":")
    if not colon:
        return dict(values)
    region = values.get("region", "")
    here = {"state": state, "gate": gate, "region": region if region.startswith(f"{state}-") else ""}
    return {**values, **here}


def _document(form: Posted, reader: FormReader, node: Node) -> Document | None:
    """Return the contract: of the file, else of the file brought before, else of the product for one person."""
    upload, before = form.file(_UPLOADS), form.values.get("contract", "")
    if upload is None and not (before and reader.text("keep")):
        return _of_product(reader, node)
    data = upload.data if upload else before.encode("utf-8", errors="replace")
    try:
        document = read_document(data, upload.name if upload else "file", node, reader.words)
    except Unreadable as exc:
        for reason in exc.reasons:
            reader.fault("file", "web.fault.said", text=reason)
        return None
    if sum(len(one.persons) for one in document.brought) > MOST_PERSONS:
        reader.fault("file", "web.fault.too_many_persons", most=MOST_PERSONS)
        return None
    return document


def _of_product(reader: FormReader, node: Node) -> Document | None:
    """Return a contract of the product for the person described; a person that nobody describes further is allowed."""
    products = {str(one.id): one.id for one in node.products()}
    chosen = reader.choice("product", products)
    if chosen is None:
        if "product" not in reader.faults:
            reader.fault("product", "web.fault.no_contract")
        return None
    person, cover = _person(reader, node), _cover(reader)
    if reader.faults:
        return None
    terms = {**node.product_terms(products[chosen]), "number": "-", "period": cover, "insured": [person]}
    try:
        contract = read_contract(read_tree(json.dumps(terms).encode(), "form"), node.book.vocabulary)
    except InputFaults as exc:
        raise PolisbridgeError(exc.code, "a product of the registry cannot be read") from exc
    return Document((Brought(contract, ("person",)),), "", certificates=False)


def _person(reader: FormReader, node: Node) -> dict[str, object]:
    role = reader.choice("role", set(Role)) or Role.WORKER.value
    citizenship = reader.choice("citizenship", all_states() | {STATELESS})
    born = reader.day("born")
    if born and born > node.today():
        reader.fault("born", "web.fault.future")
    return {
        "id": "person",
        "role": role,
        **({"citizenship": [citizenship]} if citizenship else {}),
        **({"born": born.isoformat()} if born else {}),
    }


def _cover(reader: FormReader) -> dict[str, str]:
    """Return the first and last day of the contract; where they are not given, those of the stay."""
    reader.period("cover_first", "cover_last")
    first, last = (reader.day(f"cover_{one}") or reader.day(one) for one in ("first", "last"))
    if first and last and last < first:
        reader.fault("cover_last", "web.fault.order")
    days = {"from": first, "to": last}
    return {name: day.isoformat() for name, day in days.items() if day}


def _stays(reader: FormReader, node: Node, *, everywhere: bool) -> tuple[Stay, ...]:
    """Return the occasions asked about: one gate, all gates of the state, or all gates of all states."""
    first, last = reader.period("first", "last")
    facts = {field: reader.choice(field, node.book.vocabulary[group]) for field, group in _FACTS.items()}
    said = {field: code for field, code in facts.items() if code}
    as_of = reader.day("as_of") or node.today()
    state = reader.choice("state", node.book.states(), needed=not everywhere)
    gate = reader.choice("gate", set(Gate))
    region = region_in(reader, state)
    places = [(one, each) for one in node.book.states() for each in node.book.gates_of(one)] if everywhere else []
    if state and not everywhere:
        places = [(state, Gate(gate))] if gate else [(state, each) for each in node.book.gates_of(state)]
    return tuple(
        Stay(one, each, as_of, region if region and region.startswith(f"{one}-") else None, Period(first, last), said)
        for one, each in places
    )


def region_in(reader: FormReader, state: str | None) -> str | None:
    """Return the region chosen; one outside the state chosen is a fault."""
    region = reader.choice("region", regions())
    if region and state and not region.startswith(f"{state}-"):
        reader.fault("region", "web.fault.region", state=reader.words.state(state))
    return region
