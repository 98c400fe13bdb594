"""The requirement kinds: each well typed, each curable or honestly not, each consistent in what is stricter."""

from dataclasses import replace
from decimal import Decimal

import pytest
from builder import euros, kind
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import NO_RATES, SETTING, akin, checks, checks_and_facts, facts_for, forgotten, stated_facts

from polisbridge.core.checks import KINDS, Check, Setting
from polisbridge.core.condition import Truth, evaluate, type_faults
from polisbridge.core.facts import ABSENT, BenefitLine, CoveredPerson, Facts
from polisbridge.core.remedy import Change, Lever, apply_changes, merged

# Kinds that no change of a contract can meet: they are about the person.
INCURABLE = {"age_within", "income_at_most", "person_class", "persons_count"}
OUTSIDE = {"scheme_member"}


def met(check: Check, facts: Facts, setting: Setting = SETTING) -> Truth:
    return evaluate(check.condition(setting), facts)


def test_every_kind_goes_by_its_own_name() -> None:
    assert [(name, name) for name in KINDS] == [(name, found.name) for name, found in KINDS.items()]


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(st.data())
def test_the_condition_is_well_typed(name: str, data: st.DataObject) -> None:
    check = data.draw(checks(name))

    assert type_faults(check.condition(SETTING)) == []


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(st.data())
def test_sensible_parameters_have_no_faults(name: str, data: st.DataObject) -> None:
    assert data.draw(checks(name)).faults() == ()


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=30)
@given(st.data())
def test_something_is_asked_and_every_field_asked_for_is_about_what_is_read(name: str, data: st.DataObject) -> None:
    assert len(data.draw(checks(name)).asks()) > 0


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40)
@given(st.data())
def test_learning_a_fact_never_flips_a_definite_answer(name: str, data: st.DataObject) -> None:
    check, after = data.draw(checks_and_facts(name))
    before = data.draw(forgotten(after))

    assert met(check, before) in (None, met(check, after))


@pytest.mark.parametrize("name", sorted(set(KINDS) - INCURABLE))
@settings(max_examples=60)
@given(st.data())
def test_the_remedy_meets_what_was_not_met(name: str, data: st.DataObject) -> None:
    check, facts = data.draw(checks_and_facts(name, known=True))
    remedy = check.remedy(facts, SETTING)
    curable = met(check, facts) is False and not _says_too_little(check, facts)

    assert not curable or met(check, apply_changes(facts, remedy)) is True


_OF_THE_OCCASION = {"region", "entry_day", "birth_day"} | {
    f"{what}_{end}" for what in ("stay", "visa", "permit", "employment") for end in ("first", "last")
}


def _says_too_little(check: Check, facts: Facts) -> bool:
    """Say whether the occasion lacks the very day or place that the remedy would aim at."""
    aims = _OF_THE_OCCASION & set(check.reads()) | ({"first_day"} if check.name == "term_at_least" else set())
    return any(getattr(facts, name) in (None, ABSENT) for name in aims)


_NEEDS_A_PLACE_OR_DAY = {"clinic_in_region", "starts_within", "period_covers", "term_at_least"}


@pytest.mark.parametrize("name", sorted(set(KINDS) - INCURABLE - _NEEDS_A_PLACE_OR_DAY))
@settings(max_examples=40)
@given(st.data())
def test_a_remedy_is_offered_whenever_something_is_not_met(name: str, data: st.DataObject) -> None:
    check, facts = data.draw(checks_and_facts(name, known=True))

    assert met(check, facts) is not False or check.remedy(facts, SETTING) != ()


@pytest.mark.parametrize("name", sorted(INCURABLE))
@settings(max_examples=20)
@given(st.data())
def test_nothing_in_a_contract_changes_who_the_person_is(name: str, data: st.DataObject) -> None:
    check, facts = data.draw(checks_and_facts(name))

    assert check.remedy(facts, SETTING) == ()


