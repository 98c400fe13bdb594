"""Saved decisions: made again they are the same bytes, and a changed law is told."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from builder import DAY, duty, euros, kind, law_of, requirement, route
from hypothesis import given
from hypothesis import strategies as st
from strategies import BOOK, stated_facts

from polisbridge.core.codes import Gate
from polisbridge.core.facts import Facts
from polisbridge.core.law import LawBook
from polisbridge.core.money import Rate, Rates, RateTable
from polisbridge.core.remedy import with_term
from polisbridge.formats.decisionfile import read_decision, to_text, write_decision
from polisbridge.formats.tree import read_tree
from polisbridge.services.applied_laws import AppliedLaws
from polisbridge.services.assess import assess_facts
from polisbridge.services.replay import Replay, replay_decision

EARLIER = DAY - timedelta(days=10)
RATES = Rates(
    (
        RateTable("Bank", "NO", "NOK", "", (Rate(DAY, "EUR", 1, Decimal("11.0123")), Rate(DAY, "USD", 3, Decimal("31.7")), Rate(EARLIER, "EUR", 1, Decimal(9)))),
        RateTable("ECB", "EU", "EUR", "", (Rate(DAY, "JPY", 1, Decimal("163.07")),), per_base=True),
    )
)  # fmt: skip


def saved(book: LawBook, facts: Facts, gate: Gate = Gate.ENTRY, rates: Rates = RATES) -> dict[str, Any]:
    found = assess_facts(AppliedLaws(book, rates), facts, gate, DAY, "worker")
    written: dict[str, Any] = json.loads(to_text(write_decision(book.hash, found)))
    return written


def replayed(book: LawBook, written: dict[str, Any]) -> Replay:
    document = read_tree(to_text(written).encode(), "decision.json")
    return replay_decision(book, read_decision(document, book), written)


@given(stated_facts(), st.sampled_from([Gate.ENTRY, Gate.HIRING]))
def test_a_decision_made_again_is_the_same_bytes(facts: Facts, gate: Gate) -> None:
    region = facts.region if isinstance(facts.region, str) else None
    here = with_term(replace(facts, state="NO", region=region, gate=gate.value))

    assert replayed(BOOK, saved(BOOK, here, gate)).identical


@pytest.mark.parametrize("rule", ["assessed", "concluded"])
@pytest.mark.parametrize("currency", ["USD", "NOK", "JPY", "EUR"])
def test_a_decision_that_used_a_rate_is_the_same_bytes(currency: str, rule: str) -> None:
    check = kind("sum_insured_at_least", **euros("10000.00"), rate_day=rule)
    book = law_of(duty(), route(), requirement(check))
    facts = Facts(
        state="NO", as_of=0, last_day=1, concluded=DAY.toordinal() - date(1970, 1, 1).toordinal() - 10, sum_insured=1_000_000_000,
        sum_insured_currency=currency, sum_insured_per="person", sum_unlimited=False,
    )  # fmt: skip
    written = saved(book, facts)

    assert (True, written["verdict"]) == (replayed(book, written).identical, replayed(book, written).after)


@pytest.mark.parametrize(("kind_", "citizenship"), [("accident", "KZ"), ("travel", "NO")])
def test_a_decision_about_a_closed_route_or_a_free_person_is_the_same_bytes(kind_: str, citizenship: str) -> None:
    facts = Facts(
        state="NO", contract_kind=kind_, citizenship=frozenset({citizenship}),
        sum_insured=5, sum_insured_currency="USD", sum_insured_per="person", sum_unlimited=False,
    )  # fmt: skip

    assert replayed(BOOK, saved(BOOK, facts)).identical


def test_the_rates_used_are_saved() -> None:
    facts = Facts(state="NO", sum_insured=5, sum_insured_currency="USD", sum_insured_per="person", sum_unlimited=False)

    assert [(one["source"], [rate["currency"] for rate in one["rates"]]) for one in saved(BOOK, facts)["rates"]] == [
        ("Bank", ["EUR", "USD"])
    ]


def test_a_changed_law_is_told() -> None:
    written = saved(BOOK, Facts(state="NO"))

    assert replayed(replace(BOOK, hash="f" * 64), written).law_changed


def test_a_decision_under_the_same_law_is_told_so() -> None:
    assert not replayed(BOOK, saved(BOOK, Facts(state="NO"))).law_changed


def test_a_decision_tampered_with_is_not_identical() -> None:
    written = saved(BOOK, Facts(state="NO")) | {"verdict": "recognised"}

    assert not replayed(BOOK, written).identical


def test_a_changed_verdict_is_told_before_and_after() -> None:
    written = saved(BOOK, Facts(state="NO", citizenship=frozenset({"KZ"})))
    other = law_of(replace(duty(), in_force=replace(duty().in_force, first=DAY + timedelta(days=1))))

    assert (replayed(other, written).before, replayed(other, written).after) == ("undetermined", "undetermined")


def test_a_saved_decision_holds_its_facts_and_no_nulls() -> None:
    written = saved(BOOK, Facts(state="NO", age=6))

    assert written["facts"] == {"state": "NO", "age": "6"}
    assert "null" not in to_text(written)


def test_the_text_is_the_same_every_time() -> None:
    facts = Facts(state="NO", citizenship=frozenset({"KZ", "SE", "FI"}), exclusions=frozenset({"dental", "chronic"}))

    assert to_text(saved(BOOK, facts)) == to_text(saved(BOOK, facts))
