"""Cases beside a provision: facts, a day and the outcome that a lawyer expects.

provision: by.insurance_rules.foreign_contract.sum_insured
cases:
  - name: one cent short is not enough
    as_of: 2024-06-01
    facts: {sum_insured: 9999.99 EUR, sum_insured_per: person, sum_unlimited: false}
    expect: not_met
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from msgspec import Struct

from polisbridge.core.codes import Outcome
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.facts import Facts
from polisbridge.core.law import Term
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.formats.convert import convert
from polisbridge.formats.factsfile import read_facts
from polisbridge.formats.tree import Document


class CaseRateFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A made-up rate for a case: so many units of a currency cost so much of the base."""

    currency: str
    base: str
    price: Decimal
    units: int = 1


class CaseFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One case."""

    name: str
    as_of: date
    expect: Outcome
    facts: dict[str, Any] = {}
    rates: list[CaseRateFile] = []
    suppose: list[str] = []


class CasesFile(Struct, frozen=True, forbid_unknown_fields=True):
    """All cases of one provision."""

    provision: str
    cases: list[CaseFile]


@dataclass(frozen=True, slots=True)
class Case:
    """A case ready to run, with the line it stands on."""

    name: str
    line: int
    as_of: date
    facts: Facts
    expect: Outcome
    rates: Rates
    suppose: tuple[str, ...] = ()


def read_cases(document: Document, vocabulary: Mapping[str, Mapping[str, Term]]) -> tuple[str, tuple[Case, ...]]:
    """Return the provision's id and its cases. Raises InputFaults with every fault."""
    return convert(document, CasesFile, lambda raw: _cases(document, vocabulary, raw))


def _cases(
    document: Document, vocabulary: Mapping[str, Mapping[str, Term]], raw: CasesFile
) -> tuple[str, tuple[Case, ...]]:
    faults, cases, names = [], [], set()
    for index, one in enumerate(raw.cases):
        path = ("cases", index)
        if one.name in names:
            faults.append(document.fault(FaultCode.TWICE, (*path, "name"), one.name, "each name once"))
        names.add(one.name)
        try:
            facts = read_facts(document, vocabulary, (*path, "facts")) if one.facts else Facts()
        except InputFaults as exc:
            faults += exc.faults
            continue
        cases.append(Case(one.name, document.line(path), one.as_of, facts, one.expect, _rates(one), tuple(one.suppose)))
    if faults:
        raise InputFaults(faults)
    return raw.provision, tuple(cases)


def _rates(case: CaseFile) -> Rates:
    bases = sorted({rate.base for rate in case.rates})
    tables = []
    for base in bases:
        rates = tuple(Rate(case.as_of, one.currency, one.units, one.price) for one in case.rates if one.base == base)
        tables.append(RateTable(f"case: {case.name}", "", base, "", rates))
    return Rates(tuple(tables))
