"""CoverageEligibilityResponse: is the person insured on the day, for what, and is the contract recognised on the occasion."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from polisbridge.core.assessment import Assessment
from polisbridge.core.contract import Contract, Insured
from polisbridge.core.errors import Fault
from polisbridge.core.facts import BenefitLine, field_types
from polisbridge.core.finding import Finding
from polisbridge.core.money import from_minor
from polisbridge.core.registry import KeptDecision
from polisbridge.formats.contractwriter import contract_tree
from polisbridge.formats.fhir.amounts import SCOPES
from polisbridge.formats.fhir.benefits import BENEFITS, TERMS
from polisbridge.formats.fhir.facts import facts_out
from polisbridge.formats.fhir.outcome import issues_of, outcome
from polisbridge.formats.fhir.periods import days_of, period_out
from polisbridge.formats.fhir.systems import (
    BENEFIT_TYPE,
    CONTRACT_NUMBER,
    ISO_STATES,
    coding,
    concept,
    definition,
    identifier,
    own_system,
    without_empty,
)

RECOGNITION = definition("recognition")  # our decision for the occasion: verdict, law, what it rests on
NOT_READ = definition("not-read")  # valueReference to an OperationOutcome: what of the question was not read
EXCLUSIONS = own_system("exclusions")
Shown = Callable[[str, str], str]  # field and code -> words for people

_PERCENT = 100
_NOT_KEPT = "the request that this answers; it is not kept"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a response tells. `ids` name resources of the server where the person is on record here.

    `decision` is the number of the decision on record, `sure` is None where the node cannot tell whether cover is in
    force.
    """

    contract: Contract
    insured: Insured
    assessment: Assessment | None
    law: str
    decision: int | None
    created: datetime
    day: date
    sure: bool | None
    purposes: tuple[str, ...]
    patient: Mapping[str, Any]
    coverage: Mapping[str, Any]
    insurer: Mapping[str, Any]
    disposition: str
    warnings: tuple[Fault, ...] = ()


def eligible_out(found: Answered, shown: Shown) -> dict[str, Any]:
    """Return the answer to a CoverageEligibilityRequest."""
    cover = found.contract.cover(found.insured)
    items = _items(found, shown) if {"benefits", "auth-requirements"} & set(found.purposes) else []
    insurance = {
        "coverage": dict(found.coverage),
        "inforce": found.sure,
        "benefitPeriod": period_out(days_of(cover)),
        "item": items,
    }
    return without_empty(
        {
            "resourceType": "CoverageEligibilityResponse",
            "id": str(found.decision) if found.decision is not None else None,
            "contained": [_unread(found.warnings)] if found.warnings else [],
            "extension": _decided(found, shown),
            "status": "active",
            "purpose": list(found.purposes),
            "patient": dict(found.patient),
            "servicedDate": found.day.isoformat(),
            "created": found.created.isoformat(timespec="seconds"),
            "request": {"display": _NOT_KEPT},
            "outcome": "complete",
            "disposition": found.disposition,
            "insurer": dict(found.insurer),
            "insurance": [without_empty(insurance)],
        }
    )


def _decided(found: Answered, shown: Shown) -> list[dict[str, Any]]:
    """Return our decision, where there is one, and a way to what of the question was not read."""
    told = []
    if found.assessment is not None:
        told.append(recognition_out(found.assessment, found.law, found.decision, shown))
    if found.warnings:
        told.append({"url": NOT_READ, "valueReference": {"reference": "#not-read"}})
    return told


def _unread(warnings: tuple[Fault, ...]) -> dict[str, Any]:
    return {**outcome(*issues_of(warnings, severity="warning")), "id": "not-read"}


def by_number(number: str) -> dict[str, Any]:
    """Return a reference to what is known here only by the number of its contract."""
    return {"identifier": identifier(CONTRACT_NUMBER, number)}


def recognition_out(made: Assessment, law: str, decision: int | None, shown: Shown) -> dict[str, Any]:
    """Return our decision as an extension: verdict, occasion, law, and the findings that it rests on."""
    decided, facts = made.decision, made.facts
    state = coding(ISO_STATES, str(facts.state))
    nearest = decided.nearest
    findings = [*decided.basis, *(nearest.findings if nearest is not None and not decided.basis else ())]
    parts: list[dict[str, Any]] = [
        {"url": "verdict", "valueCode": decided.verdict.value},
        {"url": "state", "valueCoding": state},
        {"url": "gate", "valueCode": decided.law.gate.value},
        {"url": "day", "valueDate": made.as_of.isoformat()},
        {"url": "law", "valueString": law},
        *([{"url": "decision", "valueString": str(decision)}] if decision is not None else []),
        *({"url": "needs", "valueString": one} for one in decided.needs),
        *(_finding(one, shown) for one in findings),
    ]
    return {"url": RECOGNITION, "extension": parts}


