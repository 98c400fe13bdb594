"""Decisions as JSON: the shape of `--json`, of the API, and of saved decisions that can be replayed.

The text is canonical (sorted keys, two spaces), so that replaying a decision gives the identical bytes.
"""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from polisbridge.core.assessment import Assessment
from polisbridge.core.checks import Ask
from polisbridge.core.codes import Gate, Outcome
from polisbridge.core.condition import Truth
from polisbridge.core.contract import Assumed
from polisbridge.core.days import day_of
from polisbridge.core.decide import Decision, RouteResult
from polisbridge.core.facts import ABSENT, BenefitLine, Facts, FieldType, field_types
from polisbridge.core.finding import Finding
from polisbridge.core.law import Citation, LawBook, OpenQuestion
from polisbridge.core.money import Rates, RateTable, from_minor
from polisbridge.core.remedy import Change, TopUp
from polisbridge.formats.convert import convert
from polisbridge.formats.factsfile import read_facts, write_facts
from polisbridge.formats.ratesfile import TableFile, rate_table
from polisbridge.formats.tree import Document

FORMAT = "polisbridge.decision/1"
_COUNTS: dict[Truth, str] = {True: "yes", False: "no", None: "unknown"}


@dataclass(frozen=True, slots=True)
class Saved:
    """What a saved decision was made from: enough to make it again."""

    law_hash: str
    person: str
    gate: Gate
    as_of: date
    facts: Facts
    assumed: tuple[Assumed, ...]
    rates: Rates
    supposed: tuple[str, ...]


def to_text(value: Any) -> str:
    """Return canonical JSON text, ending in a newline."""
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def write_decision(law_hash: str, found: Assessment) -> dict[str, Any]:
    """Return one decision as plain JSON values. What there is none of is left out, never null."""
    decision, facts = found.decision, found.facts
    nearest = decision.nearest
    written = {
        "format": FORMAT,
        "law": {"hash": law_hash, "known": decision.law_known, "supposed": sorted(found.supposed)},
        "person": found.person,
        "state": facts.state,
        "region": facts.region if isinstance(facts.region, str) else None,
        "gate": decision.law.gate.value,
        "as_of": found.as_of.isoformat(),
        "verdict": decision.verdict.value,
        "if_confirmed": decision.if_confirmed.value,
        "if_refuted": decision.if_refuted.value,
        "route": nearest.route.id if nearest else None,
        "basis": [finding.provision.id for finding in decision.basis],
        "needs": list(decision.needs),
        "assumed": {one.field: one.value for one in found.assumed},
        "duties": [_finding(one, decision) for one in decision.duties],
        "exemptions": [_finding(one, decision) for one in decision.exemptions],
        "routes": [_route(one, decision) for one in decision.routes],
        "questions": [_question(one) for one in decision.questions],
        "top_up": None if found.top_up is None else _top_up(found.top_up),
        "rates": [_rates(one) for one in found.rates],
        "facts": write_facts(facts),
    }
    return {key: value for key, value in written.items() if value is not None}


def _top_up(top_up: TopUp) -> dict[str, Any]:
    return {"complete": top_up.complete, "changes": [change_value(one) for one in top_up.changes]}


def _route(result: RouteResult, decision: Decision) -> dict[str, Any]:
    return {
        "id": result.route.id,
        "outcome": result.outcome.value,
        "counts": _COUNTS[result.counts],
        "entry": _finding(result.entry, decision),
        "findings": [_finding(one, decision) for one in result.findings],
        "questions": [held.provision.id for held in result.questions],
    }


def _finding(finding: Finding, decision: Decision) -> dict[str, Any]:
    applied, facts = finding.applied, decision.facts
    return {
        "provision": applied.provision.id,
        "title": dict(applied.provision.title),
        "outcome": finding.outcome.value,
        "counts": _COUNTS[finding.counts],
        "evidence": applied.evidence.value,
        "citation": citation(applied.provision.citation),
        "asked": [_asked(one, facts) for one in applied.asks],
        "remedy": [change_value(one) for one in finding.remedy(facts, decision.law.setting)],
        "needs": list(finding.needs(facts)),
    }


def citation(cited: Citation) -> dict[str, Any]:
    """Return a citation as plain JSON values."""
    return {
        "act": dict(cited.act),
        "provision": dict(cited.provision),
        "url": cited.url,
        "also": list(cited.also),
        "evidence": cited.evidence.value,
        "checked": cited.checked.isoformat(),
    }


