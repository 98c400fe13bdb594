"""The rules that are exported decide as `decide` does, run by the EU's own engine on nothing but the file's text."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from builder import DAY, NATIONAL, TODAY, applied, duty, euros, kind, law_of, requirement, route
from certlogic_engine import ROOT, Engine, running
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import RATES, facts_for_law, provisions

from polisbridge.adapters.folder import read_folder, shipped_law
from polisbridge.core.applied import AppliedLaw, apply_law
from polisbridge.core.codes import Gate
from polisbridge.core.condition import Condition, Truth, evaluate
from polisbridge.core.days import day_number
from polisbridge.core.decide import decide
from polisbridge.core.errors import ErrorCode, PolisbridgeError
from polisbridge.core.facts import Facts
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rates, RateTable
from polisbridge.core.specialise import specialise
from polisbridge.core.symbolic import SymbolicDecision, symbolic, verdict_of
from polisbridge.formats.casefile import Case, read_cases
from polisbridge.formats.certlogic import Rails, rails
from polisbridge.formats.certlogicfile import rule_file
from polisbridge.formats.lawfile import read_law
from polisbridge.formats.ratesfile import read_rates
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.boundary import boundary_records
from polisbridge.services.check_law import bound
from polisbridge.services.export_certlogic import export_certlogic
from polisbridge.services.suppose import supposed_treaty

FILES = read_folder(shipped_law())
BOOK = read_law(FILES)
SHIPPED_DAY = date(2026, 11, 22)
_RATES_FILE = ROOT / "samples" / "rates.yaml"


def of_the_day(table: RateTable) -> RateTable:
    """Return the bank's last price of each currency, as if it were of the day that is tested."""
    last = {rate.currency: rate for rate in sorted(table.rates, key=lambda rate: rate.day)}
    return replace(table, rates=tuple(replace(rate, day=SHIPPED_DAY) for rate in last.values()))


SHIPPED_RATES = Rates(tuple(map(of_the_day, read_rates(read_tree(_RATES_FILE.read_bytes(), _RATES_FILE.name)))))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with running() as found:
        yield found


def on_occasion(facts: Facts, law: AppliedLaw) -> Facts:
    """Return the facts on the occasion that the law is for: what a file's reader checks before it runs it."""
    setting = law.setting
    return replace(facts, state=setting.state, gate=law.gate.value, as_of=day_number(setting.as_of))


def conditions_of(written: SymbolicDecision) -> list[Condition]:
    """Return the conditions in the order in which `pairs` finds them in a file."""
    found = [written.required, written.recognised]
    for one in written.findings:
        found += [one.concerns, one.stated]
    return found


def pairs(file: Any) -> list[Rails]:
    logic = [file["required"], file["recognised"]]
    for one in file["findings"]:
        logic += [one["concerns"], one["stated"]]
    return [Rails(**one) for one in logic]


def agree(engine: Engine, law: AppliedLaw, records: Iterable[Facts]) -> None:
    """The file says of each record what the interpreter and `decide` say."""
    file, conditions = json.loads(json.dumps(rule_file("0" * 64, law))), conditions_of(symbolic(law))
    there = [on_occasion(one, law) for one in records]
    told = engine.truths(pairs(file), there)

    assert told == [[evaluate(one, record) for one in conditions] for record in there]
    assert [verdict_of(*one[:2]) for one in told] == [decide(record, law).verdict for record in there]


@settings(max_examples=400)
@given(st.data())
def test_for_any_law_and_facts(engine: Engine, data: st.DataObject) -> None:
    law = data.draw(provisions())

    agree(engine, applied(*law, rates=RATES), data.draw(st.lists(facts_for_law(law), min_size=1, max_size=3)))


@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize("state", BOOK.states())
def test_for_every_state_and_gate_at_the_boundaries_of_every_provision(engine: Engine, state: str, gate: Gate) -> None:
    law = apply_law(BOOK, state, gate, SHIPPED_DAY, SHIPPED_RATES)
    given = {"state": state, "gate": gate.value, "as_of": day_number(SHIPPED_DAY)}
    conditions = list(dict.fromkeys(specialise(one, given) for one in conditions_of(symbolic(law))))
    for condition in conditions:
        records = [on_occasion(one, law) for one in boundary_records(condition)]

        told: list[list[Truth]] = engine.truths([rails(condition, state)], records)
        assert told == [[evaluate(condition, record)] for record in records]


@pytest.mark.parametrize("gate", Gate)
@pytest.mark.parametrize("state", BOOK.states())
def test_the_verdict_for_every_state_and_gate_at_its_boundaries(engine: Engine, state: str, gate: Gate) -> None:
    law = apply_law(BOOK, state, gate, SHIPPED_DAY, SHIPPED_RATES)
    written = symbolic(law)
    given = {"state": state, "gate": gate.value, "as_of": day_number(SHIPPED_DAY)}
    records = [
        one for asked in (written.required, written.recognised) for one in boundary_records(specialise(asked, given))
    ]

    agree(engine, law, records[::5])


def test_limits_of_the_shipped_law_are_converted_for_the_tests_above() -> None:
    text = export_certlogic(AppliedLaws(BOOK, SHIPPED_RATES), "SG", Gate.WORK_PERMIT, SHIPPED_DAY)

    assert '{"in":[{"var":"current.limit_currency.is"},["EUR","KRW","SGD","THB","USD"]]}' in text


