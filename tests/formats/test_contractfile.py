"""Contract files: what they say becomes facts, and everything wrong with one is told at once."""

import json
from datetime import date
from typing import Any

import pytest
from builder import DATA
from strategies import BOOK

from polisbridge.core.codes import Role
from polisbridge.core.contract import Contract
from polisbridge.core.errors import FaultCode, InputFaults
from polisbridge.core.facts import ABSENT
from polisbridge.formats.contractfile import read_contract
from polisbridge.formats.tree import read_tree

FRAME = """number: T
kind: travel
period: {from: 2026-06-01, to: 2026-08-31}
insured: [{id: w, role: worker}]
"""


def contract(text: str) -> Contract:
    return read_contract(read_tree(text.encode(), "contract.yaml"), BOOK.vocabulary)


def facts(more: str) -> dict[str, Any]:
    return dict(contract(FRAME + more).facts)


def told(text: str) -> list[tuple[int, str, FaultCode, str]]:
    with pytest.raises(InputFaults) as caught:
        contract(text)
    return [(fault.line, fault.path, fault.code, fault.found) for fault in caught.value.faults]


def test_the_test_contract_is_read() -> None:
    found = contract((DATA / "contract.yaml").read_text(encoding="utf-8"))

    assert (found.number, [one.role for one in found.insured]) == ("T-1", [Role.WORKER, Role.CHILD])


def test_norway_is_not_false() -> None:
    assert facts("territory: [NO, SE]\nhome_state: NO")["territory"] == frozenset({"NO", "SE"})


def test_days_are_days() -> None:
    assert contract(FRAME).period.last == date(2026, 8, 31)


@pytest.mark.parametrize(
    ("more", "field", "expected"),
    [
        ('sum_insured: {amount: "10000.00", currency: EUR, per: person}', "sum_insured", 1_000_000),
        ("sum_insured: {amount: 10000.10, currency: EUR, per: person}", "sum_insured", 1_000_010),
        ("sum_insured: {amount: 10000, currency: JPY, per: person}", "sum_insured", 10_000),
        ("sum_insured: {amount: 10000, currency: JPY, per: person}", "sum_unlimited", False),
        ("sum_insured: unlimited", "sum_unlimited", True),
        ("sum_insured: unlimited", "sum_insured", ABSENT),
        ("sum_insured: none", "sum_unlimited", False),
        ("cost_sharing: {deductible: none}", "deductible", ABSENT),
        ("cost_sharing: {copay_percent: 10.5}", "copay_percent", 1050),
        ("cost_sharing: {copay_percent: none}", "copay_percent", ABSENT),
        ("waiting_days: none", "waiting_days", ABSENT),
        ("waiting_days: 0", "waiting_days", 0),
        ("exclusions: []", "exclusions", frozenset()),
        ("suspended_abroad: false", "suspended_abroad", False),
        ("concluded: 1970-01-02", "concluded", 1),
        ("territory: [SE]", "territory_except", frozenset()),
        ("insurer: {state: KZ, id: acme}", "insurer_state", "KZ"),
        ("premium: {amount: 12.50, currency: EUR, paid: true}", "premium", 1250),
        ("premium: {amount: 12.50, currency: EUR, paid: true}", "premium_paid", True),
        ("document: {form: paper, languages: [no, en]}", "document_languages", frozenset({"no", "en"})),
        ('service: {hotline_hours: "24_7"}', "hotline_hours", "24_7"),
    ],
)
def test_a_key_becomes_a_fact(more: str, field: str, expected: object) -> None:
    assert expected == facts(more)[field]


def test_a_key_left_out_is_no_fact() -> None:
    assert facts("") == {"contract_kind": "travel"}


def test_a_benefit_line_is_read() -> None:
    more = "benefits: [{benefit: inpatient, limit: {amount: 5, currency: EUR, per: event}, waiting_days: none}]"
    lines = contract(FRAME + more).benefits

    assert lines is not None
    assert (
        lines[0].benefit, lines[0].limit, lines[0].limit_currency, lines[0].limit_per, lines[0].unlimited, lines[0].waiting_days,
    ) == ("inpatient", 500, "EUR", "event", False, ABSENT)  # fmt: skip