def _question(finding: Finding) -> dict[str, Any]:
    question = finding.provision
    assert isinstance(question, OpenQuestion)  # noqa: S101 - for the type checker; questions are nothing else
    return {
        "id": question.id,
        "title": dict(question.title),
        "effect": question.effect.value,
        "concerns": "yes" if finding.outcome is Outcome.MET else "unknown",
        "bears_on": list(question.bears_on),
        "would_change": dict(question.would_change),
    }


def _asked(ask: Ask, facts: Facts) -> dict[str, Any]:
    actual = actual_value(ask, facts)
    return ask_value(ask) if actual is None else {**ask_value(ask), "actual": actual}


def ask_value(ask: Ask) -> dict[str, Any]:
    """Return what is asked as plain JSON values."""
    value: Any = list(ask.value) if isinstance(ask.value, tuple) else ask.value
    if isinstance(value, int):
        value = _number(ask.field, value, ask.currency)
    found = {"field": ask.field, "relation": ask.relation.value, "value": value, "benefit": ask.benefit}
    return {key: part for key, part in found.items() if part is not None}


def actual_value(ask: Ask, facts: Facts) -> Any:
    """Return what the Facts hold where something is asked: plain JSON, None when it is not known."""
    if ask.benefit is not None:
        lines = [line for line in facts.benefits or () if line.benefit == ask.benefit]
        return _plain(lines[0], ask.field) if lines else None
    if ask.field == "benefits":
        return None if facts.benefits is None else sorted(str(line.benefit) for line in facts.benefits)
    if ask.field in field_types(BenefitLine) and ask.field not in field_types(Facts):
        told = [_plain(line, ask.field) for line in facts.benefits or ()]
        return [one for one in told if one is not None] or None
    return _plain(facts, ask.field) if ask.field in field_types(Facts) else None


def _plain(record: object, field: str) -> Any:
    value, kind = getattr(record, field), field_types(type(record))[field]
    if value is None or value is ABSENT:
        return None if value is None else "absent"
    match kind:
        case FieldType.DAY:
            return day_of(value).isoformat()
        case FieldType.MINOR | FieldType.WHOLE:
            return _number(field, value, getattr(record, f"{field}_currency", None))
        case FieldType.CODES:
            return sorted(value)
        case FieldType.PERSONS:
            return [person.role for person in value]
    return value


def _number(field: str, value: int, currency: object) -> Any:
    if isinstance(currency, str):
        return f"{from_minor(value, currency)} {currency}"
    return str(Decimal(value) / 100) if field.endswith("_percent") else value


def change_value(change: Change) -> dict[str, Any]:
    """Return a change as plain JSON values."""
    value: Any = change.value
    if isinstance(value, frozenset):
        value = sorted(value)
    elif value is ABSENT:
        value = "absent"
    elif isinstance(value, int) and not isinstance(value, bool):
        is_day = field_types(Facts).get(change.field) is FieldType.DAY
        value = day_of(value).isoformat() if is_day else _number(change.field, value, change.currency)
    found = {
        "field": change.field,
        "action": change.action.value,
        "value": value,
        "lever": change.lever.value,
        "benefit": change.benefit,
    }
    return {key: part for key, part in found.items() if part is not None}


def _rates(table: RateTable) -> dict[str, Any]:
    rows = [
        {"day": rate.day.isoformat(), "currency": rate.currency, "units": rate.units, "price": str(rate.price)}
        for rate in table.rates
    ]
    return {
        "source": table.source,
        "state": table.state,
        "base": table.base,
        "url": table.url,
        "per_base": table.per_base,
        "rates": rows,
    }


class _SavedLaw(Struct, frozen=True):
    hash: str
    supposed: list[str] = []


class _SavedDecision(Struct, frozen=True):
    format: str
    law: _SavedLaw
    person: str
    gate: Gate
    as_of: date
    facts: dict[str, Any]
    rates: list[TableFile]
    assumed: dict[str, str]


def read_decision(document: Document, book: LawBook) -> Saved:
    """Return what a saved decision was made from. Raises InputFaults with every fault."""
    return convert(document, _SavedDecision, lambda raw: _saved(document, book, raw))


def _saved(document: Document, book: LawBook, raw: _SavedDecision) -> Saved:
    tables = tuple(rate_table(one) for one in raw.rates)
    assumed = tuple(Assumed(field, value) for field, value in sorted(raw.assumed.items()))
    facts = read_facts(document, book.vocabulary, ("facts",))
    supposed = tuple(raw.law.supposed)
    return Saved(raw.law.hash, raw.person, raw.gate, raw.as_of, facts, assumed, Rates(tables), supposed)
