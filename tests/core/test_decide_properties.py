"""What holds of every decision: more cover never hurts, gaps never help, order never matters, top-ups do what they say."""

from dataclasses import replace
from typing import Any

from builder import DAY, applied, decision, law_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn
from strategies import RATES, SETTING, checks, code_sets, facts_for, facts_for_law, forgotten, provisions

from polisbridge.core.applied import apply_law
from polisbridge.core.checks import KINDS, Check
from polisbridge.core.codes import Gate, Role, Verdict
from polisbridge.core.condition import Truth, evaluate
from polisbridge.core.contract import Contract, Insured, Period, Stay
from polisbridge.core.decide import Decision, decide
from polisbridge.core.facts import ABSENT, BenefitLine, Facts
from polisbridge.core.law import Provision
from polisbridge.core.remedy import Lever, apply_changes, with_term
from polisbridge.services.assess import assess_contract, top_up_of

YES = (Verdict.RECOGNISED, Verdict.NOT_REQUIRED)
Law = tuple[Provision, ...]


@st.composite
def cases(draw: DrawFn, *, known: bool = False) -> tuple[Law, Facts]:
    law = draw(provisions())
    return law, draw(facts_for_law(law, known=known))


# Learning --------------------------------------------------------------------------------------------


@settings(max_examples=400)
@given(st.data())
def test_learning_a_fact_never_flips_a_definite_verdict(data: st.DataObject) -> None:
    law, after = data.draw(cases())
    before = data.draw(forgotten(after))
    verdict = decision(before, *law, rates=RATES).verdict
    # a contract that is recognised, of a person who then turns out not to need one, is "yes" both times
    learnt = decision(after, *law, rates=RATES).verdict

    assert verdict in (Verdict.UNDETERMINED, learnt) or (verdict, learnt) == (Verdict.RECOGNISED, Verdict.NOT_REQUIRED)


@settings(max_examples=400)
@given(st.data())
def test_an_unknown_fact_never_gives_a_yes_where_the_full_facts_give_none(data: st.DataObject) -> None:
    law, full = data.draw(cases(known=True))
    less = data.draw(forgotten(full))

    assert decision(less, *law, rates=RATES).verdict not in YES or decision(full, *law, rates=RATES).verdict in YES


# More cover ------------------------------------------------------------------------------------------

_RAISED = ("sum_insured", "first_part_in_full", "late_penalty", "clinics", "max_trip_days", "late_interest_percent")
_LOWERED = (
    "deductible", "copay_percent", "waiting_days", "worker_share_percent", "worker_share_months", "gap_days",
    "payment_days", "preauthorisation_minutes",
)  # fmt: skip
_WIDENED = (
    "territory", "guarantors", "claims_payable_in", "assistance_in", "clinic_regions", "no_preauthorisation",
    "hotline_languages", "document_shows", "document_languages", "document_features", "verifiable_by", "ends_with",
)  # fmt: skip
_NARROWED = ("exclusions", "territory_except")
_WIDER_SCOPE = {"policy": "person", "person": "year", "year": "event"}


@st.composite
def bettered(draw: DrawFn, facts: Facts) -> Facts:
    """Draw a contract that gives the same or more: cover, period, territory, and fewer exclusions."""
    values: dict[str, Any] = {}
    values |= _more_and_less(draw, facts, _RAISED, _LOWERED)
    for name in _WIDENED:
        held = getattr(facts, name)
        if held is not None:
            values[name] = held | draw(code_sets(name))
    for name in _NARROWED:
        held = getattr(facts, name)
        if held is not None:
            values[name] = frozenset(code for code in held if draw(st.booleans()))
    if isinstance(facts.first_day, int):
        values["first_day"] = facts.first_day - draw(st.integers(0, 400))
    if isinstance(facts.last_day, int):
        values["last_day"] = facts.last_day + draw(st.integers(0, 400))
    if facts.sum_insured_per in _WIDER_SCOPE and draw(st.booleans()):
        values["sum_insured_per"] = _WIDER_SCOPE[str(facts.sum_insured_per)]
    if facts.sum_unlimited is False:
        values["sum_unlimited"] = draw(st.booleans())
    if facts.benefits is not None:
        new = [BenefitLine(benefit="repatriation", limit=ABSENT, unlimited=True)] if draw(st.booleans()) else []
        values["benefits"] = (*[_bettered_line(draw, line) for line in facts.benefits], *new)
    return with_term(replace(facts, **values))


