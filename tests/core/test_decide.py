"""How a verdict comes about: duties, exemptions, routes, evidence, open questions, treaties, regions."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from builder import (
    DAY,
    ENOUGH,
    SHORT,
    SUM_OF_10000,
    decision,
    duty,
    exemption,
    kind,
    law_of,
    party,
    question,
    requirement,
    route,
    treaty,
)

from polisbridge.core.applied import apply_law
from polisbridge.core.codes import Bearing, Evidence, Gate, Outcome, Verdict
from polisbridge.core.condition import Compare, Const, Field, InSet, IsTrue, Not, Within
from polisbridge.core.decide import decide
from polisbridge.core.facts import Facts
from polisbridge.core.law import InForce, Jurisdiction, Provision, Requirement
from polisbridge.core.money import Rates
from polisbridge.services.suppose import suppose_treaties

RECOGNISED, NOT_RECOGNISED = Verdict.RECOGNISED, Verdict.NOT_RECOGNISED
NOT_REQUIRED, UNDETERMINED = Verdict.NOT_REQUIRED, Verdict.UNDETERMINED
UNCONFIRMED = Evidence.UNCONFIRMED
UNKNOWN_SUM = replace(ENOUGH, sum_insured=None)
CHILD = Compare(Field("age"), "<=", Const(6))


def sum_needed(name: str = "sum", **more: object) -> Requirement:
    return requirement(SUM_OF_10000, name, **more)  # type: ignore[arg-type]


PLAIN = (duty(), route(), sum_needed())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [(ENOUGH, RECOGNISED), (SHORT, NOT_RECOGNISED), (UNKNOWN_SUM, UNDETERMINED), (Facts(), UNDETERMINED)],
)
def test_a_duty_and_one_route(facts: Facts, expected: Verdict) -> None:
    assert expected == decision(facts, *PLAIN).verdict


def test_no_law_is_undetermined_and_says_so() -> None:
    answer = decision(ENOUGH)

    assert (answer.verdict, answer.law_known) == (UNDETERMINED, False)


def test_a_gate_with_law_is_known() -> None:
    assert decision(Facts(), *PLAIN).law_known is True


def test_law_of_another_gate_is_not_asked() -> None:
    assert decision(SHORT, duty(gates=(Gate.HIRING,)), route(gates=(Gate.HIRING,))).law_known is False


def test_a_gate_with_no_duty_on_record_is_undetermined_and_never_free() -> None:
    assert decision(SHORT, route(), sum_needed()).verdict == UNDETERMINED


def test_a_duty_without_any_route_on_record_is_undetermined() -> None:
    assert decision(ENOUGH, duty()).verdict == UNDETERMINED


def test_a_duty_that_does_not_concern_the_person_means_not_required() -> None:
    assert decision(replace(SHORT, age=7), duty(applies=CHILD), route(), sum_needed()).verdict == NOT_REQUIRED


def test_one_duty_of_several_is_enough_to_require() -> None:
    assert (
        decision(replace(SHORT, age=7), duty("a", applies=CHILD), duty("b"), route(), sum_needed()).verdict
        == NOT_RECOGNISED
    )


def test_an_exemption_that_is_met_means_not_required() -> None:
    assert decision(replace(SHORT, age=6), *PLAIN, exemption(applies=CHILD)).verdict == NOT_REQUIRED


def test_an_exemption_that_is_not_met_changes_nothing() -> None:
    assert decision(replace(SHORT, age=7), *PLAIN, exemption(applies=CHILD)).verdict == NOT_RECOGNISED


def test_an_exemption_with_a_missing_fact_leaves_a_no_undetermined() -> None:
    assert decision(SHORT, *PLAIN, exemption(applies=CHILD)).verdict == UNDETERMINED


def test_the_missing_fact_is_named() -> None:
    assert decision(SHORT, *PLAIN, exemption(applies=CHILD)).needs == ("age",)


def test_the_exemption_that_is_met_is_the_basis() -> None:
    answer = decision(replace(SHORT, age=6), *PLAIN, exemption(applies=CHILD))

    assert [finding.provision.id for finding in answer.basis] == ["no.act.exemption"]


def test_all_requirements_of_a_route_are_looked_at() -> None:
    other = requirement(kind("premium_paid"), "paid")
    answer = decision(replace(SHORT, premium_paid=False, premium_arrears=1), *PLAIN, other)

    assert [finding.outcome for finding in answer.routes[0].findings] == [Outcome.NOT_MET, Outcome.NOT_MET]


def test_one_unmet_requirement_closes_the_route() -> None:
    assert (
        decision(replace(SHORT, premium_paid=True), *PLAIN, requirement(kind("premium_paid"), "paid")).verdict
        == NOT_RECOGNISED
    )


def test_one_route_met_is_enough() -> None:
    other = route("other", accepts=InSet(Field("contract_kind"), frozenset({"travel"})))

    assert decision(replace(SHORT, contract_kind="travel"), *PLAIN, other).verdict == RECOGNISED


def test_a_requirement_that_does_not_concern_the_person_does_not_stand_in_the_way() -> None:
    assert decision(replace(SHORT, age=7), duty(), route(), sum_needed(applies=CHILD)).verdict == RECOGNISED


def test_a_requirement_that_may_not_concern_the_person_leaves_it_undetermined() -> None:
    assert decision(SHORT, duty(), route(), sum_needed(applies=CHILD)).verdict == UNDETERMINED


def test_a_contract_that_the_route_does_not_accept_is_not_recognised() -> None:
    way = route(accepts=InSet(Field("contract_kind"), frozenset({"travel"})))

    assert decision(replace(ENOUGH, contract_kind="accident"), duty(), way, sum_needed()).verdict == NOT_RECOGNISED


def test_a_contract_that_has_ended_is_not_recognised() -> None:
    assert decision(replace(ENOUGH, as_of=100, last_day=99), *PLAIN).verdict == NOT_RECOGNISED


def test_a_contract_is_in_force_on_its_last_day() -> None:
    assert decision(replace(ENOUGH, as_of=100, last_day=100), *PLAIN).verdict == RECOGNISED


def test_provisions_begin_on_their_first_day() -> None:
    new = sum_needed(in_force=InForce(first=DAY))

    assert decision(SHORT, duty(), route(), new).verdict == NOT_RECOGNISED


def test_provisions_are_not_in_force_the_day_before() -> None:
    new = sum_needed(in_force=InForce(first=DAY + timedelta(days=1)))

    assert decision(SHORT, duty(), route(), new).verdict == RECOGNISED


def test_provisions_hold_on_their_last_day() -> None:
    assert decision(SHORT, duty(), route(), sum_needed(in_force=InForce(last=DAY))).verdict == NOT_RECOGNISED


def test_provisions_are_gone_the_day_after() -> None:
    old = sum_needed(in_force=InForce(last=DAY - timedelta(days=1)))

    assert decision(SHORT, duty(), route(), old).verdict == RECOGNISED


# Evidence ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("facts", [ENOUGH, SHORT])
def test_an_unconfirmed_requirement_holds_its_route_back_met_or_not(facts: Facts) -> None:
    assert decision(facts, duty(), route(), sum_needed(evidence=UNCONFIRMED)).verdict == UNDETERMINED


def test_an_unconfirmed_requirement_still_says_what_it_says() -> None:
    (finding,) = decision(SHORT, duty(), route(), sum_needed(evidence=UNCONFIRMED)).routes[0].findings

    assert (finding.outcome, finding.counts) == (Outcome.NOT_MET, None)


def test_secondary_evidence_counts() -> None:
    assert decision(ENOUGH, duty(), route(), sum_needed(evidence=Evidence.SECONDARY)).verdict == RECOGNISED


def test_an_unconfirmed_duty_alone_is_not_known() -> None:
    assert decision(SHORT, duty(evidence=UNCONFIRMED), route(), sum_needed()).verdict == UNDETERMINED


def test_an_unconfirmed_duty_that_would_not_concern_the_person_does_not_require() -> None:
    free = duty(evidence=UNCONFIRMED, applies=CHILD)

    assert decision(replace(SHORT, age=7), free, route(), sum_needed()).verdict == NOT_REQUIRED


def test_an_unconfirmed_exemption_frees_nobody() -> None:
    free = exemption(evidence=UNCONFIRMED, applies=CHILD)

    assert decision(replace(SHORT, age=6), *PLAIN, free).verdict == UNDETERMINED


def test_an_unconfirmed_exemption_that_would_not_be_met_changes_nothing() -> None:
    free = exemption(evidence=UNCONFIRMED, applies=CHILD)

    assert decision(replace(SHORT, age=7), *PLAIN, free).verdict == NOT_RECOGNISED


def test_an_unconfirmed_route_recognises_nothing() -> None:
    assert decision(ENOUGH, duty(), route(evidence=UNCONFIRMED), sum_needed()).verdict == UNDETERMINED


def test_an_unconfirmed_route_that_is_not_met_recognises_nothing_either_way() -> None:
    assert decision(SHORT, duty(), route(evidence=UNCONFIRMED), sum_needed()).verdict == NOT_RECOGNISED


@pytest.mark.parametrize(
    ("facts", "provisions", "confirmed", "refuted"),
    [
        (ENOUGH, PLAIN, RECOGNISED, RECOGNISED),
        (SHORT, PLAIN, NOT_RECOGNISED, NOT_RECOGNISED),
        (SHORT, (duty(), route(), sum_needed(evidence=UNCONFIRMED)), NOT_RECOGNISED, RECOGNISED),
        (ENOUGH, (duty(), route(), sum_needed(evidence=UNCONFIRMED)), RECOGNISED, UNDETERMINED),
        (SHORT, (duty(evidence=UNCONFIRMED), route(), sum_needed()), NOT_RECOGNISED, NOT_REQUIRED),
        (SHORT, (*PLAIN, exemption(evidence=UNCONFIRMED)), NOT_REQUIRED, NOT_RECOGNISED),
        (ENOUGH, (duty(), route(evidence=UNCONFIRMED), sum_needed()), RECOGNISED, NOT_RECOGNISED),
        (ENOUGH, (*PLAIN, question("no.act.route")), RECOGNISED, NOT_RECOGNISED),
        (SHORT, (*PLAIN, question("no.act.exemption"), exemption()), NOT_REQUIRED, NOT_RECOGNISED),
        (SHORT, (*PLAIN, question("no.act.duty")), NOT_RECOGNISED, NOT_REQUIRED),
        (SHORT, (route(), sum_needed(), question("gate")), NOT_RECOGNISED, NOT_REQUIRED),
    ],
)
def test_what_hangs_on_the_open_points(
    facts: Facts, provisions: tuple[Provision, ...], confirmed: Verdict, refuted: Verdict
) -> None:
    answer = decision(facts, *provisions)

    assert (confirmed, refuted) == (answer.if_confirmed, answer.if_refuted)


# Open questions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["no.act.route", "no.act.sum", "no.act.duty"])
def test_a_blocking_question_makes_what_it_bears_on_not_known(target: str) -> None:
    facts = ENOUGH if target != "no.act.duty" else SHORT

    assert decision(facts, *PLAIN, question(target)).verdict == UNDETERMINED


def test_a_blocking_question_on_an_exemption_frees_nobody() -> None:
    assert decision(SHORT, *PLAIN, exemption(), question("no.act.exemption")).verdict == UNDETERMINED


def test_a_question_on_a_route_leaves_a_no_a_no() -> None:
    assert decision(SHORT, *PLAIN, question("no.act.route")).verdict == NOT_RECOGNISED


def test_an_informing_question_changes_no_verdict() -> None:
    asked = question("no.act.route", effect=Bearing.INFORMS)

    assert decision(ENOUGH, *PLAIN, asked).verdict == RECOGNISED


def test_an_informing_question_is_shown() -> None:
    asked = question("no.act.route", effect=Bearing.INFORMS)

    assert [one.provision.id for one in decision(ENOUGH, *PLAIN, asked).questions] == ["no.act.question"]


KNOWN_LIST = Within(Field("exclusions"), frozenset({"dental"}))


@pytest.mark.parametrize(
    ("exclusions", "expected"),
    [(frozenset({"dental"}), RECOGNISED), (frozenset({"chronic"}), UNDETERMINED), (None, UNDETERMINED)],
)
def test_a_question_with_applies_to_blocks_only_those_it_concerns(
    exclusions: frozenset[str] | None, expected: Verdict
) -> None:
    asked = question("no.act.route", applies=Not(KNOWN_LIST))

    assert expected == decision(replace(ENOUGH, exclusions=exclusions), *PLAIN, asked).verdict


def test_a_question_that_does_not_concern_the_person_is_not_shown() -> None:
    asked = question("no.act.route", applies=CHILD)

    assert decision(replace(ENOUGH, age=7), *PLAIN, asked).questions == ()


def test_a_question_on_the_gate_leaves_it_open_whether_there_is_a_duty() -> None:
    free = duty(applies=CHILD)

    assert decision(replace(SHORT, age=7), free, route(), sum_needed(), question("gate")).verdict == UNDETERMINED


def test_a_question_on_the_gate_does_not_undo_a_duty_that_is_established() -> None:
    assert decision(SHORT, *PLAIN, question("gate")).verdict == NOT_RECOGNISED


def test_a_question_on_one_route_leaves_the_other_open() -> None:
    assert decision(ENOUGH, *PLAIN, route("other"), question("no.act.other")).verdict == RECOGNISED


# Treaties ---------------------------------------------------------------------------------------------


def by_treaty(
    *parties: object, status: str = "in_force", binds_by: str = "citizenship", evidence: Evidence = Evidence.PRIMARY
) -> Verdict:
    pact = treaty(*parties, status=status, binds_by=binds_by)  # type: ignore[arg-type]
    free = exemption(jurisdiction="treaties.pact", evidence=evidence)
    facts = replace(SHORT, citizenship=frozenset({"FI"}), home_state="KZ")
    return decision(facts, *PLAIN, free, jurisdictions=[pact]).verdict


NO, FI, KZ = party("NO"), party("FI"), party("KZ")


def test_a_treaty_binds_between_its_parties() -> None:
    assert by_treaty(NO, FI) == NOT_REQUIRED


def test_a_treaty_does_not_bind_a_state_that_is_no_party() -> None:
    assert by_treaty(FI, KZ) == NOT_RECOGNISED


def test_citizens_of_no_party_have_nothing_from_a_treaty() -> None:
    assert by_treaty(NO, KZ) == NOT_RECOGNISED


def test_a_treaty_may_bind_by_the_state_of_the_contract() -> None:
    assert by_treaty(NO, KZ, binds_by="home_state") == NOT_REQUIRED


@pytest.mark.parametrize("status", ["draft", "signed", "terminated", "historic", "not_established"])
def test_a_treaty_that_is_not_in_force_binds_nobody(status: str) -> None:
    assert by_treaty(NO, FI, status=status) == NOT_RECOGNISED


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (DAY, None, NOT_REQUIRED),
        (DAY + timedelta(days=1), None, NOT_RECOGNISED),
        (None, DAY, NOT_REQUIRED),
        (None, DAY - timedelta(days=1), NOT_RECOGNISED),
    ],
)
@pytest.mark.parametrize("who", ["NO", "FI"])
def test_a_membership_counts_on_its_days(first: date | None, last: date | None, expected: Verdict, who: str) -> None:
    other = {"NO": FI, "FI": NO}[who]

    assert expected == by_treaty(other, party(who, first=first, last=last))


@pytest.mark.parametrize("weak", ["text", "host", "other"])
def test_the_evidence_between_two_states_is_the_worst_of_all(weak: str) -> None:
    host = party("NO", UNCONFIRMED if weak == "host" else Evidence.PRIMARY)
    other = party("FI", UNCONFIRMED if weak == "other" else Evidence.PRIMARY)

    assert by_treaty(host, other, evidence=UNCONFIRMED if weak == "text" else Evidence.PRIMARY) == UNDETERMINED


def test_the_evidence_shown_is_the_worst_of_all() -> None:
    free, pact = exemption(jurisdiction="treaties.pact"), treaty(NO, party("FI", Evidence.SECONDARY))
    answer = decision(replace(SHORT, citizenship=frozenset({"FI"})), *PLAIN, free, jurisdictions=[pact])

    assert [finding.applied.evidence for finding in answer.exemptions] == [Evidence.SECONDARY]


def test_an_unconfirmed_membership_of_one_party_does_not_touch_the_others() -> None:
    assert by_treaty(NO, FI, party("KZ", UNCONFIRMED)) == NOT_REQUIRED


def test_a_draft_supposed_in_force_binds() -> None:
    book = law_of(*PLAIN, exemption(jurisdiction="treaties.pact"), jurisdictions=[treaty(NO, FI, status="draft")])
    supposing, _ = suppose_treaties(book, ("pact",))
    facts = replace(SHORT, citizenship=frozenset({"FI"}))

    assert decide(facts, apply_law(supposing, "NO", Gate.ENTRY, DAY, Rates())).verdict == NOT_REQUIRED


def test_what_was_supposed_is_named_in_full() -> None:
    book = law_of(jurisdictions=[treaty(NO, FI, status="draft")])

    assert suppose_treaties(book, ("pact",))[1] == ("treaties.pact",)


# Regions ----------------------------------------------------------------------------------------------

OSLO = Jurisdiction("no_oslo", {"en": "Oslo", "ru": "Осло"}, state="NO", region="NO-03")
LOCAL = requirement(kind("premium_paid"), "local", jurisdiction="no_oslo")
UNPAID = replace(ENOUGH, premium_paid=False, premium_arrears=1)


@pytest.mark.parametrize(
    ("region", "expected"), [("NO-03", NOT_RECOGNISED), ("NO-11", RECOGNISED), (None, UNDETERMINED)]
)
def test_regional_law_binds_only_in_its_region(region: str | None, expected: Verdict) -> None:
    assert expected == decision(replace(UNPAID, region=region), *PLAIN, LOCAL, jurisdictions=[OSLO]).verdict


def test_law_of_another_state_binds_nobody_here() -> None:
    sweden = Jurisdiction("se", {"en": "Sweden", "ru": "Швеция"}, state="SE")
    foreign = duty(jurisdiction="se")

    assert decision(ENOUGH, foreign, jurisdictions=[sweden]).law_known is False


# Order of routes --------------------------------------------------------------------------------------


def nearest(facts: Facts, *provisions: Provision) -> list[str]:
    return [result.route.id.removeprefix("no.act.") for result in decision(facts, *provisions).routes]


def test_the_route_that_is_met_comes_first() -> None:
    assert nearest(SHORT, *PLAIN, route("z")) == ["z", "route"]


def test_of_routes_not_met_the_one_with_fewer_obstacles_comes_first() -> None:
    worse = [requirement(kind("premium_paid"), name, routes=("no.act.a",)) for name in ("p", "q")]

    assert nearest(
        UNPAID, duty(), route("a"), route("b"), *worse, requirement(kind("premium_paid"), "r", routes=("no.act.b",))
    ) == ["b", "a"]


def test_what_no_contract_can_change_weighs_most() -> None:
    person = requirement(kind("person_class", roles=["child"]), "person", routes=("no.act.a",))
    two = [requirement(kind("premium_paid"), name, routes=("no.act.b",)) for name in ("p", "q")]

    assert nearest(replace(UNPAID, role="worker"), duty(), route("a"), route("b"), person, *two) == ["b", "a"]


def test_a_route_that_the_contract_may_not_take_comes_last() -> None:
    closed = route("a", accepts=InSet(Field("contract_kind"), frozenset({"travel"})))
    open_ = requirement(kind("premium_paid"), "p", routes=("no.act.b",))

    assert nearest(replace(UNPAID, contract_kind="life"), duty(), closed, route("b"), open_) == ["b", "a"]


def test_a_route_that_does_not_concern_the_person_is_left_out() -> None:
    assert nearest(replace(SHORT, works=False), duty(), route("a", applies=IsTrue(Field("works"))), route("b")) == ["b"]


def test_routes_equally_near_come_in_order_of_id() -> None:
    assert nearest(ENOUGH, duty(), route("b"), route("a")) == ["a", "b"]


def test_the_nearest_route_is_the_first() -> None:
    answer = decision(SHORT, *PLAIN, route("z"))

    assert answer.nearest is answer.routes[0]


def test_without_routes_none_is_nearest() -> None:
    assert decision(SHORT, duty()).nearest is None


def test_a_requirement_may_belong_to_several_routes() -> None:
    shared = sum_needed(routes=("no.act.a", "no.act.b"))

    assert decision(SHORT, duty(), route("a"), route("b"), shared).verdict == NOT_RECOGNISED