def test_the_same_contract_in_json_is_the_same() -> None:
    plain = {
        "number": "T",
        "kind": "travel",
        "period": {"from": "2026-06-01"},
        "insured": [{"id": "w", "role": "worker"}],
    }
    text = "number: T\nkind: travel\nperiod: {from: 2026-06-01}\ninsured: [{id: w, role: worker}]"

    assert contract(text) == contract(json.dumps(plain))


def test_numbers_and_flags_in_json_are_read() -> None:
    plain = {
        "number": "T",
        "kind": "travel",
        "period": {},
        "insured": [{"id": "w", "role": "worker"}],
        "waiting_days": 3,
        "suspended_abroad": True,
    }

    assert (
        contract(json.dumps(plain)).facts["waiting_days"],
        contract(json.dumps(plain)).facts["suspended_abroad"],
    ) == (3, True)


@pytest.mark.parametrize(
    ("more", "path", "code"),
    [
        ("colour: red", "colour", FaultCode.UNKNOWN_KEY),
        ("insurer: {sate: KZ}", "insurer.sate", FaultCode.UNKNOWN_KEY),
        ("sum_insured: {amount: 1, currency: XYZ, per: person}", "sum_insured.currency", FaultCode.UNKNOWN_CODE),
        ("sum_insured: {amount: 1, currency: eur, per: person}", "sum_insured.currency", FaultCode.UNKNOWN_CODE),
        ("sum_insured: {amount: -1, currency: EUR, per: person}", "sum_insured.amount", FaultCode.WRONG_VALUE),
        ("sum_insured: {amount: 1.001, currency: EUR, per: person}", "sum_insured.amount", FaultCode.WRONG_VALUE),
        ("sum_insured: {amount: 1e3, currency: EUR, per: person}", "sum_insured.amount", FaultCode.WRONG_VALUE),
        ('sum_insured: {amount: "1,000", currency: EUR, per: person}', "sum_insured.amount", FaultCode.WRONG_VALUE),
        ("sum_insured: {amount: NaN, currency: EUR, per: person}", "sum_insured.amount", FaultCode.WRONG_VALUE),
        ("sum_insured: {amount: 1, currency: EUR, per: head}", "sum_insured.per", FaultCode.WRONG_VALUE),
        ("sum_insured: {amount: 1, currency: EUR}", "sum_insured", FaultCode.MISSING_KEY),
        ("sum_insured: much", "sum_insured", FaultCode.WRONG_VALUE),
        ("territory: [XX]", "territory[0]", FaultCode.UNKNOWN_CODE),
        ("territory: [NO-99]", "territory[0]", FaultCode.UNKNOWN_CODE),
        ("territory: NO", "territory", FaultCode.WRONG_VALUE),
        ("home_state: KAZ", "home_state", FaultCode.UNKNOWN_CODE),
        ("exclusions: [dental, everything]", "exclusions[1]", FaultCode.UNKNOWN_CODE),
        ("document: {languages: [klingon]}", "document.languages[0]", FaultCode.UNKNOWN_CODE),
        ("waiting_days: -1", "waiting_days", FaultCode.WRONG_VALUE),
        ("waiting_days: 1.5", "waiting_days", FaultCode.WRONG_VALUE),
        ("suspended_abroad: perhaps", "suspended_abroad", FaultCode.WRONG_VALUE),
        ("concluded: 2026-02-30", "concluded", FaultCode.WRONG_VALUE),
        ("concluded: 01.02.2026", "concluded", FaultCode.WRONG_VALUE),
        ("cost_sharing: {copay_percent: 5.125}", "cost_sharing.copay_percent", FaultCode.WRONG_VALUE),
        ("cost_sharing: {copay_percent: 101}", "cost_sharing.copay_percent", FaultCode.WRONG_VALUE),
        ("benefits: [{limit: none}]", "benefits[0]", FaultCode.MISSING_KEY),
        ("benefits: [{benefit: wellness}]", "benefits[0].benefit", FaultCode.UNKNOWN_CODE),
        ("benefits: [{benefit: inpatient, price: 3}]", "benefits[0].price", FaultCode.UNKNOWN_KEY),
    ],
)
def test_one_fault_is_told_by_place_and_kind(more: str, path: str, code: FaultCode) -> None:
    assert [(5, path, code)] == [(line, where, what) for line, where, what, _ in told(FRAME + more)]