def _more_and_less(draw: DrawFn, record: Any, more: tuple[str, ...], less: tuple[str, ...]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name in more:
        held = getattr(record, name)
        if isinstance(held, int):
            values[name] = held + draw(st.integers(0, 500))
    for name in less:
        held = getattr(record, name)
        if isinstance(held, int):
            values[name] = max(0, held - draw(st.integers(0, 500)))
    return values


def _bettered_line(draw: DrawFn, line: BenefitLine) -> BenefitLine:
    values = _more_and_less(
        draw, line, ("limit", "count"), ("copay_percent", "copay_cap", "waiting_days", "deductible")
    )
    for name in ("settings", "causes"):
        held = getattr(line, name)
        if held is not None:
            values[name] = held | draw(code_sets(name))
    if line.limit_per in _WIDER_SCOPE and draw(st.booleans()):
        values["limit_per"] = _WIDER_SCOPE[str(line.limit_per)]
    if line.unlimited is False:
        values["unlimited"] = draw(st.booleans())
    return replace(line, **values)


@settings(max_examples=2500)
@given(st.data())
def test_more_cover_never_turns_a_met_requirement_into_unmet(data: st.DataObject) -> None:
    check: Check = data.draw(st.sampled_from(sorted(KINDS)).flatmap(checks))
    before = data.draw(facts_for(check))
    if data.draw(st.booleans()):
        before = apply_changes(before, check.remedy(before, SETTING))
    after = data.draw(bettered(before))

    def met(facts: Facts) -> Truth:
        return evaluate(check.condition(SETTING), facts)

    assert met(before) is not True or met(after) is True


@settings(max_examples=300)
@given(st.data())
def test_more_cover_never_loses_recognition(data: st.DataObject) -> None:
    law, before = data.draw(cases(known=True))
    found = decision(before, *law, rates=RATES)
    after = data.draw(bettered(before))

    assert found.verdict is not Verdict.RECOGNISED or decision(after, *law, rates=RATES).verdict in YES


# Top-ups ---------------------------------------------------------------------------------------------


def left_over(facts: Facts, answer: Decision) -> list[str]:
    """Return what a contract could still change on the nearest route once the top-up is applied."""
    top_up = top_up_of(facts, answer)
    if top_up is None or answer.nearest is None:
        return []
    changed = apply_changes(facts, top_up.changes)
    again = decide(changed, answer.law)
    same = next(result for result in again.routes if result.route.id == answer.nearest.route.id)
    return [
        finding.provision.id
        for finding in same.findings
        if any(change.lever is not Lever.OUTSIDE for change in finding.remedy(changed, again.law.setting))
    ]


@settings(max_examples=400)
@given(st.data())
def test_an_applied_top_up_leaves_only_what_no_contract_can_change(data: st.DataObject) -> None:
    law, facts = data.draw(cases(known=True))

    assert left_over(facts, decision(facts, *law, rates=RATES)) == []


@settings(max_examples=400)
@given(st.data())
def test_a_complete_top_up_re_decides_to_recognised(data: st.DataObject) -> None:
    law, facts = data.draw(cases(known=True))
    answer = decision(facts, *law, rates=RATES)
    top_up = top_up_of(facts, answer)
    again = decide(apply_changes(facts, top_up.changes), answer.law).verdict if top_up else None

    assert top_up is None or top_up.complete == (again is Verdict.RECOGNISED)


@settings(max_examples=200)
@given(st.data())
def test_there_is_no_top_up_where_the_answer_is_yes(data: st.DataObject) -> None:
    law, facts = data.draw(cases())
    answer = decision(facts, *law, rates=RATES)

    assert answer.verdict not in YES or top_up_of(facts, answer) is None


# Order -----------------------------------------------------------------------------------------------


def summary(answer: Decision) -> object:
    return (
        answer.verdict,
        answer.if_confirmed,
        answer.if_refuted,
        answer.needs,
        [result.route.id for result in answer.routes],
    )


@settings(max_examples=200)
@given(st.data())
def test_the_verdict_never_depends_on_the_order_of_provisions(data: st.DataObject) -> None:
    law, facts = data.draw(cases())
    shuffled = data.draw(st.permutations(law))

    assert summary(decision(facts, *law, rates=RATES)) == summary(decision(facts, *shuffled, rates=RATES))


@given(st.permutations([1, 2, 3]), st.data())
def test_the_verdict_never_depends_on_the_order_of_persons(order: list[int], data: st.DataObject) -> None:
    law = data.draw(provisions())
    roles = {1: Role.WORKER, 2: Role.SPOUSE, 3: Role.CHILD}
    insured = {i: Insured(f"p{i}", role, citizenship=frozenset({"KZ"})) for i, role in roles.items()}
    stay = Stay("NO", Gate.ENTRY, DAY)

    def verdicts(persons: tuple[Insured, ...]) -> dict[str, Verdict]:
        contract = Contract("1", Period(DAY, DAY), persons)
        return {one.person: one.decision.verdict for one in assess_contract(law_of(*law), contract, stay, RATES)}

    assert verdicts(tuple(insured.values())) == verdicts(tuple(insured[i] for i in order))


@given(st.data())
def test_deciding_twice_gives_the_same(data: st.DataObject) -> None:
    law, facts = data.draw(cases())

    assert summary(decide(facts, applied(*law, rates=RATES))) == summary(decide(facts, applied(*law, rates=RATES)))


@given(st.data())
def test_every_finding_shown_is_of_a_provision_in_the_law(data: st.DataObject) -> None:
    law, facts = data.draw(cases())
    found = apply_law(law_of(*law), "NO", Gate.ENTRY, DAY, RATES)
    answer = decide(facts, found)
    shown = {finding.provision.id for finding in (*answer.duties, *answer.exemptions)}
    shown |= {finding.provision.id for result in answer.routes for finding in (result.entry, *result.findings)}

    assert shown <= {one.id for one in law}
