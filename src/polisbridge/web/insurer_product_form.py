"""The form of a product: its terms as fields for what is asked most, and the rest as the text of a contract file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import yaml

from polisbridge.core.codes import Gate, Role, Scope, Verdict
from polisbridge.core.contract import Contract, Period, Stay
from polisbridge.core.errors import InputFaults
from polisbridge.core.law import LawBook
from polisbridge.core.registry import Tree
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import Document, read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_with
from polisbridge.web.check_form import Option, near_states
from polisbridge.web.documents import fault_in_words
from polisbridge.web.forms import FormReader
from polisbridge.words import Words
from polisbridge.words.plain import plain_words
from polisbridge.words.telling import Teller

_YEAR = timedelta(days=364)
_CURRENCIES = ("EUR", "USD", "RUB", "UZS", "KZT", "KGS", "TJS", "AMD", "BYN", "AZN")
_PLAIN = ("kind", "home_state", "waiting_days")
_CODED = {"territory": "territory", "exclusions": "exclusion", "languages": "language"}
_LANGUAGES = ("ru", "en", "uz", "tg", "ky", "kk", "hy", "be")
_OF_A_CONTRACT = ("number", "period", "insured", "concluded", "title", "note")
_WORLD = "WORLD"


@dataclass(frozen=True, slots=True)
class ProductForm:
    """What a product form says: title by language and terms; `contract` is that of a typical worker, None with faults."""

    title: dict[str, str]
    terms: dict[str, Any]
    contract: Contract | None


def options(book: LawBook, words: Words) -> dict[str, list[Option]]:
    """Return what the lists and ticks of the form offer."""
    places = [Option(one, words.state(one)) for one in near_states(book)]
    return {
        "kind": _vocabulary(book, "contract_kinds", words),
        "home_state": sorted(places, key=lambda one: one.name),
        "territory": [*sorted(places, key=lambda one: one.name), Option(_WORLD, words("code.WORLD"))],
        "benefit": _vocabulary(book, "benefits", words),
        "exclusion": _vocabulary(book, "exclusions", words),
        "language": [Option(one, words.code("document_languages", one, book)) for one in _LANGUAGES],
        "currency": [Option(one, one) for one in _CURRENCIES],
        "per": [Option(one.value, words(f"scope.{one.value}")) for one in Scope],
    }


def _vocabulary(book: LawBook, group: str, words: Words) -> list[Option]:
    return [Option(code, words.term(group, term)) for code, term in book.vocabulary[group].items()]


def values_of(title: Mapping[str, str], terms: Tree) -> dict[str, str]:
    """Return a form filled with a product; what has no field of its own stands in `more`."""
    rest: dict[str, Any] = {key: one for key, one in terms.items() if key not in _OF_A_CONTRACT}
    values = {f"title_{one}": title.get(one, "") for one in ("en", "ru")}
    for name in _PLAIN:
        if isinstance(rest.get(name), str):
            values[name] = rest.pop(name)
    for part in ("sum_insured", "premium"):
        found = rest.get(part)
        if isinstance(found, dict):
            for key in ("amount", "currency", "per"):
                if isinstance(found.get(key), str):
                    values[f"{part}_{key}"] = found[key]
            kept = {key: one for key, one in found.items() if key not in ("amount", "currency", "per")}
            rest = {key: one for key, one in rest.items() if key != part} | ({part: kept} if kept else {})
    for name in ("territory", "exclusions"):
        for code in rest.pop(name, []):
            values[f"{_CODED[name]}_{code}"] = "1"
    document = dict(rest.get("document", {}))
    for code in document.pop("languages", []):
        values[f"language_{code}"] = "1"
    lines = rest.pop("benefits", [])
    for line in lines:
        values[f"benefit_{line['benefit']}"] = "1"
    detailed = [line for line in lines if len(line) > 1]
    more = {**{key: one for key, one in rest.items() if key != "document"}}
    more |= ({"document": document} if document else {}) | ({"benefits": detailed} if detailed else {})
    values["more"] = yaml.safe_dump(more, allow_unicode=True, sort_keys=False, width=100) if more else ""
    return values


def read_product(reader: FormReader, book: LawBook, insurer: Mapping[str, Any]) -> ProductForm:
    """Return what the form says; what is wrong is with the reader, each fault at its field."""
    title = {one: reader.text(f"title_{one}") for one in ("en", "ru") if reader.text(f"title_{one}")}
    if not title:
        reader.fault("title_en", "web.fault.needed")
    rest = _rest(reader)
    terms = {"insurer": dict(insurer), **rest, **_fields(reader, rest)}
    return ProductForm(title, terms, _typical(reader, terms, book))


def _rest(reader: FormReader) -> dict[str, Any]:
    text = reader.text("more")
    if not text:
        return {}
    try:
        tree: Any = read_tree(text.encode("utf-8", errors="replace"), "more").tree
    except InputFaults as exc:
        for one in exc.faults[:5]:
            reader.fault("more", "web.fault.said", text=fault_in_words(one, reader.words))
        return {}
    if not isinstance(tree, dict):
        reader.fault("more", "web.insurer.more.mapping")
        return {}
    for key in _OF_A_CONTRACT:
        if key in tree:
            reader.fault("more", "web.insurer.more.of_contract", word=key)
    return {key: one for key, one in tree.items() if key not in _OF_A_CONTRACT}


def _fields(reader: FormReader, rest: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {name: reader.text(name) for name in _PLAIN if reader.text(name)}
    if found.get("waiting_days") == "0":
        found["waiting_days"] = "none"
    for part in ("sum_insured", "premium"):
        amount = reader.text(f"{part}_amount").replace(" ", "").replace(",", ".")
        own = dict(rest.get(part, {})) if isinstance(rest.get(part), dict) else {}
        if amount:
            own |= {"amount": amount, "currency": reader.text(f"{part}_currency") or "EUR"}
            own |= {"per": reader.text("sum_insured_per") or Scope.PERSON.value} if part == "sum_insured" else {}
        if own:
            found[part] = own
    ticked = {name: _ticked(reader, prefix) for name, prefix in _CODED.items()}
    found |= {name: ticked[name] for name in ("territory", "exclusions") if ticked[name]}
    if ticked["languages"]:
        found["document"] = {**dict(rest.get("document", {})), "languages": ticked["languages"]}
    wanted = _ticked(reader, "benefit")
    detailed = [one for one in rest.get("benefits", []) if isinstance(one, dict) and one.get("benefit") in wanted]
    told = {one["benefit"] for one in detailed}
    lines = detailed + [{"benefit": code} for code in wanted if code not in told]
    found |= {"benefits": lines} if lines else {}
    return found


def _ticked(reader: FormReader, prefix: str) -> list[str]:
    return [
        name.removeprefix(f"{prefix}_") for name, one in reader.values.items() if name.startswith(f"{prefix}_") and one
    ]


def _typical(reader: FormReader, terms: Mapping[str, Any], book: LawBook) -> Contract | None:
    """Return the contract of a typical worker with these terms."""
    home = terms.get("home_state")
    worker = {
        "id": "worker",
        "role": Role.WORKER.value,
        "born": "1990-05-17",
        "facts": {"worker_class": "employee"},
        **({"citizenship": [home]} if isinstance(home, str) else {}),
    }
    whole = {**terms, "number": "-", "period": {}, "insured": [worker]}
    try:
        return read_contract(Document("product", whole, {}), book.vocabulary)
    except InputFaults as exc:
        for one in exc.faults:
            field = _field_of(one.path)
            known = reader.faults.get(field, [])
            if len(known) < 5:  # noqa: PLR2004 - as many as somebody reads at one field
                words = reader.words
                what = words(f"fault.{one.code.value}")
                reader.fault(
                    field, "web.insurer.fault_at", path=one.path, what=what, found=one.found, expected=one.expected
                )
        return None


def _field_of(path: str) -> str:
    first, _, second = path.partition(".")
    if first in ("sum_insured", "premium") and second in ("amount", "currency", "per", ""):
        return f"{first}_{second or 'amount'}"
    return first if first in _PLAIN else "more"


@dataclass(frozen=True, slots=True)
class PreCell:
    """What a typical worker is told in one state on one occasion."""

    gate: str
    verdict: Verdict
    word: str


@dataclass(frozen=True, slots=True)
class PreRow:
    """One state: its occasions, and what is missing where the product is not recognised."""

    state: str
    cells: tuple[PreCell | None, ...]
    missing: tuple[tuple[str, str, tuple[str, ...]], ...]


def pre_check(laws: AppliedLaws, contract: Contract, home: str, today: date, words: Words) -> list[PreRow]:
    """Return per state and occasion whether a typical worker's contract of the product is recognised, and what is missing."""
    book, teller = laws.book, Teller(words, laws.book)
    period = Period(today, today + _YEAR)
    asked = replace(contract, period=period)
    rows = []
    for state in sorted((one for one in near_states(book) if one != home), key=words.state):
        cells, missing = list[PreCell | None](), []
        gates = set(book.gates_of(state))
        for gate in Gate:
            if gate not in gates:
                cells.append(None)
                continue
            (found,) = assess_with(laws, asked, Stay(state, gate, today, None, period, {}), ["worker"])
            verdict = found.decision.verdict
            cells.append(PreCell(words(f"gate.{gate.value}"), verdict, words(f"web.cell.{verdict.value}")))
            if verdict in (Verdict.NOT_RECOGNISED, Verdict.UNDETERMINED):
                told = teller.told(found)
                why = told.top_up or ((told.needs,) if told.needs else ())
                missing.append((words(f"gate.{gate.value}"), plain_words(found, words), tuple(why)))
        rows.append(PreRow(words.state(state), tuple(cells), tuple(missing)))
    return rows


def gates(words: Words) -> Iterable[str]:
    """Return the occasions, as heads of a table."""
    return [words(f"matrix.gate.{gate.value}") for gate in Gate]