def shipped_cases() -> list[tuple[str, Case]]:
    found = []
    for name in sorted(name for name in FILES if name.endswith(".cases.yaml")):
        provision, cases = read_cases(read_tree(FILES[name], name), BOOK.vocabulary)
        found += [(provision, case) for case in cases]
    return found


def book_for(case: Case, provision_id: str) -> LawBook:
    """Return the law that the case supposes."""
    provision = BOOK.get(provision_id)
    assert provision is not None
    own = BOOK.jurisdictions[provision.jurisdiction]
    if own.treaty is None or not case.suppose:
        return BOOK
    own = replace(own, treaty=supposed_treaty(own.treaty, case.suppose))
    return replace(BOOK, jurisdictions={**BOOK.jurisdictions, own.id: own})


def test_every_case_of_every_law_file_is_told_as_the_interpreter_tells_it(engine: Engine) -> None:
    seen = 0
    for provision_id, case in shipped_cases():
        provision = BOOK.get(provision_id)
        assert provision is not None
        if provision.in_force.on(case.as_of):
            parts = [part for one in bound(BOOK, provision, case) for part in (one.applies, one.holds)]
            told = engine.truths([rails(part, provision_id) for part in parts], [case.facts])
            assert told == [[evaluate(part, case.facts) for part in parts]], case.name
            seen += len(parts)
    assert seen > 0


def test_the_verdict_on_every_case_of_every_law_file_is_that_of_decide(engine: Engine) -> None:
    occasions: dict[Any, tuple[AppliedLaw, list[Facts]]] = {}
    for provision_id, case in shipped_cases():
        book = book_for(case, provision_id)
        provision = book.get(provision_id)
        assert provision is not None
        state = book.jurisdictions[provision.jurisdiction].state or str(case.facts.state or "")
        for gate in provision.gates if state in book.states() else ():
            key = (state, gate, case.as_of, repr(case.rates), case.suppose)
            if key not in occasions:
                occasions[key] = (apply_law(book, state, gate, case.as_of, case.rates), [])
            occasions[key][1].append(case.facts)
    assert occasions
    for law, records in occasions.values():
        agree(engine, law, records)


@pytest.fixture
def small() -> LawBook:
    asks = requirement(kind("sum_insured_at_least", **euros("10.00")))
    return law_of(duty(), route(), asks, jurisdictions=[NATIONAL])


def test_a_file_says_what_it_is_for_and_where_each_provision_stands(small: LawBook) -> None:
    file = json.loads(export_certlogic(AppliedLaws(small, RATES), "NO", Gate.ENTRY, DAY))

    envelope = {key: value for key, value in file.items() if key not in ("required", "recognised", "findings")}
    assert envelope == {
        "format": "polisbridge.certlogic/1",
        "id": "NO.entry.2026-06-01",
        "engine": {"name": "CERTLOGIC", "version": "1.3.2"},
        "law": {"hash": "0" * 64},
        "state": "NO",
        "gate": "entry",
        "valid": {"from": "2026-06-01", "to": "2026-06-01"},
        "day": TODAY,
        "rates": [{"source": "Test Bank", "state": "US", "base": "USD", "url": ""}],
        "fields": ["last_day", "sum_insured", "sum_insured_currency", "sum_insured_per", "sum_unlimited"],
    }
    finding = next(one for one in file["findings"] if one["id"] == "no.act.requirement")
    assert {key: value for key, value in finding.items() if key not in ("concerns", "stated")} == {
        "id": "no.act.requirement",
        "kind": "requirement",
        "title": {"en": "requirement", "ru": "requirement"},
        "evidence": "primary",
        "citation": {
            "act": {"en": "Act", "ru": "Закон"},
            "provision": {"en": "§ 1", "ru": "§ 1"},
            "url": "https://example.org",
            "also": [],
            "evidence": "primary",
            "checked": "2026-06-01",
        },
        "fields": ["sum_insured", "sum_insured_currency", "sum_insured_per", "sum_unlimited"],
    }


def test_exchange_rates_are_decided_at_export(small: LawBook) -> None:
    with_rates, without = (
        export_certlogic(AppliedLaws(small, rates), "NO", Gate.ENTRY, DAY) for rates in (RATES, Rates())
    )

    assert ('"JPY"' in with_rates, '"JPY"' in without) == (True, False)


def test_a_file_for_contracts_of_one_state_names_it(small: LawBook) -> None:
    assert json.loads(export_certlogic(AppliedLaws(small, RATES), "NO", Gate.ENTRY, DAY, "KZ"))["home_state"] == "KZ"


def test_law_that_cannot_be_said_is_refused_by_its_provision() -> None:
    huge = requirement(kind("sum_insured_at_least", **euros("9" * 20)), "huge")
    book = law_of(duty(), route(), huge, jurisdictions=[NATIONAL])

    with pytest.raises(PolisbridgeError, match=r"no\.act\.huge: Param\(.*9{20}00 is beyond") as caught:
        export_certlogic(AppliedLaws(book, Rates()), "NO", Gate.ENTRY, DAY)

    assert caught.value.code is ErrorCode.CANNOT_EXPORT


def test_a_state_without_law_is_refused(small: LawBook) -> None:
    with pytest.raises(PolisbridgeError) as caught:
        export_certlogic(AppliedLaws(small, Rates()), "SE", Gate.ENTRY, DAY)

    assert caught.value.code is ErrorCode.UNKNOWN_STATE