@given(st.data())
def test_membership_of_a_state_scheme_lies_outside_any_contract(data: st.DataObject) -> None:
    check, facts = data.draw(checks_and_facts("scheme_member"))
    remedy = check.remedy(facts, SETTING)

    assert {change.lever for change in remedy} <= {Lever.OUTSIDE}


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=100)
@given(st.data())
def test_what_meets_the_stricter_one_meets_the_other(name: str, data: st.DataObject) -> None:
    one, other = data.draw(akin(name))
    facts = data.draw(facts_for(one, other))
    if data.draw(st.booleans()):
        facts = apply_changes(facts, one.remedy(facts, SETTING))
    stricter_is_met = one.as_strict_as(other, SETTING) is True and met(one, facts) is True

    assert not stricter_is_met or met(other, facts) is True


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=20)
@given(st.data())
def test_every_requirement_is_as_strict_as_itself(name: str, data: st.DataObject) -> None:
    check = data.draw(checks(name))

    assert check.as_strict_as(check, SETTING) is True


_PAIRS = [
    ("sum_insured_at_least", "sum_insured_at_least"),
    ("benefit_limit_at_least", "benefit_limit_at_least"),
    ("every_limit_at_least", "benefit_limit_at_least"),
    ("covers_benefits", "waiting_at_most"),
    ("waiting_at_most", "waiting_at_most"),
    ("coinsurance_at_most", "coinsurance_at_most"),
    ("coinsurance_at_most", "no_copay_for"),
    ("copay_cap_at_most", "copay_cap_at_most"),
    ("count_at_least", "count_at_least"),
    ("term_at_least", "period_covers"),
    ("deductible_at_most", "first_part_in_full"),
    ("territory_includes", "territory_includes"),
    ("worker_share_at_most", "worker_share_at_most"),
]


@pytest.mark.parametrize(("name", "beside"), _PAIRS)
@settings(max_examples=150)
@given(st.data())
def test_a_remedy_never_takes_cover_away(name: str, beside: str, data: st.DataObject) -> None:
    check, other = data.draw(checks(name)), data.draw(checks(beside))
    facts = data.draw(facts_for(check, other, known=True))
    facts = apply_changes(facts, other.remedy(facts, SETTING))
    in_question = (
        met(check, facts) is False and met(other, facts) is True and _one_currency(facts) and _fit(check, other)
    )
    after = apply_changes(facts, check.remedy(facts, SETTING))

    assert not in_question or met(other, after) is True


@pytest.mark.parametrize(
    "name", ["waiting_at_most", "coinsurance_at_most", "sum_insured_at_least", "benefit_limit_at_least"]
)
@settings(max_examples=150)
@given(st.data())
def test_two_remedies_merged_meet_both(name: str, data: st.DataObject) -> None:
    one, other = data.draw(akin(name))
    facts = data.draw(facts_for(one, other, known=True))
    changes = merged([*one.remedy(facts, SETTING), *other.remedy(facts, SETTING)])
    after = apply_changes(facts, changes)
    both_missing = met(one, facts) is False and met(other, facts) is False
    in_question = both_missing and _one_currency(facts) and _one_way(changes)

    assert not in_question or (met(one, after), met(other, after)) == (True, True)


def _fit(check: Check, other: Check) -> bool:
    """Say whether one line can satisfy both: uses and caps are counted per year or per visit, not both."""
    return check.name not in ("count_at_least", "copay_cap_at_most") or getattr(check, "per", None) == getattr(
        other, "per", None
    )


def _one_currency(facts: Facts) -> bool:
    """Say whether every amount is in a currency that has a rate on both days."""
    records = (facts, *(facts.benefits or ()))
    amounts = ("sum_insured", "deductible", "limit", "copay_cap", "first_part_in_full", "premium")
    named = [getattr(record, f"{name}_currency", None) for record in records for name in amounts]
    return all(currency in (None, "EUR", "USD") for currency in named)


def _one_way(changes: tuple[Change, ...]) -> bool:
    """Say whether the two ask for one currency and one scope; what asks for two is told by deciding again."""
    scopes = [one for one in changes if one.field.endswith("_per")]
    return len(scopes) <= 1 and len({one.currency for one in changes if one.currency}) <= 1


@given(stated_facts())
def test_no_requirement_is_met_by_a_contract_that_says_nothing(facts: Facts) -> None:
    empty = Facts(state=facts.state, gate=facts.gate)
    about_contract = [
        kind("sum_insured_at_least", **euros("1")),
        kind("period_covers"),
        kind("does_not_exclude", none_of=("dental",)),
    ]

    assert [met(check, empty) for check in about_contract] == [None, None, None]