def kept_out(
    number: int,
    made: KeptDecision,
    *,
    patient: Mapping[str, Any],
    insurer: Mapping[str, Any],
    basis: Iterable[str],
    disposition: str,
) -> dict[str, Any]:
    """Return a decision on record as a response: its verdict, occasion and law, without the table of benefits."""
    parts: list[dict[str, Any]] = [
        {"url": "verdict", "valueCode": made.verdict},
        {"url": "state", "valueCoding": coding(ISO_STATES, made.state)},
        {"url": "gate", "valueCode": made.gate},
        {"url": "day", "valueDate": made.as_of.isoformat()},
        {"url": "law", "valueString": made.law},
        {"url": "decision", "valueString": str(number)},
        *({"url": "basis", "valueString": one} for one in basis),
    ]
    return {
        "resourceType": "CoverageEligibilityResponse",
        "id": str(number),
        "extension": [{"url": RECOGNITION, "extension": parts}],
        "status": "active",
        "purpose": ["validation"],
        "patient": dict(patient),
        "servicedDate": made.as_of.isoformat(),
        "created": made.asked_at.isoformat(timespec="seconds"),
        "request": {"display": _NOT_KEPT},
        "outcome": "complete",
        "disposition": disposition,
        "insurer": dict(insurer),
    }


def _finding(one: Finding, shown: Shown) -> dict[str, Any]:
    told = [
        {"url": "provision", "valueString": one.provision.id},
        {"url": "outcome", "valueCode": one.outcome.value},
        {"url": "title", "valueString": shown("", one.provision.id)},
    ]
    return {"url": "finding", "extension": told}


def _items(found: Answered, shown: Shown) -> list[dict[str, Any]]:
    tree = contract_tree(found.contract)
    lines = zip(found.contract.benefits or (), tree.get("benefits", ()), strict=True)
    whole = _whole(found.contract.facts)
    return [
        *([whole] if whole else []),
        *(_line(line, said, shown) for line, said in lines),
        *(_excluded(code, shown) for code in tree.get("exclusions", ())),
    ]


def _whole(facts: Mapping[str, object]) -> dict[str, Any]:
    """Return the sums of the contract as a whole; empty when it states none."""
    sums = _sums(facts, {"benefit": "sum_insured"}, "sum_unlimited") + _shares(facts)
    per = facts.get("sum_insured_per")
    told = {"category": concept(coding(TERMS, "contract")), "term": _per(per), "benefit": sums}
    return without_empty(told) if sums else {}


def _line(line: BenefitLine, said: Mapping[str, Any], shown: Shown) -> dict[str, Any]:
    facts: dict[str, object] = {name: getattr(line, name) for name in field_types(BenefitLine)}
    sums = _sums(facts, {"benefit": "limit"}, "unlimited") + _shares(facts)
    if isinstance(line.count, int):
        sums.append({"type": concept(coding(BENEFIT_TYPE, "visit")), "allowedUnsignedInt": line.count})
    return without_empty(
        {
            "extension": facts_out(said, "benefits"),
            "category": concept(coding(BENEFITS, str(line.benefit))),
            "name": shown("benefit", str(line.benefit)),
            "term": _per(line.limit_per) if isinstance(line.limit, int) else None,
            "benefit": sums,
            "authorizationRequired": line.preauthorisation,
        }
    )


def _excluded(code: str, shown: Shown) -> dict[str, Any]:
    return {"category": concept(coding(EXCLUSIONS, code)), "excluded": True, "name": shown("exclusions", code)}


def _per(scope: object) -> dict[str, Any] | None:
    return concept(coding(SCOPES, scope)) if isinstance(scope, str) else None


def _sums(facts: Mapping[str, object], names: Mapping[str, str], unlimited: str) -> list[dict[str, Any]]:
    found = list[dict[str, Any]]()
    for kind, name in names.items():
        told = concept(coding(BENEFIT_TYPE, kind))
        value, currency = facts.get(name), facts.get(f"{name}_currency")
        if isinstance(value, int) and isinstance(currency, str):
            found.append({"type": told, "allowedMoney": _money(value, currency)})
        elif facts.get(unlimited) is True:
            found.append({"type": told, "allowedString": "unlimited"})
    return found


def _shares(facts: Mapping[str, object]) -> list[dict[str, Any]]:
    """Return what the person pays: deductible, share in percent, and its cap."""
    found = _sums(facts, {"deductible": "deductible", "copay-maximum": "copay_cap"}, "")
    percent = facts.get("copay_percent")
    if isinstance(percent, int):
        whole, rest = divmod(percent, _PERCENT)
        value: dict[str, Any] = {"allowedUnsignedInt": whole}
        if rest:
            value = {"allowedString": str(Decimal(percent) / _PERCENT)}
        found.append({"type": concept(coding(BENEFIT_TYPE, "copay-percent")), **value})
    return found


def _money(minor: int, currency: str) -> dict[str, Any]:
    return {"value": from_minor(minor, currency), "currency": currency}
