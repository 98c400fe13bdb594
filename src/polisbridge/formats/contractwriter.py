"""Contract files as text: a Contract back into the YAML that `contractfile` reads.

What nobody stated is left out, what is stated absent is written `none`. Reading the text gives the contract
again; titles and notes, which are no facts, are given beside it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml
from msgspec import Struct

from polisbridge.core.codes import Scope
from polisbridge.core.contract import Contract, Insured, Period
from polisbridge.core.days import day_of
from polisbridge.core.facts import ABSENT, BenefitLine, Facts, FieldType, field_types
from polisbridge.core.money import from_minor
from polisbridge.formats.contractfile import (
    NAMES,
    NOT_FACTS,
    BenefitFile,
    ContractFile,
    CostSharingFile,
    DocumentFile,
    InsurerFile,
    PersonFactsFile,
    PremiumFile,
    ServiceFile,
)

_PARTS: dict[str, type[Struct]] = {
    "insurer": InsurerFile,
    "cost_sharing": CostSharingFile,
    "premium": PremiumFile,
    "document": DocumentFile,
    "service": ServiceFile,
}
_PERCENT = 100  # hundredths of a percent in one percent
_WITH_SCOPE = ("sum_insured", "limit")


def write_contract(contract: Contract, title: str = "", note: str = "") -> str:
    """Return the contract as YAML text. Raises ValueError for what a contract file cannot say."""
    return yaml.safe_dump(contract_tree(contract, title, note), allow_unicode=True, sort_keys=False, width=120)


def contract_tree(contract: Contract, title: str = "", note: str = "") -> dict[str, Any]:
    """Return the contract as the plain data of its file. Raises ValueError for what a contract file cannot say."""
    written: dict[str, Any] = {"title": title, "note": note, "number": contract.number}
    written |= _part(ContractFile, "", contract.facts, Facts)
    written["period"] = _period(contract.period)
    written["insured"] = [insured_tree(one) for one in contract.insured]
    for name, part in _PARTS.items():
        written[name] = _part(part, name, contract.facts, Facts)
    if contract.facts.get("premium") is not None:
        written["premium"] |= _amount("premium", contract.facts)
    if contract.benefits is not None:
        written["benefits"] = [_line(one) for one in contract.benefits]
    kept = {key: value for key, value in written.items() if value not in ("", {})}
    kept.setdefault("period", {})
    return kept


def contract_fields() -> tuple[str, ...]:
    """Return the fields of Facts that a contract file says of the contract as a whole, in its order."""
    found = [name for name, _ in _named(ContractFile, "", Facts)]
    for part, of in _PARTS.items():
        found += [name for name, _ in _named(of, part, Facts)]
    return (*found, "premium")


def _named(part: type[Struct], name: str, record: type) -> list[tuple[str, str]]:
    """Return the fields of a part of the file with the keys under which it says them."""
    known = field_types(record)
    pairs = [(NAMES.get((name, key), key), key) for key in part.__struct_fields__ if key not in NOT_FACTS.get(name, ())]
    return [(field, key) for field, key in pairs if field in known]


def _part(part: type[Struct], name: str, facts: Mapping[str, object], record: type) -> dict[str, Any]:
    types, written = field_types(record), dict[str, Any]()
    for field, key in _named(part, name, record):
        value = _value(field, types[field], facts)
        if value is not None:
            written[key] = value
    return written


def _value(field: str, kind: FieldType, facts: Mapping[str, object]) -> Any:
    """Return a fact as the file says it, or None where nobody stated it."""
    value = facts.get(field)
    if field in _WITH_SCOPE:
        unlimited = facts.get("sum_unlimited" if field == "sum_insured" else "unlimited")
        if unlimited is True:
            return "unlimited"
        if isinstance(value, int):
            return {**_amount(field, facts), "per": str(facts.get(f"{field}_per") or Scope.PERSON.value)}
    if value is None:
        return None
    if value is ABSENT:
        return "none"
    if kind is FieldType.CODES and isinstance(value, frozenset):
        return sorted(value)
    if kind is FieldType.MINOR:
        return _amount(field, facts)
    if kind is FieldType.DAY and isinstance(value, int):
        return day_of(value).isoformat()
    if field.endswith("_percent") and isinstance(value, int):
        whole, rest = divmod(value, _PERCENT)
        return f"{whole}.{rest:02d}" if rest else str(whole)
    return value


def _amount(field: str, facts: Mapping[str, object]) -> dict[str, str]:
    value, currency = facts.get(field), facts.get(f"{field}_currency")
    if not isinstance(value, int) or not isinstance(currency, str):
        raise ValueError(f"{field} is no amount in a currency")  # noqa: TRY004 - a value that the file cannot say
    return {"amount": str(from_minor(value, currency)), "currency": currency}


def _line(line: BenefitLine) -> dict[str, Any]:
    return _part(BenefitFile, "benefits", {name: getattr(line, name) for name in field_types(BenefitLine)}, BenefitLine)


def insured_tree(person: Insured) -> dict[str, Any]:
    """Return an insured person as the plain data of a contract file."""
    written: dict[str, Any] = {"id": person.id, "role": person.role.value, "name": person.name}
    if person.born is not None:
        written["born"] = person.born.isoformat()
    if person.citizenship is not None:
        written["citizenship"] = sorted(person.citizenship)
    written["period"] = _period(person.period)
    written["facts"] = _part(PersonFactsFile, "facts", person.facts, Facts)
    return {key: value for key, value in written.items() if value not in ("", {})}


def _period(period: Period) -> dict[str, str]:
    days: dict[str, date | None] = {"from": period.first, "to": period.last}
    return {key: day.isoformat() for key, day in days.items() if day is not None}