def line(benefit: str = "inpatient", **values: object) -> BenefitLine:
    return replace(BenefitLine(benefit=benefit), **values)  # type: ignore[arg-type]


SUM = kind("sum_insured_at_least", **euros("10000.00"))
YEARLY = kind("sum_insured_at_least", **euros("10000.00"), per="year")
LIMIT = kind("benefit_limit_at_least", **euros("100.00"), benefit="inpatient")
IN_EUROS = {"sum_insured_currency": "EUR", "sum_unlimited": False}


@pytest.mark.parametrize(
    ("check", "facts", "expected"),
    [
        (SUM, Facts(sum_insured=1_000_000, sum_insured_per="person", **IN_EUROS), True),  # type: ignore[arg-type]
        (SUM, Facts(sum_insured=999_999, sum_insured_per="person", **IN_EUROS), False),  # type: ignore[arg-type]
        (SUM, Facts(sum_insured=1_000_000, sum_insured_per="policy", **IN_EUROS), False),  # type: ignore[arg-type]
        (SUM, Facts(sum_insured=ABSENT, sum_insured_per="event", sum_unlimited=True), True),
        (SUM, Facts(sum_insured=ABSENT, sum_insured_per="event", sum_unlimited=False), False),
        (
            SUM,
            Facts(sum_insured=99_900_000, sum_insured_currency="KZT", sum_insured_per="person", sum_unlimited=False),
            None,
        ),
        (SUM, Facts(), None),
        (LIMIT, Facts(benefits=(line(limit=10_000, limit_currency="EUR", limit_per="person", unlimited=False),)), True),
        (LIMIT, Facts(benefits=(line(limit=9_999, limit_currency="EUR", limit_per="person", unlimited=False),)), False),
        (LIMIT, Facts(benefits=(line("comprehensive", unlimited=True),)), True),
        (LIMIT, Facts(benefits=(line("repatriation", unlimited=True),)), False),
        (LIMIT, Facts(benefits=()), False),
        (kind("covers_benefits", benefits=("diagnostics",)), Facts(benefits=(line("comprehensive"),)), True),
        (kind("covers_benefits", benefits=("comprehensive",)), Facts(benefits=(line("diagnostics"),)), False),
        (
            kind("covers_benefits", benefits=("inpatient",), setting="inpatient", cause="accident"),
            Facts(benefits=(line(settings=frozenset({"inpatient"}), causes=frozenset({"illness"})),)),
            False,
        ),
        (kind("deductible_at_most", **euros("50")), Facts(deductible=ABSENT), True),
        (kind("deductible_at_most", **euros("50")), Facts(deductible=5_001, deductible_currency="EUR"), False),
        (kind("deductible_at_most", **euros("50")), Facts(deductible=0, deductible_currency="KZT"), True),
        (kind("coinsurance_at_most", percent=Decimal("10.5")), Facts(copay_percent=1050), True),
        (kind("coinsurance_at_most", percent=Decimal("10.5")), Facts(copay_percent=1051), False),
        (kind("waiting_at_most", days=0), Facts(waiting_days=ABSENT), True),
        (kind("waiting_at_most", days=0), Facts(waiting_days=1), False),
        (kind("pays_within", maximum=30), Facts(payment_days=ABSENT), False),
        (kind("newborn_within", maximum=3), Facts(insured_from_birth_days=ABSENT), False),
        (kind("continuous", maximum=3), Facts(gap_days=ABSENT), True),
        (
            kind("territory_includes", any_of=("WORLD",)),
            Facts(territory=frozenset({"WORLD"}), territory_except=frozenset()),
            True,
        ),
        (
            kind("territory_includes", any_of=("NO", "WORLD")),
            Facts(territory=frozenset({"WORLD"}), territory_except=frozenset({"NO"})),
            False,
        ),
        (
            kind("territory_includes", any_of=("NO",), or_region=True),
            Facts(territory=frozenset({"NO-03"}), territory_except=frozenset(), region="NO-03"),
            True,
        ),
        (kind("persons_count", roles=("child",), at_most=1), Facts(persons=(CoveredPerson(role="child"),) * 2), False),
        (kind("persons_count", roles=("child",), at_least=1), Facts(persons=(CoveredPerson(),)), None),
        (kind("person_class", roles=("child",), child_age_to=14), Facts(role="child", age=14), True),
        (kind("person_class", roles=("child",), child_age_to=14), Facts(role="child", age=15), False),
        (kind("person_class", roles=("child", "worker"), child_age_to=14), Facts(role="worker"), True),
        (kind("premium_paid", arrears=2), Facts(premium_paid=False, premium_arrears=2), True),
        (kind("premium_paid", arrears=2), Facts(premium_paid=False, premium_arrears=3), False),
        (kind("trips_cover_stay"), Facts(max_trip_days=30, stay_days=31), False),
        (kind("trips_cover_stay"), Facts(max_trip_days=ABSENT, stay_days=31), True),
        (kind("not_suspended_abroad"), Facts(suspended_abroad=False), True),
        (kind("premium_not_from_wage"), Facts(premium_from_wage=True), False),
        (kind("every_limit_at_least", **euros("100")), Facts(benefits=(line(limit=ABSENT, unlimited=False),)), True),
        (kind("every_limit_at_least", **euros("100")), Facts(benefits=()), True),
        (
            kind("registered_in", any_of=("state",), within_hours=24),
            Facts(registered_in=frozenset({"state"}), registered_hours=25),
            False,
        ),
        (kind("document_language", any_of=("no",)), Facts(document_languages=frozenset({"no"})), True),
        (
            kind("document_language", any_of=("no",), certified=True),
            Facts(document_languages=frozenset({"no"}), translation_certified=False),
            False,
        ),
        (kind("hotline", any_of=("ru",)), Facts(hotline_hours="24_7", hotline_languages=frozenset({"en"})), False),
        (kind("no_copay_for", benefit="inpatient"), Facts(benefits=(line(copay_percent=ABSENT),)), True),
        (kind("count_at_least", benefit="inpatient", count=3), Facts(benefits=(line(count=ABSENT),)), True),
        (
            kind("count_at_least", benefit="inpatient", count=3),
            Facts(benefits=(line(count=2, count_per="year"),)),
            False,
        ),
    ],
)
def test_in_plain_words(check: Check, facts: Facts, expected: Truth) -> None:
    assert expected is met(check, facts, NO_RATES)