def test_an_insured_person_twice_is_told() -> None:
    text = "number: T\nkind: travel\nperiod: {}\ninsured:\n  - {id: w, role: worker}\n  - {id: w, role: spouse}\n"

    assert told(text) == [(6, "insured[1].id", FaultCode.TWICE, "w")]


def test_an_end_before_the_start_is_told() -> None:
    text = FRAME.replace("2026-08-31", "2026-05-31")

    assert told(text) == [(3, "period.to", FaultCode.WRONG_ORDER, "2026-05-31")]


def test_a_person_insured_outside_the_contract_is_told() -> None:
    text = FRAME.replace("role: worker", "role: worker, period: {from: 2026-05-31}")

    assert told(text) == [(4, "insured[0].period.from", FaultCode.WRONG_ORDER, "2026-05-31")]


def test_nobody_insured_is_told() -> None:
    assert [part[:3] for part in told(FRAME.replace("[{id: w, role: worker}]", "[]"))] == [
        (4, "insured", FaultCode.WRONG_VALUE)
    ]


@pytest.mark.parametrize("text", ["[]", "travel", "- a\n- b"])
def test_a_file_that_is_no_mapping_is_told(text: str) -> None:
    assert [part[:3] for part in told(text)] == [(1, "(whole file)", FaultCode.WRONG_VALUE)]


def test_all_faults_are_told_at_once_in_order_of_line() -> None:
    text = """\
number: T
kind: cruise
period: {from: 2026-06-01, to: 2026-05-01}
colour: red
territory: [XX]
sum_insured: {amount: -5, currency: EUR, per: person}
exclusions: [everything]
benefits:
  - {benefit: wellness}
  - {benefit: inpatient, limit: {amount: 5, currency: XYZ, per: person}}
  - {limit: none}
insured:
  - {id: w, role: wizard, citizenship: [XX]}
  - {id: w, role: spouse}
  - {id: w, role: child, born: 2026-13-01}
"""
    expected = [
        (2, "kind", FaultCode.UNKNOWN_CODE, "cruise"),
        (3, "period.to", FaultCode.WRONG_ORDER, "2026-05-01"),
        (4, "colour", FaultCode.UNKNOWN_KEY, "colour"),
        (5, "territory[0]", FaultCode.UNKNOWN_CODE, "XX"),
        (6, "sum_insured.amount", FaultCode.WRONG_VALUE, "-5"),
        (7, "exclusions[0]", FaultCode.UNKNOWN_CODE, "everything"),
        (9, "benefits[0].benefit", FaultCode.UNKNOWN_CODE, "wellness"),
        (10, "benefits[1].limit.currency", FaultCode.UNKNOWN_CODE, "XYZ"),
        (11, "benefits[2]", FaultCode.MISSING_KEY, "nothing"),
        (13, "insured[0].citizenship[0]", FaultCode.UNKNOWN_CODE, "XX"),
        (13, "insured[0].role", FaultCode.WRONG_VALUE, "wizard"),
        (14, "insured[1].id", FaultCode.TWICE, "w"),
        (15, "insured[2].born", FaultCode.WRONG_VALUE, "2026-13-01"),
        (15, "insured[2].id", FaultCode.TWICE, "w"),
    ]

    assert expected == told(text)