def test_a_sum_for_the_person_over_the_whole_contract_is_no_yearly_sum_whatever_the_term() -> None:
    for_person = Facts(sum_insured=1_000_000, sum_insured_currency="EUR", sum_insured_per="person", sum_unlimited=False)

    assert met(YEARLY, replace(for_person, term_days=30)) is False


@pytest.mark.parametrize(
    ("check", "fault"),
    [
        (kind("contract_kind", one_of=()), "one_of is empty"),
        (kind("document_shows"), "all_of and any_of are both empty"),
        (kind("does_not_exclude", none_of=()), "none_of is empty"),
        (kind("covers_benefits", benefits=()), "benefits is empty"),
        (kind("territory_includes", any_of=()), "it accepts no territory"),
        (kind("sum_insured_at_least", **euros("0")), "amount is not above zero"),
        (kind("benefit_limit_at_least", benefit="inpatient", **euros("-1")), "amount is not above zero"),
        (kind("deductible_at_most", **euros("-1")), "amount is negative"),
        (kind("coinsurance_at_most", percent=Decimal(101)), "percent is not between 0 and 100"),
        (kind("age_within", from_age=3, to_age=2), "from_age is above to_age"),
        (kind("period_covers", margin_days=-1), "margin_days is negative"),
        (kind("term_at_least"), "give days or months, one of them"),
        (kind("term_at_least", days=1, months=1), "give days or months, one of them"),
        (kind("persons_count", roles=("child",)), "give at_least, at_most or both"),
    ],
)
def test_parameters_that_make_no_sense_are_told(check: Check, fault: str) -> None:
    assert (fault,) == check.faults()


@pytest.mark.parametrize("name", ["document_language", "registered_in"])
def test_an_empty_choice_is_told(name: str) -> None:
    assert kind(name, any_of=()).faults() != ()
